"""The launch ceremony: its stories, what is allowed where, and what holds whatever people press."""

import json
import random
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines import ceremony as engine
from everhall.engines import ceremony_commands as commands
from everhall.engines.ceremony import SEAL, Ceremony
from everhall.engines.ceremony_commands import COMMANDS, LEAD, Refused
from everhall.engines.ceremony_events import apply, due, replayed
from everhall.engines.ceremony_json import KINDS, from_json, from_state_json, to_json
from everhall.engines.ceremony_rules import decide
from tests.twins import passes

VECTORS = Path(__file__).parents[1] / "vectors" / "ceremony.json"
STORIES = json.loads(VECTORS.read_text("utf-8"))["stories"]
T = 1634625000.0
ENDS = {None: Ceremony()} | {s["name"]: from_state_json(s["state"]) for s in STORIES}


def command(do):
    rest = {k: v for k, v in do.items() if k != "kind"}
    return getattr(commands, do["kind"])(**rest)


def outcome(ceremony, asked, now):
    """The state after it, or "!" and the code of the refusal."""
    try:
        return replayed(decide(ceremony, asked, now), ceremony).state
    except Refused as refused:
        return f"!{refused.code}"


# ---------------------------------------------------------------- stories
@pytest.mark.parametrize("story", STORIES, ids=lambda s: s["name"])
def test_stories_go_as_they_are_told(story):
    ceremony = ENDS[story["start"]]
    for step in story["steps"]:
        now = step["now"]
        if "refused" in step:
            with pytest.raises(Refused) as refusal:
                decide(ceremony, command(step["do"]), now)
            assert (refusal.value.code, list(refusal.value.about)) == (step["refused"], step["about"])
            assert refusal.value.words.endswith(".")
            continue
        events = decide(ceremony, command(step["do"]), now) if "do" in step else due(ceremony, now)
        assert [to_json(e) for e in events] == step["events"]
        assert tuple(from_json(e) for e in step["events"]) == events
        ceremony = replayed(events, ceremony)
    assert engine.state_json(ceremony) == story["state"]
    for view in story["views"]:
        assert engine.public_view(ceremony, view["now"]) == view["public"]
        assert engine.staff_view(ceremony, view["now"]) == view["staff"]
        assert engine.counts_down_to(ceremony, view["now"]) == view["counts_down_to"]


def test_every_event_command_and_code_has_its_story():
    steps = [step for story in STORIES for step in story["steps"]]
    assert {e["kind"] for step in steps for e in step.get("events", ())} == set(KINDS)
    assert {step["do"]["kind"] for step in steps if "do" in step} == {c.__name__ for c in COMMANDS}
    codes = set(re.findall(r'"([a-z0-9-]+)"', Refused.__doc__ or ""))
    assert {step["refused"] for step in steps if "refused" in step} == codes


def test_the_twin_in_the_browser_tells_the_same_stories(tmp_path):
    made = tmp_path / "stories.json"
    made.write_text(json.dumps({"stories": [at_random(seed) for seed in range(60)]}), encoding="utf-8")
    told = passes(Path(__file__).with_name("ceremony.test.mjs"), STORIES=str(made))
    assert f"# pass {len(STORIES) + 60 + 2}\n" in told


# ---------------------------------------------------------------- what is allowed where
#: The end of a story, for each state. beijing is required, luoyang optional; once armed, beijing is go.
IN_STATE = {
    "drafted": "the public is shown who is ready",
    "rehearsing": "a rehearsal begins",
    "arming": "a venue is go",
    "armed": "armed",
    "counting": "the count begins",
    "held": "held by the director",
    "launched": "launched",
    "aborted": "aborted",
}
NO = "!state"
#: Command; then for each state above the state after it ("=": as before, with or without an event), or the refusal.
ALLOWED = """
AddParty kaifeng False    =          =          =      =      !state   =        !launched  !state
AddParty kaifeng True     =          =          =      arming !state   =        !launched  !state
RemoveParty luoyang       =          =          =      =      !state   =        !launched  !state
SetPolicy luoyang True    =          =          =      arming !state   =        !launched  !state
SetPolicy beijing False   =          =          =      =      =        =        !launched  !state
ShowParties False         =          =          =      =      =        =        !launched  !state
ReportDropped beijing     =          =          =      arming held     =        =          =
ReportDropped luoyang     =          =          =      =      =        =        =          =
ReportBack beijing        =          =          =      =      =        =        =          =
CheckItem luoyang feed    !state     !state     =      =      =        =        !launched  !state
UncheckItem beijing feed  !state     !state     =      arming !state   =        !launched  !state
GiveGo beijing            !state     !state     =      =      =        =        !launched  !state
GiveNoGo beijing          !state     !state     =      arming held     =        !launched  !state
GiveNoGo luoyang          !state     !state     =      =      =        =        !launched  !state
Rehearse                  rehearsing !state     !state !state !state   !state   !launched  !state
Arm                       arming     arming     !state !state !state   !state   !launched  !state
ConfirmArmed              !state     !state     armed  !state !state   !state   !launched  !state
Count ahead               !state     !state     !state counting !state !state   !launched  !state
Hold                      !state     !state     !state !state held     !state   !launched  !state
Resume ahead              !state     !state     !state !state !state   counting !launched  !state
Abort                     !state     !state     aborted aborted aborted aborted !launched  !state
Reopen                    !state     !state     !state !state !state   !state   !launched  drafted
"""
#: What is allowed in the last seconds of a count; everything else is "!sealed" where counting allows it.
WHEN_SEALED = {"ShowParties False", "ReportDropped beijing", "ReportDropped luoyang", "ReportBack beijing"}


