"""Clashes are the same on the server and in the browser: both read one file of vectors."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from everhall.engines.clashes import Board, Clash, Slot, Travel
from tests import twins

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "clashes.json").read_text())
PLACES = {pk: (lat, lon) for pk, lat, lon in VECTORS["places"]}


def slot_of(told: dict[str, Any]) -> Slot:
    begins, ends = (dt.datetime.fromtimestamp(told[name], dt.UTC) for name in ("begins", "ends"))
    return Slot(
        told["id"], begins, ends, told["venue"], told["stage"] or None, frozenset(told["speakers"]), frozenset(told["hosts"]),
        told["group"], told["online"], dict(told["needs"]),
    )  # fmt: skip


def rows(clashes: list[Clash]) -> list[list[Any]]:
    return [[clash.kind, clash.first, clash.second, clash.about, clash.minutes] for clash in clashes]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_server_finds_what_the_vectors_say(case):
    ways = {(one, other): minutes for one, other, minutes in case["ways"]}
    board = Board([slot_of(told) for told in case["slots"]], Travel(PLACES, ways), dict(case["stock"]))
    assert rows(board.all()) == case["expected"]
    if case["moved"]:
        assert rows(board.of(slot_of(case["moved"]))) == case["of"]


def test_ways_take_as_long_as_the_vectors_say():
    assert [[a, b, Travel(PLACES).minutes(a, b)] for a, b, _ in VECTORS["minutes"]] == VECTORS["minutes"]


def test_the_browser_finds_the_same():
    twins.passes(Path(__file__).parent / "clashes.test.mjs")
