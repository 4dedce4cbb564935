"""Decisions at a door are the same on the server and in the browser: both read one file of vectors. And how passages are settled."""

import json
import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from everhall.engines import passes
from everhall.engines.entry import Holder, Listing, Pass, Passed, decide, settle, without_pass
from tests import twins

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "entry.json").read_text())


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_server_decides_as_the_vectors_say(case):
    shown = Pass(**case["shown"]) if case["shown"] else None
    holder = Holder(**case["holder"]) if case["holder"] else None
    found = decide(shown, holder, Listing(**case["listing"]), case["direction"], case["now"], case["headcount"], case["coming"])
    assert [found.decision, found.reason, found.people, found.left, found.warning] == case["expected"]


@pytest.mark.parametrize("case", VECTORS["without_pass"], ids=lambda case: case["name"])
def test_people_without_a_pass_come_and_go_as_the_vectors_say(case):
    found = without_pass(Listing(**case["listing"]), case["direction"], case["now"], case["headcount"], case["coming"])
    assert [found.decision, found.reason, found.people, found.left, found.warning] == case["expected"]


def test_the_browser_decides_the_same_and_reads_the_same_passes(monkeypatch):
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    facts = passes.Facts(b"admissio", b"\x00\xffcode-1", 3, 40, "online", 1_634_700_060.0)
    good = passes.signed(facts, key)
    swapped = good[:30] + ("A" if good[30] != "A" else "B") + good[31:]
    told = {
        "key": key.public_key().public_bytes_raw().hex(), "good": good, "bad": [passes.signed(facts, other), swapped, good[:-1], good[4:], "EH1:", ""],
        "facts": [facts.admission.hex(), facts.code.hex(), facts.issue, facts.seats, facts.way, facts.until],
    }  # fmt: skip
    monkeypatch.setenv("PASSES", json.dumps(told))
    twins.passes(Path(__file__).parent / "entry.test.mjs")


@pytest.mark.parametrize("rule", ["once", "after_exit", "free"])
def test_nobody_counts_twice_whatever_the_order_in_which_they_are_heard(rule):
    chance = random.Random(5)  # noqa: S311 - the same each time
    for _ in range(200):
        seats = chance.choice((1, 1, 3, 40))
        passed = [
            Passed(key, chance.randrange(20), chance.choice("ab"), key, chance.choice(("in", "in", "out")), chance.randint(1, seats))
            for key in range(chance.randint(1, 8))
        ]
        ends = settle(passed, rule, seats)
        assert ends == settle(chance.sample(passed, len(passed)), rule, seats)
        by_key = {one.key: one for one in passed}
        inside = entered = 0
        for end in ends:
            one = by_key[end.key]
            assert 0 <= end.people <= one.people
            inside += end.people if one.direction == "in" else -end.people
            entered += end.people if one.direction == "in" else 0
            assert 0 <= inside <= seats
            assert rule != "once" or entered <= seats
            if rule != "free" and one.direction == "in":
                assert (end.standing == "counted") == (end.people == one.people)
