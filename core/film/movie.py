"""Writes an .mp4 file frame by frame. The file only appears under its name once it is complete."""

from __future__ import annotations

import errno
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import numpy as np

from ..shared.errors import UserError
from ..shared.files import replacing
from .motion_clip import AnyClip

QUALITY = {"crf": "16"}
"""x264's constant rate factor; at 16, the eye sees no difference from the original."""

COPIED_SOUND = ("aac", "mp3", "ac3", "eac3", "alac", "flac", "opus")
"""The audio codecs that are copied, because an .mp4 can hold them and players play them; others become AAC."""

AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)

SRGB, BT709, BT601, LIMITED = 13, 1, 6, 1
"""The H.264 codes for transfer, primaries, matrix and range. The matrix is the one that programs which ignore the tag,
such as OpenCV, assume, so that colours are right everywhere."""


class Movie:
    """Takes its name when it is whole; an exception leaves nothing behind, and an older film as it was."""

    def __init__(self, path: Path, size: tuple[int, int], clip: AnyClip, behind: tuple[int, int, int]) -> None:
        """Start a video of `size` (width, height), both even, with the clip's rate, time base and sound.

        `behind` is the BGR colour that fills transparent parts, because H.264 has no alpha. Raises UserError.
        """
        self._path = path
        self._clip = clip
        self._behind = np.array(behind, np.float32)
        self.seen_through = False
        """Whether any frame had transparent parts."""
        self.sound_lost = False
        """Whether parts of the sound could not be copied or encoded."""
        try:
            with ExitStack() as ending:
                unfinished = ending.enter_context(replacing(path))
                self._container = av.open(str(unfinished), "w", format="mp4", options={"movflags": "+faststart"})
                ending.push(self._finish)
                self._ending = ending.pop_all()
        except OSError as error:
            raise UserError(f"“{path}” cannot be written ({error.strerror}). Choose another folder.") from error
        self._video = self._container.add_stream("libx264", rate=clip.rate, options=QUALITY)
        self._video.width, self._video.height = size
        self._video.pix_fmt = "yuv420p"
        context = self._video.codec_context
        context.time_base = clip.time_base
        context.color_trc, context.color_primaries = SRGB, BT709
        context.colorspace, context.color_range = BT601, LIMITED
        self._copied = clip.sound is not None and clip.sound.codec_context.name in COPIED_SOUND
        self._sound = self._sound_stream(clip.sound) if clip.sound is not None else None

    def __enter__(self) -> Movie:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._ending.__exit__(kind, error, trace)
        except OSError as failure:
            raise _unwritable(self._path, failure) from failure

    def add_picture(self, bgra: np.ndarray, pts: int) -> None:
        """Add a frame: uint8 BGRA (h, w, 4) with straight alpha, at `pts` in the clip's time base. Raises UserError."""
        if bgra[..., 3].min() < 255:
            self.seen_through = True
            bgra = self._laid_over(bgra)
        frame = av.VideoFrame.from_ndarray(bgra, format="bgra").reformat(format="yuv420p", dst_colorspace="ITU601")
        frame.pts, frame.time_base = pts, self._clip.time_base
        self._mux(self._video.encode(frame))

    def _laid_over(self, bgra: np.ndarray) -> np.ndarray:
        alpha = bgra[..., 3:].astype(np.float32) / 255
        colours = np.rint(bgra[..., :3] * alpha + self._behind * (1 - alpha)).astype(np.uint8)
        return np.dstack([colours, np.full(bgra.shape[:2], 255, np.uint8)])

    def add_sound(self, packet: Any) -> None:
        """Add a packet of the clip's sound. Damaged sound is left out and sets `sound_lost`."""
        try:
            if self._copied:
                self._copy(packet)
                return
            for frame in packet.decode():
                self._encode_sound(frame)
        except (av.FFmpegError, ValueError):  # damaged sound must not cost the picture
            self.sound_lost = True

    def _sound_stream(self, sound: Any) -> Any:
        if self._copied:
            return self._container.add_stream_from_template(sound)
        rate = sound.rate if sound.rate in AAC_RATES else 48000
        return self._container.add_stream("aac", rate=rate, layout="mono" if sound.channels == 1 else "stereo")

    def _copy(self, packet: Any) -> None:
        if packet.dts is None:
            return
        offset = round(self._clip.start / packet.time_base)
        packet.dts -= offset
        packet.pts = packet.dts if packet.pts is None else packet.pts - offset
        packet.stream = self._sound
        self._mux([packet])

    def _encode_sound(self, frame: Any) -> None:
        if frame.pts is not None:
            frame.pts -= round(self._clip.start / frame.time_base)
        if self._sound is not None:
            self._mux(self._sound.encode(frame))

    def _finish(self, kind: type | None, *_: object) -> None:
        """Write what the encoders still hold, unless there was an exception of that kind, and close the file."""
        try:
            if kind is None:
                self._flush()
        finally:
            self._container.close()

    def _flush(self) -> None:
        self._mux(self._video.encode(None))
        if self._sound is not None and not self._copied:
            try:
                self._mux(self._sound.encode(None))
            except (av.FFmpegError, ValueError):
                self.sound_lost = True

    def _mux(self, packets: Any) -> None:
        try:
            self._container.mux(packets)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG):
                raise _unwritable(self._path, error) from error
            raise


def _unwritable(path: Path, error: OSError) -> UserError:
    return UserError(f"“{path}” could not be written completely ({error.strerror}). Free some space on the disk and try again.")
