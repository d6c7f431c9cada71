"""Settings of another version, and a user folder that is not as we left it: the avatar is there all the same."""

import pytest

from core.shared import texts

from ..faults.product import Product
from ..support import home, pictures
from ..support.scene import AVATAR, DRIVEN, LIVE_SECONDS
from ..support.waiting import PATIENCE

NEWER = {**DRIVEN, "engine": "diffusion", "motion": "telepathic", "size": "4096", "smoothing": 5000, "badge": "maybe",
         "hologram": True, "layers": {"front": 1}, "settings_version": 9}
"""What a version of the year after next may have saved."""
OLDER = {"avatar": "nora", "driver": "file", "driver_file": DRIVEN["driver_file"]}


RESTART = texts.text("Status.OtherVersion")
SENSELESS = {"avatar": None, "driver": 7, "size": 0.5, "mirror": "x"}


@pytest.fixture(scope="module")
def obs(make_module_obs):
    """An OBS with a collection for each kind of saved settings."""
    running = make_module_obs({AVATAR: DRIVEN}, others={name: {AVATAR: saved} for name, saved in
                                                        {"Newer": NEWER, "Older": OLDER, "Senseless": SENSELESS}.items()})
    running.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    yield running
    running.end_cleanly()


@pytest.mark.parametrize(("name", "saved"), [("Newer", NEWER), ("Older", OLDER)], ids=["newer", "older"])
def test_settings_of_another_version_work_and_are_kept(obs, name, saved):
    obs.switch_collection(name)
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    obs.wait_for(lambda: pictures.shows_avatar(obs.screenshot(AVATAR), "nora"), PATIENCE, "nora is shown")
    assert obs.settings(AVATAR) == saved, "who goes back to that version finds everything as it was"
    obs.set_settings(AVATAR, mirror=True)
    assert obs.settings(AVATAR) == {**saved, "mirror": True}


def broken_folder(tmp_path):
    """A file where our folder should be."""
    (tmp_path / "obs-avatar").write_text("a file")


def strange_folder(tmp_path):
    """Our folder with things in it that are not as they should be."""
    ours = tmp_path / "obs-avatar"
    (ours / "worker.log").mkdir(parents=True)
    (ours / "avatars").mkdir()
    (ours / "avatars" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
    (ours / "avatars" / "loop").symlink_to(ours / "avatars")
    (ours / "avatars" / "gone.png").symlink_to("/nowhere/at/all.png")
    (ours / "avatars" / "folder.png").mkdir()
    (ours / "models" / "vox-adv-256").mkdir(parents=True)
    (ours / "models" / "vox-adv-256" / "about.json").write_text("{")


@pytest.mark.parametrize("damage", [broken_folder, strange_folder])
def test_a_damaged_user_folder_costs_nothing_but_itself(make_obs, tmp_path, damage):
    damage(tmp_path)
    obs = make_obs({AVATAR: DRIVEN}, environment={"XDG_DATA_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)})
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    obs.wait_for(lambda: pictures.shows_avatar(obs.screenshot(AVATAR), "nora"), PATIENCE, "nora is shown")
    obs.request("GetInputPropertiesListPropertyItems", inputName=AVATAR, propertyName="avatar")
    for name in ("user:broken.png", "user:gone.png", "user:folder.png"):
        obs.set_settings(AVATAR, avatar=name)
        obs.wait_for_state(AVATAR, "error", LIVE_SECONDS)
        assert obs.status(AVATAR)["message"]
    obs.set_settings(AVATAR, avatar="nora", engine="fomm")  # whose weights are damaged
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    obs.end_cleanly()


def test_settings_that_make_no_sense_at_all_are_put_right_by_the_user(obs):
    obs.switch_collection("Senseless")
    obs.wait_for(lambda: obs.status(AVATAR).get("message") is not None, LIVE_SECONDS, "it is served")
    obs.set_settings(AVATAR, **DRIVEN)
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    obs.switch_collection(home.COLLECTION)
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)


def test_an_update_while_obs_runs_asks_for_a_restart_and_registers_nothing_twice(make_obs, tmp_path):
    product = Product(tmp_path / "product")
    obs = make_obs({AVATAR: DRIVEN}, script=product.script)
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    product.edit("core/obs/kept/bridge.py", "HANDLE_BYTES = 16", "HANDLE_BYTES = 32")
    for reloads in (1, 2):
        obs.reload_script()
        obs.wait_for(lambda: not obs.workers(), PATIENCE, "the worker has ended")
        assert RESTART in obs.control("property_text", source=AVATAR, name="status")
        assert obs.status(AVATAR)["message"] == RESTART
        assert obs.log().count(RESTART) == reloads
        obs.set_settings(AVATAR, mirror=True)
    assert "already exists" not in obs.log() and not obs.workers()
    obs.end_cleanly()
    obs.start()
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    obs.end_cleanly()
