"""Downloads one file from the first mirror that has it, over a connection that may be bad.

It uses requests, which honours the proxies that the environment or (on Windows and macOS) the system names, and a company's own
certificates in REQUESTS_CA_BUNDLE, and which is released often.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Callable, NamedTuple, Optional
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from core.shared.texts import text

from . import files
from .errors import WeightsError
from .registry import KnownFile

Progress = Callable[[int, Optional[int]], None]
"""A function that is called with the bytes received so far and the size of the whole file, or None if the server does not tell
it. An exception from it ends the download; what has been received is kept."""
Say = Callable[[str], None]
"""A function that is called with a sentence for the user about the progress."""

_AT_ONCE = 1 << 16
"""The largest number of bytes that are read at a time."""


class Patience(NamedTuple):
    """The limits within which a mirror is tried before the next one is."""

    tries: int = 4
    """The number of tries in a row without progress after which the mirror is given up."""
    pause: float = 1.0
    """The pause before the second try, in seconds; it doubles before each further one."""
    step: int = 1 << 20
    """The number of new bytes that count as progress."""
    connect: float = 10.0
    """The time limit for connecting, in seconds."""
    silence: float = 20.0
    """The longest time without a byte, in seconds."""
    slowest: int = 4096
    """The lowest rate in bytes per second; a slower transfer counts as a broken connection."""
    window: float = 20.0
    """The time over which the rate is measured, in seconds."""


PATIENT = Patience()


class NoMirror(WeightsError):
    """No mirror delivered the file; `reasons` has a line for each mirror."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class _Cut(Exception):
    """The transfer broke off, and another try at the same mirror may succeed; the message is a sentence that says what
    happened."""


class _Useless(Exception):
    """The mirror does not have the file; the message is a sentence that says why."""


def download(wanted: KnownFile, part: Path, progress: Progress, say: Say, patience: Patience) -> None:
    """Complete `part`, which may already contain the beginning, to the whole file with the published hash.

    Raises NoMirror, or WeightsError if the disk is at fault. A valid beginning is then kept; a wrong file is removed.
    """
    reasons: list[str] = []
    with requests.Session() as session:
        # If the transfer were compressed, the offset of a byte in it would not be that in the file.
        session.headers.update({"Accept-Encoding": "identity", "User-Agent": "obs-avatar"})
        for address in wanted.addresses():
            try:
                _Transfer(session, address, wanted, part, progress, say, patience).run()
                return
            except _Useless as reason:
                reasons.append(str(reason))
                say(reasons[-1])
    raise NoMirror(reasons)


