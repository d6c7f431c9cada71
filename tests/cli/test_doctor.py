"""`doctor`: says what is wrong and how to cure it, and can be pasted anywhere."""

import json
import shutil

import pytest

from core import __version__
from core.cli import obs_config
from core.cli.checks import findings
from core.shared import places

STATES = {"ok", "warning", "problem"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user whose name must not get out."""
    home = tmp_path / "jane.doe"
    home.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    return home


def of(result, name):
    return next(finding for finding in json.loads(result.out) if finding["name"] == name)


def test_everything_is_looked_at_and_what_is_not_well_has_a_cure(cli, home):
    result = cli("doctor", "--json")
    told = json.loads(result.out)
    assert [set(finding) for finding in told] == [{"name", "state", "sentence", "cure"}] * len(told)
    assert {finding["state"] for finding in told} <= STATES
    assert all(bool(finding["cure"]) == (finding["state"] != "ok") for finding in told)
    assert {"Python", "Environment", "Models", "Avatars", "Cameras", "OBS", "OBS's Python", "Script", "Shared memory",
            "Display"} <= {finding["name"] for finding in told}
    assert result.code == (1 if "problem" in {finding["state"] for finding in told} else 0)


def test_the_first_row_says_which_version_runs(cli, home):
    told = json.loads(cli("doctor", "--json").out)
    assert told[0] == {"name": "OBS Avatar", "state": "ok", "sentence": f"Version {__version__}.", "cure": ""}
    assert cli("doctor").out.splitlines()[0].split() == ["ok", "OBS", "Avatar:", "Version", __version__ + "."]


def test_the_text_says_the_same(cli, home):
    told, text = json.loads(cli("doctor", "--json").out), cli("doctor").out
    assert all(finding["name"] in text and finding["state"] in text for finding in told)


def test_the_users_name_does_not_get_out(cli, home):
    obs_config.write_collection(obs_config.folder(), {})
    for result in (cli("doctor"), cli("doctor", "--json")):
        assert "jane.doe" not in result.out and "~" in result.out


def test_the_models_that_ship_are_whole(cli, home):
    assert of(cli("doctor", "--json"), "Models")["state"] == "ok"


def test_a_damaged_model_is_found(cli, home, tmp_path, monkeypatch):
    copy = tmp_path / "project"
    shutil.copytree(places.ROOT / "models" / "shipped", copy / "models" / "shipped")
    monkeypatch.setattr(places, "ROOT", copy)
    assert findings.model_files().state == "ok"
    damaged = copy / "models" / "shipped" / "selfie_segmentation.tflite"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert findings.model_files().state == "problem" and "selfie" in findings.model_files().sentence
    damaged.unlink()
    assert findings.model_files().state == "problem"


def test_it_tells_whether_obs_loads_the_script(cli, home):
    config = obs_config.folder()
    assert of(cli("doctor", "--json"), "Script")["state"] == "warning"
    obs_config.write_collection(config, {})
    found = of(cli("doctor", "--json"), "Script")
    assert found["state"] == "ok" and "OBS Avatar" in found["sentence"]


def test_a_script_that_was_moved_away_is_a_problem(cli, home):
    config = obs_config.folder()
    obs_config.write_collection(config, {})
    collection = next(obs_config.collections(config)).path
    collection.write_text(collection.read_text("utf-8").replace(obs_config.script().as_posix(), "/gone/obs_avatar.py"))
    found = of(cli("doctor", "--json"), "Script")
    assert found["state"] == "problem" and "/gone/obs_avatar.py" in found["sentence"] and found["cure"]


def test_damaged_avatars_are_counted_and_the_way_to_their_names_is_told(cli, home):
    folder = places.user_avatars()
    (folder / "gone").mkdir(parents=True)
    (folder / "gone" / "avatar.json").write_text('{"format": "obs-avatar", "version": 1, "picture": "x.png"}')
    shutil.copy(places.SHIPPED_AVATARS / "nora.png", folder / "me.png")
    (folder / "me.png.json").write_text("{")
    told = of(cli("doctor", "--json"), "Avatars")
    assert told["state"] == "warning" and "2 of your own" in told["sentence"] and "avatars list" in told["cure"]
    listed = cli("avatars", "list").out
    assert "its picture is missing" in listed and "is not JSON" in listed


def test_an_avatar_folder_that_is_none_is_a_problem_with_a_cure(cli, home):
    places.user_data().mkdir(parents=True)
    places.user_avatars().write_text("in the way")
    told = of(cli("doctor", "--json"), "Avatars")
    assert told["state"] == "problem" and "cannot be read" in told["sentence"]
