"""The programme board in the desk: a day of an edition as stages beside hours, what it loads and what is done on it.

Who may: whoever sees sessions of the edition in the desk (`board_values.SEEN`); everybody else is told 404. What one may move says
`moves`. Addresses for the script take and give JSON and are kept nowhere; without it the day is a list with a form for each session.
"""

import datetime as dt
import json
import zoneinfo
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from everhall.editions.admin_base import address_of
from everhall.editions.models import Edition, Venue
from everhall.editions.policies import policy_of
from everhall.programme import board_values, moves
from everhall.programme.clashes import clashes_for
from everhall.programme.forms import MoveForm
from everhall.programme.models import Session

PRIVATE = {"Cache-Control": "private, no-store"}
MADE, KEPT_FOR = "everhall.board.made", 24 * 3600
#: Named to the browser at once, or it would find one after the other.
MODULES = tuple(
    f"programme/board/{name}.js" for name in ("clashes", "dom", "grid", "hold", "parts", "places", "programme", "server", "words")
)
#: A day of the largest week has a fifth of them; the board itself has no such limit.
MOST_LISTED = 1000


def home(request: HttpRequest) -> HttpResponse:
    """The board of the edition that runs, or the newest one in which the user works."""
    found = Edition.objects.exclude(state=Edition.State.ARCHIVED).order_by("-is_current", "-starts_on")
    for edition in found:
        if board_values.venues_for(request.user, edition):
            return redirect("programme_board", edition.code)
    raise Http404


def edition_for(request: HttpRequest, code: str) -> tuple[Edition, list[Venue]]:
    """The edition and the venues that the user sees of it."""
    edition = get_object_or_404(Edition, code=code)
    venues = board_values.venues_for(request.user, edition)
    if not venues:
        raise Http404
    return edition, venues


@require_GET
def page(request: HttpRequest, edition: str) -> HttpResponse:
    """Who may: see the module. `day`, `venue` (codes, with commas or again and again): what is shown first, and what the list holds."""
    found, venues = edition_for(request, edition)
    codes = set(",".join(request.GET.getlist("venue")).split(","))
    chosen = [venue for venue in venues if venue.code in codes]
    zone = chosen[0].zone_of_time if chosen else zoneinfo.ZoneInfo(settings.TIME_ZONE)
    days = [dt.date.fromisoformat(day) for day, _moment in board_values.days_of(found, zone)[:-1]]
    wanted = request.GET.get("day", "")
    day = next((one for one in days if one.isoformat() == wanted), None)
    if day is None:
        today = timezone.now().astimezone(zone).date()
        day = today if today in days else days[0]
    context = {
        "edition": found, "days": days, "day": day, "venues": venues, "chosen": chosen, "page_title": _("Programme board"),
        "modules": MODULES, "edit": address_of(Session, "edit", 0),
        "rows": listed(request.user, found, chosen or venues, day),
        "editions": Edition.objects.exclude(state=Edition.State.ARCHIVED).exclude(pk=found.pk).order_by("-starts_on")[:12],
    }
    return render(request, "programme/desk/board.html", context)


def listed(user: Any, edition: Edition, venues: list[Venue], day: dt.date) -> list[dict[str, Any]]:
    """The day at these venues as a list, by venue and time; what there is without the script, on a phone and on paper."""
    policy = policy_of(Session)
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    seen = policy.instances_user_has_any_permission_for(user, board_values.SEEN).filter(
        edition=edition, activity__venue__in=venues, starts_at__gte=noon - dt.timedelta(hours=27),
        starts_at__lt=noon + dt.timedelta(hours=27),
    )  # fmt: skip
    may = set(policy.instances_user_has_any_permission_for(user, ["change"]).filter(edition=edition).values_list("pk", flat=True))
    found = seen.select_related("activity__venue", "stage__venue").order_by("activity__venue__order", "activity__venue", "starts_at", "pk")
    rows = []
    for row in found:
        zone = row.zone_of_time
        begins = row.starts_at.astimezone(zone)
        if begins.date() == day:
            rows.append({
                "session": row, "venue": row.activity.venue, "begins": begins, "ends": row.ends_at.astimezone(zone),
                "may": row.pk in may, "cancelled": row.status == Session.Status.CANCELLED,
            })  # fmt: skip
    return rows[:MOST_LISTED]


@require_GET
def values(request: HttpRequest, edition: str) -> JsonResponse:
    """Who may: see the module. Everything that the board shows, to everybody as far as they reach."""
    found, _venues = edition_for(request, edition)
    now, count = timezone.now(), Session.objects.filter(edition=found).count()
    told = board_values.board_values(request.user, found) | {"now": now.isoformat(), "count": count}
    return told_as(told)


def told_as(told: dict[str, Any], status: int = 200) -> JsonResponse:
    """Without spaces: a sixth of the bytes of many short rows."""
    return JsonResponse(told, status=status, headers=PRIVATE, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})


@require_GET
def fresh(request: HttpRequest, edition: str) -> JsonResponse:
    """Who may: see the module. Sessions changed since the moment `since`, and how many there are now."""
    found, venues = edition_for(request, edition)
    now = timezone.now()
    since = parse_datetime(request.GET.get("since", "").replace(" ", "+"))
    if since is None or since.tzinfo is None:
        return told_as({"message": _("Say since when.")}, 400)
    rows = Session.objects.filter(edition=found)
    # A transaction that ended after `since` may have written its moment a little before.
    changed = list(rows.filter(changed_at__gt=since - dt.timedelta(seconds=5)).values_list("pk", flat=True))
    told = board_values.rows_for(request.user, found, [venue.pk for venue in venues], changed) if changed else []
    return told_as({"sessions": told, "now": now.isoformat(), "count": rows.count()})


