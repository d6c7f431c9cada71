"""Coverage-guided fuzzing of what reads foreign bytes, with atheris. A tool for developers; the tests do without it.

    pip install atheris        # in an environment of its own: there are no wheels for every Python and system
    python tests/fuzz/fuzz.py protocol -max_total_time=60

Targets: protocol (messages, in pieces), slot (a slot's header in the segment), segment (a whole file that is no segment).
An exception that is not the target's own is a finding.
"""

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
with atheris.instrument_imports(include=["core"]):
    from core.link import frames, protocol

_exchange = frames.FrameExchange.create(8, 8)
_exchange.unlink()
_file = Path(tempfile.mkdtemp()) / "segment"


def protocol_(data):
    source, lines = atheris.FuzzedDataProvider(data), protocol.Lines()
    with contextlib.suppress(protocol.ProtocolError):
        while source.remaining_bytes():
            for message in lines.feed(source.ConsumeBytes(source.ConsumeIntInRange(1, 200))):
                assert message["type"] in protocol.FIELDS
                json.dumps(message, ensure_ascii=False).encode("utf-8")


def slot(data):
    source = atheris.FuzzedDataProvider(data)
    number = source.ConsumeIntInRange(-(1 << 64), 1 << 64)
    start = _exchange._slot(number)
    header = source.ConsumeBytes(24)
    _exchange.mapping[start:start + len(header)] = header
    frame = _exchange.frame(number)
    assert frame is None or frame.offset + frame.width * frame.height * 4 <= len(_exchange.mapping)


def segment(data):
    head = bytes(_exchange.mapping[:8]) if data[:1] > b"\x7f" else b""  # half of them begin like one of ours
    _file.write_bytes((head + data[1:]).ljust(frames.HEADER if head else 0, b"\0"))
    with contextlib.suppress(frames.ExchangeError):
        frames.FrameExchange.attach(str(_file)).mapping.close()


if __name__ == "__main__":
    target = {"protocol": protocol_, "slot": slot, "segment": segment}[sys.argv.pop(1)]
    atheris.Setup([*sys.argv, f"-artifact_prefix={_file.parent}{os.sep}"], target)
    atheris.Fuzz()
