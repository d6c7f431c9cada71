"""The control messages between OBS and a worker: one JSON object a line. Standard library only.

    to the worker     settings    all settings of the source
                      shown       whether the source is shown anywhere
                      calibrate   take a new reference: the next observation, or the next that is steady and frontal
                      fetch       download the neural engine's weights, which the user has asked for
                      feed        pictures for the worker will lie in that frame exchange; `fill`: what it shows is to
                                  have the shape of these pictures
                      fed         picture `number` lies in the feed, whole
                      called      the source's name, for the dock page
    from the worker   ready       has mapped the frame exchange, and taken away the name that it may have
                      frame       frame `number` lies in the exchange, whole
                      status      what the information row of the properties shows; also the sign of life
                      set         settings that the user has changed on the dock page; OBS applies and saves them
                      devices     the cameras, screens and computing devices (id: name) there are

Both ends are of one version: the worker is started by the script out of the same folder, with VERSION as an argument.
"""

import json
from typing import Any, Dict, Iterator, List, Mapping

VERSION = 1
LONGEST_LINE = 64 * 1024
"""In bytes. A line that grows beyond it is no message of ours."""

FIELDS: Mapping[str, Mapping[str, type]] = {
    "settings": {"values": dict},
    "shown": {"value": bool},
    "calibrate": {"now": bool},
    "fetch": {},
    "feed": {"exchange": str, "fill": bool},
    "fed": {"number": int},
    "called": {"name": str},
    "ready": {},
    "frame": {"number": int},
    "status": {"state": str, "message": str, "fps": float, "drawn": float, "delay_ms": float, "engine": str, "face": bool},
    "set": {"values": dict},
    "devices": {"cameras": list, "monitors": list, "devices": dict},
}
"""The types of messages, and each one's fields with their types."""

STARTING, LIVE, NO_FACE, PAUSED, ERROR = "starting", "live", "no_face", "paused", "error"
"""The values of a status's `state`."""

HEARTBEAT_SECONDS = 0.5
"""A worker sends at least this often; OBS's side replaces one that is silent for several times as long."""


OTHER_VERSION_EXIT = 76
"""The exit code of a worker that is of another version than the script in OBS: the folder was updated while OBS ran."""


class ProtocolError(Exception):
    """The other end sent what is no message of this version."""


def encode(kind: str, **fields: Any) -> bytes:
    """One message as a line. Raises ProtocolError for a message that FIELDS does not describe."""
    message = dict(fields, type=kind)
    _check(message)
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Dict[str, Any]:
    """The message in a line. Raises ProtocolError."""
    try:
        message = json.loads(line.decode("utf-8"))
        if b"\\ud" in line.lower():  # half a letter, as the name of a device may hold, is none that OBS can show
            message = json.loads(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ProtocolError("not JSON: %s" % error) from error
    _check(message)
    return message


def _check(message: Any) -> None:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ProtocolError("a message is an object with a type")
    fields = FIELDS.get(message["type"])
    if fields is None:
        raise ProtocolError("unknown type of message: %.40r" % message["type"])
    for name, kind in fields.items():
        value = message.get(name)
        fits = isinstance(value, (int, float)) if kind is float else isinstance(value, kind)
        if not fits or (isinstance(value, bool) and kind is not bool):
            raise ProtocolError("%s: %s is not a %s" % (message["type"], name, kind.__name__))
    if message["type"] == "devices":
        names = [*message["cameras"], *message["monitors"], *message["devices"].values()]
        if not all(isinstance(name, str) for name in names):
            raise ProtocolError("devices: what is listed is not a name")


class Lines:
    """Puts the pieces that a pipe delivers together to messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> Iterator[Dict[str, Any]]:
        """The messages that are whole with this piece. Raises ProtocolError."""
        lines: List[bytes] = (self._rest + piece).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > LONGEST_LINE:
            raise ProtocolError("a line without an end")
        for line in lines:
            yield decode(line)
