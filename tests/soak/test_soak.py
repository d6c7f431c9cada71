"""An avatar runs and is recorded for a while: at the end all is as it was at the start.

Environment: OBS_AVATAR_SOAK is how many minutes (`test --soak MINUTES`); without it, a short form of 40 seconds.
OBS_AVATAR_REPORT is the file for the figures.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import av

from ..faults import clip
from ..faults.figures import Row
from ..faults.watching import measure, readable
from ..in_obs.conftest import display, make_obs, pytest_runtest_makereport  # noqa: F401
from ..support.scene import AVATAR, DRIVEN, LIVE_SECONDS
from ..support.summary import SOAK, note
from ..support.waiting import PATIENCE, wait_for
from . import samples

MINUTES = float(os.environ.get("OBS_AVATAR_SOAK") or 40 / 60)
WARM_UP_SECONDS = 10
"""Caches fill, libraries load what they need later."""
SECONDS_BETWEEN_SAMPLES = 1.0
MAY_GROW_MEGABYTES = 40
"""Of each process: what allocators take and give back; a leak of a picture a second is a hundred times as much in a minute."""
UNMOVED_SECONDS = 1.5


def gaps(file):
    """(frames, the distances between neighbours in seconds that are not those of 30 frames a second)."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        times = sorted(float(packet.pts * packet.time_base) for packet in container.demux(stream) if packet.pts is not None)
    # What the encoder still holds when the recording is stopped is not all written: the last half second does not count.
    distances = [later - one for one, later in zip(times, times[1:]) if later < times[-1] - 0.5]
    return len(times), [distance for distance in distances if abs(distance - 1 / 30) > 0.004]


def test_nothing_grows_drifts_or_is_missing(make_obs, request, tmp_path):  # noqa: F811
    obs = make_obs({AVATAR: {**DRIVEN, "driver_file": str(clip.write(tmp_path / "framed.mp4", rate=30))}})
    obs.wait_for_state(AVATAR, "live", LIVE_SECONDS)
    time.sleep(WARM_UP_SECONDS)
    obs.request("StartRecord")
    obs.wait_for(lambda: obs.request("GetRecordStatus")["outputDuration"] > 2000, 30, "the recording runs")
    taken, start = [], time.monotonic()
    while time.monotonic() < start + 60 * MINUTES:
        taken.append(samples.take(obs, time.monotonic() - start))
        obs.wait_for(lambda: time.monotonic() > start + len(taken) * SECONDS_BETWEEN_SAMPLES, 60, "the next look is due")
    stats = obs.stats()
    file = Path(obs.request("StopRecord")["outputPath"])
    obs.wait_for(lambda: not obs.request("GetRecordStatus")["outputActive"], 30, "the recording has ended")
    restarts, (before, after) = obs.status(AVATAR)["restarts"], samples.start_and_end(taken, "delay_ms")
    if after >= 2 * before + 20:  # because it drifts, and then it stays; or because of other programs
        obs.wait_for(lambda: obs.status(AVATAR)["delay_ms"] < 2 * before + 20, PATIENCE,
                     f"the delay, which grew from {before} to {after} ms, is as it was")
    obs.end_cleanly()
    wait_for(lambda: readable(file), 30, "the recording can be read")

    row = Row("soak")
    measure(file, row)
    frames, not_thirtieth = gaps(file)
    figures = dict({name: samples.start_and_end(taken, name) for name in samples.Sample._fields if name != "seconds"},
                   minutes=round(MINUTES, 2), recorded_frames=frames, gaps=len(not_thirtieth), restarts=restarts,
                   longest_unmoved_seconds=round(row.still_seconds, 2), longest_without_avatar_seconds=row.no_avatar_seconds,
                   camera_frames=row.camera_frames, late_for_obs=stats["renderSkippedFrames"],
                   late_for_the_encoder=stats["outputSkippedFrames"])
    note(request.node, SOAK, figures)
    if os.environ.get("OBS_AVATAR_REPORT"):
        Path(os.environ["OBS_AVATAR_REPORT"]).write_text(json.dumps(figures, indent=2) + "\n")

    assert restarts == 0 and row.camera_frames == 0 and row.no_avatar_seconds == 0
    for name in ("obs_megabytes", "worker_megabytes"):
        before, after = figures[name]
        assert after - before < MAY_GROW_MEGABYTES, f"{name} grew from {before} to {after}"
    for name in ("obs_files", "worker_files", "obs_threads", "worker_threads", "segments"):
        before, after = samples.least(taken, name)  # OBS opens a file or starts a thread now and then, longer on a busy machine
        assert after <= before, f"{name} grew from {before} to {after}"
    assert figures["segments"][1] == 1
    assert not not_thirtieth and frames > 0.95 * 30 * 60 * MINUTES
    assert row.still_seconds < UNMOVED_SECONDS
