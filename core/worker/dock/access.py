"""Decides which requests are let in: any page in the user's browsers can send some to 127.0.0.1, so each is checked before it
is read.

* Host must be our own address: a foreign name that was made to point to 127.0.0.1 (DNS rebinding) is refused.
* The token must be the first part of the path.
* A request that changes something must come from our own page (Origin), and no other page may read or embed anything.
"""

from __future__ import annotations

import hmac
from email.message import Message
from typing import NamedTuple

from ...shared.dock_address import HOST

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
                               "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # the address holds the token
    "Cache-Control": "no-store",
}
"""The headers of every answer. None of them would let other pages read it."""

INSIDE_HEADERS = {"Cross-Origin-Resource-Policy": "same-origin"}
"""Further headers of answers to requests with the right token. A refusal lacks them, so that the opener, a local file, can tell
that a server answers."""


class Refused(NamedTuple):
    status: int
    key: str
    """The key of the text that explains the refusal."""


def refusal(method: str, path: str, headers: Message, port: int, token: str) -> Refused | None:
    """Return why this request is refused, or None if it may be answered."""
    own = f"{HOST}:{port}"
    if headers.get_all("Host", []) != [own]:
        return Refused(403, "Dock.Refused.Foreign")
    given = path.split("?")[0].split("/")
    if len(given) < 3 or not hmac.compare_digest(given[1].encode(), token.encode()):
        return Refused(403, "Dock.Refused.Token")
    origins = headers.get_all("Origin", [])
    opens_the_page = method == "GET" and headers.get("Sec-Fetch-Mode") == "navigate"
    if any(origin != f"http://{own}" for origin in origins) or (method != "GET" and len(origins) != 1):
        return Refused(403, "Dock.Refused.Foreign")
    if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none") and not opens_the_page:
        return Refused(403, "Dock.Refused.Foreign")
    return None


def body_length(headers: Message) -> int | None:
    """Return the length of the body that follows, in bytes, or None if it is not given as a single valid Content-Length."""
    lengths = headers.get_all("Content-Length", [])
    if headers.get_all("Transfer-Encoding") or len(lengths) > 1:
        return None
    length = lengths[0] if lengths else "0"
    return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None
