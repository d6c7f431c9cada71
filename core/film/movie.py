"""An .mp4 file that is written picture by picture, and is there only once it is whole."""

from __future__ import annotations

import errno
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import av
import numpy as np

from ..shared.errors import UserError
from ..shared.files import replacing
from .clip import Clip

QUALITY = {"crf": "16"}
"""x264's constant quality; at 16 the eye finds no difference to the picture that went in."""

COPIED_SOUND = ("aac", "mp3", "ac3", "eac3", "alac", "flac", "opus")
"""What an .mp4 may hold and players play; other sound is encoded anew as AAC."""

AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)

SRGB, BT709, BT601, LIMITED = 13, 1, 6, 1
"""Numbers of the H.264 standard for transfer, primaries, matrix and range. The matrix is the one that programs assume
which do not read the tag, OpenCV among them, so that colours are right everywhere."""


class Movie:
    """Takes its name when it is whole; an exception leaves nothing behind, and an older film as it was."""

    def __init__(self, path: Path, size: tuple[int, int], clip: Clip, behind: tuple[int, int, int]) -> None:
        """size: (width, height), even. Rate, time base and sound are the clip's. behind: the colour, BGR, that shows through
        what is transparent: H.264 knows no alpha. Raises UserError."""
        self._path = path
        self._clip = clip
        self._behind = np.array(behind, np.float32)
        self.seen_through = False
        """Whether a picture was transparent."""
        self.sound_lost = False
        """Whether some of the sound could not be taken over."""
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

    def __exit__(self, kind: type | None, error: object, trace: object) -> None:
        try:
            self._ending.__exit__(kind, error, trace)
        except OSError as failure:
            raise _unwritable(self._path, failure) from failure

    def add_picture(self, bgra: np.ndarray, pts: int) -> None:
        """bgra: with straight alpha. pts: in the clip's time base."""
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
        """A packet of the clip's sound."""
        try:
            if self._copied:
                self._copy(packet)
                return
            for frame in packet.decode():
                self._encode_sound(frame)
        except (av.FFmpegError, ValueError):  # damaged sound is no reason to go without the picture
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
        self._mux(self._sound.encode(frame))

    def _finish(self, kind: type | None, *_: object) -> None:
        """Writes what the encoders still hold, unless there was an exception of that kind, and closes the file."""
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
    return UserError(f"“{path}” cannot be written to the end ({error.strerror}). Make room on the disk and try again.")
