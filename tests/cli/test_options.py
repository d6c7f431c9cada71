"""Options: the panel's settings under the panel's names, and words for what is wrong with them."""

import argparse

import pytest

from core.cli import options
from core.shared import avatars, places
from core.shared.errors import UserError
from core.shared.settings import SHOWN, Settings

from ..film.clips import DRIVE


def given(*arguments):
    parser = argparse.ArgumentParser()
    options.add_picture_options(parser)
    options.add_driver_options(parser)
    return options.given_settings(parser.parse_args(arguments))


def test_every_setting_of_the_panel_has_an_option(cli):
    text = cli("start", "--help").out
    for setting in SHOWN:
        if setting.has_option:
            assert "--" + setting.key.replace("_", "-") in text


def test_render_takes_the_settings_of_the_picture_but_no_driver(cli):
    text = cli("render", "--help").out
    assert "--motion" in text and "--badge" in text and "--camera" not in text


def test_what_is_not_given_is_left_to_the_defaults():
    assert given() == {}
    assert given("--no-badge", "--mirror") == {"badge": False, "mirror": True}


def test_an_avatar_is_an_id_or_a_file(tmp_path):
    assert given("--avatar", avatars.available()[0].id) == {"avatar": avatars.available()[0].id}
    picture = next(places.SHIPPED_AVATARS.glob("*.png"))
    assert given("--avatar", str(picture)) == {"avatar": "file", "avatar_file": str(picture)}
    with pytest.raises(UserError, match="“nobody” is neither an avatar nor a picture file.*nora"):
        given("--avatar", "nobody")


def test_naming_a_camera_a_clip_or_an_address_chooses_that_driver():
    assert given("--camera", "C920")["driver"] == "camera"
    assert given("--driver-file", str(DRIVE))["driver"] == "file"
    assert given("--driver-url", "rtsp://127.0.0.1/x")["driver"] == "stream"
    assert given("--camera", "C920", "--driver", "screen")["driver"] == "screen"


def test_a_colour_or_a_picture_for_the_background_chooses_that_background(tmp_path):
    assert given("--background-colour", "#102030") == {"background": "colour", "background_colour": 0xFF302010}
    assert given("--background-colour", "102030", "--background", "transparent")["background"] == "transparent"
    picture = next(places.SHIPPED_AVATARS.glob("*.png"))
    assert given("--background-file", str(picture)) == {"background": "picture", "background_file": str(picture)}


def test_what_the_panel_would_hide_is_shown_once_it_is_chosen():
    assert given("--size", "768") == {"size": "768", "advanced": True}


def test_what_is_given_is_what_the_worker_accepts():
    everything = given("--avatar", "nora", "--motion", "absolute", "--size", "256", "--region-left", "7",
                       "--monitor", "2", "--driver-file", str(DRIVE), "--no-badge", "--mirror", "--engine", "landmark")
    assert {key: Settings.of(everything).stored[key] for key in everything} == everything


@pytest.mark.parametrize("arguments", [
    ["--size", "100"], ["--motion", "sideways"], ["--region-left", "many"], ["--region-left", "-1"],
    ["--region-width", "99999"], ["--smoothing", "101"], ["--driver", "telepathy"],
    ["--background-colour", "reddish"], ["--background-file", "/no/such.png"],
    ["--driver-file", "/no/such/clip.mp4"], ["--avatar", ""]])
def test_what_cannot_be_is_refused_with_code_2(cli, arguments):
    result = cli("start", *arguments)
    assert result.code == 2 and "Traceback" not in result.err
    assert arguments[0] in result.err or arguments[1] in result.err


def test_without_a_command_the_help_is_shown(cli):
    result = cli()
    assert result.code == 0 and all(command in result.out for command in ("start", "setup", "render", "doctor", "test"))


def test_an_unknown_command_is_refused(cli):
    result = cli("frobnicate")
    assert result.code == 2 and "frobnicate" in result.err
