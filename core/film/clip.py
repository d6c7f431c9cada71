"""A video file, read once from its beginning to its end, with its sound."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Callable, NamedTuple

import av
from av.stream import Disposition

from ..animation.driving import DrivingFrame
from ..pictures.decoding import Converter
from ..shared.errors import UserError

ANY_RATE = Fraction(25)
"""The frames per second of the few files that do not say how many they have."""

READ_ERRORS = (av.FFmpegError, OSError)


class ClipFrame(NamedTuple):
    """One frame of a clip."""

    pts: int
    """The time of the frame since the beginning of the file, in the clip's time base; always later than the frame before."""
    driving: DrivingFrame
    """The same frame as it moves the avatar; its picture is upright."""


class Clip:
    """The clip in a video file, as a context manager. Raises UserError if the file has no video that can be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.frames_read = 0
        self.damaged = False
        """Whether parts of the clip could not be read, which is only known at its end."""
        self._container = _opened(path)
        video = _video_stream(self._container)
        if video is None or self._container.format.name == "tty":  # FFmpeg takes text files for recordings of a terminal
            self._container.close()
            raise UserError(f"“{path.name}” contains no video. Choose a video file, such as an .mp4.")
        self._video = video
        self._video.thread_type = "AUTO"
        self.sound: Any | None = next(iter(self._container.streams.audio), None)
        self.rate: Fraction = self._video.average_rate or self._video.guessed_rate or ANY_RATE
        self.time_base: Fraction = self._video.time_base
        self.start = Fraction(self._container.start_time or 0, av.time_base)
        """The time, in seconds, at which the file begins; this is not 0 in recordings of broadcasts."""

    def __enter__(self) -> Clip:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    @property
    def frames(self) -> int | None:
        """The number of frames according to the file itself, or None if it does not say."""
        return self._video.frames or (round(self._seconds * self.rate) if self._seconds else None)

    def read(self, on_sound: Callable[[Any], None]) -> Iterator[ClipFrame]:
        """Yield all frames in order. The packets of sound between them are passed to `on_sound`."""
        last, converter = -1, Converter()
        start = round(self.start / self.time_base)
        step = max(1, round(1 / (self.rate * self.time_base)))
        for frame in self._decoded(on_sound):
            pts = last + step if frame.pts is None else frame.pts - start
            last = max(pts, last + 1)
            self.frames_read += 1
            yield ClipFrame(last, DrivingFrame(float(last * self.time_base), converter.picture(frame)))
        end = Fraction(last + step) * self.time_base
        # A file that was cut off often ends without an error, but its header still says how long it should be.
        if self._seconds and end < self._seconds - max(Fraction(1, 10), 2 / self.rate):
            self.damaged = True

    @property
    def _seconds(self) -> Fraction | None:
        """The length of the video track in seconds, or None if the file does not say; its sound may last longer."""
        if self._video.duration:
            return self._video.duration * self._video.time_base
        if self.sound is None and self._container.duration:
            return Fraction(self._container.duration, av.time_base)
        return None

    def _decoded(self, on_sound: Callable[[Any], None]) -> Iterator[Any]:
        for packet in self._packets():
            if packet is not None and packet.stream.type == "audio":
                if packet.size:
                    on_sound(packet)
                continue
            if packet is not None and packet.is_corrupt:
                self.damaged = True
            try:
                yield from self._video.decode(packet)
            except EOFError:  # the decoder has already been flushed
                return
            except READ_ERRORS:
                self.damaged = True

    def _packets(self) -> Iterator[Any]:
        """Yield the packets, then None, which flushes the decoder; FFmpeg's own flush packets are missing after an error."""
        streams = [stream for stream in (self._video, self.sound) if stream is not None]
        try:
            yield from (packet for packet in self._container.demux(streams) if packet.size)
        except READ_ERRORS:
            self.damaged = True
        yield None


def _opened(path: Path) -> Any:
    if not path.is_file():
        raise UserError(f"There is no video file “{path}”. Check its name and folder.")
    try:
        # A playlist, or any other file that names further addresses, must not reach the network.
        return av.open(str(path.resolve()), options={"protocol_whitelist": "file"})
    except PermissionError as error:
        raise UserError(f"You have no permission to read the video file “{path}”. Choose another one.") from error
    except (*READ_ERRORS, ValueError) as error:
        raise UserError(f"“{path.name}” cannot be read. It is not a video, or it is damaged or incomplete "
                        f"({getattr(error, 'strerror', None) or error}). Choose another file.") from error


def _video_stream(container: Any) -> Any | None:
    """Return the first video stream that is not the cover picture of a piece of music, or None."""
    return next((s for s in container.streams.video if not s.disposition & Disposition.attached_pic), None)
