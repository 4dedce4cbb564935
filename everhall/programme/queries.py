"""Reads on the programme. Whatever is public starts from an edition and a moment."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Prefetch, Q, QuerySet, Value
from django.utils.translation import get_language

from everhall.editions.models import Edition, Venue
from everhall.editions.prepared import Prepared
from everhall.engines.bilingual import pick
from everhall.engines.clashes import Board, Slot, Travel
from everhall.programme import rules
from everhall.programme.models import (
    Activity,
    ActivityHost,
    Equipment,
    Kind,
    Mode,
    ProgrammeVersion,
    Session,
    SessionNeed,
    SessionSpeaker,
    TravelTime,
)

#: More sessions than run at one moment of the largest week.
MOST_AT_ONCE = 120
#: More than a home page shows of what comes next.
MOST_COMING = 12


def public_activities(edition: Edition, now: dt.datetime) -> QuerySet[Activity]:
    """Activities visitors may see."""
    if not edition.is_public:
        return Activity.objects.none()
    return Activity.objects.filter(
        Q(embargo_until__isnull=True) | Q(embargo_until__lte=now), edition=edition, live=True
    )


def public_sessions(edition: Edition, now: dt.datetime) -> QuerySet[Session]:
    """Sessions visitors may see, cancelled ones included: people must learn of it."""
    if not edition.is_public:
        return Session.objects.none()
    return _public_sessions(edition, now)


def _public_sessions(edition: Any, now: Any) -> QuerySet[Session]:
    """Of a public edition; both may stand for values that come later (`Prepared`)."""
    return Session.objects.filter(_is_open(now), edition=edition, activity__live=True)


def _is_open(now: Any) -> Q:
    return Q(activity__embargo_until__isnull=True) | Q(activity__embargo_until__lte=now)


_is_public = Prepared(lambda edition, now, session: _public_sessions(edition, now).filter(pk=session).values_list("pk")[:1])


def is_public(session: Session, now: dt.datetime) -> bool:
    """Whether visitors may see this session at this moment."""
    return session.edition.is_public and _is_public.first(session.edition_id, now, session.pk) is not None


_open_among = Prepared(
    lambda sessions, now: Session.objects.filter(_is_open(now), pk__in=sessions, activity__live=True).values_list("pk")
)


def public_among(sessions: Collection[int], now: dt.datetime) -> set[int]:
    """Those of them that visitors may see, once their editions are public, which asks the caller."""
    return {pk for (pk,) in _open_among(list(sessions), now)}


def with_cards(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Everything a session's card shows, in a constant number of queries."""
    return sessions.select_related(
        "activity__venue", "stage__venue", "stage__hall", "edition", "activity__edition"
    ).prefetch_related(
        Prefetch("speakers", SessionSpeaker.objects.select_related("person")),
        Prefetch("activity__hosts", ActivityHost.objects.select_related("organisation")),
    )


_day = Prepared(
    lambda edition, now, start, end: _public_sessions(edition, now)
    .filter(starts_at__gte=start, starts_at__lt=end)
    .order_by("starts_at", "activity__venue__order", "stage__order", "pk")
    .values_list(
        "code", "name_zh", "name_en", "starts_at", "ends_at", "status", "relay", "is_sample", "stage_id",
        "stage__code", "stage__name_zh", "stage__name_en", "stage__order", "activity__name_zh", "activity__name_en",
        "activity__kind", "activity__is_sample", "activity__venue_id", "activity__venue__code",
        "activity__venue__name_zh", "activity__venue__name_en", "activity__venue__order", "activity__venue__path",
        "activity__venue__timezone",
    )
)  # fmt: skip


def showings_between(
    edition: Edition, start: dt.datetime, end: dt.datetime, now: dt.datetime
) -> list[rules.Showing]:
    """Public sessions that begin in [start, end), in the active language, by time and stage; no model is built."""
    if not edition.is_public:
        return []
    language = get_language()
    kinds = {value: str(label) for value, label in Kind.choices}
    names = {value: str(label) for value, label in Session.Status.choices}
    return [
        rules.Showing(
            edition.code, code, pick(zh, en, language) or pick(of_zh, of_en, language), kinds.get(kind, kind), status,
            names.get(status, status), relay, is_sample or of_sample, starts_at, ends_at, zone,
            rules.Spot(
                venue_id, venue_code, pick(venue_zh, venue_en, language), venue_order, path,
                stage_id, stage_code or "", pick(stage_zh, stage_en, language), stage_order or 0,
            ),
        )
        for code, zh, en, starts_at, ends_at, status, relay, is_sample, stage_id, stage_code, stage_zh, stage_en,
            stage_order, of_zh, of_en, kind, of_sample, venue_id, venue_code, venue_zh, venue_en, venue_order, path,
            zone in _day(edition.pk, now, start, end)
    ]  # fmt: skip


