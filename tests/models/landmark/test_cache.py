"""Prepared avatars kept on disk: found again, never in the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.shared import places
from models import cache
from models.contract import FaceNotFound, MotionOptions
from models.landmark import avatar
from models.landmark.painter import LandmarkPainter
from models.see import still
from models.see.seer import Seer

ROOT = Path(__file__).parents[3]
SOME = {"numbers": np.arange(6.0).reshape(2, 3), "one": np.array(3)}


@pytest.fixture(scope="module")
def picture():
    return cv2.resize(cv2.imread(str(ROOT / "avatars" / "nora.png")), (256, 256), interpolation=cv2.INTER_AREA)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "not made yet" / "cache"


@pytest.fixture
def kept(folder):
    return cache.Cache(folder)


def files(folder):
    return sorted(folder.iterdir())


def same(one, other):
    if is_dataclass(one):
        return type(one) is type(other) and all(same(getattr(one, field.name), getattr(other, field.name))
                                                for field in fields(one))
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other))
    return np.array_equal(one, other) and getattr(one, "dtype", None) == getattr(other, "dtype", None)


def test_what_was_kept_is_found_again_for_the_same_pixels_only(kept, picture):
    assert kept.load("thing", picture) is None
    kept.store("thing", picture, SOME)
    found = kept.load("thing", picture.copy())
    assert found.keys() == SOME.keys() and all(np.array_equal(found[name], SOME[name]) for name in SOME)
    assert found["numbers"].flags.writeable
    other = picture.copy()
    other[0, 0, 0] ^= 1
    assert kept.load("thing", other) is None
    assert kept.load("other thing", picture) is None
    assert kept.load("thing", picture.reshape(128, 512, 3)) is None


def test_other_code_finds_nothing(kept, picture, monkeypatch):
    kept.store("thing", picture, SOME)
    monkeypatch.setattr(cache, "_code", lambda: b"another version")
    assert kept.load("thing", picture) is None


def test_a_changed_byte_in_any_source_or_another_size_of_any_model_makes_another_version(tmp_path):
    for folder in cache.MADE_BY:
        shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    copies = [tmp_path / folder.name for folder in cache.MADE_BY]
    before = cache.digest_of(copies)
    sources = [path for copy in copies for path in copy.rglob("*") if path.suffix in (".py", ".json")]
    models = [path for copy in copies for path in copy.rglob("*") if path.suffix in (".task", ".tflite")]
    assert len(sources) > 30 and len(models) == 2
    for path in sources + models:
        kept = path.read_bytes()
        path.write_bytes(kept + b" ")
        assert cache.digest_of(copies) != before, f"{path.name} is not part of the version"
        path.write_bytes(kept)
    assert cache.digest_of(copies) == before


def test_every_module_that_making_an_avatar_imports_is_part_of_the_version():
    program = "import sys, models.landmark.painter\nprint(*(m.__file__ for n, m in sys.modules.items() if n[:7] == 'models.'))"
    printed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    imported = [Path(file) for file in printed.split()]
    assert len(imported) > 20
    assert [file for file in imported if file.parent != ROOT / "models" and not set(cache.MADE_BY) & set(file.parents)] == []


@pytest.mark.parametrize("damage", [lambda content: b"", lambda content: content[:len(content) // 2],
                                    lambda content: b"no archive", lambda content: content.replace(b"\1", b"\2"),
                                    lambda content: content[:200] + bytes([content[200] ^ 255]) + content[201:]])
def test_a_damaged_file_is_as_good_as_none(kept, folder, picture, damage):
    kept.store("thing", picture, {"numbers": np.arange(500.0)})
    path, = files(folder)
    path.write_bytes(damage(path.read_bytes()))
    assert kept.load("thing", picture) is None
    kept.store("thing", picture, SOME)
    assert kept.load("thing", picture) is not None


def test_a_file_with_objects_in_it_runs_nothing(kept, folder, picture):
    class Trap:
        def __reduce__(self):
            return pytest.fail, ("a program in a file was run",)

    kept.store("thing", picture, SOME)
    path, = files(folder)
    np.savez(str(path), numbers=np.array([Trap()], object))
    assert kept.load("thing", picture) is None


def test_a_folder_that_cannot_be_made_is_no_failure(tmp_path, picture):
    (tmp_path / "file").write_text("in the way")
    kept = cache.Cache(tmp_path / "file" / "cache")
    kept.store("thing", picture, SOME)
    assert kept.load("thing", picture) is None


def test_a_failed_write_leaves_nothing_behind(kept, folder, picture, monkeypatch):
    def full(*_, **__):
        raise OSError("no space left on device")
    monkeypatch.setattr(np, "savez", full)
    kept.store("thing", picture, SOME)
    assert files(folder) == []


def test_what_was_used_longest_ago_goes_first(folder, picture):
    kept = cache.Cache(folder, limit=30_000)
    for age, kind in ((300, "first"), (200, "second"), (100, "third")):
        kept.store(kind, picture, {"bytes": np.zeros(9000, np.uint8)})
        path, = folder.glob(kind + "*")
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    assert kept.load("first", picture) is not None  # used just now
    kept.store("fourth", picture, {"bytes": np.zeros(9000, np.uint8)})
    assert [kept.load(kind, picture) is not None for kind in ("first", "second", "third", "fourth")] \
        == [True, False, True, True]


def test_what_a_dead_process_left_is_cleared_away(kept, folder, picture):
    folder.mkdir(parents=True)
    old, new = folder / "old.part", folder / "new.part"
    for path in old, new:
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    kept.store("thing", picture, SOME)
    assert not old.exists() and new.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps caches in the user's own folder")
def test_the_platforms_place_is_the_users_choice(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert tmp_path in places.user_cache().parents


def test_a_kept_avatar_is_the_one_that_was_prepared(folder, picture):
    first = LandmarkPainter(cache.Cache(folder)).prepare(picture)
    observation = still.find(picture)
    again = avatar.unpacked(picture, avatar.packed(avatar.build(picture, observation)))
    kept = LandmarkPainter(cache.Cache(folder)).prepare(picture)
    assert same(first, kept) and same(first, again)


def test_a_kept_avatar_is_not_prepared_again(folder, picture, monkeypatch):
    prepared, found = LandmarkPainter(cache.Cache(folder)).prepare(picture), Seer(cache.Cache(folder)).find(picture)

    def never(*_):
        pytest.fail("computed again")
    monkeypatch.setattr("models.see.still.find", never)
    painter = LandmarkPainter(cache.Cache(folder))
    assert same(painter.prepare(picture), prepared)
    face, faces = Seer(cache.Cache(folder)).find(picture)
    assert faces == found[1] == 1 and np.array_equal(face.keypoints, found[0].keypoints)


def test_drawing_leaves_what_is_kept_alone(folder, picture):
    painter = LandmarkPainter(cache.Cache(folder))
    one = painter.prepare(picture)
    painter.animate(one, still.find(picture), None, MotionOptions(relative=False))
    one.layers.foreground[:] = 0
    assert painter.prepare(picture).layers.foreground.any()


@pytest.mark.parametrize("missing", ["keypoints", "layers.pad", "eye0.white", "mouth.skin", "mesh.net"])
def test_what_is_incomplete_is_prepared_again(folder, picture, missing):
    painter = LandmarkPainter(cache.Cache(folder))
    prepared = painter.prepare(picture)
    arrays = avatar.packed(prepared)
    del arrays[missing]
    cache.Cache(folder).store("avatar", picture, arrays)
    assert same(painter.prepare(picture), prepared)


def test_a_picture_without_a_face_is_refused_each_time(folder):
    painter = LandmarkPainter(cache.Cache(folder))
    for _ in range(2):
        with pytest.raises(FaceNotFound):
            painter.prepare(np.full((256, 256, 3), 90, np.uint8))
        with pytest.raises(FaceNotFound):
            Seer(cache.Cache(folder)).find(np.full((256, 256, 3), 90, np.uint8))


def test_without_a_cache_nothing_is_written(picture, tmp_path, monkeypatch):
    monkeypatch.setattr(places, "user_cache", lambda: pytest.fail("a folder was asked for"))
    LandmarkPainter().prepare(picture)
