"""Ceremonies on the database: one of two wins, the log, presence, what survives a death, measures."""

import contextlib
import datetime as dt
import json
import threading
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from everhall.config.clerk import Clerk
from everhall.config.demo.ceremony import load_ceremony
from everhall.engines import ceremony_commands as commands
from everhall.engines.ceremony_commands import Refused
from everhall.engines.ceremony_events import replayed
from everhall.engines.ceremony_json import from_json
from everhall.engines.ceremony_rules import decide
from everhall.live.models import Ceremony, CeremonyEntry, Cut
from everhall.live.services import ceremonies
from everhall.realtime import bus, news
from everhall.realtime.models import NewsItem
from tests.live.ceremonies import arm, count, make_ceremony_week, order, ready
from tests.live.desks import make_live_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(db) -> Ceremony:
    return make_ceremony_week()[1]


class Posts:
    """A bus that remembers what was posted; `dies`: the process is gone at the first word."""

    def __init__(self, dies: bool = False) -> None:
        self.dies = dies
        self.told: list[tuple[str, dict[str, Any]]] = []

    def post(self, topic: str, body: bytes, *, urgent: bool = False) -> None:
        if self.dies:
            raise KeyboardInterrupt
        assert urgent
        self.told.append((topic, json.loads(body)))

    def attach(self, newsroom: Any) -> None:
        """Nobody listens."""

    detach = attach


@pytest.fixture
def posts():
    made = Posts()
    bus.made_by(lambda: made)
    yield made
    bus.made_by(bus.MemoryBus)


# ---------------------------------------------------------------- the log
def test_the_state_is_what_the_log_makes_of_the_draft(row: Ceremony) -> None:
    count(row)
    order(row, commands.Hold("d", "wind"))
    row.refresh_from_db()
    entries = list(row.entries.order_by("version"))
    assert [entry.version for entry in entries] == list(range(1, row.version + 1))
    assert replayed(from_json(entry.payload) for entry in entries) == row.known
    assert (row.status, row.known.state) == ("held", "held")


def test_an_entry_is_never_changed(row: Ceremony) -> None:
    entry = row.entries.first()
    assert entry is not None
    with pytest.raises(TypeError):
        entry.save()


def test_saving_a_form_does_not_bring_an_old_state_back(row: Ceremony) -> None:
    seen = Ceremony.objects.get(pk=row.pk)
    arm(row)
    seen.name_en = "Another name"
    seen.save()
    row.refresh_from_db()
    assert (row.status, row.name_en) == ("armed", "Another name")


# ---------------------------------------------------------------- two at once
def test_who_was_overtaken_decides_anew(row: Ceremony) -> None:
    overtaken: list[int] = []

    def decided(known):
        if not overtaken:
            overtaken.append(known.version)
            # As if somebody else's transaction had committed between our look and our writing.
            Ceremony.objects.filter(pk=row.pk).update(version=known.version + 1)
        return decide(known, commands.Arm("d"), timezone.now().timestamp())

    assert ceremonies.write(row.pk, decided, timezone.now()).state == "arming"
    assert row.entries.count() == overtaken[0] + 1


def test_after_three_times_it_is_refused(row: Ceremony) -> None:
    def decided(known):
        Ceremony.objects.filter(pk=row.pk).update(version=known.version + 1)
        return decide(known, commands.Arm("d"), timezone.now().timestamp())

    with pytest.raises(Refused) as refused:
        ceremonies.write(row.pk, decided, timezone.now())
    assert refused.value.code == "changed"
    row.refresh_from_db()
    assert row.status == "drafted"


