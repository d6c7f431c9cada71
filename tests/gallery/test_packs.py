"""Packs go out and come in as they were; those of strangers do no harm."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.gallery import adding, packs
from core.pictures import reading
from core.pictures.reading import PictureError
from core.shared import avatars, limits, manifest
from core.shared.manifest import Condition, ManifestError

from .conftest import PUPPET, as_png, puppet

SOUND = {"format": "obs-avatar", "version": 1, "title": "Rex", "author": "Ann", "licence": "CC0 1.0", "picture": "a.png"}


def zipped(files, folder="", **how):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how.pop("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content if isinstance(content, bytes) else json.dumps(content))
    return out.getvalue()


def refused(data, says="."):
    with pytest.raises((PictureError, ManifestError), match=says) as raised:
        packs.unpacked(data, "strange.zip")
    assert str(raised.value).endswith(".")


@pytest.fixture(autouse=True)
def nothing_else_is_written(own_folder, tmp_path):
    yield
    assert {each.name for each in tmp_path.iterdir()} <= {"home", "made"}
    assert not own_folder.exists() or not [each for each in own_folder.iterdir() if each.name.startswith(".")]


@pytest.fixture
def rex():
    """A pack with all that one can have."""
    side = 520
    matte = np.zeros((side, side), np.uint8)
    cv2.ellipse(matte, (260, 300), (200, 250), 0, 0, 360, 255, -1)
    happy = puppet(side)
    cv2.circle(happy, (120, 300), 30, (120, 120, 255), -1)
    about = dict(SOUND, matte="m.png", landmarks=PUPPET,
                 expressions={"happy": {"picture": "b.png", "when": {"mouthSmileLeft": ">0.6", "jawOpen": "<0.2"}}})
    return {"avatar.json": about, "a.png": as_png(puppet(side)), "m.png": as_png(matte), "b.png": as_png(happy)}


@pytest.mark.parametrize("folder", ["", "Rex/"])
def test_a_pack_comes_in_with_all_that_belongs_to_it(rex, folder):
    entry = avatars.find(packs.unpacked(zipped(rex, folder), "rex.zip").id)
    about = entry.about
    assert (entry.title, about.author, about.licence) == ("Rex", "Ann", "CC0 1.0")
    assert about.landmarks == PUPPET
    assert about.expressions["happy"].when == (Condition("mouthSmileLeft", True, 0.6), Condition("jawOpen", False, 0.2))
    assert np.array_equal(reading.read(entry.path).pixels, puppet(520))
    assert 0.5 < reading.matte(entry.folder / about.matte, (520, 520)).mean() < 0.7


def test_what_goes_out_comes_in_again_the_same(rex):
    first = packs.unpacked(zipped(rex), "rex.zip")
    pack = packs.export(first.id)
    second = packs.unpacked(pack, "again.zip")
    assert second.id != first.id and packs.export(second.id) == pack


def test_a_shipped_avatar_and_a_plain_picture_go_out_too(nora, own_folder):
    own_folder.mkdir(parents=True)
    (own_folder / "Ich ß.png").write_bytes(as_png(nora))
    for id, title in (("nora", "Nora"), ("user:Ich ß.png", "Ich ß")):
        assert avatars.find(packs.unpacked(packs.export(id), "x.zip").id).title == title


def test_a_folder_comes_in_like_a_zip(rex, tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    for name, content in rex.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    assert avatars.find(packs.take_in(folder).id).about.landmarks == PUPPET


def test_a_link_in_a_folder_is_not_followed(rex, tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "avatar.json").write_text(json.dumps(SOUND))
    (folder / "secret.png").write_bytes(rex["a.png"])
    os.symlink(folder / "secret.png", folder / "a.png")
    with pytest.raises(PictureError, match="lacks the file “a.png”"):
        packs.take_in(folder)


@pytest.mark.parametrize("evil", ["../a.png", "/tmp/a.png", "..\\a.png", "C:\\a.png", "sub/a.png"])
def test_a_pack_cannot_write_anywhere_else(rex, evil, tmp_path):
    refused(zipped({"avatar.json": dict(SOUND, picture=evil), evil: rex["a.png"]}), "picture")
    # Members that the manifest does not name are not even looked at.
    packs.unpacked(zipped({**rex, evil: b"evil", "../../stray.sh": b"evil"}), "rex.zip")
    assert not list(tmp_path.parent.rglob("stray*"))


def test_only_what_the_manifest_names_is_kept(rex):
    entry = avatars.find(packs.unpacked(zipped({**rex, "run.exe": b"MZ", "notes.txt": b"x"}), "rex.zip").id)
    assert {path.name for path in entry.folder.iterdir()} == {"avatar.json", *entry.about.files}


def test_a_zip_bomb_is_refused_before_it_unfolds(monkeypatch):
    bomb = zipped({"avatar.json": SOUND, "a.png": bytes(limits.PICTURE_FILE_BYTES + 10)})
    assert len(bomb) < 1_000_000
    refused(bomb, "200 MB")


def test_many_small_bombs_are_as_bad_as_a_large_one(rex, monkeypatch):
    monkeypatch.setattr(limits, "PACK_UNPACKED_BYTES", len(rex["a.png"]) + len(rex["m.png"]) + 1500)
    refused(zipped(rex), "come out")


def test_an_archive_that_lies_about_its_sizes_is_refused(rex):
    data = bytearray(zipped({"avatar.json": SOUND, "a.png": rex["a.png"]}))
    for signature, place in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        start = data.rindex(signature)
        data[start + place:start + place + 4] = struct.pack("<I", 5)
    refused(bytes(data))


def test_a_picture_bomb_in_a_pack_is_refused():
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")
    refused(zipped({"avatar.json": SOUND, "a.png": bomb}), "million pixels")


@pytest.mark.parametrize(("files", "says"), [
    ({}, "lacks the file “avatar.json”"),
    ({"avatar.json": SOUND}, "lacks the file “a.png”"),
    ({"avatar.json": b"{", "a.png": b""}, "not JSON"),
    ({"avatar.json": b" " * 70_000}, "too long a description"),
    ({"avatar.json": dict(SOUND, picture="")}, "picture"),
    ({"avatar.json": dict(SOUND, version=9)}, "newer version"),
    ({"avatar.json": SOUND, "a.png": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}, "vector drawing"),
    ({"avatar.json": SOUND, "a.png": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n"}, "not a picture"),
    ({"one/avatar.json": SOUND, "two/avatar.json": SOUND}, "lacks"),
])
def test_a_pack_that_is_none_is_refused_in_a_sentence(files, says):
    refused(zipped(files), says)


def test_pictures_of_different_shapes_are_no_avatar(rex):
    refused(zipped({**rex, "b.png": as_png(puppet(520)[:300])}), "shape")
    refused(zipped({**rex, "m.png": as_png(puppet(520)[:300])}), "shape")


def test_too_many_files_are_refused(rex):
    refused(zipped({**rex, **{f"{number}.txt": b"" for number in range(limits.PACK_FILES)}}), "more than 64 files")


def test_an_unusually_packed_zip_is_refused(rex):
    refused(zipped(rex, compression=zipfile.ZIP_LZMA), "unusual way")
    refused(zipped(rex, compression=zipfile.ZIP_BZIP2), "unusual way")


def test_a_missing_and_a_huge_file_are_refused_in_a_sentence(tmp_path, monkeypatch):
    with pytest.raises(PictureError, match="not there"):
        packs.take_in(tmp_path / "gone.zip")
    monkeypatch.setattr(limits, "PACK_FILE_BYTES", 10)
    refused(b"x" * 11, "larger than")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_pack_is_taken_or_refused_but_never_more(own_folder, data):
    whole = bytearray(zipped({"avatar.json": dict(SOUND, landmarks=PUPPET), "a.png": as_png(puppet(64))}))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert packs.unpacked(bytes(whole[:data.draw(st.integers(0, len(whole)))]), "x.zip").id
    except (PictureError, ManifestError) as error:
        assert str(error)


def test_a_manifest_is_what_docs_say(rex):
    """The example in docs/avatars.md is a manifest."""
    from core.shared import places
    docs = (places.ROOT / "docs" / "avatars.md").read_text(encoding="utf-8")
    example = docs.split("```json\n")[1].split("```")[0]
    about = manifest.parsed(example.encode())
    assert about.expressions and about.landmarks and about.matte


def test_added_and_imported_avatars_are_alike(nora):
    first = adding.add(as_png(nora), "me.png")
    second = packs.unpacked(packs.export(first.id), "me.zip")
    assert avatars.find(first.id).about == avatars.find(second.id).about


def test_the_docs_name_every_coefficient_that_a_condition_can_wait_for():
    from core.shared import places
    from models.see.blendshapes import NAMES
    docs = (places.ROOT / "docs" / "avatars.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in docs for name in NAMES if not name.startswith("_"))


def test_a_condition_that_nothing_meets_is_said(rex):
    rex["avatar.json"]["expressions"]["happy"]["when"] = {"mouthSmile": ">0.5"}
    assert any("mouthSmile" in remark for remark in packs.unpacked(zipped(rex), "rex.zip").remarks)


def test_a_pack_that_is_added_like_a_picture_is_a_pack(rex):
    assert avatars.find(adding.add(zipped(rex), "rex.zip").id).about.author == "Ann"
