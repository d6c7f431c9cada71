"""The control messages between OBS and a worker, one JSON object per line. Standard library only.

    to the worker     settings    all settings of the source
                      shown       whether the source is shown anywhere
                      calibrate   take a new reference: the next observation, or the next steady and frontal one
                      fetch       download the neural engine's weights, as the user has asked
                      feed        frames for the worker will be in that frame exchange; with `fill`, the worker's own frames
                                  should have the shape of these
                      fed         frame `number` in the feed is complete
                      called      the source's name, for the dock page
    from the worker   ready       the frame exchange is mapped, and its name, if it had one, is removed
                      frame       frame `number` in the exchange is complete
                      status      what the information row of the properties shows; also the sign of life
                      set         settings that the user has changed on the dock page; OBS applies and saves them
                      devices     the available cameras, screens and computing devices (id: name)

Both ends have the same version: the script starts the worker from its own folder, with VERSION as an argument.
"""

import json
from typing import Any, Dict, Iterator, List, Mapping

VERSION = 1
LONGEST_LINE = 64 * 1024
"""The longest line in bytes. A line that grows beyond it is not one of our messages."""

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
"""The types of messages, and the fields of each with their types."""

STARTING, LIVE, NO_FACE, PAUSED, ERROR = "starting", "live", "no_face", "paused", "error"
"""The values of a status's `state`."""

HEARTBEAT_SECONDS = 0.5
"""The longest time, in seconds, between a worker's messages; OBS's side replaces it after several times as long in silence."""


OTHER_VERSION_EXIT = 76
"""The exit code of a worker whose version differs from the script's, because the folder was updated while OBS ran."""


class ProtocolError(Exception):
    """The other end sent something that is not a message of this version."""


def encode(kind: str, **fields: Any) -> bytes:
    """Return one message as a line. Raises ProtocolError for a message that FIELDS does not describe."""
    message = dict(fields, type=kind)
    _check(message)
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Dict[str, Any]:
    """Return the message in a line. Raises ProtocolError."""
    try:
        message = json.loads(line.decode("utf-8"))
        if b"\\ud" in line.lower():  # a lone surrogate, which a device's name may contain, cannot be shown by OBS
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
    """Joins the pieces that a pipe delivers into messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> Iterator[Dict[str, Any]]:
        """Yield the messages that this piece completes. Raises ProtocolError."""
        lines: List[bytes] = (self._rest + piece).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > LONGEST_LINE:
            raise ProtocolError("a line without an end")
        for line in lines:
            yield decode(line)