@pytest.mark.django_db(transaction=True)
def test_of_two_directors_at_once_one_wins_and_the_other_is_told_who() -> None:
    row = make_ceremony_week()[1]
    seen = count(row, ahead=60)
    together, outcomes = threading.Barrier(2), {}

    def press(name: str, command: Any) -> None:
        together.wait(10)
        # The tests' SQLite lives in memory and waits for nobody: whoever meets its lock comes again.
        while name not in outcomes:
            with contextlib.suppress(OperationalError):
                outcomes[name] = pressed(command)
        connection.close()

    def pressed(command: Any) -> Any:
        try:
            return order(row, command).state
        except Refused as refused:
            return refused

    threads = [
        threading.Thread(target=press, args=("anna", commands.Hold("anna", expected=seen.version))),
        threading.Thread(target=press, args=("bo", commands.Abort("bo", expected=seen.version))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (loser,) = [name for name, outcome in outcomes.items() if isinstance(outcome, Refused)]
    winner = {"anna": "bo", "bo": "anna"}[loser]
    assert outcomes[loser].code == "changed"
    assert outcomes[loser].about == (winner, outcomes[winner])
    row.refresh_from_db()
    assert row.known.turned_by == winner
    assert row.entries.count() == row.version == seen.version + 1


# ---------------------------------------------------------------- telling, and dying before it
@pytest.mark.django_db(transaction=True)
def test_t0_is_stored_before_it_is_told_and_told_by_the_next_process() -> None:
    row = make_ceremony_week()[1]
    arm(row)
    dying, told = Posts(dies=True), Posts()
    bus.made_by(lambda: dying)
    try:
        with pytest.raises(KeyboardInterrupt):
            order(row, commands.Count("d", ahead=60))
        row.refresh_from_db()
        known = row.known
        assert known.t0 is not None
        assert NewsItem.objects.filter(kind="CeremonyChanged", handled=False).count() == 1
        bus.made_by(lambda: told)
        news.deliver_forgotten(timezone.now() + dt.timedelta(seconds=6))
    finally:
        bus.made_by(bus.MemoryBus)
    topics = dict(told.told)
    assert topics[f"ceremony.{row.pk}"]["kind"] == "CountBegan"
    assert topics[f"ceremony.{row.pk}"]["version"] == row.version
    assert topics["edition.2021"]["t0"] == known.t0
    assert topics[f"ceremony.{row.pk}-screen"]["phase"] == "countdown"


def test_the_public_is_told_nothing_of_a_rehearsal_and_of_checklists(row, posts, django_capture_on_commit_callbacks) -> None:
    steps = (
        lambda: count(row, rehearsal=True), lambda: order(row, commands.Hold("d", "secret reason")),
        lambda: order(row, commands.EndRehearsal("d")), lambda: arm(row),
    )  # fmt: skip
    for step in steps:
        with django_capture_on_commit_callbacks(execute=True):
            step()
    assert not [told for topic, told in posts.told if topic == "edition.2021"]
    versions = [told["version"] for topic, told in posts.told if topic == f"ceremony.{row.pk}"]
    row.refresh_from_db()
    assert versions == list(range(4, row.version + 1))
    screens = [told for topic, told in posts.told if topic.endswith("-screen")]
    assert "secret reason" not in json.dumps(screens)
    assert any(told["rehearsal"] and told["phase"] == "countdown" for told in screens)


# ---------------------------------------------------------------- time
def test_a_launch_is_written_down_once_at_its_t0_by_whoever_notices(row: Ceremony) -> None:
    known = count(row)
    late = dt.datetime.fromtimestamp(known.t0, dt.UTC) + dt.timedelta(minutes=3)
    for _ in range(3):
        assert ceremonies.write_down_due(row.pk, late).launched_at == known.t0
    entry = row.entries.get(kind="Launched")
    assert entry.at.timestamp() == known.t0
    assert entry.payload["by"] == "clock"


def test_the_clerk_writes_a_launch_down(row: Ceremony) -> None:
    t0 = count(row).t0
    # Not the clerk's whole turn: that gives back its connection, in which this test's transaction lives.
    [watch] = [duty.task for duty in Clerk().duties if isinstance(duty.task, ceremonies.Watch)]
    watch(dt.datetime.fromtimestamp(t0, dt.UTC) - dt.timedelta(seconds=1))
    row.refresh_from_db()
    assert row.status == "counting"
    watch(dt.datetime.fromtimestamp(t0, dt.UTC) + dt.timedelta(seconds=1.5))
    row.refresh_from_db()
    assert row.status == "launched"


# ---------------------------------------------------------------- presence
def test_a_venue_that_falls_silent_drops_out_after_fifteen_seconds_and_is_back_at_once(row: Ceremony) -> None:
    now = timezone.now()
    arm(row, now)
    ceremonies.heard(row, "beijing", "bo", now)
    watch = ceremonies.Watch()
    for seconds in range(0, 15, 2):
        watch(now + dt.timedelta(seconds=seconds))
    row.refresh_from_db()
    assert row.status == "armed"
    watch(now + dt.timedelta(seconds=16))
    row.refresh_from_db()
    assert row.status == "arming"
    party = row.known.party("beijing")
    assert party is not None
    assert (party.present, party.since) == (False, now.timestamp())
    assert row.known.stop is not None
    assert row.known.stop.party == "beijing"
    back = ceremonies.heard(row, "beijing", "bo", now + dt.timedelta(seconds=17)).party("beijing")
    assert back is not None
    assert back.present
    assert back.vote == "go"


def test_an_optional_venue_that_drops_out_stops_nobody(row: Ceremony) -> None:
    now = timezone.now()
    ceremonies.heard(row, "park-haidian", "p", now)
    count(row, now, ahead=60)
    assert ceremonies.report_silent(now + dt.timedelta(seconds=20), now) == 1
    row.refresh_from_db()
    assert row.status == "counting"


def test_silence_of_the_server_itself_is_no_drop_out(row: Ceremony) -> None:
    now = timezone.now()
    ceremonies.heard(row, "beijing", "bo", now)
    arm(row, now)
    watch = ceremonies.Watch()
    watch(now)
    # The process slept, or was begun anew: nobody could have been heard.
    watch(now + dt.timedelta(seconds=60))
    watch(now + dt.timedelta(seconds=64))
    row.refresh_from_db()
    assert row.status == "armed"


def test_a_sign_of_life_writes_one_row_every_few_seconds(row: Ceremony, django_assert_num_queries) -> None:
    now = timezone.now()
    ceremonies.heard(row, "beijing", "bo", now)
    row.refresh_from_db()
    with django_assert_num_queries(1):
        ceremonies.heard(row, "beijing", "bo", now + dt.timedelta(seconds=1))
    assert row.heard.get().heard_at == now
    ceremonies.heard(row, "beijing", "bo", now + dt.timedelta(seconds=5))
    assert row.heard.get().heard_at == now + dt.timedelta(seconds=5)
    assert CeremonyEntry.objects.filter(kind__startswith="Party").exclude(kind="PartyAdded").count() == 0


# ---------------------------------------------------------------- the channel
def test_the_channel_cuts_at_t0_and_not_if_it_is_held_or_rehearsed() -> None:
    week, row = make_ceremony_week()
    channel = week.rows["channel", "beijing"]
    Ceremony.objects.filter(pk=row.pk).update(channel=channel, cut_source=week.rows["feed", "beijing"].source)
    count(row, rehearsal=True, ahead=60)
    order(row, commands.EndRehearsal("d"))
    assert not Cut.objects.exists()
    known = count(row, ahead=60)
    assert Cut.objects.get().at.timestamp() == known.t0
    order(row, commands.Hold("d"))
    assert not Cut.objects.exists()
    ready(row, "park-haidian")
    known = order(row, commands.Resume("d", ahead=90))
    assert Cut.objects.get().at.timestamp() == known.t0


# ---------------------------------------------------------------- measures
def test_a_measure_is_kept_once_and_only_of_what_has_launched(row: Ceremony) -> None:
    t0 = count(row).t0
    after = dt.datetime.fromtimestamp(t0, dt.UTC) + dt.timedelta(seconds=1)
    before = after - dt.timedelta(seconds=2)
    asked = {"party": "beijing", "display": "a", "late": 0.004, "error": 0.002}
    row.refresh_from_db()
    assert not ceremonies.keep_measure(row, **asked, t0=t0, now=before)
    assert not ceremonies.keep_measure(row, **asked, t0=t0 + 1, now=after)
    assert not ceremonies.keep_measure(row, **asked | {"late": float("nan")}, t0=t0, now=after)
    assert ceremonies.keep_measure(row, **asked, t0=t0, now=after)
    assert not ceremonies.keep_measure(row, **asked | {"late": 9.0}, t0=t0, now=after)
    assert row.shown_moments.get().late == 0.004


# ---------------------------------------------------------------- the demo
def test_the_demo_has_a_ceremony_of_five_venues_that_is_marked_and_made_once(db) -> None:
    make_live_week()
    for _ in range(2):
        made = load_ceremony()
    assert Ceremony.objects.count() == 1
    assert (len(made.known.parties), made.is_sample, made.opens, made.known.state) == (5, True, True, "drafted")