class _Transfer:
    """The transfer of a file from one mirror."""

    def __init__(self, session: requests.Session, address: str, wanted: KnownFile, part: Path,
                 progress: Progress, say: Say, patience: Patience) -> None:
        self._session, self._address, self._wanted, self._part = session, address, wanted, part
        self._progress, self._say, self._patience = progress, say, patience
        self._server = urlsplit(address).netloc or address
        self._version = ""
        """The server's identifier (ETag) of this version of the file, so that parts of two versions are never joined."""

    def run(self) -> None:
        """Download until the file is complete. Raises _Useless, WeightsError."""
        furthest, tries = files.size(self._part), 0
        while not self._is_whole():
            try:
                self._take()
            except _Cut as cut:
                if self._is_whole():  # a server may announce more than there is
                    return
                here = files.size(self._part)
                tries = 1 if here >= furthest + self._patience.step else tries + 1
                furthest = max(furthest, here)
                if tries >= self._patience.tries:
                    raise _Useless(str(cut)) from cut
                again = text("Mirror.AgainWith", here=files.megabytes(here)) if here else text("Mirror.Again")
                self._say(f"{cut} {again}")
                time.sleep(self._patience.pause * 2 ** (tries - 1))

    def _is_whole(self) -> bool:
        return self._may_be(files.size(self._part)) and files.digest(self._part, "md5") == self._wanted.md5

    def _may_be(self, size: int) -> bool:
        return self._wanted.smallest <= size <= self._wanted.largest

    def _take(self) -> None:
        """Receive the missing bytes, as far as the mirror sends them. Raises _Cut, _Useless, WeightsError."""
        here = files.size(self._part)
        asked = {"Range": f"bytes={here}-"} if here else {}
        if here and self._version:
            asked["If-Range"] = self._version
        with self._answer(asked) as response:
            start, total = self._place(response, here)
            etag = response.headers.get("ETag", "")
            self._version = "" if etag.startswith("W/") else etag  # a weak ETag does not vouch for every byte
            pieces = self._pieces(response)
            first = next(pieces, b"")
            # Checked before a good beginning on the disk is overwritten.
            if start == 0 and files.is_web_page(first):
                raise _Useless(text("Mirror.WebPage", server=self._server))
            self._write(first, pieces, start, total)
        if files.size(self._part) < self._wanted.smallest:
            raise _Cut(text("Mirror.Short", server=self._server))
        if not self._is_whole():
            md5 = files.digest(self._part, "md5")
            self._part.unlink()
            if start:
                raise _Cut(text("Mirror.NoFit", server=self._server))
            raise _Useless(text("Mirror.WrongFile", server=self._server, md5=md5, published=self._wanted.md5))

    def _answer(self, headers: dict[str, str]) -> requests.Response:
        try:
            return self._session.get(self._address, headers=headers, stream=True,
                                     timeout=(self._patience.connect, self._patience.silence))
        except requests.exceptions.SSLError as error:
            if "CERTIFICATE_VERIFY_FAILED" not in str(error):
                raise _Cut(text("Mirror.Insecure", server=self._server)) from error
            raise _Useless(text("Mirror.Certificate", server=self._server)) from error
        except requests.exceptions.ProxyError as error:
            raise _Useless(text("Mirror.Proxy", server=self._server)) from error
        except requests.exceptions.TooManyRedirects as error:
            raise _Useless(text("Mirror.Circle", server=self._server)) from error
        except ValueError as error:  # requests' errors about addresses are ValueErrors, too
            raise _Useless(text("Mirror.Address", server=self._server, error=error)) from error
        except requests.exceptions.Timeout as error:
            raise _Cut(text("Mirror.NoAnswer", server=self._server)) from error
        except requests.exceptions.RequestException as error:
            raise _Cut(text("Mirror.Unreachable", server=self._server)) from error

    def _place(self, response: requests.Response, here: int) -> tuple[int, int | None]:
        """Return the offset in the file at which the answer starts, and the file's size in bytes, or None if the server does
        not tell it. Raises _Cut, _Useless."""
        status, headers = response.status_code, response.headers
        if status in (408, 425, 429) or status >= 500:
            raise _Cut(text("Mirror.Trouble", server=self._server, status=status))
        if status not in (200, 206, 416):
            raise _Useless(text("Mirror.Refused", server=self._server, status=status))
        place = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", headers.get("Content-Range", ""))
        told = (place[2] if place else "") if status != 200 else headers.get("Content-Length", "")
        total = int(told) if told.isdigit() else None
        if total is not None and not self._may_be(total):
            raise _Useless(text("Mirror.Size", server=self._server, size=files.megabytes(total),
                                published=files.megabytes(self._wanted.size)))
        if status == 200:  # even if a part was asked for: not every server sends parts
            return 0, total
        if status == 416:  # the file ends before the part that was asked for
            self._part.unlink(missing_ok=True)
            raise _Cut(text("Mirror.NoFit", server=self._server))
        if not place or place[1] != str(here):
            raise _Useless(text("Mirror.OtherPart", server=self._server))
        return here, total

    def _pieces(self, response: requests.Response) -> Iterator[bytes]:
        since, came = time.monotonic(), 0
        try:
            while data := response.raw.read1(_AT_ONCE):  # read() would wait for all 64 KiB, however slowly they come
                yield data
                came += len(data)
                passed = time.monotonic() - since
                if passed >= self._patience.window:
                    if came < self._patience.slowest * passed:
                        raise _Cut(text("Mirror.Slow", server=self._server))
                    since, came = time.monotonic(), 0
        except HTTPError as error:
            raise _Cut(text("Mirror.Broke", server=self._server)) from error

    def _write(self, first: bytes, pieces: Iterator[bytes], start: int, total: int | None) -> None:
        try:
            with open(self._part, "ab" if start else "wb") as file:
                here = start
                while first:
                    file.write(first)
                    here += len(first)
                    if here > self._wanted.largest:
                        return  # whatever this is, it is not the file
                    self._progress(here, total)
                    first = next(pieces, b"")
        except OSError as error:
            raise WeightsError(text("Weights.CannotStore", file=self._part, error=error.strerror)) from error
