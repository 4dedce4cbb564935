"""My week, its acts, and its calendar. Who may: everyone, for themselves: whoever holds the session or the cookie of `visits`; the calendar,
whoever has its secret address. None of these answers is kept by anybody."""

import datetime as dt
import math
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from everhall.accounts.callers import address_of, comes_from_here
from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404, real_time, week_time
from everhall.myweek import calendar, gate, queries, rules, services
from everhall.myweek.services import Refused
from everhall.visits import services as visits
from everhall.visits.models import Visitor
from everhall.visits.personal import forget_token, page, private, remember, token_of

STATUS: Final = {"too_fast": 429, "elsewhere": 403, "no_place": 404, "unknown": 404, "link": 410}
VERBS: Final[dict[str, Callable[[Visitor, Edition, str, dt.datetime], None]]] = {
    "keep": services.keep,
    "drop": lambda visitor, edition, code, now: services.drop(visitor, edition, code),
    "leave": lambda visitor, edition, code, now: services.leave(visitor, code),
    "calendar": lambda visitor, edition, code, now: void(services.renew_calendar(visitor, language())),
    "no-calendar": lambda visitor, edition, code, now: services.stop_calendar(visitor),
    "letters": lambda visitor, edition, code, now: services.want_letters(visitor, True, language()),
    "no-letters": lambda visitor, edition, code, now: services.want_letters(visitor, False, language()),
}


def void(_made: object) -> None:
    """For verbs of which nothing is told but that they were done."""


def language() -> str:
    return "en" if get_language() == "en" else "zh-hans"


def known(request: HttpRequest, now: dt.datetime) -> Visitor | None:
    return visits.known(request.user, token_of(request), now)


@require_safe
def mine(request: HttpRequest, edition: str) -> HttpResponse:
    """My week in an edition."""
    found, now = edition_or_404(edition), timezone.now()
    week, visitor = week_time(now), known(request, now)
    items = queries.items_of(request.user, visitor, found, now, week)
    days = queries.days_of(items, found)
    by_id = {one.session.pk: one for one in items}
    following = rules.next_leave(days, week)
    setting = queries.week_of(visitor) if visitor is not None else None
    context: dict[str, Any] = {
        "edition": found, "days": [(day.date, [shown(one, by_id, week) for one in day.planned]) for day in days], "count": len(items),
        "following": live(following, week) if following is not None else None, "now": week,
        "clashing": any((one.clashes or one.short) and one.entry.ends_at > week for day in days for one in day.planned),
        "setting": setting, "calendar": calendar_address(setting) if setting is not None else "", "has_account": request.user.is_authenticated,
        "attended": queries.attended_of(request.user, visitor, now, week)[:12], "canonical": "",
    }
    return forget_token(request, page(request, "myweek/mine.html", context))


def shown(planned: rules.Planned, by_id: dict[int, queries.Item], week: dt.datetime) -> dict[str, Any]:
    """One line of a day, for the template."""
    return {
        "planned": planned, "item": planned.entry.thing, "clashes": [by_id[pk].session for pk in planned.clashes if pk in by_id],
        "after": by_id[planned.after].session if planned.after in by_id else None, "zone": planned.entry.zone,
        "leave_at": local(planned.leave_at, planned), "free_until": local(planned.free_until, planned),
        "leaves": planned.travel > 0 and planned.entry.starts_at > week,
    }


def local(moment: dt.datetime | None, planned: rules.Planned) -> dt.datetime | None:
    return moment.astimezone(planned.entry.zone) if moment is not None else None


def live(planned: rules.Planned, week: dt.datetime) -> dict[str, Any]:
    """What comes next: for the line at the top, which a script keeps right by the real clock."""
    leave, begins = real_time(planned.leave_at), real_time(planned.entry.starts_at)
    return {
        "item": planned.entry.thing, "urgency": rules.urgency(planned, week), "leave_at": local(planned.leave_at, planned),
        "begins": planned.entry.starts_at.astimezone(planned.entry.zone), "real_leave": leave, "real_begins": begins, "travel": planned.travel,
        "day": planned.entry.starts_at.astimezone(planned.entry.zone).date(), "today": week.astimezone(planned.entry.zone).date(),
    }


