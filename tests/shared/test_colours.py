"""Colours as OBS stores them and as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared import colours


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_a_colour_is_read_as_it_was_written(red, green, blue):
    number = colours.OPAQUE | blue << 16 | green << 8 | red  # obs-properties.h: 0xAABBGGRR
    assert colours.bgr(number) == (blue, green, red)
    assert colours.read(colours.written(number)) == number
    assert colours.read(colours.written(number).lower().lstrip("#")) == number


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1234567", "#GG0000", "0x123456", "#12 456"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError):
        colours.read(text)
