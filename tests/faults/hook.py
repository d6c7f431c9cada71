"""Runs in a worker of the campaign, before the worker itself: does what `once.json` and `always.json` ask for.

    hook.py ROOT -u -I WORKER ARGUMENTS...

Never imported: the copy of the product (product.py) starts it as a program.
"""

import ctypes
import importlib
import json
import os
import resource
import runpy
import signal
import sys
import threading
import time

POLL_SECONDS = 0.02
ROOT = sys.argv[1]


MINE, ALWAYS = os.path.join(ROOT, "once.%d" % os.getpid()), os.path.join(ROOT, "always.json")


def taken():
    """The fault that is asked for once; whoever renames its file has it for itself."""
    try:
        os.rename(os.path.join(ROOT, "once.json"), MINE)
    except OSError:
        return None
    return read(MINE)


def calmed():
    """Whether no fault is wanted any more, also not one that waits for its moment."""
    return not os.path.exists(MINE) and not os.path.exists(ALWAYS)


def read(path):
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def hit():
    with open(os.path.join(ROOT, "hits.txt"), "a") as file:
        file.write("%d\n" % os.getpid())


def held_by_main(name):
    """What the worker's main function calls so."""
    frame = sys._current_frames()[threading.main_thread().ident]
    while frame.f_code.co_name != "main" or name not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals[name]


def do(fault):
    fault = dict(fault)
    globals()["do_" + fault.pop("do")](**fault)


def do_raise(where, what="RuntimeError", again=False):
    """The function `where` ("module:Class.name") raises `what`: at its next call, or `again` and again."""
    def raises():
        raise getattr(__import__("builtins"), what)("on purpose")
    instead(where, raises, again)


def do_kill(where):
    """The process ends in the middle of the function `where`, as one does whose library crashes there."""
    instead(where, lambda: os.kill(os.getpid(), signal.SIGKILL))


def instead(where, does, again=False):
    module, _, path = where.partition(":")
    while module not in sys.modules:
        time.sleep(POLL_SECONDS)
        if calmed():
            return
    *parents, name = path.split(".")
    owner = importlib.import_module(module)
    for parent in parents:
        owner = getattr(owner, parent)
    true = getattr(owner, name)

    def broken(*arguments, **more):
        if not again:
            setattr(owner, name, true)
        hit()
        does()
    setattr(owner, name, broken)


def do_leak(megabytes_a_second, ceiling_megabytes):
    """Takes memory, touched, for ever. A small ceiling spares the computer that the campaign runs on."""
    memory = importlib.import_module("core.worker.memory")
    memory.ceiling = lambda: ceiling_megabytes << 20
    memory.watch()
    hit()
    kept = []
    while True:
        kept.append(b"x" * (megabytes_a_second << 20))
        time.sleep(1)


def do_starve(seconds):
    """For a while the system gives this process no more memory, and what it had in reserve is taken."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[5]) * resource.getpagesize()
    hit()
    resource.setrlimit(resource.RLIMIT_DATA, (used, before[1]))
    taken_away = []
    for size in (1 << 20, 1 << 16):
        try:
            while True:
                taken_away.append(bytearray(size))
        except MemoryError:
            pass
    time.sleep(seconds)
    resource.setrlimit(resource.RLIMIT_DATA, before)


def do_crash():
    """What a broken library does: a segmentation fault, no Python exception."""
    hit()
    ctypes.string_at(8)


def do_end(code=0):
    hit()
    os._exit(code)


def do_jump(seconds):
    """The computer's clock is set; the clock that never jumps is not touched, as the system does not touch it."""
    true = time.time
    time.time = lambda: true() + seconds
    hit()


def do_unlink():
    """The shared memory loses its name before the worker could open it."""
    os.unlink(sys.argv[5])
    hit()


def do_shrink():
    """The shared memory is cut off before the worker could open it."""
    os.truncate(sys.argv[5], 4096)
    hit()


def do_junk(count=20, size=5000):
    """Random bytes go into the worker's own pipe to OBS, between its messages."""
    link = held_by_main("link")
    hit()
    for _ in range(count):
        os.write(link._say, os.urandom(size) + b"\n")


def do_say(line, times):
    """A line into the pipe, as it is, between two messages of the worker."""
    link = held_by_main("link")
    hit()
    for _ in range(times):
        with link._sending:
            rest = line.encode() + b"\n"
            while rest:
                rest = rest[os.write(link._say, rest):]


def do_scribble(times=200):
    """Random bytes all over the segment, its headers too, while OBS reads it."""
    exchange = held_by_main("link")._exchange
    hit()
    for _ in range(times):
        at = int.from_bytes(os.urandom(4), "little") % (len(exchange.mapping) - 8192)
        exchange.mapping[at:at + 4096] = os.urandom(4096)
        for slot in range(3):  # where a header is read for every picture
            start = exchange._slot(slot)
            exchange.mapping[start + 8:start + 24] = os.urandom(16)
        exchange.mapping[:64] = os.urandom(64)
        time.sleep(0.01)


def watch():
    while True:
        fault = taken()
        if fault is not None:
            do(fault)
        time.sleep(POLL_SECONDS)


if __name__ == "__main__":
    before = read(ALWAYS)
    if before is not None and before["do"] in ("unlink", "shrink", "end"):
        do(before)  # before anything else happens
    elif before is not None:
        threading.Thread(target=do, args=(before,), daemon=True).start()
    threading.Thread(target=watch, daemon=True).start()
    worker = sys.argv[4]
    sys.argv = sys.argv[4:]
    runpy.run_path(worker, run_name="__main__")