def rows():
    for line in ALLOWED.strip().splitlines():
        words = line.split()
        yield " ".join(words[:-8]), dict(zip(IN_STATE, words[-8:], strict=True))


ROWS = [pytest.param(*row, id=row[0]) for row in rows()]


def asked(text):
    name, *values = text.split()
    if values == ["ahead"]:
        return getattr(commands, name)("somebody", ahead=30)
    return getattr(commands, name)("somebody", *({"True": True, "False": False}.get(v, v) for v in values))


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_what_is_allowed_where(text, expected):
    ends = {state: ENDS[story] for state, story in IN_STATE.items()}
    wanted = {state: state if after == "=" else after for state, after in expected.items()}
    assert {state: outcome(c, asked(text), T - 60) for state, c in ends.items()} == wanted
    # A rehearsal is the same machine, and has no draft of its own.
    del ends["drafted"], wanted["drafted"]
    wanted = {state: "rehearsing" if after == "drafted" else after for state, after in wanted.items()}
    rehearsed = {state: replace(c, rehearsal=True) for state, c in ends.items()}
    assert {state: outcome(c, asked(text), T - 60) for state, c in rehearsed.items()} == wanted


def test_a_rehearsal_ends_from_anywhere_and_only_a_rehearsal():
    for story in IN_STATE.values():
        real, rehearsed = (replace(ENDS[story], rehearsal=flag) for flag in (False, True))
        assert outcome(real, asked("EndRehearsal"), T - 60) == "!no-rehearsal"
        after = replayed(decide(rehearsed, asked("EndRehearsal"), T - 60), rehearsed)
        assert (after.state, after.rehearsal, after.t0, after.stop) == ("drafted", False, None, None)
        assert all(p == p.cleared() for p in after.parties)


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_what_is_sealed_is_launched(text, expected):
    ceremony = ENDS[IN_STATE["counting"]]
    allowed = expected["counting"][0] != "!" or text.startswith("SetPolicy")
    wanted = "!sealed" if allowed else expected["counting"]
    at = T - SEAL + 0.001
    assert outcome(ceremony, asked(text), at) == ("counting" if text in WHEN_SEALED else wanted)
    assert outcome(ceremony, asked("EndRehearsal"), at) == "!sealed"
    assert outcome(ceremony, asked("Hold"), T - SEAL) == "held"


def test_the_tables_know_every_command_and_state():
    assert {text.split()[0] for text, _ in rows()} | {"EndRehearsal"} == {c.__name__ for c in COMMANDS}
    assert set(IN_STATE) == set(commands.ALL)
    for state, story in IN_STATE.items():
        assert ENDS[story].state == state


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"t0": T + LEAD}, T + LEAD),
        ({"t0": T + 20.125}, T + 20.125),
        ({"ahead": 10}, T + 10),
        ({"ahead": 10.5}, T + 11),
        ({"t0": T + 9.999}, "too-soon"),
        ({"t0": T - 86400}, "too-soon"),
        ({"ahead": 9.9}, "too-soon"),
        ({"ahead": 8 * 86400}, "too-far"),
        ({"t0": float("nan")}, "t0"),
        ({"ahead": float("inf")}, "t0"),
        ({"t0": T + 20, "ahead": 20}, "t0"),
        ({}, "t0"),
    ],
)
def test_t0_is_ten_seconds_ahead_at_least(given, expected):
    for kind, story in ((commands.Count, "armed"), (commands.Resume, "held by the director")):
        if isinstance(expected, str):
            assert outcome(ENDS[story], kind("director", **given), T) == f"!{expected}"
        else:
            assert to_json(decide(ENDS[story], kind("director", **given), T)[0])["t0"] == expected


