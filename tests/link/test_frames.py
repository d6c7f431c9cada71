"""The frame exchange: what the worker draws arrives whole in OBS, and nothing else does."""

import os
import stat
import struct
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.link import frames
from core.link.frames import ExchangeError, FrameExchange
from core.shared import places

from ..support.processes import open_files

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have no such memory")


@pytest.fixture
def named(monkeypatch):
    """As on macOS."""
    monkeypatch.setattr(frames, "_nameless", lambda name: None)
    made = FrameExchange.create(8, 8)
    yield made
    made.close()


@pytest.fixture
def sealed():
    """As on Linux."""
    made = FrameExchange.create(8, 8)
    yield made
    made.close()


@pytest.fixture(params=["sealed", "named"] if sys.platform.startswith("linux") else ["named"])
def exchange(request):
    return request.getfixturevalue(request.param)


def write(exchange, number, width, height, colour):
    with exchange.begin(number, width, height) as room:
        room[:] = bytes(colour) * (width * height)
    exchange.finish(number, width, height, 7)


def test_a_frame_arrives_as_it_was_written(exchange):
    writer = FrameExchange.attach(exchange.name)
    write(writer, 5, 8, 4, (1, 2, 3, 255))
    frame = exchange.frame(5)
    assert (frame.width, frame.height, frame.time) == (8, 4, 7)
    assert exchange.mapping[frame.offset:frame.offset + 8 * 4 * 4] == bytes((1, 2, 3, 255)) * 32
    writer.close()


def test_a_frame_that_is_being_written_is_not_shown(exchange):
    exchange.begin(0, 8, 8).release()
    assert exchange.frame(0) is None


def test_a_frame_that_was_overwritten_meanwhile_is_not_shown(exchange):
    write(exchange, 0, 8, 8, (1, 1, 1, 1))
    write(exchange, frames.SLOTS, 8, 8, (2, 2, 2, 2))
    assert exchange.frame(0) is None
    assert exchange.frame(frames.SLOTS) is not None


def test_a_picture_that_is_too_large_is_refused_in_words(exchange):
    with pytest.raises(ExchangeError, match="9 x 8"):
        exchange.begin(0, 9, 8)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no name in a file system")
def test_only_this_user_may_read_the_pictures(exchange):
    assert stat.S_IMODE(os.stat(exchange.name).st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has no name in a file system")
def test_a_name_goes_away(named):
    assert os.path.exists(named.name)
    named.unlink()
    named.unlink()
    assert not os.path.exists(named.name)


@linux_only
def test_nobody_can_cut_the_memory_off_or_take_it_away(sealed):
    for attack in (lambda: os.truncate(sealed.name, 4096), lambda: os.truncate(sealed.name, 1 << 30),
                   lambda: os.unlink(sealed.name)):
        with pytest.raises(PermissionError):
            attack()
    write(FrameExchange.attach(sealed.name), 0, 8, 8, (9, 9, 9, 9))
    assert sealed.frame(0) is not None


@linux_only
def test_nothing_is_left_open_of_memory_that_was_closed(sealed):
    assert any("obs-avatar-" in file for file in open_files(os.getpid()))
    sealed.close()
    sealed.close()
    assert not os.path.exists(sealed.name) and not any("obs-avatar-" in file for file in open_files(os.getpid()))


@linux_only
def test_memory_that_is_cut_off_while_it_is_made_is_an_error_in_words(monkeypatch):
    monkeypatch.setattr(frames, "_reserve", lambda file, size: os.ftruncate(file, size // 2))
    before = open_files(os.getpid())
    with pytest.raises(OSError, match="greater than file size"):
        FrameExchange.create(8, 8)
    assert open_files(os.getpid()) == before


@linux_only
def test_an_obs_whose_files_no_worker_may_open_takes_memory_with_a_name():
    """An OBS that was given capabilities is such; so is this Python after the call."""
    code = ("import ctypes, os; from core.link.frames import FrameExchange; os.geteuid() or os.setuid(65534)\n"
            "PR_SET_DUMPABLE = 4; ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)\n"
            "made = FrameExchange.create(8, 8); FrameExchange.attach(made.name); print(made.name); made.close()")
    done = subprocess.run([sys.executable, "-c", code], cwd=places.ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.startswith(places.shared_memory_folder())


def test_another_python_that_attaches_and_ends_takes_nothing_away(exchange):
    code = "import sys; from core.link.frames import FrameExchange; FrameExchange.attach(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, exchange.name], cwd=places.ROOT, check=True)
    write(exchange, 0, 8, 8, (9, 9, 9, 9))
    assert exchange.frame(0) is not None


def test_a_name_that_does_not_exist_is_refused_in_words():
    with pytest.raises(ExchangeError, match="cannot be opened"):
        FrameExchange.attach(os.path.join(places.shared_memory_folder(), "obs-avatar-none"))


@pytest.mark.skipif(os.name == "nt", reason="the mapping is a file elsewhere only")
@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=64), st.integers(0, 3 * frames.HEADER))
def test_a_file_of_random_bytes_never_passes_for_an_exchange(tmp_path_factory, head, size):
    file = tmp_path_factory.mktemp("hostile") / "x"
    file.write_bytes(head.ljust(size, b"\0"))
    with pytest.raises(ExchangeError):
        FrameExchange.attach(str(file))


@settings(max_examples=200, deadline=None)
@given(st.binary(min_size=24, max_size=24), st.integers(0, 1 << 40))
def test_a_slot_of_random_bytes_never_leads_outside_of_the_mapping(junk, number):
    exchange = FrameExchange.create(8, 8)
    try:
        slot = exchange._slot(number)
        exchange.mapping[slot:slot + 24] = struct.pack("<q", 2 * number + 2) + junk[8:]
        frame = exchange.frame(number)
        assert frame is None or frame.offset + frame.width * frame.height * 4 <= len(exchange.mapping)
    finally:
        exchange.close()
