"""`render`: every driving frame gives one picture, in its time, with its sound; what cannot be rendered is said."""

import json
import os
import signal
import subprocess
import sys
import time

import cv2
import numpy as np
import pytest

from core.cli import environment
from core.shared import places

from ..film.clips import DRIVE, look, make
from ..support.waiting import PATIENCE


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "avatar.mp4"


def leftovers(out):
    return [path.name for path in out.parent.iterdir()]


# ---- what comes out

def test_the_shipped_clip_moves_an_avatar_and_the_report_tells_how_it_went(cli, out, tmp_path):
    report = tmp_path / "report.json"
    result = cli("render", DRIVE, "-o", out, "--report", report)
    assert result.code == 0, result.err
    driving, made = look(DRIVE), look(out)
    assert len(made.pictures) == len(driving.pictures) == 120
    assert made.times == driving.times and made.rate == driving.rate
    assert made.pictures[0].shape == (512, 512, 3)
    moved = max(np.abs(picture.astype(int) - made.pictures[0]).mean() for picture in made.pictures)
    assert moved > 2
    assert "120 frames of 512 x 512" in result.out
    assert leftovers(out) == ["avatar.mp4"]

    told = json.loads(report.read_text("utf-8"))
    assert told["frames"] == 120 and told["frames_without_face"] == 0
    assert (told["width"], told["height"], told["source_fps"]) == (512, 512, 24.0)
    assert (told["avatar"], told["engine"], told["motion"], told["size"]) == ("nora", "landmark", "relative", "512")
    assert told["fps"] > 0
    assert set(told["stages"]) == {"read", "observe", "animate", "compose", "write"}
    assert all(0 < stage["median_ms"] <= stage["p95_ms"] for stage in told["stages"].values())


def test_what_is_transparent_becomes_the_colour_of_the_background_and_that_is_said(cli, out):
    result = cli("render", DRIVE, "-o", out, "--size", "256", "--background", "transparent", "--background-colour", "#00C0FF",
                 "--no-badge")
    assert result.code == 0, result.err
    assert "#00C0FF" in result.out and "transparen" in result.out
    assert np.abs(look(out).pictures[40][:20, :20].astype(int) - (0xFF, 0xC0, 0)).max() < 12


def test_sound_that_mp4_can_hold_is_copied_bit_by_bit(cli, out, tmp_path):
    clip = make(tmp_path / "talk.mp4", sound="aac")
    assert cli("render", clip, "-o", out, "--size", "256").code == 0
    assert look(clip).sound == look(out).sound != []


def test_other_sound_is_encoded_anew_and_stays_as_long(cli, out, tmp_path):
    clip = make(tmp_path / "talk.mkv", sound="pcm_s16le")
    assert cli("render", clip, "-o", out, "--size", "256").code == 0
    made = look(out)
    assert made.codecs == ["h264", "aac"]
    assert abs(len(made.sound) * 1024 / 48000 - 1.0) < 0.1


def test_frames_at_uneven_times_keep_their_times(cli, out, tmp_path):
    clip = make(tmp_path / "uneven.mkv", uneven=True)
    assert cli("render", clip, "-o", out, "--size", "256").code == 0
    assert np.allclose([float(t) for t in look(out).times], [float(t) for t in look(clip).times], atol=0.001)


def test_a_recording_that_does_not_begin_at_zero_stays_in_step(cli, out, tmp_path):
    clip = make(tmp_path / "broadcast.mkv", sound="aac", begin=5)
    assert look(clip).times[0] >= 5
    assert cli("render", clip, "-o", out, "--size", "256").code == 0
    made = look(out)
    assert made.times[0] < 0.1 and made.times[-1] < 1.1 and len(made.pictures) == 24
    assert made.sound == look(clip).sound


def test_absolute_motion_with_a_frame_of_the_clip_lies_over_the_clip(cli, out, tmp_path):
    driving = look(DRIVE).pictures
    avatar = tmp_path / "erster Frame, größer.png"
    avatar.write_bytes(cv2.imencode(".png", driving[0])[1].tobytes())
    assert cli("render", DRIVE, "-o", out, "--motion", "absolute", "--no-badge", "--avatar", avatar).code == 0
    made = look(out).pictures
    assert made[0].shape == driving[0].shape
    assert np.abs(made[0].astype(int) - driving[0]).mean() < 2  # of 255: the codec's loss, no shift and no other colour
    assert max(np.abs(one.astype(int) - other).mean() for one, other in zip(made, driving)) < 10
    assert max(np.abs(picture.astype(int) - made[0]).mean() for picture in made) > 2


def test_absolute_motion_is_cut_to_a_square_where_a_size_is_asked_for(cli, out, tmp_path):
    clip = make(tmp_path / "short.mp4", count=2)
    assert cli("render", clip, "-o", out, "--motion", "absolute", "--size", "256").code == 0
    assert look(out).pictures[0].shape == (256, 256, 3)


def test_mirror_flips_the_picture_and_the_badge_is_there_unless_refused(cli, out, tmp_path):
    clip = make(tmp_path / "short.mp4", count=2)

    def first(*options):
        assert cli("render", clip, "-o", out, *options).code == 0
        return look(out).pictures[0].astype(int)
    bare, badged, mirrored = first("--no-badge"), first(), first("--no-badge", "--mirror")
    corner = np.s_[-80:, :160]
    assert np.abs(badged - bare)[corner].mean() > 5
    assert np.abs(bare[:, ::-1] - mirrored).mean() < 1.5


