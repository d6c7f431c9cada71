"""The neural engine in OBS: it is taken when it is there, and left alone for a while when it costs one worker after another."""

import pytest

from ..support.scene import AVATAR, LIVE_SECONDS
from . import neural_weights
from .watching import BACK_SECONDS, wait_until_back, watched

NEURAL, BUILT_IN = "fomm", "landmark"
PREPARED_SECONDS = 240
"""The first time the ways to run the network are tried out, beside OBS."""


@pytest.fixture(scope="module")
def obs(make_module_obs, product, driven, tmp_path_factory):
    """One whose user has chosen the neural engine, and has weights for it."""
    data_home = tmp_path_factory.mktemp("data")
    neural_weights.install(data_home)
    running = make_module_obs({AVATAR: {**driven, "engine": NEURAL, "device": "cpu"}}, script=product.script,
                              environment={"XDG_DATA_HOME": str(data_home)})
    running.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    yield running
    running.end_cleanly()


def wait_until_drawn_by(obs, row, engine):
    obs.wait_for(lambda: obs.status(AVATAR).get("engine") == engine, PREPARED_SECONDS, f"{engine} draws")
    wait_until_back(obs, row)
    assert obs.status(AVATAR)["engine"] == engine


def choose_anew(obs, row):
    """What a user does who wants it tried again now."""
    obs.set_settings(AVATAR, engine=BUILT_IN)
    wait_until_drawn_by(obs, row, BUILT_IN)
    obs.set_settings(AVATAR, engine=NEURAL)


def test_the_neural_engine_takes_over_while_the_avatar_is_live(obs, row, times):
    """Neural engine chosen while the built-in one is live"""
    restarts = obs.status(AVATAR)["restarts"]
    with watched(obs, row):
        for _ in range(times):
            choose_anew(obs, row)
            row.injected += 1
            obs.wait_for(lambda: "is being prepared" in obs.status(AVATAR)["message"], BACK_SECONDS, "it is said what draws")
            wait_until_drawn_by(obs, row, NEURAL)
            status = obs.status(AVATAR)
            assert status["restarts"] == restarts and "built-in" not in status["message"], status
            row.survived += 1


@pytest.mark.parametrize("step", ["animates", "reads"])
def test_an_engine_that_costs_three_workers_is_left_alone_until_it_is_chosen_anew(obs, product, row, times, step):
    """Neural engine ends its worker (SIGKILL) whenever it {}"""
    where = f"models.fomm.painter:FommPainter.{step[:-1]}"
    wait_until_drawn_by(obs, row, NEURAL)
    with watched(obs, row):
        for _ in range(times):
            before, restarts = product.hits(), obs.status(AVATAR)["restarts"]
            product.always("kill", where=where)
            product.once("kill", where=where)  # for the worker that runs already
            obs.wait_for(lambda: "stopped several times" in obs.status(AVATAR)["message"], 2 * BACK_SECONDS, "it is said")
            wait_until_drawn_by(obs, row, BUILT_IN)
            row.injected += product.hits() - before
            status = obs.status(AVATAR)
            assert (product.hits() - before, status["restarts"] - restarts) == (3, 3), status
            assert obs.settings(AVATAR)["engine"] == NEURAL
            assert "built-in engine draws" in obs.control("property_text", source=AVATAR, name="status")
            product.calm()
            choose_anew(obs, row)
            wait_until_drawn_by(obs, row, NEURAL)
            assert "built-in" not in obs.status(AVATAR)["message"]
            row.survived = row.injected
