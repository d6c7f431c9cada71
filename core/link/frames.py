"""The frame exchange: finished frames go from the worker to OBS through shared memory. Standard library only.

It is a block of memory with a few slots, mapped by both processes. Frame n is in slot n % SLOTS. The slot's sequence number is
2n + 1 while frame n is being written and 2n + 2 once it is complete, so a reader notices when a frame was overwritten while
being read. Nothing waits: the writer never asks whether anybody reads, and the reader takes the newest frame it was told of.

    0                    header, HEADER bytes
    HEADER + i * stride  slot i: its header (SLOT_HEADER bytes), then up to `capacity` bytes of BGRA pixels

On Linux, the memory has no name and its size is sealed: if another program could truncate it, the system would kill any reader
past the end (SIGBUS), and that includes OBS. The worker opens it through OBS's file descriptor in /proc. Where that is not
possible, it is a file that has a name until the worker has opened it; on Windows, it is a named mapping.

`multiprocessing.shared_memory` is not used: inside OBS, it would start a resource tracker with the wrong interpreter, and any
other Python that attaches would remove the segment.
"""

import mmap
import os
import secrets
import struct
from typing import NamedTuple, Optional, Tuple

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # there is no such module there

import contextlib

from ..shared import places

MAGIC = 0x4156_4F42  # "BOVA", little endian
VERSION = 1
SLOTS = 3
BYTES_PER_PIXEL = 4  # BGRA
LARGEST_SIDE = 4096
"""The longest side of a frame in pixels. A header that claims more is wrong."""

HEADER = 4096
_HEADER = struct.Struct("<IIIIQ")  # magic, version, slots, -, capacity
_SLOT = struct.Struct("<qIIQ")  # sequence, width, height, time
_SEQUENCE = struct.Struct("<q")
SLOT_HEADER = 64
_NAME_PREFIX = "obs-avatar-"
_WINDOWS = os.name == "nt"

_PROC = "/proc/"
_ADD_SEALS = 1033
_SEAL_ITSELF, _SEAL_SHRINK, _SEAL_GROW = 1, 2, 4
"""The values in <linux/fcntl.h>, since Python's fcntl only has them if the system that it was built on did."""


class ExchangeError(Exception):
    """The shared memory is missing, too small or of another version; the message says which of them."""


class Frame(NamedTuple):
    """Where a complete frame is: its `offset` into the mapping, width and height in pixels, and `time` in nanoseconds."""

    offset: int
    width: int
    height: int
    time: int


def _stride(capacity: int) -> int:
    return -(-(SLOT_HEADER + capacity) // mmap.PAGESIZE) * mmap.PAGESIZE


class FrameExchange:
    """One end of the exchange. Make it with `create` on OBS's side and `attach` on the worker's side."""

    def __init__(self, name: str, mapping: mmap.mmap, capacity: int, file: Optional[int] = None) -> None:
        self.name = name
        self.mapping = mapping
        self.capacity = capacity
        self._file = file
        """The file descriptor of this process that `name` leads to, or None."""

    @classmethod
    def create(cls, width: int, height: int) -> "FrameExchange":
        """Create shared memory for frames of up to width x height pixels, readable by this user only. Raises OSError."""
        capacity = width * height * BYTES_PER_PIXEL
        total = HEADER + SLOTS * _stride(capacity)
        name, file = _NAME_PREFIX + secrets.token_hex(8), None
        if _WINDOWS:
            mapping = _windows_mapping(name, total)
        else:
            file = _nameless(name)
            name, mapping = _sealed(file, total) if file is not None else _named(name, total)
        _HEADER.pack_into(mapping, 0, MAGIC, VERSION, SLOTS, 0, capacity)
        for slot in range(SLOTS):
            _SEQUENCE.pack_into(mapping, HEADER + slot * _stride(capacity), -1)
        return cls(name, mapping, capacity, file)

    @classmethod
    def attach(cls, name: str) -> "FrameExchange":
        """Open the other end of what `create` made. Raises ExchangeError."""
        try:
            if _WINDOWS:
                with _windows_mapping(name, HEADER) as head:
                    capacity = _checked_capacity(head)
                mapping = _windows_mapping(name, HEADER + SLOTS * _stride(capacity))
            else:
                file = os.open(name, os.O_RDWR)
                try:
                    mapping = mmap.mmap(file, 0)
                finally:
                    os.close(file)
                capacity = _checked_capacity(mapping)
        except (OSError, ValueError) as error:
            raise ExchangeError("The shared memory for the pictures cannot be opened: %s" % error) from error
        if len(mapping) < HEADER + SLOTS * _stride(capacity):
            raise ExchangeError("The shared memory for the pictures is smaller than it says.")
        return cls(name, mapping, capacity)

    def begin(self, number: int, width: int, height: int) -> memoryview:
        """Return a writable view of width * height * 4 bytes for frame `number`. Release it before `finish`.

        Raises ExchangeError if the frame does not fit.
        """
        size = width * height * BYTES_PER_PIXEL
        if not 0 < size <= self.capacity:
            raise ExchangeError("A picture of %d x %d pixels does not fit into the shared memory." % (width, height))
        slot = self._slot(number)
        _SEQUENCE.pack_into(self.mapping, slot, 2 * number + 1)
        start = slot + SLOT_HEADER
        return memoryview(self.mapping)[start:start + size]

    def finish(self, number: int, width: int, height: int, time: int) -> None:
        """Declare frame `number` complete. Tell the reader its number afterwards."""
        _SLOT.pack_into(self.mapping, self._slot(number), 2 * number + 2, width, height, time)

    def frame(self, number: int) -> Optional[Frame]:
        """Return where frame `number` is, or None if it has been overwritten or its header cannot be right."""
        slot = self._slot(number)
        sequence, width, height, time = _SLOT.unpack_from(self.mapping, slot)
        if sequence != 2 * number + 2 or not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
            return None
        if width * height * BYTES_PER_PIXEL > self.capacity:
            return None
        return Frame(slot + SLOT_HEADER, width, height, time)

    @property
    def sealed(self) -> bool:
        """Whether nobody can truncate the memory that `create` made; it then takes no room in /dev/shm."""
        return self._file is not None

    def unlink(self) -> None:
        """Remove the name; the memory itself is freed with the last process that maps it. May be called twice."""
        if not _WINDOWS and not self.name.startswith(_PROC):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.name)

    def close(self) -> None:
        """Unlink and unmap. While somebody still holds a view, the mapping stays until that view is released."""
        self.unlink()
        if self._file is not None:
            os.close(self._file)
            self._file = None
        with contextlib.suppress(BufferError):
            self.mapping.close()

    def _slot(self, number: int) -> int:
        return HEADER + number % SLOTS * _stride(self.capacity)