# ---------------------------------------------------------------- time, and two at once
def test_the_launch_needs_no_record():
    counting = ENDS["the count begins"]
    assert engine.phase(counting, T - 0.001) == "countdown"
    assert engine.phase(counting, T) == engine.stage_phase(counting, T) == "launched"
    assert counting.launched_at is None
    assert engine.settled(counting, T).launched_at == T


def test_whoever_writes_the_launch_and_however_late_it_is_one_event():
    counting = ENDS["the count begins"]
    assert due(counting, T) == due(counting, T + 86400)
    launched = replayed(due(counting, T + 5), counting)
    assert launched.launched_at == T
    assert due(launched, T + 6) == ()


def test_of_two_directors_pressing_at_once_one_wins_and_the_other_is_told():
    seen = ENDS["the count begins"]
    first = decide(seen, commands.Hold("first", expected=seen.version), T - 30)
    decide(seen, commands.Abort("second", expected=seen.version), T - 30)
    # Compare-and-set has let the first one write; the second decides again on what is there now.
    now_there = replayed(first, seen)
    with pytest.raises(Refused) as refusal:
        decide(now_there, commands.Abort("second", expected=seen.version), T - 29.9)
    assert refusal.value.code == "changed"
    assert refusal.value.words == "first was faster: it is held now."


def test_the_certificate_names_every_venue():
    with pytest.raises(ValueError, match="not happened"):
        engine.certificate(ENDS["the count begins"], {})
    beijing, luoyang = engine.certificate(ENDS["launched"], {"beijing": 0.004, "a hall": 1.0})
    assert beijing == engine.CertificateRow(
        "beijing", True, "go", "beijing-operator", T - 2900, True, T, 0.004
    )
    assert (luoyang.vote, luoyang.voted_at, luoyang.skew, luoyang.launched_at) == ("none", None, None, T)


# ---------------------------------------------------------------- JSON
@pytest.mark.parametrize(
    "garbage",
    [
        None, [], "Armed", {}, {"kind": "Armed"}, {"kind": "Event", "by": "x", "at": 1}, {"kind": ["Armed"]},
        {"kind": "Armed", "by": "x", "at": "noon"}, {"kind": "Armed", "by": "x", "at": True},
        {"kind": "Armed", "by": "x", "at": float("nan")}, {"kind": "Armed", "by": "x", "at": 10**400},
        {"kind": "Armed", "by": "x", "at": 1, "more": 1}, {"kind": "Armed", "by": 7, "at": 1},
        {"kind": "ItemChecked", "by": "x", "at": 1, "party": "a", "item": "soup"},
    ],
    ids=lambda g: str(g)[:40],
)  # fmt: skip
def test_what_is_no_event_is_an_error(garbage):
    with pytest.raises(ValueError, match=r"^(an event|there is no|not )"):
        from_json(garbage)
    with pytest.raises(ValueError, match=r"^not "):
        from_state_json(garbage)


# ---------------------------------------------------------------- what holds whatever people press
PARTIES = ("beijing", "luoyang", "kaifeng")
ITEMS = engine.ITEMS
PAUSES = (0.0, 0.4, 1.0, 3.0, 20.0, -0.2)
STEP = st.tuples(st.integers(0, 24), st.integers(0, 2), st.integers(0, 5), st.booleans())


def pressed(what, party, flag, now):
    """One of all commands; those that lead on come more often."""
    key, by = PARTIES[party], f"{PARTIES[party]}-operator"
    told = [
        commands.AddParty(by, key, flag), commands.RemoveParty(by, key), commands.SetPolicy(by, key, flag),
        commands.ShowParties(by, flag), commands.ReportDropped(by, key, now - 2), commands.ReportBack(by, key),
        commands.CheckItem(by, key, ITEMS[party]), commands.CheckItem(by, key, "stage"),
        commands.UncheckItem(by, key, ITEMS[party]), commands.GiveGo(by, key), commands.GiveNoGo(by, key, "rain"),
        commands.Rehearse(by), commands.EndRehearsal(by), commands.Arm(by), commands.ConfirmArmed(by),
        commands.Count(by, t0=now + 12.25), commands.Count(by, ahead=10), commands.Hold(by, "wait"),
        commands.Resume(by, ahead=15), commands.Abort(by), commands.Reopen(by),
    ]  # fmt: skip
    return [*told, told[14], told[16], told[18], told[9]][what]