def at_venue(sessions: QuerySet[Session], venue_path: str) -> QuerySet[Session]:
    """Those of a venue and everything below it."""
    return sessions.filter(activity__venue__path__startswith=venue_path)


def on_now(edition: Edition, now: dt.datetime, week: dt.datetime) -> QuerySet[Session]:
    """Running at the moment `week` of the programme's clock; `now` decides what is public."""
    found = public_sessions(edition, now).filter(starts_at__lte=week, ends_at__gt=week)
    return with_cards(found.exclude(status=Session.Status.CANCELLED)).order_by("ends_at", "pk")


def coming(edition: Edition, now: dt.datetime, week: dt.datetime) -> QuerySet[Session]:
    """What begins next."""
    found = public_sessions(edition, now).filter(starts_at__gt=week)
    return with_cards(found.exclude(status=Session.Status.CANCELLED)).order_by("starts_at", "pk")


# Annotated with one thing that all rows have in common, so that the numbers are of all rows.
_boundary = Prepared(
    lambda edition, week: Session.objects.filter(edition=edition, activity__live=True, ends_at__gt=week)
    .order_by().annotate(all=Value(1)).values("all")
    .annotate(begins=Min("starts_at", filter=Q(starts_at__gt=week)), ends=Min("ends_at"))
    .values_list("begins", "ends")
)