def calendar_address(setting: Any) -> str:
    token = services.calendar_token(setting)
    return f"{settings.BASE_URL}{reverse('week:calendar', args=[token])}" if token else ""


# ---------------------------------------------------------------- acts
def refusal(request: HttpRequest, refused: Refused, back: str) -> HttpResponse:
    response = page(request, "myweek/refused.html", {"refused": refused, "back": back}, STATUS.get(refused.code, 409))
    if refused.wait:
        response["Retry-After"] = str(math.ceil(refused.wait))
    return response


# Pages with the buttons are kept and the same for everybody; that the form comes from here is asked of the browser instead.
@csrf_exempt
@require_POST
def do(request: HttpRequest, edition: str) -> HttpResponse:
    """`verb` of `VERBS`; back to the week."""
    found, now = edition_or_404(edition), timezone.now()
    back = reverse("myweek:mine", args=[found.code])
    doing, code = VERBS.get(request.POST.get("verb", "")), request.POST.get("code", "")[:100]
    made: str | None = None
    try:
        if not comes_from_here(request):
            raise Refused("elsewhere")
        gate.spend("acts", address_of(request), now.timestamp())
        if doing is None:
            raise Refused("unknown")
        visitor, made = visits.known_or_new(request.user, token_of(request), now)
        doing(visitor, found, code, now)
    except Refused as refused:
        return refusal(request, refused, back)
    anchor = f"#s-{code}" if request.POST.get("verb") == "keep" else ""
    return forget_token(request, remember(private(redirect(back + anchor)), made))


@csrf_exempt
@require_POST
def join(request: HttpRequest, token: str) -> HttpResponse:
    """From a registration's own page: take it into the week of this browser or account."""
    now = timezone.now()
    try:
        if not comes_from_here(request):
            raise Refused("elsewhere")
        gate.spend("acts", address_of(request), now.timestamp())
        visitor, made = visits.known_or_new(request.user, token_of(request), now)
        row = services.join(visitor, token, now)
    except Refused as refused:
        return refusal(request, refused, "/")
    code = row.registration.admission.edition.code
    return forget_token(request, remember(private(redirect("myweek:mine", code)), made))


# ---------------------------------------------------------------- the calendar
@require_safe
def subscribed(request: HttpRequest, token: str) -> HttpResponse:
    """`/week/<secret>.ics`: every edition's week of one person, as a calendar reads it."""
    now = timezone.now()
    try:
        gate.spend("calendars", address_of(request), now.timestamp())
    except Refused as refused:
        response = HttpResponse(refused.words, status=429, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = str(math.ceil(refused.wait))
        return private(response)
    week = services.visitor_by_calendar(token, now)
    if week is None:
        raise Http404(_("This calendar address reads nothing any more. There is a new one on “My week”."))
    visitor = week.visitor
    user = visitor.user if visitor.user is not None and visitor.user.is_active else None
    if visitor.user_id is not None and user is None:
        raise Http404
    with override(week.language):
        items = [one for edition in editions_of(user, visitor) for one in queries.items_of(user, visitor, edition, now, week_time(now))]
        data = calendar.ics_of(items, queries.registrations_of(user, visitor), _("My week"))
    response = private(HttpResponse(data, content_type="text/calendar; charset=utf-8"))
    response["X-Robots-Tag"] = "noindex"
    response["Content-Disposition"] = 'inline; filename="my-week.ics"'
    return response


def editions_of(user: Any, visitor: Visitor) -> list[Edition]:
    """Public editions in which there is something of theirs."""
    ids = set(queries.registrations_of(user, visitor).order_by().values_list("admission__edition", flat=True))
    ids |= set(visitor.kept_sessions.order_by().values_list("session__edition", flat=True))
    return [one for one in Edition.objects.filter(pk__in=ids).order_by("starts_on") if one.is_public]
