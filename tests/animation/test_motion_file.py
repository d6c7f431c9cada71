"""Motion files: the same motion comes back, no picture is in them, and a file of a stranger does no harm."""

import io
import zipfile

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.animation.follow import motion_file
from core.animation.follow.motion_file import Moment, Motion, MotionFileError
from models.see.tracker import Tracker

from ..support.scene import CLIP


@pytest.fixture(scope="module")
def motion():
    """The first second of the driving clip, with two frames without a face."""
    tracker = Tracker()
    with av.open(str(CLIP)) as container:
        seen = [tracker.observe(frame.to_ndarray(format="bgr24")) for frame, _ in zip(container.decode(video=0), range(24))]
    seen[5] = seen[6] = None
    return Motion("landmark", 24.0, [Moment(number / 24, observation) for number, observation in enumerate(seen)])


@pytest.fixture(scope="module")
def file(motion, tmp_path_factory):
    path = tmp_path_factory.mktemp("motion") / "wink.npz"
    motion_file.save(path, motion)
    return path


def test_the_same_motion_comes_back(motion, file):
    back = motion_file.load(file)
    assert (back.engine, back.rate, len(back.moments)) == ("landmark", 24.0, 24)
    for before, after in zip(motion.moments, back.moments):
        assert after.seconds == pytest.approx(before.seconds)
        assert (after.observation is None) == (before.observation is None)
        if before.observation is not None:
            assert np.abs(after.observation.keypoints - before.observation.keypoints).max() < 0.02
            assert np.allclose(after.observation.pose, before.observation.pose)
            assert after.observation.frame_size == before.observation.frame_size


def test_it_is_small_and_no_picture_is_in_it(motion, file):
    assert file.stat().st_size < 3000 * len(motion.moments)
    assert all(moment.observation is None or moment.observation.driver_picture is None
               for moment in motion_file.load(file).moments)


def test_a_clip_without_a_face_has_no_motion(tmp_path):
    with pytest.raises(ValueError):
        motion_file.save(tmp_path / "none.npz", Motion("landmark", 24.0, [Moment(0.0, None)]))


def test_a_file_of_another_version_is_named(file, tmp_path):
    with np.load(file) as arrays:
        np.savez(tmp_path / "new.npz", **dict(arrays, version=99))
    with pytest.raises(MotionFileError, match="another version"):
        motion_file.load(tmp_path / "new.npz")


@pytest.mark.parametrize("change", [
    {"seconds": np.zeros(24)}, {"seen": np.ones(24, bool)}, {"pose": np.zeros((2, 3, 3))}, {"rate": 0.0}, {"scale": -1.0},
    {"frame_size": np.array([0, 5])}, {"first": np.zeros((5, 2))}, {"seconds": np.full(24, np.nan)}])
def test_arrays_that_do_not_fit_together_are_refused(file, tmp_path, change):
    with np.load(file) as arrays:
        np.savez(tmp_path / "odd.npz", **dict(arrays, **change))
    with pytest.raises(MotionFileError, match="odd.npz"):
        motion_file.load(tmp_path / "odd.npz")


def test_a_pickle_in_the_archive_is_not_run(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (pytest.fail, ("the pickle was run",))
    np.savez(tmp_path / "bomb.npz", version=np.array([Bomb()], dtype=object))
    with pytest.raises(MotionFileError):
        motion_file.load(tmp_path / "bomb.npz")


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_read_but_never_more(file, tmp_path_factory, data):
    damaged = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "x.npz"
    path.write_bytes(damaged[:data.draw(st.integers(0, len(damaged)))])
    try:
        assert motion_file.load(path).moments
    except MotionFileError as error:
        assert "x.npz" in str(error)


def test_an_archive_of_something_else_is_refused(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("letter.txt", "Dear motion,")
    (tmp_path / "zip.npz").write_bytes(buffer.getvalue())
    with pytest.raises(MotionFileError):
        motion_file.load(tmp_path / "zip.npz")
