"""Who reviews what: loads, a proposal to look at and take, the waiting list of a venue.

Who may: whoever may change the call (`reach.call_managed`). A proposal is made anew when it is taken, from what is then.
"""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from everhall.accounts.models import User
from everhall.calls import services
from everhall.calls.models import Assignment, Call, Review, Submission
from everhall.calls.queries import people, table
from everhall.calls.views.desk import ICON
from everhall.calls.views.reach import call_managed
from everhall.editions import queries as editions


def submissions_of(user: Any, call: Call) -> list[Submission]:
    """Those on whose reviewers the user decides: not those in the national round for a venue's organiser, and none with which they
    have a conflict: who belongs to an organisation never learns who judges it."""
    rows = table.submissions_within(user, call).filter(state=Submission.State.SUBMITTED).exclude(people.conflict_with(user.pk))
    nation = editions.may_at(user, "publish", call.edition_id, None)
    return [row for row in rows if nation or row.round == Submission.Round.VENUE]


def loads_of(call: Call, proposed: Counter[int]) -> list[dict[str, Any]]:
    """Reviewers of the call with what they have, have done and would get, the busiest first."""
    has: Counter[int] = Counter(Assignment.objects.filter(submission__call=call).values_list("reviewer_id", flat=True))
    done = Counter(Review.objects.filter(submission__call=call, done_at__isnull=False).values_list("reviewer_id", flat=True))
    pool: dict[int, User] = {}
    for row in call.at.select_related("venue"):
        found = people.appointed(people.PROPOSED, call.edition_id, row.venue)
        pool |= {user.pk: user for user in found}
    pool |= {user.pk: user for user in User.objects.filter(pk__in=[pk for pk in has if pk not in pool])}
    wishes = people.expertise_of(call, list(pool))
    rows = [
        {"user": user, "has": has[pk], "done": done[pk], "gets": proposed[pk], "after": has[pk] + proposed[pk], "wish": wishes.get(pk)}
        for pk, user in pool.items()
    ]
    return sorted(rows, key=lambda row: (-row["after"], row["user"].get_full_name()))


@never_cache
def assign_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """What would be assigned, to be taken as a whole; single ones are changed on the page of the submission."""
    call = call_managed(request, edition, code)
    rows = submissions_of(request.user, call)
    found = services.proposed(call, rows)
    by_pk = {row.pk: row for row in rows}
    users = {user.pk: user for user in User.objects.filter(pk__in={reviewer for _, reviewer in found.pairs})}
    pairs = [(by_pk[submission], users[reviewer]) for submission, reviewer in found.pairs]
    if request.method == "POST":
        made = services.assign_all(pairs, request.user, timezone.now())
        messages.success(request, ngettext("%(n)s review is asked for.", "%(n)s reviews are asked for.", made) % {"n": made})
        return redirect("calls_assign", edition, code)
    per: dict[int, list[User]] = {}
    for submission, reviewer in pairs:
        per.setdefault(submission.pk, []).append(reviewer)
    context = {
        "page_title": _("Who reviews what"), "header_icon": ICON, "call": call, "edition": call.edition,
        "loads": loads_of(call, Counter(reviewer.pk for _, reviewer in pairs)), "count": len(pairs),
        "proposed": [(by_pk[pk], reviewers) for pk, reviewers in per.items()],
        "unfilled": [(by_pk[pk], missing) for pk, missing in found.unfilled.items()],
    }  # fmt: skip
    return render(request, "calls/desk/assign.html", context)


@never_cache
@require_GET
def line_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Waiting lists venue by venue, with room left; what the scores would accept."""
    call = call_managed(request, edition, code)
    least = request.GET.get("least", "")
    at_least = float(least) if least.isdecimal() and len(least) < 4 else 0.0
    rows = table.rows_of(request.user, call, list(table.submissions_within(request.user, call)))
    by_pk = {row.submission.pk: row for row in rows}
    rooms = []
    for room in table.rooms_of(call):
        if not editions.may_at(request.user, "publish", call.edition_id, room.venue.path):
            continue
        proposal = table.proposal_for(call, room, rows, at_least)
        rooms.append({
            "room": room, "waiting": table.waiting_at(call, room.venue.pk),
            "accept": [by_pk[pk] for pk in proposal.accept], "wait": [by_pk[pk] for pk in proposal.wait],
            "tie": [by_pk[pk] for pk in proposal.tie],
        })  # fmt: skip
    context = {
        "page_title": _("Places and waiting lists"), "header_icon": ICON, "call": call, "edition": call.edition, "rooms": rooms,
        "least": least,
    }
    return render(request, "calls/desk/line.html", context)
