"""OBS's own pictures on their way to the worker, through real shared memory."""

import threading
import time

import numpy as np
import pytest

from core.link.frames import FrameExchange
from core.worker.drivers.base import DriverError
from core.worker.drivers.obs_source import ObsSource
from core.worker.obs_pictures import ObsPictures

NEVER = threading.Event()


@pytest.fixture
def exchange():
    made = FrameExchange.create(64, 64)
    yield made
    made.close()


def put(exchange, number, picture):
    height, width = picture.shape[:2]
    with exchange.begin(number, width, height) as room:
        np.frombuffer(room, np.uint8).reshape(picture.shape)[:] = picture
    exchange.finish(number, width, height, time.monotonic_ns())


def fed(exchange, *pictures):
    feed = ObsPictures()
    feed.attach(exchange.name, False)
    for number, picture in enumerate(pictures):
        put(exchange, number, picture)
        feed.arrived(number)
    return feed


def test_the_newest_picture_arrives_in_its_colours_and_shape(exchange):
    old, new = np.zeros((32, 64, 4), np.uint8), np.full((32, 64, 4), (1, 2, 3, 255), np.uint8)
    feed = fed(exchange, old, new)
    assert (feed.take(1) == (1, 2, 3)).all() and feed.aspect == 2.0
    assert feed.take(0.01) is None


def test_a_picture_that_was_overwritten_meanwhile_is_not_taken(exchange):
    feed = fed(exchange, np.zeros((8, 8, 4), np.uint8))
    put(exchange, 3, np.ones((8, 8, 4), np.uint8))  # in the same slot
    assert feed.take(0.01) is None


@pytest.mark.parametrize("number", [7, 1 << 40])
def test_a_number_that_is_a_lie_brings_nothing(exchange, number):
    feed = fed(exchange)
    feed.arrived(number)
    assert feed.take(0.01) is None


def test_memory_that_is_not_there_brings_nothing_and_ends_nothing():
    feed = ObsPictures()
    feed.attach("/dev/shm/obs-avatar-is-not-there", True)
    feed.arrived(0)
    assert feed.take(0.01) is None and feed.fill


def test_a_source_that_shows_nothing_is_named(monkeypatch):
    monkeypatch.setattr("core.worker.drivers.obs_source.PATIENCE_SECONDS", 0.05)
    driver = ObsSource("My camera", ObsPictures())
    driver.open(NEVER)
    with pytest.raises(DriverError, match="My camera"):
        driver.read(NEVER)


def test_without_a_choice_the_user_is_told_to_choose():
    with pytest.raises(DriverError, match="Choose one"):
        ObsSource("", ObsPictures()).open(NEVER)
