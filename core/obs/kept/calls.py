"""Functions of ours that OBS calls: kept for good, guarded, and run in the thread where they belong."""

import ctypes as C
import itertools
import traceback
from typing import Any, Callable, Dict, List, Optional

from . import libobs

kept: List[Any] = []
"""The ctypes objects whose addresses OBS holds."""


def guarded(fallback: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a callback so that an exception becomes a line in the log and returns `fallback`, and never reaches OBS."""
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            try:
                return function(*arguments)
            except BaseException:
                libobs.log(libobs.LOG_WARNING, traceback.format_exc())
                return fallback
        call.__name__ = function.__name__
        return call
    return decorate


def keep(callback_type: Any, function: Callable[..., Any], fallback: Any = None) -> Any:
    """Return `function` as a callback that OBS may call for as long as it runs."""
    callback = callback_type(guarded(fallback)(function))
    kept.append(callback)
    return callback


_lasting: Dict[str, Any] = {}


def lasting(text: str) -> int:
    """Return the address of `text` in memory that is never freed."""
    return C.addressof(_lasting.setdefault(text, C.create_string_buffer(text.encode())))


def _run_on_ui(nothing: Optional[int]) -> None:
    while _for_ui:
        guarded(None)(_for_ui.pop(0))()


_for_ui: List[Callable[[], None]] = []
_on_ui = keep(libobs.VoidFn, _run_on_ui)


def on_ui_thread(function: Callable[..., Any]) -> None:
    """Run `function` soon, in OBS's UI thread."""
    _for_ui.append(function)
    libobs.queue_task(libobs.TASK_UI, _on_ui, None, False)


def _tick(number: int, seconds: float) -> None:
    function = _ticking.get(number)
    if function is not None:
        function()


_ticking: Dict[int, Callable[[], None]] = {}  # by their numbers
_numbers = itertools.count(1)
_on_tick = keep(libobs.TickFn, _tick)


def start_ticking(function: Callable[..., Any]) -> int:
    """Call `function` on every tick of OBS's graphics thread. Return a number for `stop_ticking`."""
    number = next(_numbers)
    _ticking[number] = function
    libobs.add_tick_callback(_on_tick, number)
    return number


def stop_ticking(number: int) -> None:
    """Stop the calls: once this returns, the function is not running and is not called again."""
    libobs.remove_tick_callback(_on_tick, number)
    _ticking.pop(number, None)
