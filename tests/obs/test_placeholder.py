"""The placeholders that OBS's side shows: there for every size, and never in the way when a file is damaged."""

import subprocess
import sys

import numpy as np
import pytest

from core.obs import placeholder
from core.shared import places, settings, texts

SIDES = [int(choice.id) for choice in settings.BY_KEY["size"].choices]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("language", sorted(path.stem for path in texts.FOLDER.glob("*.ini")))
@pytest.mark.parametrize("which", [placeholder.STARTING, placeholder.BACK_SOON, placeholder.SET_UP, placeholder.OFF])
def test_every_placeholder_comes_in_every_size_and_language(which, side, language, monkeypatch):
    monkeypatch.setattr(texts, "_language", language)
    picture = np.frombuffer(placeholder.pixels(which, side), np.uint8).reshape(side, side, 4)
    assert np.all(picture[..., 3] == 255)
    assert 15 < picture[..., :3].mean() < 90
    assert picture[int(side * 0.6):int(side * 0.72)].max() > 200, "its words are missing"


def test_they_are_what_the_script_in_docs_makes(tmp_path):
    code = "import sys, pathlib; sys.path[:0] = ['docs', '.']; import make_placeholders as m; m.main(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=places.ROOT, check=True)
    made, shipped = ({path.relative_to(folder) for path in folder.rglob("*.png")} for folder in (tmp_path, placeholder.FOLDER))
    assert made == shipped


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"text"])
def test_a_damaged_file_becomes_plain_grey(tmp_path, monkeypatch, content):
    monkeypatch.setattr(placeholder, "FOLDER", tmp_path)
    (tmp_path / "en-US").mkdir()
    (tmp_path / "en-US" / "starting_256.png").write_bytes(content)
    assert set(placeholder.pixels(placeholder.STARTING, 256)) == {0x24, 0xFF}
