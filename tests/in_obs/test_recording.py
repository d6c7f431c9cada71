"""What OBS records is what it shows: the avatar is in the file, and it moves there."""

import cv2

from ..support import pictures
from ..support.home import CANVAS
from ..support.scene import SIZE


def frames_of(file):
    video, frames = cv2.VideoCapture(str(file)), []
    while True:
        there_is_one, frame = video.read()
        if not there_is_one:
            return frames
        frames.append(frame)


def test_a_recording_shows_the_moving_avatar(obs):
    frames = frames_of(obs.record(3))
    assert len(frames) > 45
    assert frames[0].shape == (CANVAS[1], CANVAS[0], 3)
    avatars = [frame[:SIZE, :SIZE] for frame in frames]
    assert all(pictures.shows_avatar(one, "nora") for one in avatars)
    assert pictures.most_motion(avatars, pictures.HEAD) > 3
    # A coded still picture differs a little from frame to frame: only clear steps count.
    steps = [pictures.difference(one, later, pictures.HEAD) for one, later in zip(avatars, avatars[1:])]
    assert sum(step > 0.3 for step in steps) > len(steps) / 4
