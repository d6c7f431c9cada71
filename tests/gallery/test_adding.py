"""A picture of any kind becomes an avatar, and its owner reads how well it will do."""

from __future__ import annotations

import io
import os

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from core.gallery import adding, fitness, keeping, making, preparing
from core.pictures import reading
from core.pictures.reading import PictureError
from core.shared import avatars, manifest, settings
from models import engines
from models.contract import MotionOptions
from models.face import poses
from models.see.still import find

from .conftest import as_png


def turned(picture, degrees):
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)


def test_an_added_picture_is_an_avatar_whatever_its_name(nora, own_folder):
    added = adding.add(as_png(nora), "Größe 日本 / «ich»?.png")
    entry = avatars.find(added.id)
    assert entry.title == added.title == "«ich»?"
    assert entry.path.name.isascii() and own_folder in entry.path.parents
    assert added.id in [each.id for each in avatars.available()]


def test_a_good_picture_gets_no_remark(nora):
    assert adding.add(as_png(nora), "nora.png").remarks == []


def test_two_pictures_of_one_name_are_two_avatars(nora):
    assert adding.add(as_png(nora), "me.png").id != adding.add(as_png(nora), "me.png").id


def test_of_a_large_photograph_head_and_shoulders_are_kept(nora):
    scene = np.full((1500, 2400, 3), (90, 120, 80), np.uint8)
    scene[500:1012, 900:1412] = nora
    entry = avatars.find(adding.add(as_png(scene), "holiday.png").id)
    kept = reading.read(entry.path).pixels
    face = find(kept).keypoints
    assert kept.shape[0] == kept.shape[1]
    assert 0.35 < np.ptp(face[:, 1]) / kept.shape[0] < 0.6
    assert 0.3 < face[:, 0].mean() / kept.shape[1] < 0.7


def test_a_small_picture_is_enlarged_and_its_owner_told(nora):
    added = adding.add(as_png(cv2.resize(nora, (128, 128), interpolation=cv2.INTER_AREA)), "tiny.png")
    assert any("pixels high" in remark for remark in added.remarks)
    assert reading.read(avatars.find(added.id).path).pixels.shape[0] == making.LEAST_SIDE


def test_nothing_but_pixels_of_the_file_is_kept(nora):
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    out = io.BytesIO()
    Image.fromarray(nora[..., ::-1].copy()).save(out, "JPEG", exif=exif, quality=95)
    entry = avatars.find(adding.add(out.getvalue() + b"PK\3\4 something else", "photo.jpg").id)
    content = entry.path.read_bytes()
    assert b"taken at home" not in content and b"something else" not in content
    assert not Image.open(entry.path).getexif()


def test_what_was_cut_out_stays_cut_out(nora):
    alpha = np.zeros(nora.shape[:2], np.uint8)
    cv2.ellipse(alpha, (256, 300), (190, 260), 0, 0, 360, 255, -1)
    entry = avatars.find(adding.add(as_png(np.dstack([nora, alpha])), "cutout.png").id)
    assert np.abs(reading.read(entry.path).alpha * 255 - alpha).mean() < 2
    avatar = preparing.prepare(engines.load("landmark"), entry, 256).avatar
    assert avatar.still[2:20, 2:20, 3].max() == 0 and avatar.still[128, 128, 3] == 255


