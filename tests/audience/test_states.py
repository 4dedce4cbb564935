"""Old state and event give fresh state, for each kind of event, here and in the browser."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import taking_part as states
from tests.twins import passes

CASES = json.loads((Path(__file__).parents[1] / "vectors" / "audience.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_old_state_and_event_give_fresh_state(case) -> None:
    before = copy.deepcopy(case)
    assert states.AFTER[case["topic"]](case["state"], case["event"]) == case["fresh"]
    assert case == before


def test_each_kind_has_a_case() -> None:
    told = {(case["topic"], event["kind"]) for case in CASES for event in case["event"].get("events", [case["event"]])}
    wanted = {("chat", kind) for kind in states.CHAT} | {("questions", kind) for kind in states.QUESTIONS}
    wanted |= {("poll", kind) for kind in states.POLLS} | {("desk", kind) for kind in states.DESK}
    assert told == wanted | {("reactions", "counted"), ("viewers", "counted")}


def test_the_twin_in_the_browser() -> None:
    assert f"# pass {len(CASES)}\n" in passes(Path(__file__).with_name("states.test.mjs"))


ids = st.integers(1, 8)
shown = st.builds(lambda n: {"kind": "shown", "message": {"id": n, "who": "w", "name": "n", "text": "t", "at": n}}, ids)
deleted = st.builds(lambda found: {"kind": "deleted", "ids": sorted(found)}, st.sets(ids, max_size=3))


@given(st.lists(shown | deleted, max_size=20))
def test_what_was_deleted_stays_away_in_any_order(events) -> None:
    state = states.no_chat()
    gone: set[int] = set()
    for event in events:
        state = states.chat_after(state, event)
        gone |= set(event.get("ids", ()))
        assert not gone & {message["id"] for message in state["messages"]}
        assert [m["id"] for m in state["messages"]] == sorted({m["id"] for m in state["messages"]})


counts = st.dictionaries(st.sampled_from(["clap", "like"]), st.integers(0, 9), max_size=2)
told = st.builds(lambda source, c: {"kind": "counted", "source": source, "counts": c}, st.sampled_from("abc"), counts)


@given(st.lists(told, max_size=12), st.randoms())
def test_reactions_add_up_in_any_order_and_however_often(events, chance) -> None:
    def after(those):
        state = states.no_reactions()
        for event in those:
            state = states.reactions_after(state, event)
        return state

    mixed = [*events, *events]
    chance.shuffle(mixed)
    assert after(events) == after(mixed)
    assert sum(after(events)["counts"].values()) == sum(
        max((e["counts"].get(kind, 0) for e in events if e["source"] == source), default=0)
        for source in "abc" for kind in ("clap", "like")
    )
