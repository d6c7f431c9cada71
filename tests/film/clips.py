"""Clips that the tests make, and a look into those that were rendered."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np

from core.shared import places

DRIVE = places.ROOT / "tests" / "data" / "short_drive" / "drive.mp4"
"""120 frames, 24 a second, no sound."""

SOUND_RATE = 48000


class Seen(NamedTuple):
    pictures: list
    """BGR arrays."""
    times: list
    """Of the pictures, in seconds, as fractions."""
    rate: Fraction
    sound: list
    """The bytes of its packets."""
    codecs: list


def look(path: Path) -> Seen:
    """Everything in a clip."""
    with av.open(str(path)) as container:
        pictures, times, sound = [], [], []
        for packet in container.demux():
            if packet.stream.type == "audio":
                sound.append(bytes(packet))
                continue
            for frame in packet.decode():
                pictures.append(frame.to_ndarray(format="bgr24"))
                times.append(frame.pts * frame.time_base)
        codecs = [stream.codec_context.name for stream in container.streams]
        return Seen(pictures, times, container.streams.video[0].average_rate, [s for s in sound if s], codecs)


def make(path: Path, count: int = 24, sound: str = "", uneven: bool = False, begin: int = 0) -> Path:
    """The first frames of the driving clip from second `begin` on, with a tone of that codec, or at uneven times."""
    pictures = look(DRIVE).pictures[:count]
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=24, options={"crf": "10"})
        video.height, video.width = pictures[0].shape[:2]
        video.pix_fmt = "yuv420p"
        video.codec_context.time_base = Fraction(1, 1000)
        tone = container.add_stream(sound, rate=SOUND_RATE, layout="stereo") if sound else None
        for index, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts = round(index * 1000 / 24) + begin * 1000 + (11 * (index % 3) if uneven else 0)
            frame.time_base = Fraction(1, 1000)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if tone:
            container.mux([packet for frame in _tone(begin, count / 24) for packet in tone.encode(frame)])
            container.mux(tone.encode(None))
    return path


def _tone(begin: int, seconds: float):
    samples = np.arange(round(seconds * SOUND_RATE))
    wave = (8000 * np.sin(samples * (2 * np.pi * 440 / SOUND_RATE))).astype(np.int16)
    for start in range(0, len(wave), 1024):
        piece = wave[start:start + 1024]
        frame = av.AudioFrame.from_ndarray(np.repeat(piece, 2)[None], format="s16", layout="stereo")
        frame.rate, frame.pts, frame.time_base = SOUND_RATE, begin * SOUND_RATE + start, Fraction(1, SOUND_RATE)
        yield frame
