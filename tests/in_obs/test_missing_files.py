"""OBS's "Missing files" dialog knows the files of an avatar that were moved or renamed."""

from ..support import pictures
from ..support.scene import AVATAR, DRIVEN
from ..support.waiting import PATIENCE


def test_a_picture_and_a_clip_that_are_gone_are_listed_and_what_the_user_finds_is_used(obs, tmp_path):
    gone = {"avatar": "file", "avatar_file": str(tmp_path / "gone.png"), "driver_file": str(tmp_path / "gone.mp4")}
    obs.set_settings(AVATAR, **gone)
    both = {gone["avatar_file"], gone["driver_file"]}
    obs.wait_for(lambda: set(obs.control("missing_files", source=AVATAR)) == both, PATIENCE, "both are listed")
    marcus = str(pictures.AVATARS / "marcus.png")
    obs.control("find_missing_file", source=AVATAR, path=gone["avatar_file"], new_path=marcus)
    obs.wait_for(lambda: obs.settings(AVATAR)["avatar_file"] == marcus, PATIENCE, "the found file is the setting now")
    assert obs.control("missing_files", source=AVATAR) == [gone["driver_file"]]
    obs.set_settings(AVATAR, driver_file=DRIVEN["driver_file"])
    obs.wait_for(lambda: pictures.shows_avatar(obs.screenshot(AVATAR), "marcus"), PATIENCE, "the found picture is the avatar")


def test_files_that_are_not_in_use_are_not_asked_for(obs, tmp_path):
    obs.replace_settings(AVATAR, dict(DRIVEN, driver="camera", driver_file=str(tmp_path / "gone.mp4")))
    obs.wait_for(lambda: obs.settings(AVATAR)["driver"] == "camera", PATIENCE, "the settings are taken")
    assert obs.control("missing_files", source=AVATAR) == []
