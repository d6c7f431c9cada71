"""The address of the dock page: one port and one token a user, kept from start to start. Standard library only.

OBS saves the address of a custom browser dock for ever, and opens it before any worker runs. So what the user gives OBS is
a small file of ours, the opener: it waits until the page is served, and leads there. Whoever cannot read the user's files
knows neither port nor token.
"""

import json
import os
import random
import secrets
import socket
from pathlib import Path
from typing import NamedTuple, Optional

from . import files, places
from .texts import language, text

HOST = "127.0.0.1"
PORTS = range(20000, 32000)
"""Below those that systems hand out by themselves."""
TOKEN_BYTES = 24
_OPENER = Path(__file__).resolve().parent / "dock_opener.html"


class Address(NamedTuple):
    port: int
    token: str

    @property
    def origin(self) -> str:
        return "http://%s:%d" % (HOST, self.port)

    @property
    def url(self) -> str:
        return "%s/%s/" % (self.origin, self.token)


def get() -> Address:
    """The address as it is kept; a new one where there is none. Raises OSError where it cannot be kept."""
    return _kept() or renew()


def renew() -> Address:
    """Another port with another token: the old port belongs to somebody else now, who may have seen the old token."""
    address = Address(_free_port(), secrets.token_urlsafe(TOKEN_BYTES))
    _write(_file(), json.dumps(address._asdict()))
    # Two processes may make one at the same time: what lies there now is everybody's.
    return _kept() or address


def opener() -> Path:
    """The file that OBS opens as a dock. Its place never changes."""
    return places.dock() / "avatar-dock.html"


def write_opener(address: Address) -> None:
    """Makes the opener lead to that address. Raises OSError."""
    page = _OPENER.read_text(encoding="utf-8")
    for name, value in {"language": language(), "waiting": text("Dock.Waiting"), "origin": address.origin,
                        "url": address.url}.items():
        page = page.replace("{%s}" % name, value)
    if not opener().exists() or opener().read_text(encoding="utf-8") != page:
        _write(opener(), page)


def make_private(folder: Path) -> None:
    """Makes the folder, for this user only."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.name != "nt":  # there the user's own folder is closed to others already
        folder.chmod(0o700)


def _file() -> Path:
    return places.dock() / "address.json"


def _kept() -> Optional[Address]:
    try:
        kept = json.loads(_file().read_text(encoding="utf-8"))
        port, token = kept["port"], kept["token"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = type(port) is int and 0 < port < 65536 and isinstance(token, str) and len(token) >= TOKEN_BYTES
    return Address(port, token) if whole and token.replace("-", "").replace("_", "").isalnum() and token.isascii() else None


def _write(path: Path, content: str) -> None:
    make_private(path.parent)
    files.write_whole(path, content.encode("utf-8"), private=True)


def _free_port() -> int:
    for port in random.sample(PORTS, 50):
        with socket.socket() as trial:
            try:
                trial.bind((HOST, port))
                return port
            except OSError:
                continue
    raise OSError("no port is free")
