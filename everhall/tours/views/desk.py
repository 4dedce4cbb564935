"""The desk of tours, below `/admin/tours/`.

Who may: group walks and screens, whoever may change tours at the venue; what visitors made, whoever may publish in the whole
edition. Others find nothing here (404). Each POST carries Django's token against forgery.
"""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.log_actions import log

from everhall.editions import queries as editions
from everhall.editions.policies import policy_of
from everhall.engines import tour_route
from everhall.tours import queries, services
from everhall.tours.models import GroupWalk, Kiosk, MadeTour, Stop, Tour
from everhall.tours.views.made import private

#: A screen is believed to be on for so long after it told so (it tells each half minute).
ON: dt.timedelta = dt.timedelta(minutes=3)


def tours_within(user: Any) -> Any:
    return policy_of(Tour).instances_user_has_any_permission_for(user, ["change"])


def tour_or_404(request: HttpRequest, pk: int) -> Tour:
    found: Tour | None = tours_within(request.user).filter(pk=pk).select_related("edition").first()
    if found is None:
        raise Http404
    return found


# ---------------------------------------------------------------- group walks
@never_cache
@require_GET
def walks(request: HttpRequest) -> HttpResponse:
    """Walks that go on, on tours that the user may change, and a way to open one."""
    if not editions.may_somewhere(request.user, "add"):
        raise Http404
    now, mine = timezone.now(), tours_within(request.user)
    running = list(
        GroupWalk.objects.filter(ended_at=None, tour__in=mine).select_related("tour", "made", "edition").order_by("-opened_at")
    )
    counts = queries.followers_now([walk.pk for walk in running], now)
    return render(
        request, "tours/desk/walks.html",
        {
            "page_title": pgettext("tour", "Group walks"), "header_icon": "group",
            "walks": [(walk, counts.get(walk.pk, 0)) for walk in running],
            "tours": mine.filter(live=True).exclude(edition__state="archived").select_related("edition").order_by("-edition__starts_on", "order"),
        },
    )  # fmt: skip


@require_POST
def open_walk(request: HttpRequest, tour: int) -> HttpResponse:
    """Begin a walk on this tour (0: the one that the form names); leads to the guide's page, whose address is told this once."""
    chosen = request.POST.get("tour", "") if tour == 0 else str(tour)
    found = tour_or_404(request, int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0)
    if queries.tour_of(found.edition, found.code, timezone.now()) is None:
        messages.error(request, _("Visitors cannot see this tour, so no group can walk it. Publish it first."))
        return redirect("tours_walks")
    with transaction.atomic():
        opened = services.open_walk(found, timezone.now())
        log(instance=found, action="everhall.open_walk", user=request.user)
    return private(redirect("tours:guide", found.edition.code, opened.walk.code, opened.secret))


@require_POST
def end_walk(request: HttpRequest, walk: int) -> HttpResponse:
    found = GroupWalk.objects.filter(pk=walk, tour__in=tours_within(request.user)).select_related("tour").first()
    if found is None or found.tour is None:
        raise Http404
    with transaction.atomic():
        services.end_walk(found.pk, timezone.now())
        log(instance=found.tour, action="everhall.end_walk", user=request.user)
    messages.success(request, _("The group walk has ended."))
    return redirect("tours_walks")


# ---------------------------------------------------------------- order
@require_POST
def sort_stops(request: HttpRequest, tour: int) -> HttpResponse:
    """Sort the stops as a walk, from the first on; as a new draft, so that nothing changes for visitors yet."""
    found = tour_or_404(request, tour)
    draft: Any = found.get_latest_revision_as_object()
    stops = list(draft.stops.all())
    seen = queries.seen_stops(stops, found.edition, timezone.now())
    by_place = {one.pk: one for one in seen}
    shown: list[Stop] = [stop for stop in stops if stop.pk in by_place]
    order = [shown[n] for n in tour_route.as_a_walk([by_place[stop.pk].spot for stop in shown])]
    rest = [stop for stop in stops if stop.pk not in by_place]
    for n, stop in enumerate([*order, *rest]):
        stop.sort_order = n
    draft.stops = [*order, *rest]
    with transaction.atomic():
        draft.save_revision(user=request.user)
        log(instance=found, action="everhall.sort_stops", user=request.user)
    messages.success(request, _("The stops are sorted as a walk, as a draft. Publish it when it is as it should be."))
    return redirect(reverse(Tour.snippet_viewset.get_url_name("edit"), args=[found.pk]))


# ---------------------------------------------------------------- of visitors
def made_within(user: Any) -> Any:
    """Visitors' tours of editions in which the user may publish everywhere."""
    if user.is_superuser:
        return MadeTour.objects.all()
    ids = [grant.edition_id for grant in editions.grants_of(user) if editions.may_at(user, "publish", grant.edition_id, None)]
    return MadeTour.objects.filter(edition__in=ids)


@never_cache
@require_GET
def reported(request: HttpRequest) -> HttpResponse:
    """Tours of visitors that somebody reported, and those that were taken down."""
    if not editions.may_somewhere(request.user, "publish"):
        raise Http404
    rows = made_within(request.user).select_related("edition").prefetch_related("stops__exhibit")
    return render(
        request, "tours/desk/made.html",
        {
            "page_title": _("Tours of visitors"), "header_icon": "user",
            "reported": rows.filter(reports__gt=0, taken_down_at=None).order_by("-reports")[:200],
            "down": rows.exclude(taken_down_at=None).order_by("-taken_down_at")[:100],
            "count": rows.filter(taken_down_at=None).count(),
        },
    )  # fmt: skip


@require_POST
def settle(request: HttpRequest, made: int) -> HttpResponse:
    """POST `down`, `leave` or `back`."""
    found = made_within(request.user).filter(pk=made).first()
    if found is None:
        raise Http404
    take_down = "down" in request.POST
    with transaction.atomic():
        services.settle_report(found, timezone.now(), take_down=take_down)
        log(instance=found, action="everhall.take_down" if take_down else "everhall.leave_made", user=request.user)
    messages.success(request, _("Taken down: its link leads nowhere now.") if take_down else _("It can be read by its link."))
    return redirect("tours_reported")


# ---------------------------------------------------------------- screens
@never_cache
@require_GET
def screens(request: HttpRequest) -> HttpResponse:
    """Which screens were seen last when, and whether they show what they should."""
    if not editions.may_somewhere(request.user, "add"):
        raise Http404
    now = timezone.now()
    mine = policy_of(Kiosk).instances_user_has_any_permission_for(request.user, ["view", "change"])
    kiosks = list(mine.select_related("venue", "edition", "tour").order_by("-edition__starts_on", "venue__path", "code")[:200])
    seen = queries.screens_seen(kiosks)
    rows = []
    for kiosk in kiosks:
        version = queries.contents(kiosk, now)["version"] if seen[kiosk.pk] else ""
        rows.append({
            "kiosk": kiosk,
            "screens": [{"row": row, "on": now - row.seen_at < ON, "current": row.version == version} for row in seen[kiosk.pk]],
        })
    return render(request, "tours/desk/screens.html", {"page_title": _("Screens of the halls"), "header_icon": "desktop", "rows": rows})