def answered(view: Callable[[HttpRequest, Edition, list[Venue], dict[str, Any]], dict[str, Any]]) -> Callable[..., HttpResponse]:
    """A deed of the script: JSON in, JSON out, refusals in words."""

    @require_POST
    def deed(request: HttpRequest, edition: str) -> HttpResponse:
        found, venues = edition_for(request, edition)
        try:
            asked = json.loads(request.body)
            return told_as(view(request, found, venues, asked))
        except moves.Overtaken as overtaken:
            return told_as({"message": str(overtaken), "overtaken": True, "sessions": rows_of(request, found, venues, asked)}, 409)
        except moves.Refused as refused:
            return told_as({"message": str(refused)}, 400)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            return told_as({"message": _("The board and the server do not understand each other. Load the page again.")}, 400)

    deed.__doc__ = view.__doc__
    return deed


def rows_of(request: HttpRequest, edition: Edition, venues: list[Venue], asked: dict[str, Any]) -> list[list[Any]]:
    """How the session in question stands; none if it is gone."""
    return board_values.rows_for(request.user, edition, [venue.pk for venue in venues], [int(asked["id"])])


def spot_of(asked: dict[str, Any]) -> moves.Spot:
    begins = dt.datetime.fromtimestamp(int(asked["begins"]), dt.UTC)
    return moves.Spot(begins, begins + dt.timedelta(seconds=int(asked["lasts"])), int(asked["stage"]) or None)


@answered
def move(request: HttpRequest, edition: Edition, venues: list[Venue], asked: dict[str, Any]) -> dict[str, Any]:
    """Who may: see `moves`. `id`, `version`, `begins`, `lasts`, `stage` (0: none): put a session there. Gives its new version; 409
    with how it stands if somebody was quicker."""
    session = moves.move_session(request.user, edition, int(asked["id"]), int(asked["version"]), spot_of(asked))
    return {"id": session.pk, "version": session.revision_number}


@answered
def place(request: HttpRequest, edition: Edition, venues: list[Venue], asked: dict[str, Any]) -> dict[str, Any]:
    """Who may: see `moves`. `activity` from the tray, and where to as in `move`. Gives the new session and a word by which it is
    taken back."""
    session = moves.place_activity(request.user, edition, int(asked["activity"]), spot_of(asked))
    return made(request, edition, venues, [session.pk])


@answered
def copy(request: HttpRequest, edition: Edition, venues: list[Venue], asked: dict[str, Any]) -> dict[str, Any]:
    """Who may: see `moves`. `from`, `to` (days), `venues` (ids): copies the day. Gives the new sessions, how many were left, and
    a word by which they are taken back."""
    wanted = {int(pk) for pk in asked["venues"]} & {venue.pk for venue in venues}
    source, target = (dt.date.fromisoformat(str(asked[name])) for name in ("from", "to"))
    copied = moves.copy_day(request.user, edition, wanted, source, target)
    return made(request, edition, venues, list(copied.ids)) | {"left": copied.left}


def made(request: HttpRequest, edition: Edition, venues: list[Venue], ids: list[int]) -> dict[str, Any]:
    rows = board_values.rows_for(request.user, edition, [venue.pk for venue in venues], ids)
    return {"sessions": rows, "word": signing.dumps([request.user.pk, edition.pk, ids], salt=MADE)}


@answered
def take_back(request: HttpRequest, edition: Edition, venues: list[Venue], asked: dict[str, Any]) -> dict[str, Any]:
    """Who may: whoever made the sessions, with the `word` of that; `versions`: as last seen, by id. What somebody has changed
    meanwhile stays."""
    try:
        user, of_edition, ids = signing.loads(str(asked["word"]), salt=MADE, max_age=KEPT_FOR)
    except signing.BadSignature as wrong:
        raise moves.Refused(_("This cannot be taken back any more.")) from wrong
    if (user, of_edition) != (request.user.pk, edition.pk):
        raise moves.Refused(_("This cannot be taken back any more."))
    versions = {pk: int(asked["versions"].get(str(pk), 0)) for pk in ids}
    count = moves.take_back(request.user, edition, versions)
    return {"count": count, "left": len(ids) - count}


def move_page(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Who may: see `moves`. The form of one session: day, time, minutes, stage; after saving its clashes are told."""
    found, _venues = edition_for(request, edition)
    rows = policy_of(Session).instances_user_has_any_permission_for(request.user, ["change"]).filter(edition=found)
    session = get_object_or_404(rows.select_related("activity__venue", "activity__edition", "stage__venue", "edition"), pk=pk)
    form = MoveForm(request.user, session, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            session = moves.move_session(
                request.user, found, pk, form.cleaned_data["version"], moves.Spot(*form.moments(), getattr(form.cleaned_data["stage"], "pk", None))
            )
        except moves.Overtaken as overtaken:
            messages.error(request, str(overtaken))
            return redirect("programme_board_move_page", found.code, pk)
        except moves.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("“%(name)s” is moved.") % {"name": session.name})
            day = session.starts_at.astimezone(session.zone_of_time).date()
            return redirect(f"{reverse('programme_board', args=[found.code])}?day={day}&venue={session.activity.venue.code}#session-{pk}")
    context = {
        "edition": found, "session": session, "form": form, "clashes": clashes_for(request.user, found, pk),
        "page_title": _("Move a session"),
        "day": session.starts_at.astimezone(session.zone_of_time).date(),
    }
    return render(request, "programme/desk/move.html", context)