def test_a_clip_without_a_face_leaves_the_avatar_at_rest_and_says_so(cli, out, tmp_path):
    report = tmp_path / "report.json"
    clip = tmp_path / "wall.mp4"
    wall = "color=gray:size=320x240:rate=10:duration=1"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", wall, str(clip)], check=True)
    result = cli("render", clip, "-o", out, "--report", report)
    assert result.code == 0 and "No face was found" in result.out
    assert json.loads(report.read_text("utf-8"))["frames_without_face"] == 10 == len(look(out).pictures)


# ---- what cannot be rendered

def bad_drivers(folder):
    """Name -> a file that is no clip, and a word that the sentence must have."""
    text = folder / "notes.txt"
    text.write_text("Dear diary,\n" * 50)
    disguised = folder / "notes.mp4"
    disguised.write_text("Dear diary,\n" * 50)
    (folder / "empty.mp4").touch()
    song = folder / "song.m4a"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=0.2", str(song)], check=True)
    half = folder / "half.mp4"
    half.write_bytes(DRIVE.read_bytes()[:5000])
    playlist = folder / "list.m3u8"
    playlist.write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
    return {"missing": (folder / "not there.mp4", "no video file"), "folder": (folder, "no video file"),
            "text": (text, "no video"), "disguised": (disguised, "cannot be read"),
            "empty": (folder / "empty.mp4", "cannot be read"), "song": (song, "no video"),
            "half": (half, "cannot be read"), "playlist": (playlist, "")}


@pytest.mark.parametrize("name", ["missing", "folder", "text", "disguised", "empty", "song", "half", "playlist"])
def test_a_bad_driver_gets_a_sentence(cli, out, tmp_path, name):
    path, word = bad_drivers(tmp_path)[name]
    result = cli("render", path, "-o", out)
    assert result.code == 1
    assert result.err.startswith("obs_avatar: ") and word in result.err and "Traceback" not in result.err
    assert leftovers(out) == []


def test_a_clip_that_was_cut_off_is_rendered_as_far_as_it_goes(cli, out, tmp_path):
    whole = make(tmp_path / "whole.mkv", count=48)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[:whole.stat().st_size * 2 // 3])
    result = cli("render", cut, "-o", out, "--size", "256")
    assert result.code == 0 and "cut off" in result.out
    assert 10 < len(look(out).pictures) < 48


def test_a_whole_clip_is_not_called_cut_off(cli, out, tmp_path):
    clip = make(tmp_path / "whole.mkv", sound="aac")
    assert "cut off" not in cli("render", clip, "-o", out, "--size", "256").out


@pytest.mark.parametrize(("place", "word"), [("no/such/folder/a.mp4", "folder"), ("a.avi", ".mp4"), ("a", ".mp4")])
def test_an_output_that_cannot_be_written_is_said_before_the_work(cli, tmp_path, place, word):
    result = cli("render", DRIVE, "-o", tmp_path / place)
    assert result.code in (1, 2) and word in result.err and "\n" not in result.err.strip()


def test_the_clip_itself_is_never_overwritten(cli, tmp_path):
    clip = tmp_path / "mine.mp4"
    clip.write_bytes(DRIVE.read_bytes())
    assert cli("render", clip, "-o", clip).code == 2
    assert clip.read_bytes() == DRIVE.read_bytes()


def test_a_picture_without_a_face_gets_a_sentence_and_leaves_the_old_output(cli, out, tmp_path):
    wall = tmp_path / "wall.png"
    wall.write_bytes(cv2.imencode(".png", np.full((300, 300, 3), 90, np.uint8))[1].tobytes())
    out.write_bytes(b"what was there before")
    result = cli("render", DRIVE, "-o", out, "--avatar", wall)
    assert result.code == 1 and "face" in result.err and "Traceback" not in result.err
    assert out.read_bytes() == b"what was there before" and leftovers(out) == ["avatar.mp4"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_leaves_no_half_file(out, ending):
    process = subprocess.Popen(
        [sys.executable, str(places.ROOT / "obs_avatar.py"), "render", str(DRIVE), "-o", str(out), "--size", "1024"],
        env={**os.environ, environment.AS_IT_IS: "1"}, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(ending, signal.SIG_DFL))  # a shell's background jobs are started deaf to Ctrl+C
    end = time.monotonic() + PATIENCE
    while not any(path.stat().st_size for path in out.parent.iterdir()):
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.02)
    process.send_signal(ending)
    assert "stopped" in process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 130 and leftovers(out) == []


def test_a_saved_motion_moves_another_avatar_without_the_clip(cli, tmp_path):
    motion = tmp_path / "motion.npz"
    assert cli("render", str(DRIVE), "-o", str(tmp_path / "a.mp4"), "--size", "256", "--save-motion", str(motion)).code == 0
    assert cli("render", str(motion), "-o", str(tmp_path / "b.mp4"), "--size", "256", "--avatar", "clay").code == 0
    one, other = look(tmp_path / "a.mp4"), look(tmp_path / "b.mp4")
    assert (other.times, other.rate) == (one.times, one.rate)
    assert max(np.abs(picture.astype(int) - other.pictures[0]).mean() for picture in other.pictures) > 2


def test_a_file_that_is_no_motion_is_refused_in_a_sentence(cli, tmp_path):
    (tmp_path / "letter.npz").write_text("Dear motion,")
    done = cli("render", str(tmp_path / "letter.npz"), "-o", str(tmp_path / "b.mp4"))
    assert done.code == 1 and "letter.npz" in done.err and "Traceback" not in done.err