def _checked_capacity(mapping: mmap.mmap) -> int:
    if len(mapping) < HEADER:
        raise ExchangeError("The shared memory for the pictures is too small.")
    magic, version, slots, _, capacity = _HEADER.unpack_from(mapping, 0)
    if magic != MAGIC or slots != SLOTS:
        raise ExchangeError("This is not the shared memory of OBS Avatar.")
    if version != VERSION:
        raise ExchangeError("The script and the worker are of different versions: restart OBS.")
    if not 0 < capacity <= LARGEST_SIDE * LARGEST_SIDE * BYTES_PER_PIXEL:
        raise ExchangeError("The shared memory for the pictures gives an impossible size.")
    return capacity


def _windows_mapping(name: str, size: int) -> mmap.mmap:
    """Return the memory of that name, visible in this Windows session only; it is created if there is none yet."""
    return mmap.mmap(-1, size, tagname="Local\\" + name)  # type: ignore[call-arg]  # an argument that only Windows has


def _nameless(name: str) -> Optional[int]:
    """Return a descriptor of memory whose size can be sealed and which a worker can open, or None if that is impossible."""
    try:
        # In an OBS that was given capabilities (setcap), the descriptors belong to root, and no worker could open them.
        if os.stat(_PROC + "self/fd").st_uid == os.geteuid():
            return os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    except (AttributeError, OSError):  # not Linux, or a version that lacks or forbids it
        pass
    return None


def _sealed(file: int, size: int) -> Tuple[str, mmap.mmap]:
    try:
        os.fchmod(file, 0o600)
        _reserve(file, size)
        fcntl.fcntl(file, _ADD_SEALS, _SEAL_SHRINK | _SEAL_GROW | _SEAL_ITSELF)
        return "%s%d/fd/%d" % (_PROC, os.getpid(), file), _mapped(file, size)
    except BaseException:
        os.close(file)
        raise


def _named(name: str, size: int) -> Tuple[str, mmap.mmap]:
    name = os.path.join(places.shared_memory_folder(), name)
    file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _reserve(file, size)
        return name, _mapped(file, size)
    except BaseException:
        os.unlink(name)
        raise
    finally:
        os.close(file)


def _mapped(file: int, size: int) -> mmap.mmap:
    try:
        return mmap.mmap(file, size)
    except ValueError as error:  # another program has truncated it at this very moment
        raise OSError(str(error)) from error


def _reserve(file: int, size: int) -> None:
    """Reserve the memory now: a shortage must raise an OSError here instead of crashing at the first write."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
    else:
        os.ftruncate(file, size)
