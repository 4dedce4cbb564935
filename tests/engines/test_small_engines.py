"""Colours stay readable, JSON-LD cannot break out of its element, texts fall back to the other language."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import colour, jsonld
from everhall.engines.bilingual import Bilingual, pick


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_as_wcag_defines_it(one, other, ratio):
    assert colour.contrast(one, other) == pytest.approx(ratio, abs=0.01)


@given(st.integers(0, 0xFFFFFF), st.sampled_from(["#ffffff", "#14161a"]))
def test_every_colour_can_be_made_readable(number, ground):
    assert colour.contrast(ground, colour.readable_on(ground, f"#{number:06x}")) >= 4.5


def test_a_wrong_colour_is_told():
    with pytest.raises(ValueError, match="#rrggbb"):
        colour.rgb("red")


@given(st.text())
def test_no_text_ends_the_script_element(text):
    made = jsonld.dump({"name": text})
    assert "<" not in made
    assert ">" not in made
    assert json.loads(made).get("name", "") == text


def test_empty_values_are_left_out():
    assert jsonld.dump({"a": None, "b": "", "c": [], "d": 0}) == '{"d":0}'


@pytest.mark.parametrize(
    ("zh", "en", "language", "text"),
    [
        ("展", "Show", "zh-hans", "展"), ("展", "Show", "en", "Show"), ("", "Show", "zh-hans", "Show"),
        ("展", "", "en", "展"), ("", "", "en", ""), ("展", "Show", None, "展"),
    ],
)
def test_a_text_falls_back_to_the_other_language(zh, en, language, text):
    assert pick(zh, en, language) == text


def test_a_bilingual_attribute_is_read_only():
    class Thing:
        name_zh, name_en = "展", "Show"
        name = Bilingual("name", lambda: "en")

    assert Thing().name == "Show"
    with pytest.raises(AttributeError, match="name_zh or name_en"):
        Thing().name = "x"