def next_boundary(edition: Edition, week: dt.datetime) -> dt.datetime | None:
    """The next beginning or end of a session on the programme's clock, in one query."""
    moments = [moment for row in _boundary(edition.pk, week) for moment in row]
    return min((moment for moment in moments if moment is not None), default=None)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a home page shows of the programme at one moment, and when that changes by the clock."""

    on: list[Session]
    coming: list[Session]
    until: dt.datetime | None


_head = Prepared(
    lambda edition, now, week: _public_sessions(edition, now).filter(ends_at__gt=week)
    .exclude(status=Session.Status.CANCELLED).order_by("starts_at", "pk")
    .values_list("pk", "starts_at", "ends_at")[: MOST_AT_ONCE + MOST_COMING]
)
_rows = Prepared(
    lambda pks: Session.objects.filter(pk__in=pks)
    .select_related("activity__venue", "stage", "edition").order_by()
)


def on_now_and_next(
    edition: Edition, now: dt.datetime, week: dt.datetime, count: int
) -> Moment:
    """Up to `count` (at most `MOST_COMING`) sessions that are on and as many that come next, fetched together."""
    # Everything that is on began before what is yet to come, so both stand at the head of the list.
    head = _head(edition.pk, now, week) if edition.is_public else []
    on = sorted((row for row in head if row[1] <= week), key=lambda row: (row[2], row[0]))
    coming = [row for row in head if row[1] > week]
    boundaries = [ends_at for _, _, ends_at in on] + [starts_at for _, starts_at, _ in coming[:1]]
    wanted = [[pk for pk, _, _ in rows[:count]] for rows in (on, coming)]
    found = {session.pk: session for session in _rows(wanted[0] + wanted[1])}
    shown = [[found[pk] for pk in pks if pk in found] for pks in wanted]
    return Moment(shown[0], shown[1], min(boundaries, default=None))


def _open(now: Any) -> Q:
    return Q(embargo_until__isnull=True) | Q(embargo_until__lte=now)


_counts = Prepared(
    lambda edition, now: Activity.objects.filter(edition=edition, live=True)
    .order_by().annotate(all=Value(1)).values("all")
    .annotate(
        activities=Count("pk", filter=_open(now), distinct=True),
        relayed=Count("sessions", filter=_open(now) & Q(sessions__relay=True), distinct=True),
        release=Min("embargo_until", filter=Q(embargo_until__gt=now)),
    )
    .values_list("activities", "relayed", "release")
)


def counts(edition: Edition, now: dt.datetime) -> tuple[int, int, dt.datetime | None]:
    """How many public activities there are, how many of their sessions are relayed, and when the next
    embargo ends, in one query."""
    return _counts.first(edition.pk, now) or (0, 0, None)


_releases = Prepared(
    lambda edition, now: Activity.objects.filter(edition=edition, live=True, embargo_until__gt=now)
    .order_by("embargo_until").values_list("embargo_until")[:1]
)


def next_release(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    """The next end of an embargo on an activity of the edition."""
    found = _releases.first(edition.pk, now)
    return found[0] if found else None


def cards(edition: Edition | None, session_ids: Iterable[int], now: dt.datetime) -> list[Session]:
    """Cards of these sessions, as far as visitors may see them."""
    ids = list(session_ids)
    if edition is None or not ids:
        return []
    return list(with_cards(public_sessions(edition, now).filter(pk__in=ids)))


def board_of(edition: Edition) -> Board:
    """All sessions of an edition that will happen, drafts included, ready for questions about clashes, in seven queries:
    editors must see them before visitors do."""
    rows = list(
        Session.objects.filter(edition=edition).exclude(status=Session.Status.CANCELLED).order_by("pk").values_list(
            "pk", "starts_at", "ends_at", "activity_id", "activity__venue_id", "stage_id", "stage__venue_id", "mode",
        )
    )  # fmt: skip
    speakers, hosts = defaultdict(set), defaultdict(set)
    for session, person in SessionSpeaker.objects.filter(session__edition=edition).values_list("session_id", "person_id"):
        speakers[session].add(person)
    for activity, host in ActivityHost.objects.filter(activity__edition=edition).values_list("activity_id", "organisation_id"):
        hosts[activity].add(host)
    needs: dict[int, dict[int, int]] = defaultdict(dict)
    for session, thing, count in SessionNeed.objects.filter(session__edition=edition).values_list("session_id", "equipment_id", "count"):
        needs[session][thing] = count
    venues = list(Venue.objects.filter(edition=edition).values_list("pk", "lat", "lon", "kind"))
    online = {pk for pk, _, _, kind in venues if kind == Venue.Kind.ONLINE}
    slots = [
        Slot(
            pk, starts_at, ends_at, of_stage or of_activity, stage, frozenset(speakers[pk]), frozenset(hosts[activity]),
            activity, mode == Mode.ONLINE or (of_stage or of_activity) in online, needs.get(pk, {}),
        )
        for pk, starts_at, ends_at, activity, of_activity, stage, of_stage, mode in rows
    ]
    places = {pk: (lat, lon) for pk, lat, lon, _ in venues if lat is not None and lon is not None}
    return Board(slots, Travel(places, ways_of(edition)), stock_of(edition))


def ways_of(edition: Edition) -> dict[tuple[int, int], int]:
    """Minutes between venues that somebody has said."""
    rows = TravelTime.objects.filter(one__edition=edition).values_list("one_id", "other_id", "minutes")
    return {(one, other): minutes for one, other, minutes in rows}


def stock_of(edition: Edition) -> dict[int, int]:
    """How many there are of each equipment."""
    return dict(Equipment.objects.filter(venue__edition=edition).values_list("pk", "count"))


def with_speakers(person_ids: Collection[int]) -> list[int]:
    """Activities in whose sessions one of these people speaks."""
    found = Activity.objects.filter(sessions__speakers__person_id__in=person_ids)
    return list(found.values_list("pk", flat=True).distinct())


def version_number(edition: Edition) -> int:
    """Of the newest published version of the programme; 0 before the first."""
    found = ProgrammeVersion.objects.filter(edition=edition).values_list("number", flat=True).first()
    return found or 0


def facts_of(edition: Edition) -> dict[str, dict[str, Any]]:
    """What a version keeps of each session of a published activity, by guid (`rules.FACTS`), embargoed ones too: whoever
    shows a version asks what is public then."""
    speakers: dict[int, list[str]] = defaultdict(list)
    parts = SessionSpeaker.objects.filter(session__edition=edition).order_by("sort_order", "pk")
    for session, code in parts.values_list("session_id", "person__code"):
        speakers[session].append(code)
    rows = Session.objects.filter(edition=edition, activity__live=True).select_related("activity__venue", "stage__venue")
    found = {}
    for row in rows.order_by("starts_at", "guid"):
        venue, embargo = row.stage.venue if row.stage else row.activity.venue, row.activity.embargo_until
        found[str(row.guid)] = {
            "code": row.code, "name_zh": row.name_zh or row.activity.name_zh, "name_en": row.name_en or row.activity.name_en,
            "starts_at": row.starts_at.astimezone(dt.UTC).isoformat(), "ends_at": row.ends_at.astimezone(dt.UTC).isoformat(),
            "venue": venue.code, "stage": row.stage.code if row.stage else "", "mode": row.mode, "status": row.status,
            "speakers": speakers[row.pk], "embargo": embargo.isoformat() if embargo else None,
        }  # fmt: skip
    return found
