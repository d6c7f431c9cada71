"""Pictures from strangers: each is read as it is meant to look, or refused in a sentence."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.pictures import reading
from core.pictures.reading import PictureError, read
from core.shared import avatars

NORA = avatars.picture_path("nora", "")


def saved(path, image, **how):
    image.save(path, **how)
    return path


@pytest.fixture
def nora():
    return Image.open(NORA).convert("RGB").resize((96, 96))


def as_bgr(image):
    return np.asarray(image.convert("RGB"))[..., ::-1].astype(int)


def test_a_picture_with_umlauts_and_spaces_in_its_path_is_read(tmp_path, nora):
    folder = tmp_path / "Größe  mit Leerzeichen"
    folder.mkdir()
    pixels = read(saved(folder / "mein Bild äöü.png", nora)).pixels
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels, as_bgr(nora))


def test_a_16_bit_picture_keeps_its_shades(tmp_path, nora):
    grey = np.asarray(nora.convert("L"))
    path = saved(tmp_path / "deep.png", Image.fromarray(grey.astype(np.uint16) * 257))
    assert np.abs(read(path).pixels[..., 1].astype(int) - grey).max() <= 1


def test_a_cmyk_picture_keeps_its_colours_roughly(tmp_path, nora):
    path = saved(tmp_path / "print.jpg", nora.convert("CMYK"), quality=95)
    assert np.abs(read(path).pixels - as_bgr(nora)).mean() < 6


def test_a_phone_picture_is_turned_upright(tmp_path, nora):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    path = saved(tmp_path / "phone.jpg", nora.rotate(90), exif=exif, quality=95)
    assert np.abs(read(path).pixels - as_bgr(nora)).mean() < 6


def test_what_is_transparent_becomes_a_neutral_backdrop(tmp_path, nora):
    image = nora.convert("RGBA")
    image.putalpha(0)
    assert np.all(read(saved(tmp_path / "clear.png", image)).pixels == 128)


def test_of_an_animated_picture_the_first_is_used_and_the_user_is_told(tmp_path, nora):
    path = saved(tmp_path / "moving.gif", nora, save_all=True, append_images=[nora.rotate(10)] * 3)
    result = read(path)
    assert "animated" in result.note
    assert result.pixels.shape == (96, 96, 3)


def test_a_large_picture_is_reduced(tmp_path):
    assert max(read(saved(tmp_path / "large.png", Image.new("RGB", (5000, 3000)))).pixels.shape) == reading.WORKING_SIDE


@pytest.mark.parametrize(("size", "says"), [((1, 1), "only 1 x 1"), ((20_000, 20_000), "more than 100 million pixels")])
def test_a_picture_of_an_impossible_size_is_refused_in_a_sentence(tmp_path, size, says):
    with pytest.raises(PictureError, match=says):
        read(saved(tmp_path / "odd.png", Image.new("1", size)))


def test_a_file_that_is_no_picture_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "letter.png"
    path.write_text("Dear picture,")
    with pytest.raises(PictureError, match="“letter.png” is not a picture"):
        read(path)


def test_a_missing_file_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(PictureError, match="cannot be found"):
        read(tmp_path / "gone.png")


def test_a_folder_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(PictureError):
        read(tmp_path)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_a_truncated_file_is_refused_in_a_sentence(tmp_path, nora, form):
    buffer = io.BytesIO()
    nora.save(buffer, form)
    path = tmp_path / "half"
    path.write_bytes(buffer.getvalue()[:len(buffer.getvalue()) // 2])
    with pytest.raises(PictureError, match="half"):
        read(path)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_more(tmp_path_factory, data):
    form = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "TIFF"]))
    buffer = io.BytesIO()
    Image.new("RGB", (80, 80), (10, 90, 200)).save(buffer, form)
    damaged = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "x"
    path.write_bytes(damaged)
    try:
        assert read(path).pixels.ndim == 3
    except PictureError as error:
        assert str(error)


@pytest.mark.parametrize(("content", "says"), [
    (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", "SVG"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n(x) run\n", "not a picture"),
    (b"8BPS\0\1" + bytes(100), "not a picture"),
    (b"", "not a picture"),
])
def test_what_is_no_pixel_picture_is_never_opened(tmp_path, content, says):
    path = tmp_path / "innocent.png"
    path.write_bytes(content)
    with pytest.raises(PictureError, match=says):
        read(path)


def test_a_picture_from_a_phone_with_a_second_one_inside_is_not_called_animated(tmp_path, nora):
    path = saved(tmp_path / "phone.jpg", nora, format="MPO", save_all=True, append_images=[nora])
    assert read(path).note == ""


def test_a_file_that_is_a_picture_and_an_archive_is_its_picture(tmp_path, nora):
    path = saved(tmp_path / "both.png", nora)
    path.write_bytes(path.read_bytes() + b"PK\x03\x04" + bytes(1000) + b"PK\x05\x06" + bytes(18))
    assert np.array_equal(read(path).pixels, as_bgr(nora))


def test_a_huge_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(reading.limits, "PICTURE_FILE_BYTES", 10)
    (tmp_path / "x.png").write_bytes(bytes(11))
    with pytest.raises(PictureError, match="larger than"):
        read(tmp_path / "x.png")
    with pytest.raises(PictureError, match="larger than"):
        reading.decoded(bytes(11), "x.png")


def test_a_colour_profile_that_is_a_bomb_or_nonsense_is_left_out_and_said(tmp_path, nora, monkeypatch):
    path = saved(tmp_path / "odd.png", nora, icc_profile=b"nonsense" * 100)
    assert "colour profile" in read(path).note and np.array_equal(read(path).pixels, as_bgr(nora))
    monkeypatch.setattr(reading.limits, "COLOUR_PROFILE_BYTES", 10)
    assert "colour profile" in read(path).note
    with pytest.raises(PictureError):
        read(saved(tmp_path / "bomb.png", nora, icc_profile=bytes(80_000_000)))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_pictures_of_every_kind_come_out_upright_and_reduced(tmp_path, nora, mode, orientation, monkeypatch):
    monkeypatch.setattr(reading, "WORKING_SIDE", 80)
    grey = nora.convert("L")
    image = Image.fromarray(np.asarray(grey).astype({"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode])) \
        if mode in ("I;16", "I", "F") else nora.convert(mode)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / "x.tif", image.rotate(90) if orientation == 6 else image, exif=exif)
    small = np.asarray(nora.convert("L").resize((80, 80), Image.Resampling.LANCZOS)).astype(int)
    assert np.corrcoef(read(path).pixels.mean(axis=2).ravel(), small.ravel())[0, 1] > (0.4 if mode == "1" else 0.97)