def walk(start, steps):
    """(before, events, after, now) of each press; a refusal is one without events."""
    ceremony, now = start, T - 4000
    for what, party, pause, flag in steps:
        now += PAUSES[pause]
        try:
            events = decide(ceremony, pressed(what, party, flag, now), now)
        except Refused:
            events = due(ceremony, now) if flag else ()
        after = replayed(events, ceremony)
        yield ceremony, events, after, now
        ceremony = after


def moved_back(start):
    """The same ceremony with times before the walk's begin, so that a count can be lived through."""
    return replace(start, t0=T - 3970) if start.state in ("counting", "launched") else start


#: But not in the seal, which is only come to by time.
STARTS = [moved_back(c) for name, c in ENDS.items() if name != "sealed"]


@lru_cache
def at_random(seed):
    """A story for the twin."""
    dice = random.Random(seed)  # noqa: S311 - a story, not a secret
    start = dice.choice([name for name in ENDS if name is None or ENDS[name].t0 is None])
    steps = [(dice.randrange(25), dice.randrange(3), dice.randrange(6), dice.random() < 0.6) for _ in range(60)]
    walked = list(walk(ENDS[start], steps))
    told = [{"events": [to_json(e) for e in events]} for _before, events, _after, _now in walked]
    _before, _events, after, now = walked[-1]
    views = [
        {"now": at, "public": engine.public_view(after, at), "staff": engine.staff_view(after, at),
         "counts_down_to": engine.counts_down_to(after, at)}
        for at in (now, now + 8, now + 60)
    ]  # fmt: skip
    return {"name": f"at random {seed}", "start": start, "steps": told, "state": engine.state_json(after), "views": views}


def check_state(c, now):
    """What is never otherwise, whoever pressed what."""
    assert (c.t0 is not None) == (c.state in ("counting", "launched"))
    assert (c.state == "rehearsing") <= c.rehearsal
    assert (c.state == "drafted") <= (not c.rehearsal)
    assert (c.stop is not None) >= (c.state in ("held", "aborted"))
    assert c.public_version <= c.version
    assert c.turned <= c.version
    assert (c.state == "armed") <= c.complete
    # In a count a required party can go missing only when nothing can be taken back any more.
    assert (c.state == "counting" and not engine.sealed(c, now)) <= c.complete
    assert (c.state in ("counting", "launched")) <= all(p.vote == "go" for p in c.parties if p.required)
    assert all(set(p.done) == set(ITEMS) for p in c.parties if p.vote == "go")
    assert len({p.key for p in c.parties}) == len(c.parties)
    view = engine.public_view(c, now)
    if c.rehearsal:
        assert (view["phase"], view["t0"]) == ("waiting", None)
        assert not any(p["ready"] for p in view["parties"])


def check_step(before, events, after, now):
    assert after.version == before.version + len(events)
    if before.state == "launched" and not before.rehearsal:
        assert after == before
    was = engine.settled(before, now)
    if engine.sealed(was, now):
        assert (after.t0, after.state, after.rehearsal) == (was.t0, "counting", was.rehearsal)
    if was.state == "launched" and not was.rehearsal:
        assert engine.phase(after, now) == "launched"
        assert after.t0 == was.t0
    if after.t0 is not None and after.t0 != before.t0:
        assert after.t0 >= now + LEAD
    if before.rehearsal and after.rehearsal:
        edited = {type(e).__name__ for e in events} & {"PartyAdded", "PartyRemoved", "PartiesShown"}
        assert edited or engine.public_view(before, now) == engine.public_view(after, now)
    if engine.public_content(before) != engine.public_content(after):
        assert after.public_version > before.public_version


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STARTS), st.lists(STEP, max_size=30))
def test_no_pressing_leads_where_nothing_may_lead(start, steps):
    written, last, latest = [], start, T - 4000
    for before, events, after, now in walk(start, steps):
        latest = max(latest, now)  # clocks of servers differ a little, so time runs back now and then
        check_step(before, events, after, now)
        check_state(after, latest)
        written += [to_json(e) for e in events]
        last = after
    assert replayed((from_json(e) for e in json.loads(json.dumps(written))), start) == last
    assert from_state_json(json.loads(json.dumps(engine.state_json(last)))) == last


def test_random_stories_reach_every_state_and_kind():
    seen: dict[str, set[str]] = {"states": set(), "kinds": set()}
    for seed in range(60):
        story = at_random(seed)
        ceremony = ENDS[story["start"]]
        for event in (e for step in story["steps"] for e in step["events"]):
            ceremony = apply(ceremony, from_json(event))
            seen["states"].add(ceremony.state)
            seen["kinds"].add(event["kind"])
    assert seen == {"states": set(commands.ALL), "kinds": set(KINDS)}
