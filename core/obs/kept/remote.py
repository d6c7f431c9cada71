"""Gives the status of every source to obs-websocket clients: CallVendorRequest "obs-avatar" / "status".

Stream decks, bots and the tests use it. The request is {"source": NAME}; the response is the status, or {"error": SENTENCE}.
"""

import ctypes as C
from typing import Any, Optional

from . import bridge, calls, libobs

VENDOR = b"obs-avatar"


class _Request(C.Structure):
    """obs_websocket_request_callback (obs-websocket-api.h)."""

    _fields_ = [("callback", libobs.VoidFn3), ("private", libobs.Pointer)]


_registered = False
"""Whether this process has registered the name. obs-websocket cannot do so twice, so this module is kept like the bridge."""


def register() -> None:
    """Register with obs-websocket, once per process, after OBS has loaded its plugins; without obs-websocket, do nothing."""
    global _registered
    if _registered:
        return
    answer = calls.keep(libobs.VoidFn3, _answer)
    request = _Request(answer, None)
    calls.kept.append(request)
    with _Call() as call:
        libobs.proc_handler_call(libobs.get_proc_handler(), b"obs_websocket_api_get_ph", call.data)
        websocket = call.pointer(b"ph")
    if not websocket:
        return
    with _Call(name=VENDOR) as call:
        libobs.proc_handler_call(websocket, b"vendor_register", call.data)
        vendor = call.pointer(b"vendor")
    if not vendor:
        return
    with _Call(vendor=vendor, type=b"status", callback=C.addressof(request)) as call:
        libobs.proc_handler_call(websocket, b"vendor_request_register", call.data)
    _registered = True


def _answer(request: int, response: int, private: Optional[int]) -> None:
    wanted = (libobs.data_get_string(request, b"source") or b"").decode("utf-8", "replace")
    sources = [source for name, source in bridge.live_sources() if name == wanted]
    if not sources:
        libobs.data_set_string(response, b"error", ("There is no Avatar source called “%s”." % wanted).encode())
        return
    for key, value in sources[0].report().items():
        if isinstance(value, bool):
            libobs.data_set_bool(response, key.encode(), value)
        elif isinstance(value, int):
            libobs.data_set_int(response, key.encode(), value)
        elif isinstance(value, float):
            libobs.data_set_double(response, key.encode(), value)
        else:
            libobs.data_set_string(response, key.encode(), str(value).encode())


class _Call:
    """The arguments of a procedure call as a calldata, with bytes as text and numbers as pointers."""

    def __init__(self, **arguments: Any) -> None:
        self._data = libobs.Calldata()
        self.data = C.byref(self._data)
        for name, value in arguments.items():
            held = C.create_string_buffer(value) if isinstance(value, bytes) else libobs.Pointer(value)
            libobs.calldata_set_data(self.data, name.encode(), C.byref(held), C.sizeof(held))

    def pointer(self, name: bytes) -> Optional[int]:
        """Return the pointer that the procedure stored under that name, or None."""
        found = libobs.Pointer()
        libobs.calldata_get_data(self.data, name, C.byref(found), C.sizeof(found))
        return found.value

    def __enter__(self) -> "_Call":
        return self

    def __exit__(self, *nothing: Any) -> None:
        libobs.bfree(self._data.stack)
