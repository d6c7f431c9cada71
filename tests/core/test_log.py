"""The log that a user attaches to a report: bounded, and with nothing in it that belongs to the user."""

import logging
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared import log_file, places
from core.worker import logs


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "user_data", lambda: tmp_path / "data")
    return tmp_path / "data"


def test_the_log_is_bounded_and_its_end_is_kept(data):
    with log_file.opened() as file:
        for number in range(3):
            file.write(b"%d " % number + b"x" * log_file.LARGEST_BYTES)
            file.flush()
            log_file.bound(file.fileno())
        file.write(b"the newest line\n")
    assert places.log_file().read_bytes() == b"the newest line\n"
    assert sum(path.stat().st_size for path in data.iterdir()) < 2 * log_file.LARGEST_BYTES


def test_two_workers_go_on_in_one_log_after_it_was_emptied(data):
    with log_file.opened() as one, log_file.opened() as other:
        one.write(b"x" * (log_file.LARGEST_BYTES + 1))
        one.flush()
        log_file.bound(other.fileno())
        one.write(b"one\n")
        one.flush()
        other.write(b"other\n")
    assert places.log_file().read_bytes() == b"one\nother\n"


def test_a_note_of_the_obs_side_stands_in_it(data):
    log_file.note("a worker has ended")
    assert "a worker has ended\n" in places.log_file().read_text("utf-8")


def test_a_folder_that_cannot_be_written_costs_the_log_and_nothing_else(data):
    data.write_text("a file where the folder should be")
    log_file.note("lost")
    with log_file.opened() as file:
        file.write(b"lost")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no device that is always full")
def test_a_full_disk_costs_the_log_and_nothing_else(data):
    data.mkdir()
    places.log_file().symlink_to("/dev/full")
    log_file.note("lost")


SECRETS = ["/home/jane doe/Videos/my holiday.mp4", "C:\\Users\\Jane\\Pictures\\me.png", "/media/usb/film.mkv",
           "\\\\server\\share\\me.png", "rtsp://jane:secret@10.0.0.1/stream"]


@pytest.mark.parametrize("secret", SECRETS)
def test_names_of_the_users_files_and_addresses_do_not_get_in(secret):
    told = logs.cleaned(f"[Errno 2] No such file or directory: {secret!r}\n[Errno 5] Input/output error: '{secret}'")
    for word in ("jane", "Jane", "holiday", "film", "me.png", "secret"):
        assert word not in told


def test_the_products_own_files_keep_their_names():
    told = logs.cleaned(f'File "{places.ROOT}/core/worker/live.py", line 7, in run\n'
                        f'File "{sys.base_prefix}/lib/python3/threading.py", line 9')
    assert 'File "<product>/core/worker/live.py", line 7' in told and "threading.py" in told
    assert str(places.ROOT) not in told


@given(st.text(), st.sampled_from(SECRETS[2:3]), st.text(alphabet=" \n\t(["))
def test_a_path_is_taken_out_wherever_it_stands(before, secret, gap):
    assert secret not in logs.cleaned(before + gap + " " + secret)


def test_a_traceback_in_the_log_names_no_file_of_the_user():
    code = ("import sys; sys.path.insert(0, sys.argv[1])\n"
            "from core.worker import logs; logs.start()\n"
            "import threading, logging\n"
            "threading.Thread(target=lambda: open('/home/jane/no/such.png')).start()\n"
            "try: open('/home/jane/none.mp4')\n"
            "except OSError: logging.exception('it failed')\n"
            "open('/home/jane/third.jpg')\n")
    told = subprocess.run([sys.executable, "-c", code, str(places.ROOT)], capture_output=True, text=True, check=False).stderr
    assert told.count("FileNotFoundError") == 3 and "jane" not in told and "<file>" in told


def test_a_log_that_cannot_be_written_makes_no_noise(capsys):
    class Full:
        def write(self, text):
            raise OSError(28, "No space left on device")

        def flush(self):
            raise OSError(28, "No space left on device")

    handler = logging.StreamHandler(Full())
    handler.setFormatter(logs.Clean(logs.FORM))
    kept, logging.raiseExceptions = logging.raiseExceptions, False
    try:
        handler.emit(logging.makeLogRecord({"msg": "lost"}))
    finally:
        logging.raiseExceptions = kept
    assert capsys.readouterr().err == ""
