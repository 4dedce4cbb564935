"""Covers: the same picture for the same code, another one for another code, and never a grey box."""

import numpy as np
import pytest
from PIL import Image, ImageStat

from everhall.config.demo.covers import (
    MOTIFS,
    draw_article,
    draw_cover,
    draw_hero,
    draw_venue,
)

SMALL = (300, 200)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean distance per channel, 0 to 255."""
    a, b = (np.asarray(i.resize((60, 40)), dtype=np.float64) for i in (one, other))
    return float(np.abs(a - b).mean())


@pytest.mark.parametrize("field", MOTIFS)
def test_the_same_code_gives_the_same_pixels_and_another_code_another_picture(field: str) -> None:
    first = draw_cover("bj-a-001", field, SMALL)
    assert first.tobytes() == draw_cover("bj-a-001", field, SMALL).tobytes()
    assert difference(first, draw_cover("bj-a-002", field, SMALL)) > 2


@pytest.mark.parametrize("field", MOTIFS)
def test_a_cover_has_colour_and_form(field: str) -> None:
    picture = draw_cover("bj-a-001", field, SMALL)
    assert picture.size == SMALL
    assert max(ImageStat.Stat(picture).stddev) > 12
    assert ImageStat.Stat(picture.convert("HSV")).mean[1] > 25, "too grey"


def test_every_pair_of_fields_looks_different() -> None:
    pictures = [draw_cover("bj-a-001", field, SMALL) for field in MOTIFS]
    for i, one in enumerate(pictures):
        assert all(difference(one, other) > 10 for other in pictures[i + 1 :])


def test_an_unknown_field_is_drawn_too() -> None:
    assert draw_cover("x", "no-such-field", SMALL).size == SMALL


def test_the_hero_is_dark_where_its_words_stand() -> None:
    hero = draw_hero("2021", ("#b3261e", "#0b6bcb"), (600, 300))
    left = ImageStat.Stat(hero.crop((0, 0, 240, 300)).convert("L"))
    assert left.extrema[0][1] < 110


def test_venues_and_articles_have_their_sizes() -> None:
    assert draw_venue("beijing").size == (1600, 900)
    assert draw_article("first-step", "ai").size == (1200, 800)
