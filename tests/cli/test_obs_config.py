"""OBS's folder: ours is added, and whatever is there stays byte for byte."""

import configparser
import json

import pytest

from core.cli import obs_config
from core.shared import places


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write_all(config, **settings):
    return (obs_config.write_first_start(config), obs_config.write_profile(config),
            obs_config.write_collection(config, settings))


def ini(path):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser


@pytest.fixture
def used(tmp_path):
    """The folder of somebody who uses OBS."""
    for name, content in {
            "global.ini": "\ufeff[General]\nFirstRun=true\nLastVersion=503382018\n[Basic]\nSceneCollection=My Show\n",
            "basic/scenes/My_Show.json": '{"name": "My Show", "sources": []}',
            "basic/scenes/broken.json": "{", "basic/scenes/strange.json": "[]",
            "basic/profiles/Untitled/basic.ini": "[General]\nName=Untitled\n"}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def test_what_the_user_has_stays_byte_for_byte(used):
    before = files(used)
    assert write_all(used) == (False, True, True)
    after = files(used)
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"basic/scenes/OBS_Avatar.json", "basic/profiles/OBS_Avatar/basic.ini"}


def test_a_second_start_changes_nothing(tmp_path):
    assert write_all(tmp_path, avatar="nora") == (True, True, True)
    before = files(tmp_path)
    assert write_all(tmp_path, avatar="marcus") == (False, False, False)
    assert files(tmp_path) == before


def test_a_collection_of_our_name_in_another_file_counts_too(used):
    (used / "basic/scenes/OBS_Avatar2.json").write_text('{"name": "OBS Avatar"}')
    assert obs_config.write_collection(used, {}) is False


def test_settings_of_obs_31_and_newer_are_settings_too(tmp_path):
    (tmp_path / "user.ini").touch()
    assert obs_config.write_first_start(tmp_path) is False and not (tmp_path / "global.ini").exists()


def test_a_fresh_obs_is_told_that_it_was_started_before(tmp_path):
    write_all(tmp_path)
    told = ini(tmp_path / "global.ini")
    assert told["General"]["FirstRun"] == "true" and told["General"]["LastVersion"] == "486539266"
    assert told["Basic"]["SceneCollectionFile"] == "OBS_Avatar" and "Python" not in told


def test_where_obs_needs_a_python_it_is_told(tmp_path):
    obs_config.write_first_start(tmp_path, "/Library/100% Frameworks")
    assert ini(tmp_path / "global.ini")["Python"]["Path64bit"] == "/Library/100% Frameworks"


def test_the_scene_shows_one_avatar_as_high_as_the_canvas(tmp_path):
    write_all(tmp_path, avatar="file", avatar_file="C:/Bilder/Jürgen.png", mirror=True)
    collection = json.loads((tmp_path / "basic/scenes/OBS_Avatar.json").read_text("utf-8"))
    avatar, scene = collection["sources"]
    assert avatar["settings"] == {"avatar": "file", "avatar_file": "C:/Bilder/Jürgen.png", "mirror": True}
    item, = scene["settings"]["items"]
    assert item["name"] == avatar["name"] == "Avatar" and scene["name"] == collection["current_scene"]
    assert (item["bounds_type"], item["bounds"]) == (2, {"x": 1280.0, "y": 720.0})
    video = ini(tmp_path / "basic/profiles/OBS_Avatar/basic.ini")["Video"]
    assert (video["BaseCX"], video["BaseCY"], video["FPSCommon"]) == ("1280", "720", "30")


def test_the_collection_loads_this_script_and_this_source(tmp_path):
    write_all(tmp_path)
    ours, = obs_config.collections(tmp_path)
    assert ours.name == "OBS Avatar" and ours.scripts == [obs_config.script().as_posix()]
    assert obs_config.script().is_file()
    # Read, since only OBS can import it.
    bridge = (places.ROOT / "core" / "obs" / "kept" / "bridge.py").read_text("utf-8")
    assert f'SOURCE_ID = b"{obs_config.SOURCE_ID}"' in bridge
