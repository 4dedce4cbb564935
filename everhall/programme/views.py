"""Public pages of the programme. Who may: everyone; drafts, embargoed activities and other editions'
sessions do not exist here (`queries.public_sessions`)."""

import datetime as dt
import zoneinfo
from collections import defaultdict
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.editions.public import earliest, edition_or_404, page, real_time, week_time
from everhall.engines.bilingual import pick
from everhall.programme import linked, queries, rules
from everhall.programme.beside import sessions as beside_sessions
from everhall.programme.models import Activity, ActivityHost, Kind, Mode, Session
from everhall.programme.rules import Showing, Spot

#: What a session's page is in (`rules.life_of`); it has one address in all of them.
LIVES = {
    "announced": pgettext_lazy("session", "Announced"), "registering": pgettext_lazy("session", "Registration is open"),
    "on": pgettext_lazy("session", "On now"), "live": pgettext_lazy("session", "Live now"), "over": pgettext_lazy("session", "Over"),
    "recorded": pgettext_lazy("session", "Recorded"), "cancelled": pgettext_lazy("session", "Cancelled"),
}
CHINA = zoneinfo.ZoneInfo("Asia/Shanghai")


def changes_at(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    """When pages with sessions change by the clock alone: a session begins or ends, an embargo lifts."""
    boundary = real_time(queries.next_boundary(edition, week_time(now)))
    return earliest(boundary, queries.next_release(edition, now))


def asked_day(request: HttpRequest, edition: Edition, week: dt.datetime) -> dt.date:
    """`?day=`, else today within the week, else its first day."""
    days = edition.days
    try:
        day = dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = week.astimezone(CHINA).date()
    return day if day in days else days[0]


def asked_venue(request: HttpRequest, edition: Edition) -> Venue | None:
    code = request.GET.get("venue", "")
    return Venue.objects.filter(edition=edition, code=code).first() if code else None


def bounds(day: dt.date, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
    start = dt.datetime.combine(day, dt.time(), tzinfo=zone)
    return start, start + dt.timedelta(days=1)


def day_view(request: HttpRequest, edition: str) -> HttpResponse:
    """One day: sessions by venue and stage. Without `?venue=` the venue with most sessions that day."""
    found = edition_or_404(edition)
    now = timezone.now()
    day = asked_day(request, found, week_time(now))
    all_of_day = queries.showings_between(found, *bounds(day, CHINA), now)
    venue = asked_venue(request, found)
    stage_code = request.GET.get("stage", "")
    shown = [s for s in all_of_day if venue is None or s.spot.venue_path.startswith(venue.path)]
    if stage_code:
        shown = [s for s in shown if s.spot.stage_code == stage_code]
    paths = {s.spot.venue_path for s in all_of_day}
    context = {
        "day": day,
        "days": found.days,
        "venue": venue,
        "venues": [
            {"code": code, "name": pick(zh, en, get_language())}
            for pk, code, zh, en, _, path in editions.venue_rows(found)
            if any(each.startswith(path) for each in paths) or (venue is not None and pk == venue.pk)
        ],
        "stages": by_stage(shown),
        "hours": linked.hours(shown),
        "total": len(shown),
        "now": week_time(now),
    }  # fmt: skip
    return page(
        request, "programme/day.html", found, context, until=changes_at(found, now)
    )


def by_stage(sessions: list[Showing]) -> list[tuple[Spot, list[Showing]]]:
    """Columns of the day view: one per stage, venues in their order; sessions without a stage last."""
    columns: dict[Spot, list[Showing]] = defaultdict(list)
    for session in sessions:
        columns[session.spot].append(session)
    return [(spot, columns[spot]) for spot in sorted(columns, key=lambda spot: spot.rank)]


def list_view(request: HttpRequest, edition: str) -> HttpResponse:
    """All sessions as a list, narrowed by kind, mode, venue, relay and words."""
    found = edition_or_404(edition)
    now = timezone.now()
    sessions = queries.with_cards(queries.public_sessions(found, now)).order_by("starts_at", "pk")
    venue = asked_venue(request, found)
    asked = {name: request.GET.get(name, "") for name in ("kind", "mode", "relay")}
    shown = narrowed(sessions, asked, venue)
    context = {
        "days": linked.grouped_by_day(shown),
        "total": len(shown),
        "venue": venue,
        "venues": list(editions.venues_of(found)),
        "kinds": Kind.choices,
        "modes": Mode.choices,
        "asked": asked,
        "relay_only": asked["relay"] == "1",
        "now": week_time(now),
    }
    return page(
        request, "programme/list.html", found, context, until=changes_at(found, now)
    )


def narrowed(
    sessions: QuerySet[Session], asked: dict[str, str], venue: Venue | None
) -> list[Session]:
    if asked["kind"] in Kind.values:
        sessions = sessions.filter(activity__kind=asked["kind"])
    if asked["mode"] in Mode.values:
        sessions = sessions.filter(mode__in={asked["mode"], Mode.BOTH})
    if asked["relay"] == "1":
        sessions = sessions.filter(relay=True)
    if venue:
        sessions = queries.at_venue(sessions, venue.path)
    return list(sessions)


def now_view(request: HttpRequest, edition: str) -> HttpResponse:
    """What is on at this moment and what comes next."""
    found = edition_or_404(edition)
    now = timezone.now()
    context = {
        "on_now": list(queries.on_now(found, now, week_time(now))),
        "coming": list(queries.coming(found, now, week_time(now))[:12]),
        "now": week_time(now),
    }
    return page(request, "programme/now.html", found, context, until=changes_at(found, now))


def starred_view(request: HttpRequest, edition: str) -> HttpResponse:
    """My starred sessions. The stars live in the browser; `?s=code,code` shares them by link."""
    found = edition_or_404(edition)
    now = timezone.now()
    codes = [code for code in request.GET.get("s", "").split(",") if code][:200]
    sessions = queries.public_sessions(found, now).filter(code__in=codes)
    shown = list(queries.with_cards(sessions).order_by("starts_at", "pk"))
    context = {"days": linked.grouped_by_day(shown), "total": len(shown), "codes": codes, "now": week_time(now)}
    return page(
        request, "programme/starred.html", found, context, until=changes_at(found, now)
    )


def activity_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One activity with its sessions."""
    found = edition_or_404(edition)
    now = timezone.now()
    activity: Activity | None = (
        queries.public_activities(found, now)
        .filter(code=code)
        .select_related("venue", "picture", "edition")
        .prefetch_related(Prefetch("hosts", ActivityHost.objects.select_related("organisation")))
        .first()
    )
    if activity is None:
        raise Http404(_("There is no such activity in this edition."))
    sessions = queries.with_cards(queries.public_sessions(found, now).filter(activity=activity))
    context = {
        "activity": activity,
        "sessions": list(sessions.order_by("starts_at", "pk")),
        "now": week_time(now),
        "json_ld": linked.activity_json_ld(activity, list(sessions)),
    }
    return page(
        request, "programme/activity.html", found, context, until=changes_at(found, now)
    )


def session_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One session."""
    found = edition_or_404(edition)
    now = timezone.now()
    public = queries.with_cards(queries.public_sessions(found, now))
    session = public.filter(code=code).select_related("activity__picture").first()
    if session is None:
        raise Http404(_("There is no such session in this edition."))
    others = [s for s in public.filter(activity=session.activity) if s.pk != session.pk]
    pieces = beside_sessions.beside(session, now)
    context: dict[str, Any] = {
        "session": session,
        "activity": session.activity,
        "others": others,
        "beside": pieces,
        "now": week_time(now),
        "json_ld": linked.session_json_ld(session, *(piece.json_ld for piece in pieces)),
    }
    for piece in pieces:
        context.update(piece.context)
    cancelled = session.status == Session.Status.CANCELLED
    by_pieces = {piece.life for piece in pieces}
    context["life"] = LIVES[rules.life_of(session.starts_at, session.ends_at, week_time(now), by_pieces, cancelled=cancelled)]
    return page(
        request, "programme/session.html", found, context,
        tags=[tag for piece in pieces for tag in piece.tags],
        until=earliest(changes_at(found, now), *(piece.until for piece in pieces)),
    )  # fmt: skip
