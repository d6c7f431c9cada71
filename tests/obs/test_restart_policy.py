"""When a worker is started again, and with which engine: never in a tight loop, never given up for good."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.obs import restart_policy
from core.obs.restart_policy import BUILT_IN, HEALTHY_SECONDS, RestartPolicy
from core.obs.watchdog import HELD_UP_SECONDS, SILENCE_SECONDS, START_SECONDS, Watchdog

NEURAL = "fomm"


class Life:
    """Workers that live and die on a clock of their own."""

    def __init__(self, wanted=BUILT_IN):
        self.policy, self.now, self.wanted = RestartPolicy(), 0.0, wanted

    def worker(self, seconds, shows=True):
        """One that lives so long; returns the pause after it."""
        self.policy.started(self.now)
        self.engine = self.policy.engine(self.wanted, self.now)
        if shows:
            self.policy.showed(self.now)
        self.now += seconds
        pause = self.policy.died(self.now)
        self.now += pause
        return pause


def test_a_worker_that_ran_well_is_started_again_at_once_however_often_it_dies():
    life = Life()
    assert [life.worker(HEALTHY_SECONDS) for _ in range(50)] == [0.0] * 50
    assert life.policy.restarts == 50


def test_workers_that_die_young_are_started_after_longer_and_longer_pauses():
    life = Life()
    pauses = [life.worker(1, shows=False) for _ in range(7)]
    assert pauses == [0, 0.25, 0.5, 1, 2, 4, 8] and not life.policy.resting


def test_the_pauses_stay_short_for_workers_that_show_something():
    life = Life()
    assert max(life.worker(2) for _ in range(14)) == restart_policy.LONGEST_PAUSE_AFTER_PICTURES


def test_an_avatar_that_only_flickers_gives_way_to_the_placeholder_too():
    life = Life()
    for _ in range(16):
        life.worker(2)
    assert life.policy.resting


def test_workers_that_show_nothing_are_young_however_long_they_lived():
    life = Life()
    assert [life.worker(60, shows=False) for _ in range(3)] == [0, 0.25, 0.5]


def test_after_many_in_a_row_the_placeholder_stays_and_a_start_is_tried_once_a_minute():
    life = Life()
    pauses = [life.worker(0.5, shows=False) for _ in range(12)]
    assert life.policy.resting and pauses[-4:] == [60.0] * 4


def test_a_start_that_succeeds_after_all_ends_the_rest():
    life = Life()
    for _ in range(12):
        life.worker(0.5, shows=False)
    life.policy.started(life.now)
    life.policy.showed(life.now)
    life.policy.showed(life.now + HEALTHY_SECONDS)
    assert not life.policy.resting
    assert life.policy.died(life.now + HEALTHY_SECONDS) == 0


def test_a_change_of_settings_ends_the_waiting_at_once():
    life = Life()
    for _ in range(12):
        life.worker(0.5, shows=False)
    life.policy.started(life.now)
    life.policy.died(life.now)
    assert life.policy.wait(life.now) == restart_policy.RESTING_PAUSE
    life.policy.changed(engine_too=False)
    assert life.policy.wait(life.now) == 0 and not life.policy.resting


@pytest.mark.parametrize("lives", [1.0, 60.0])
def test_a_neural_engine_that_costs_three_workers_is_left_alone(lives):
    life = Life(NEURAL)
    used = [(life.worker(lives), life.engine)[1] for _ in range(4)]
    assert used == [NEURAL, NEURAL, NEURAL, BUILT_IN]


def test_the_built_in_engine_gets_its_chance_at_once():
    life = Life(NEURAL)
    assert [life.worker(1) for _ in range(3)][-1] == 0


def test_three_deaths_in_a_long_evening_do_not_cost_the_neural_engine():
    life = Life(NEURAL)
    for _ in range(10):
        life.worker(restart_policy.WINDOW_SECONDS / 2)
        assert life.engine == NEURAL


def test_the_neural_engine_is_tried_again_and_left_alone_for_longer_when_that_fails():
    life, bans = Life(NEURAL), []
    for _ in range(3):
        while not life.policy.banned_for(life.now):
            life.worker(20)
        bans.append(life.policy.banned_for(life.now))
        life.now += bans[-1]
        assert life.policy.engine(NEURAL, life.now) == NEURAL
    assert bans == [600, 1200, 2400]


def test_a_neural_engine_that_lives_again_is_trusted_again():
    life = Life(NEURAL)
    for _ in range(3):
        life.worker(20)
    life.now += life.policy.banned_for(life.now)
    life.worker(restart_policy.WINDOW_SECONDS)
    life.worker(20)
    assert not life.policy.banned_for(life.now)


def test_who_chooses_the_neural_engine_anew_gets_it_at_once():
    life = Life(NEURAL)
    for _ in range(3):
        life.worker(20)
    life.policy.changed(engine_too=False)
    assert life.policy.engine(NEURAL, life.now) == BUILT_IN
    life.policy.changed(engine_too=True)
    assert life.policy.engine(NEURAL, life.now) == NEURAL


def test_the_built_in_engine_is_never_left_alone():
    life = Life()
    for _ in range(20):
        life.worker(1)
        assert life.engine == BUILT_IN and not life.policy.banned_for(life.now)


class AnyLife(RuleBasedStateMachine):
    @initialize(wanted=st.sampled_from([BUILT_IN, NEURAL]))
    def begin(self, wanted):
        self.life = Life(wanted)
        self.deaths = 0

    @rule(seconds=st.floats(0, 5000), shows=st.booleans())
    def one_lives_and_dies(self, seconds, shows):
        pause = self.life.worker(seconds, shows)
        self.deaths += 1
        assert 0 <= pause <= restart_policy.RESTING_PAUSE
        assert pause == 0 or not (shows and seconds > HEALTHY_SECONDS + 1)

    @rule(engine_too=st.booleans())
    def the_user_changes_something(self, engine_too):
        self.life.policy.changed(engine_too)
        assert self.life.policy.wait(self.life.now) == 0

    @rule(seconds=st.floats(0, 5000))
    def time_goes_by(self, seconds):
        self.life.now += seconds

    @invariant()
    def nothing_is_given_up_for_good(self):
        policy, now = self.life.policy, self.life.now
        assert policy.wait(now) <= restart_policy.RESTING_PAUSE and policy.banned_for(now) <= restart_policy.LONGEST_BAN
        assert policy.restarts == self.deaths
        assert policy.engine(self.life.wanted, now + restart_policy.LONGEST_BAN) == self.life.wanted


TestAnyLife = AnyLife.TestCase


# ---- the watchdog

def looks(watchdog, start, seconds):
    """Looks every half second; the time of the first look that finds a worker hanging, or None."""
    times = [start + 0.5 * step for step in range(1, int(2 * seconds) + 1)]
    return next((time - start for time in times if watchdog.hangs(time)), None)


def test_a_worker_has_long_for_its_start_and_three_seconds_later():
    assert looks(Watchdog(0), 0, 60) == START_SECONDS + 0.5
    started = Watchdog(0)
    started.heartbeat(1)
    assert looks(started, 0, 60) == 1 + SILENCE_SECONDS + 0.5


def test_whoever_was_stopped_with_the_worker_does_not_blame_it():
    watchdog = Watchdog(0)
    watchdog.heartbeat(0)
    assert looks(watchdog, 0, 2) is None
    assert not watchdog.hangs(60)
    assert looks(watchdog, 60, 10) == SILENCE_SECONDS + 0.5


@given(st.floats(0.5, HELD_UP_SECONDS))
def test_a_slow_look_finds_a_hanging_worker_all_the_same(step):
    watchdog, now = Watchdog(0), 0.0
    watchdog.heartbeat(0)
    while not watchdog.hangs(now):
        now += step
        assert now < 10
