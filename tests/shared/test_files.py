"""Files are whole or not there, whatever goes wrong while they are written."""

import os
import stat
import subprocess
import sys
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.shared import files, places

UNIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions: the user's folder is closed as a whole")


def permissions(path):
    return stat.S_IMODE(path.stat().st_mode)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=st.none() | st.binary(max_size=50), new=st.binary(max_size=50))
def test_what_is_written_is_what_is_read_and_nothing_lies_beside_it(tmp_path, old, new):
    path = tmp_path / "kept.json"
    path.unlink(missing_ok=True)
    if old is not None:
        path.write_bytes(old)
    files.write_whole(path, new)
    assert path.read_bytes() == new and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), MemoryError()])
@pytest.mark.parametrize("old", [None, b"old"])
def test_whatever_ends_the_writing_leaves_the_old_file_as_it_was(tmp_path, error, old):
    path = tmp_path / "kept.json"
    if old is not None:
        path.write_bytes(old)
    with pytest.raises(type(error)), files.replacing(path) as unfinished:
        unfinished.write_bytes(b"half")
        raise error
    assert [each.read_bytes() for each in tmp_path.iterdir()] == ([] if old is None else [old])


def test_a_process_that_is_killed_while_it_writes_leaves_the_old_file_as_it_was(tmp_path):
    path = tmp_path / "kept.json"
    path.write_bytes(b"old")
    code = ("import os, sys; sys.path.insert(0, sys.argv[1])\n"
            "from pathlib import Path\n"
            "from core.shared import files\n"
            "with files.replacing(Path(sys.argv[2])) as unfinished:\n"
            "    unfinished.write_bytes(b'half')\n"
            "    os._exit(9)\n")
    subprocess.run([sys.executable, "-c", code, str(places.ROOT), str(path)], check=False)
    assert path.read_bytes() == b"old"
    left = [each.name for each in tmp_path.iterdir() if each != path]
    assert all(name.startswith(".") and name.endswith(files.UNFINISHED) for name in left)


def test_a_disk_that_fills_up_only_when_the_file_is_brought_to_it_leaves_the_old_file(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")
    path = tmp_path / "kept.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.write_whole(path, b"new")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


@UNIX
def test_a_private_file_is_for_this_user_only_even_while_it_is_written(tmp_path):
    path = tmp_path / "token.json"
    path.write_bytes(b"open to all")
    with files.replacing(path, private=True) as unfinished:
        assert permissions(unfinished) == 0o600
        unfinished.write_bytes(b"secret")
    assert permissions(path) == 0o600


@UNIX
def test_any_other_file_has_the_permissions_of_every_new_file(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    files.write_whole(tmp_path / "whole", b"")
    assert permissions(tmp_path / "whole") == permissions(tmp_path / "plain")


@pytest.mark.parametrize("name", ["Jürgens Bild.json", "写真 1.json", "Ещё один.json", "a" * 250, "no ending", ".hidden"])
def test_a_name_in_any_letters_and_of_any_length_will_do(tmp_path, name):
    files.write_whole(tmp_path / name, b"new")
    assert (tmp_path / name).read_bytes() == b"new" and len(list(tmp_path.iterdir())) == 1


def test_of_many_that_write_at_once_one_wins_and_its_file_is_whole(tmp_path):
    path = tmp_path / "kept.json"
    contents = [bytes([number]) * 10_000 for number in range(8)]
    writers = [threading.Thread(target=files.write_whole, args=(path, content)) for content in contents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert path.read_bytes() in contents and list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FileNotFoundError):
        files.write_whole(tmp_path / "gone" / "kept.json", b"new")
