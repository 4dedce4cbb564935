"""Launch ceremonies: carrying out commands, writing down what time has brought about, presence, measures, telling.

In: a ceremony's id, a command of `engines.ceremony_commands`, the moment. Out: the ceremony after it, or `Refused` (of
the engine). Must stay true: an event is in the log, and its state stored, before anybody hears of it; of two who act at
once one wins and the other decides anew on what is there then; what is told is told again if the process dies before.
"""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from wagtail.log_actions import log as audit

from everhall.editions.models import LaunchMoment
from everhall.engines import ceremony as machine
from everhall.engines.ceremony_commands import Command, Refused, ReportBack, ReportDropped
from everhall.engines.ceremony_events import CLOCK, Event, due, replayed
from everhall.engines.ceremony_json import to_json
from everhall.engines.ceremony_rules import decide
from everhall.live import rules
from everhall.live.events import CeremonyChanged
from everhall.live.models import Ceremony, CeremonyEntry, ConsoleHeard, ShownMoment
from everhall.live.queries.ceremonies import screen_topic, screen_view, staff_topic
from everhall.live.services.launching import follow_ceremony
from everhall.realtime import news
from everhall.realtime.telling import tell_pages

#: How often a command is decided anew because somebody else was faster.
TRIES = 3
#: A console says that it is there every five seconds; a row that is younger than this is not written again.
FRESH = dt.timedelta(seconds=4)
#: Silence after which a venue has dropped out.
SILENCE = dt.timedelta(seconds=15)
#: Where presence is asked for: a draft has nobody at its consoles yet.
WATCHED = ("arming", "armed", "counting", "held")
#: Displays of one launch whose measure is kept; more is no hall.
MOST_MEASURES = 1000

Decided = Callable[[machine.Ceremony], Sequence[Event]]


class Beaten(Exception):  # noqa: N818 - not an accident either
    """Somebody else has written the next version."""


def command(ceremony_id: int, order: Command, now: dt.datetime) -> machine.Ceremony:
    """Carry out a command; the ceremony after it. `Refused` where the engine refuses it."""
    return write(ceremony_id, lambda known: decide(known, order, now.timestamp()), now)


def write_down_due(ceremony_id: int, now: dt.datetime) -> machine.Ceremony:
    """Write down a launch that time has brought about, at its T0, if nobody has yet."""
    return write(ceremony_id, lambda known: due(known, now.timestamp()), now)


def write(ceremony_id: int, decided: Decided, now: dt.datetime) -> machine.Ceremony:
    """Decide and write, anew where somebody was faster. `Refused` ("changed") after three times."""
    for left in reversed(range(TRIES)):
        try:
            return _written(ceremony_id, decided, now)
        except Beaten:
            continue
        except OperationalError:
            # The database ended one of two transactions that waited for each other; or it is away, which is no refusal.
            if not left:
                raise
    known = Ceremony.objects.get(pk=ceremony_id).known
    raise Refused("changed", "Others were faster; try again.", (known.turned_by, known.state))


@transaction.atomic
def _written(ceremony_id: int, decided: Decided, now: dt.datetime) -> machine.Ceremony:
    row = Ceremony.objects.select_related("edition", "channel__edition", "channel__venue").get(pk=ceremony_id)
    before = row.known
    events = decided(before)
    if not events:
        return before
    after = replayed(events, before)
    # Compare and set; the log's constraint is the second lock on the same door.
    same = Ceremony.objects.filter(pk=row.pk, version=before.version)
    if not same.update(state=machine.state_json(after), status=after.state, version=after.version):
        raise Beaten
    log(row, before.version, events)
    follow_ceremony(row, before, after, now)
    public = after.public_version > before.version
    tags = (rules.launch_tag(row.edition.code),) if public else ()
    news.tell(CeremonyChanged(tags=tags, ids=(row.pk,), after=before.version, upto=after.version))
    return after


def log(row: Ceremony, version: int, events: Sequence[Event]) -> None:
    entries = [
        CeremonyEntry(
            ceremony=row, version=version + number, kind=type(event).__name__, payload=to_json(event),
            at=dt.datetime.fromtimestamp(event.at, dt.UTC),
        )
        for number, event in enumerate(events, start=1)
    ]  # fmt: skip
    try:
        CeremonyEntry.objects.bulk_create(entries)
    except IntegrityError as taken:
        raise Beaten from taken


