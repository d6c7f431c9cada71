"""The source speaks OBS's own language, in every part and after every reload."""

from ..support.scene import AVATAR, DRIVEN, LIVE_SECONDS
from ..support.waiting import PATIENCE


def own_file(obs):
    """The last entry of the list of avatars, as the panel shows it."""
    items = obs.request("GetInputPropertiesListPropertyItems", inputName=AVATAR, propertyName="avatar")["propertyItems"]
    return items[-1]["itemName"]


def test_a_german_obs_has_a_german_panel_also_after_a_reload(make_obs):
    obs = make_obs({AVATAR: DRIVEN}, language="de-DE")
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    assert own_file(obs) == "Bilddatei …"
    obs.reload_script()
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    assert own_file(obs) == "Bilddatei …"
    obs.set_settings(AVATAR, hidden=True)
    status = obs.wait_for_state(AVATAR, "paused", PATIENCE)
    assert status["message"].startswith("Der Avatar ist")
    obs.end_cleanly()
