"""The burned-in clock: any value can be shown, no single wrong bit passes, black and white are no time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.clock import read_clock
from everhall.engines.burned_clock import (
    BITS,
    GRID,
    SPAN,
    bits_of,
    centres,
    colour_of,
    frames_between,
    name_rows,
    pattern,
    value_of,
)

values = st.integers(0, SPAN - 1)


@given(values, st.integers(0, BITS - 1))
def test_what_is_shown_is_read_and_a_wrong_bit_is_seen(value, wrong):
    bits = list(bits_of(value))
    assert value_of(bits) == value
    bits[wrong] ^= 1
    assert value_of(bits) is None


def test_black_and_white_are_no_time():
    assert value_of([0] * BITS) is None
    assert value_of([1] * BITS) is None
    assert read_clock(np.zeros((180, 320), np.uint8)) is None
    assert read_clock(np.full((180, 320), 255, np.uint8)) is None


@pytest.mark.parametrize("width", [1280, 640, 320])
@pytest.mark.parametrize("value", [0, 1, 458_628_472, SPAN - 1])
def test_a_picture_is_read_at_every_size_and_with_noise(width, value):
    picture = np.full((width // 10, width), 90.0)
    for (x, y, half), bit in zip(centres(width), bits_of(value), strict=True):
        picture[int(y - half) : int(y + half), int(x - half) : int(x + half)] = 225 if bit else 30
    noise = np.random.default_rng(value).normal(0, 25, picture.shape)
    assert read_clock(np.clip(picture + noise, 0, 255).astype(np.uint8)) == value


def test_frames_are_counted_over_the_end_of_the_span():
    assert frames_between(1000, 1040, 25) == 1
    assert frames_between(SPAN - 40, 0, 25) == 1
    assert frames_between(33, 1033, 30) == 30


def test_names_are_written_in_blocks():
    rows = name_rows("A-1")
    half = GRID // 2
    text = [f"{rows[n]:0{half}b}{rows[n + 1]:0{half}b}"[:12] for n in range(0, 10, 2)]
    assert [line.replace("0", ".").replace("1", "#") for line in text] == [
        ".#.......#..", "#.#.....##..", "###.###..#..", "#.#......#..", "#.#.....###.",
    ]  # fmt: skip
    assert len(name_rows("a very long name indeed, longer than a row")) == 10
    assert colour_of("a") != colour_of("b")


def test_no_name_can_break_out_of_the_filter():
    graph = pattern(320, 180, 25, "x';[a];movie=/etc/passwd'")
    assert "passwd" not in graph
    assert "movie" not in graph
