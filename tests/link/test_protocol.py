"""The messages between OBS and a worker: what is sent arrives, what is none of ours is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.link import protocol
from core.link.protocol import Lines, ProtocolError
from core.shared import settings

NUMBERS = st.floats(0, 1e6, allow_nan=False)
MESSAGES = st.one_of(
    st.builds(lambda number: ("frame", {"number": number}), st.integers(0, 1 << 50)),
    st.builds(lambda shown: ("shown", {"value": shown}), st.booleans()),
    st.builds(lambda text, fps, face: ("status", {"state": "live", "message": text, "fps": fps, "drawn": fps, "delay_ms": fps,
                                                  "engine": "landmark", "face": face}), st.text(), NUMBERS, st.booleans()),
    st.builds(lambda names: ("devices", {"cameras": names, "monitors": [], "devices": {}}), st.lists(st.text(), max_size=5)),
    st.just(("settings", {"values": settings.DEFAULTS.stored})))


@given(st.lists(MESSAGES, max_size=8), st.integers(1, 40))
def test_messages_arrive_whole_however_the_pipe_cuts_them(messages, piece):
    stream = b"".join(protocol.encode(kind, **fields) for kind, fields in messages)
    lines, arrived = Lines(), []
    for start in range(0, len(stream), piece):
        arrived += lines.feed(stream[start:start + piece])
    assert arrived == [dict(fields, type=kind) for kind, fields in messages]


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_and_nothing_else_happens(junk):
    try:
        for message in Lines().feed(junk + b"\n"):
            assert message["type"] in protocol.FIELDS
    except ProtocolError:
        pass


@pytest.mark.parametrize("line", [b"[]", b"1", b"{}", b'{"type":5}', b'{"type":"other"}', b'{"type":"frame"}',
                                  b'{"type":"frame","number":"1"}', b'{"type":"frame","number":true}',
                                  b'{"type":"devices","cameras":[1],"monitors":[],"devices":{}}',
                                  b'{"type":"devices","cameras":[],"monitors":[],"devices":{"cpu":[]}}',
                                  b'{"type":"shown","value":1}', b"\xff\xfe", b"[" * 20000])
def test_what_is_no_message_of_this_version_is_refused(line):
    with pytest.raises(ProtocolError):
        protocol.decode(line)


def test_a_line_without_an_end_does_not_fill_the_memory():
    lines = Lines()
    with pytest.raises(ProtocolError, match="without an end"):
        for _ in range(protocol.LONGEST_LINE // 1000 + 2):
            list(lines.feed(b"x" * 1000))


def test_a_message_that_nobody_described_is_not_sent():
    with pytest.raises(ProtocolError):
        protocol.encode("frame", number="one")


def test_a_device_whose_name_holds_half_a_letter_gets_a_name_that_obs_can_show():
    line = protocol.encode("devices", cameras=["Cam \udcff", "Zoë 📷"], monitors=[], devices={})
    assert protocol.decode(line.rstrip())["cameras"] == ["Cam ?", "Zoë 📷"]


@given(st.sampled_from(sorted(protocol.FIELDS)), st.dictionaries(st.sampled_from(
    sorted({name for fields in protocol.FIELDS.values() for name in fields})), st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))))
def test_a_message_of_any_content_is_refused_or_has_what_it_promises(kind, fields):
    line = json.dumps(dict(fields, type=kind)).encode()
    try:
        message = protocol.decode(line)
    except ProtocolError:
        return
    json.dumps(message, ensure_ascii=False).encode("utf-8")
    for name, form in protocol.FIELDS[kind].items():
        assert isinstance(message[name], (int, float) if form is float else form)
