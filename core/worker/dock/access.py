"""Who may come in. Any page in the user's browsers can send requests to 127.0.0.1, so each is looked at before it is read.

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
"""On every answer. There is no header that would let other pages read it."""

INSIDE_HEADERS = {"Cross-Origin-Resource-Policy": "same-origin"}
"""On what is answered to who has the token. A refusal lacks it, so that the opener, a file, sees that somebody is there."""


class Refused(NamedTuple):
    status: int
    key: str
    """Of the sentence."""


def refusal(method: str, path: str, headers: Message, port: int, token: str) -> Refused | None:
    """Why this request is not answered; None where it is."""
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
    """How long the body is that follows; None where that is not said in the one way that is understood."""
    lengths = headers.get_all("Content-Length", [])
    if headers.get_all("Transfer-Encoding") or len(lengths) > 1:
        return None
    length = lengths[0] if lengths else "0"
    return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None