@transaction.atomic
def set_up(row: Ceremony, by: Any) -> Ceremony:
    """Make a ceremony, or change what it is called and what it moves; never what has happened in it. While it counts and
    once it has launched nothing of it changes (`Refused`, "state")."""
    made = row.pk is None
    if not made:
        status = Ceremony.objects.select_for_update().values_list("status", flat=True).get(pk=row.pk)
        if status in {"counting", "launched"}:
            raise Refused("state", f"Not while it is {status}.", (status,))
    row.save()
    LaunchMoment.objects.get_or_create(edition=row.edition)
    audit(instance=row, action="wagtail.create" if made else "wagtail.edit", user=by)
    return row


# ---------------------------------------------------------------- telling
def tell_ceremony(event: CeremonyChanged) -> None:
    """After the commit, and again by the clerk if that process died: every event to the consoles, the whole to displays,
    and to the public what it may know, if that has changed. Pages pass over versions they know."""
    for row in Ceremony.objects.filter(pk__in=event.ids).select_related("edition"):
        known, now = row.known, timezone.now().timestamp()
        for entry in row.entries.filter(version__gt=event.after, version__lte=event.upto).order_by("version"):
            tell_pages(staff_topic(row), {**entry.payload, "version": entry.version}, urgent=True)
        tell_pages(screen_topic(row), screen_view(known, now), urgent=True)
        if known.public_version > event.after and row.edition.is_public:
            view = machine.public_view(known, now)
            told = {"kind": "launch", "ceremony": row.code, **view}
            tell_pages(f"edition.{row.edition.code}", told, urgent=True)


# ---------------------------------------------------------------- presence
def heard(row: Ceremony, party: str, by: str, now: dt.datetime) -> machine.Ceremony:
    """A console of this party is there. Writes only what is older than `FRESH`; a party that had dropped out is back.
    `Refused` where there is no such party."""
    known = row.known
    found = known.party(party)
    if found is None:
        raise Refused("unknown-party", f"There is no party {party}.", (party,))
    mine = ConsoleHeard.objects.filter(ceremony=row, party=party)
    if not mine.filter(heard_at__gte=now - FRESH).exists() and not mine.update(heard_at=now):
        ConsoleHeard.objects.get_or_create(ceremony=row, party=party, defaults={"heard_at": now})
    if not found.present:
        return command(row.pk, ReportBack(by, party), now)
    return write_down_due(row.pk, now) if due(known, now.timestamp()) else known


def report_silent(now: dt.datetime, listening: dt.datetime) -> int:
    """Parties whose consoles have been silent for `SILENCE` have dropped out; how many. `listening`: since when somebody
    could have heard them: a server that was away itself is not their silence. Who was never heard is not missed."""
    dropped = 0
    if now - listening < SILENCE:
        return dropped
    for row in Ceremony.objects.filter(status__in=WATCHED):
        silent = dict(row.heard.filter(heard_at__lte=now - SILENCE).values_list("party", "heard_at"))
        for party in row.known.parties:
            if party.present and party.key in silent:
                order = ReportDropped(CLOCK, party.key, since=silent[party.key].timestamp())
                dropped += _told(row.pk, order, now)
    return dropped


def _told(ceremony_id: int, order: Command, now: dt.datetime) -> bool:
    try:
        command(ceremony_id, order, now)
    except Refused:
        # Taken out, or written down by somebody else a moment ago.
        return False
    return True


class Watch:
    """What the clerk does for ceremonies every two seconds; it knows since when it has been looking."""

    #: A turn that comes later than this after the last one: this process slept, and heard nobody meanwhile.
    SLEPT = dt.timedelta(seconds=6)

    def __init__(self) -> None:
        self._since: dt.datetime | None = None
        self._last: dt.datetime | None = None

    def __call__(self, now: dt.datetime) -> None:
        if self._since is None or self._last is None or now - self._last > self.SLEPT:
            self._since = now
        self._last = now
        for pk in Ceremony.objects.filter(status="counting").values_list("pk", flat=True):
            write_down_due(pk, now)
        report_silent(now, self._since)


# ---------------------------------------------------------------- measures
def keep_measure(
    row: Ceremony, *, party: str, display: str, t0: float, late: float, error: float, now: dt.datetime
) -> bool:
    """How a display showed T0; whether it was kept: once for each display, and only of the launch that has happened."""
    known = machine.settled(row.known, now.timestamp())
    if known.state != "launched" or known.t0 != t0 or not all(map(math.isfinite, (late, error))):
        return False
    if row.shown_moments.filter(t0=t0).count() >= MOST_MEASURES:
        return False
    _, made = ShownMoment.objects.get_or_create(
        ceremony=row, t0=t0, display=display[:40],
        defaults={"party": party, "late": late, "error": abs(error), "at": now},
    )
    return made
