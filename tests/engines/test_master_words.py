"""Every fault is told in two languages with what to do."""

import string

import pytest

from everhall.engines.master_words import KINDS, WORDS, words

#: Values that the makers give (`engines/glb.py`, `media/making/`).
VALUES = {
    "is": "mp4", "version": 1, "where": "JSON", "count": 5_000_000, "name": "a.bin", "names": ["ACME_holo"], "limit": 150_000,
    "width": 16_384, "height": 16_384, "number": 2, "seconds": 600, "size": 300, "line": 7, "fewest": 12, "told": "1:02:03", "rate": 500, "text": "0:05 --> 0:04",
    "errors": [{"code": "ACCESSOR_NON_UNIT", "pointer": "/accessors/1"}],
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(WORDS))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_fault_has_a_sentence_and_an_advice(kind, language):
    what, do = words({"kind": kind, **VALUES}, language)
    assert what.endswith((".", "。", VALUES["errors"][0]["pointer"]))
    assert do.endswith((".", "。"))
    assert "?" not in what + do
    assert any("一" <= letter <= "鿿" for letter in what) == (language == "zh-hans")


def test_both_languages_tell_the_same_particulars():
    def fields(text: str) -> set[str]:
        return {name.removesuffix("_zh").removesuffix("_en") for _, name, _, _ in string.Formatter().parse(text) if name}

    for zh, zh_do, en, en_do in WORDS.values():
        assert fields(zh) == fields(en)
        assert fields(zh_do) == fields(en_do)


def test_numbers_are_readable_and_what_is_unknown_is_no_fault_of_its_own():
    assert "5,000,000" in words({"kind": "too-many-triangles", "count": 5_000_000, "limit": 1}, "en")[0]
    assert words({"kind": "from another planet"}, "en") == words({"kind": "tool"}, "en")
    assert "a film" in words({"kind": "not-a-model", "is": "mp4"}, "en")[0]
    assert "a picture" in words({"kind": "not-a-model", "is": "png"}, "en")[0]
    assert all(len(pair) == 2 for pair in KINDS.values())
