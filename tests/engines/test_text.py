"""Search text: the vectors, and what must hold for any text at all."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import text as engine
from everhall.engines.pinyin import Readings, spellings
from everhall.engines.text import Folding, Phrase, Span, parse, tokens

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "text.json").read_text("utf-8"))
FOLDING = Folding(VECTORS["simplified"])
READINGS = Readings.of(
    {key: tuple(value) for key, value in VECTORS["readings"]["characters"].items()},
    {key: tuple(value) for key, value in VECTORS["readings"]["phrases"].items()},
)

CHINESE = "中关村科学城無人機机器人乾坤北京大学的"
MIXED = st.text(alphabet=CHINESE + "abcXYZ 0123，。-“”'\n", max_size=40)
HAN = st.text(alphabet=CHINESE, min_size=1, max_size=6)


def asked(query):
    return [
        [" ".join(phrase.tokens) + ("*" if phrase.open_ended else "") for phrase in term]
        for term in query.terms
    ]


def matches(phrase: Phrase, found: list[str]) -> bool:
    """What a database does with a phrase: tokens side by side, the last perhaps a prefix."""
    wanted = phrase.tokens
    for at in range(len(found) - len(wanted) + 1):
        window = found[at : at + len(wanted)]
        same = window[:-1] == list(wanted[:-1])
        last = window[-1].startswith(wanted[-1]) if phrase.open_ended else window[-1] == wanted[-1]
        if same and last:
            return True
    return False


@pytest.mark.parametrize(("text", "folded"), VECTORS["fold"])
def test_folding_takes_away_what_readers_do_not_type(text, folded):
    assert FOLDING.fold(text) == folded


@pytest.mark.parametrize(("folded", "expected"), VECTORS["tokens"])
def test_tokens_are_pairs_of_characters_and_words(folded, expected):
    assert tokens(folded) == expected


@pytest.mark.parametrize(("text", "expected"), VECTORS["parse"])
def test_a_query_is_terms_of_phrases(text, expected):
    assert asked(parse(text, FOLDING)) == expected


@pytest.mark.parametrize(("text", "expected"), VECTORS["typing"])
def test_a_word_being_typed_is_a_prefix(text, expected):
    assert asked(parse(text, FOLDING, typing=True)) == expected


@pytest.mark.parametrize(("name", "expected"), VECTORS["spellings"])
def test_names_are_spelled_in_pinyin_from_each_of_their_words(name, expected):
    assert [one.removeprefix("ˉ") for one in spellings(name, READINGS)] == [
        one[: engine.LONGEST_SPELLING] for one in expected
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_folding_does_not_depend_on_the_neighbours(left, right):
    assert FOLDING.fold(left + right) == FOLDING.fold(left) + FOLDING.fold(right)


@given(st.text(max_size=60))
def test_origins_point_at_the_character_a_folded_one_comes_from(text):
    folded, origins = FOLDING.fold_with_origins(text)
    assert len(origins) == len(folded)
    assert list(origins) == sorted(origins)
    for at, character in zip(origins, folded, strict=True):
        assert character in FOLDING.fold(text[at])


@given(st.text(max_size=80))
def test_tokens_need_no_quoting_anywhere(text):
    for token in tokens(FOLDING.fold(text)):
        assert token.isalnum()
        assert len(token) <= engine.LONGEST_WORD


@given(MIXED, HAN)
def test_a_han_word_is_found_exactly_where_it_stands(text, word):
    """Recall and precision 1 against a plain scan of the folded text."""
    folded = FOLDING.fold(text)
    ((phrase,),) = parse(word, FOLDING).terms
    assert matches(phrase, tokens(folded)) == (FOLDING.fold(word) in folded)


@given(st.text(max_size=300))
def test_any_input_is_a_query_of_bounded_size(text):
    for typing in (False, True):
        query = parse(text, FOLDING, typing=typing)
        assert len(query.terms) <= engine.MOST_TERMS
        assert all(phrase.tokens for phrase in query.phrases)


@given(MIXED, MIXED)
def test_highlights_lie_in_the_text_in_order_and_apart(text, typed):
    spans = engine.highlight(text, parse(typed, FOLDING), FOLDING)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end < after.start for before, after in pairwise(spans))


@given(MIXED, HAN)
def test_what_is_found_is_highlighted(text, word):
    spans = engine.highlight(text, parse(word, FOLDING), FOLDING)
    assert bool(spans) == (FOLDING.fold(word) in FOLDING.fold(text))


@given(MIXED, MIXED, st.integers(1, 30))
def test_a_snippet_is_a_piece_of_the_text_of_at_most_its_width(text, typed, width):
    spans = engine.highlight(text, parse(typed, FOLDING), FOLDING)
    found = engine.snippet(text, spans, width)
    assert found.text in text
    assert len(found.text) <= width
    assert "".join(piece for piece, _ in found.pieces()) == found.text
    if spans and all(span.end - span.start <= width // 4 for span in spans):
        assert found.spans


def test_a_highlight_is_of_the_original_text():
    text = "看中關村與5G 基站的Drones"
    spans = engine.highlight(text, parse("中关村 5g基 drone", FOLDING), FOLDING)
    assert [text[span.start : span.end] for span in spans] == ["中關村", "5G 基", "Drones"]


def test_characters_parted_by_punctuation_are_not_a_word():
    assert engine.highlight("人工。智能", parse("工智", FOLDING), FOLDING) == ()


def test_a_snippet_shows_the_densest_place():
    text = "机器人。" + "长" * 100 + "。无人机与无人机，无人机。" + "文" * 100
    spans = engine.highlight(text, parse("机", FOLDING), FOLDING)
    found = engine.snippet(text, spans, 30)
    assert found.before
    assert found.after
    assert len(found.spans) == 3


def test_a_short_text_is_shown_whole():
    assert engine.snippet("无人机", [Span(0, 2)], 90) == engine.Snippet("无人机", (Span(0, 2),), False, False)


def test_short_latin_words_are_pinyin_only_when_nothing_else_helps():
    assert asked(parse("AI", FOLDING)) == [["ai"]]
    assert asked(parse("AI", FOLDING, loose=True)) == [["ai", "ˉai*"]]


def test_names_without_readings_are_spelled_around_the_gap():
    assert spellings("中〇村", READINGS) == ["ˉzhong", "ˉcun"]


def test_a_character_that_folding_passes_over_is_one_that_stays():
    every = [chr(code) for code in (*range(0xD800), *range(0xE000, 0x20000))]
    alone = {character: FOLDING.fold(character) for character in every}
    changed = [one for one, folded in alone.items() if folded != one]
    assert {"A", "Ａ", "中", "é"} - set(changed) == {"中"}
    assert FOLDING.fold("".join(every)) == "".join(alone.values()) == "".join(map(FOLDING._table.__getitem__, map(ord, every)))