def test_colours_of_a_wide_profile_become_those_of_a_screen(nora, tmp_path):
    # A profile with red and green exchanged tells at once whether anybody looked at it.
    odd = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    plain = Image.fromarray(nora[..., ::-1].copy())
    with_profile, broken = io.BytesIO(), io.BytesIO()
    plain.save(with_profile, "PNG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    plain.save(broken, "PNG", icc_profile=odd.tobytes())
    assert np.abs(reading.decoded(with_profile.getvalue(), "x.png").pixels.astype(int) - nora).max() <= 2
    read = reading.decoded(broken.getvalue(), "x.png")
    assert "colour profile" in read.note and np.array_equal(read.pixels, nora)


@pytest.mark.parametrize(("alter", "says"), [
    (lambda nora: turned(nora, 25), "tilted by 2"),
    (lambda nora: np.hstack([nora, cv2.resize(nora, (400, 512))]), "2 faces"),
    (lambda nora: nora[100:, 215:], "edge of the picture"),
])
def test_what_will_not_do_well_is_said(nora, alter, says):
    added = adding.add(as_png(alter(nora)), "odd.png")
    assert any(says in remark for remark in added.remarks), added.remarks


def test_a_turned_face_and_an_open_mouth_are_named(nora):
    engine = engines.load("landmark", cached=False)
    avatar = engine.painter.prepare(nora)
    for pose, says in (("Right", "to the right: turns to the left"), ("Left", "to the left: turns to the right"),
                       ("Jaw", "mouth is open"), ("Blink", "eyes are shut")):
        drawn = engine.painter.animate(avatar, poses.all_nine()[pose], poses.neutral(), MotionOptions()).picture[..., :3].copy()
        remarks = fitness.remarks(find(drawn), 1)
        assert any(says in remark for remark in remarks), (pose, remarks)


def test_without_a_face_the_sentence_says_what_to_do():
    with pytest.raises(making.NoFace, match="by hand"):
        adding.add(as_png(np.full((300, 300, 3), 120, np.uint8)), "wall.png")


def test_a_picture_that_is_refused_leaves_nothing_behind(own_folder):
    for content in (b"", b"no picture", as_png(np.full((300, 300, 3), 120, np.uint8))):
        with pytest.raises(PictureError):
            adding.add(content, "x.png")
    assert not own_folder.exists() or not list(own_folder.iterdir())


def test_a_removed_avatar_is_gone_from_disk_and_list(nora, own_folder):
    added = adding.add(as_png(nora), "me.png")
    keeping.remove(added.id)
    assert avatars.find(added.id) is None and not list(own_folder.iterdir())


def test_what_ships_cannot_be_removed():
    with pytest.raises(PictureError, match="comes with"):
        keeping.remove("nora")
    assert avatars.find("nora").path.is_file()


def test_removing_never_reaches_out_of_the_users_folder(own_folder, tmp_path):
    other = tmp_path / "precious.png"
    other.write_bytes(b"x")
    for id in ("user:../../precious.png", "user:" + str(other), "user:", "user:..", "file"):
        with pytest.raises(PictureError):
            keeping.remove(id)
    assert other.exists()


def test_a_disk_that_is_full_when_an_avatar_is_described_anew_is_said_and_leaves_it_as_it_was(nora, own_folder, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")
    entry = avatars.find(adding.add(as_png(nora), "me.png").id)
    before = {path.name: path.read_bytes() for path in entry.folder.iterdir()}
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PictureError, match="No space left"):
        keeping.describe(entry, entry.about._replace(title="Another"))
    assert {path.name: path.read_bytes() for path in entry.folder.iterdir()} == before


def test_a_folder_that_cannot_be_written_is_said(nora, own_folder):
    own_folder.parent.mkdir(parents=True)
    own_folder.write_text("a file in the way")
    with pytest.raises(PictureError, match="cannot be written"):
        adding.add(as_png(nora), "me.png")


@pytest.mark.parametrize("alter", [
    lambda nora: turned(nora, 45), lambda nora: np.rot90(nora).copy(), lambda nora: (nora * 0.06).astype(np.uint8),
    lambda nora: (235 + nora * 0.07).astype(np.uint8),
    lambda nora: cv2.cvtColor(np.where(cv2.cvtColor(nora, cv2.COLOR_BGR2GRAY) > np.random.default_rng(1).integers(
        0, 255, nora.shape[:2]), 255, 0).astype(np.uint8), cv2.COLOR_GRAY2BGR)],
    ids=("tilted", "on its side", "dark", "pale", "printed in dots"))
def test_faces_are_found_in_difficult_pictures_too(nora, alter):
    face = find(alter(nora))
    assert np.ptp(face.keypoints[:, :2], axis=0).max() > 100


def test_a_dark_picture_is_prepared_at_every_size(nora):
    added = adding.add(as_png((nora * 0.06).astype(np.uint8)), "night.png")
    for size in settings.BY_KEY["size"].choices:
        assert preparing.prepare(engines.load("landmark"), avatars.find(added.id), int(size.id)).size == (int(size.id),) * 2


def test_a_picture_in_which_nobody_finds_a_face_can_be_added_by_hand():
    stone = np.full((400, 300, 3), (140, 150, 160), np.uint8)
    cv2.circle(stone, (150, 180), 90, (110, 120, 130), -1)
    added = adding.add(as_png(stone), "stone.png", by_hand=True)
    assert set(avatars.find(added.id).about.landmarks) == set(manifest.LANDMARKS)
    assert any("by hand" in remark for remark in added.remarks)
