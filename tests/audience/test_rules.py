"""Limits, words, choices: plain values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.audience import rules
from everhall.engines.simplified import folding


def words(*those: str) -> rules.WordList:
    return rules.WordList(those, folding().fold)


@pytest.mark.parametrize(
    "text",
    ["赌博网站", "这里有赌博", "賭博網站", "赌 博 网 站", "赌*博", "赌\u200b博", "赌．博", "SPAM", "buy spam now", "ｓｐａｍ", "s p a m", "S.P.A.M!", "spám"],
)
def test_a_word_of_the_list_is_found_however_it_is_dressed(text) -> None:
    assert words("赌博", "spam").found(text)


@pytest.mark.parametrize("text", ["赌石博物馆", "spammer's classic", "a b c", "", "好博物馆"])
def test_other_words_are_not(text) -> None:
    assert not words("赌博", "spam", "ass").found(text)


def test_an_empty_list_finds_nothing() -> None:
    assert not words().found("anything")
    assert not words(" ", "!!!").found("anything")
    assert rules.words_of("赌博, spam\n\n 诈骗；x") == ["赌博", "spam", "诈骗", "x"]


def test_a_text_is_one_line_without_what_cannot_be_seen() -> None:
    assert rules.tidy("  a\n\tb\u200b\x07  c ", 10) == "a b c"
    assert rules.tidy("\u200b\u2066 ", 10) is None
    assert rules.tidy("x" * 11, 10) is None
    assert rules.tidy("z" + "\u0300" * 60, 80) == "z" + "\u0300" * 2


times = st.lists(st.floats(0, 100), max_size=60).map(sorted)


@given(times)
def test_an_allowance_holds_in_every_stretch_of_time(moments) -> None:
    allowance = rules.Allowance(3, 0.5)
    bucket, allowed = None, []
    for now in moments:
        bucket, wait = rules.spend(bucket, allowance, now)
        if wait == 0:
            allowed.append(now)
    for first, start in enumerate(allowed):
        for last, end in enumerate(allowed[first:], first):
            assert last - first + 1 <= allowance.burst + (end - start) * allowance.each_second + 1e-6


@given(times)
def test_whoever_waits_as_long_as_told_may(moments) -> None:
    allowance = rules.Allowance(2, 0.7)
    bucket = None
    for now in moments:
        bucket, wait = rules.spend(bucket, allowance, now)
        if wait:
            _, again = rules.spend(bucket, allowance, now + wait + 1e-6)
            assert again == 0


def test_a_meter_forgets_what_is_full_and_never_grows_over() -> None:
    meter = rules.Meter(rules.Allowance(2, 1), most=10)
    for number in range(1000):
        meter.wait(number, number / 10)
    assert len(meter) <= 10
    meter = rules.Meter(rules.Allowance(2, 1), most=3)
    assert [meter.wait("a", 0) for _ in range(3)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("10.0.0.1", "10.0.0.1"), ("::ffff:10.0.0.1", "10.0.0.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8::7", "2001:db8:0:0::/64"), ("::1", "0:0:0:0::/64"), ("", ""),
    ],
)
def test_what_counts_as_one_address(address, key) -> None:
    assert rules.address_key(address) == key


@pytest.mark.parametrize(
    ("kind", "chosen", "fair"),
    [
        ("single", [1], (1,)), ("single", [1, 2], None), ("single", [], None), ("single", [3], None), ("single", [-1], None),
        ("single", ["1"], None), ("single", [True], None), ("single", 1, None), ("several", [2, 0, 0], (0, 2)),
        ("several", [], None), ("scale", [2], (2,)),
    ],
)
def test_what_can_be_chosen(kind, chosen, fair) -> None:
    assert rules.fair_choice(kind, 3, chosen) == fair


@given(st.lists(st.tuples(st.integers(0, 3), st.sets(st.integers(0, 2))), max_size=30))
def test_counts_are_those_of_the_last_choices(votes) -> None:
    counts = [0, 0, 0]
    last: dict[int, set[int]] = {}
    for who, chosen in votes:
        counts = rules.counted(counts, last.get(who, ()), chosen)
        last[who] = chosen
    assert counts == [sum(at in chosen for chosen in last.values()) for at in range(3)]


def test_the_mean_of_a_scale() -> None:
    assert rules.mean([0, 0, 0, 0, 0]) is None
    assert rules.mean([1, 0, 0, 0, 3]) == 4.0


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "|x"])
def test_no_cell_is_a_formula(cell) -> None:
    assert rules.harmless(cell).startswith("'")
    assert rules.harmless("好 = 1") == "好 = 1"


def test_slow_mode() -> None:
    assert rules.slow_wait(10, None, 5) == 0
    assert rules.slow_wait(10, 0, 4) == 6
    assert rules.slow_wait(10, 0, 11) == 0
