"""What waits for whoever opens the desk: how many of what, in which edition, and where it is done.

In: a user and a moment. Out: lines that are not empty, most urgent kinds first. What must stay true: a line counts exactly what its
page shows to this user; nothing is counted outside their reach. Approvals are not here: Wagtail lists them itself below.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from everhall.calls import queries as calls
from everhall.calls.models import Review, Submission
from everhall.calls.queries.people import reviews_for
from everhall.calls.queries.table import submissions_within
from everhall.editions.models import Edition
from everhall.editions.public import week_time
from everhall.programme import board_values
from everhall.programme.models import Session
from everhall.registration import queries as registration
from everhall.registration import rules as places
from everhall.registration.models import Registration
from everhall.visits.models import ExhibitQuestion
from everhall.visits.queries import questions_within

#: Editions that are worked on at the same time: the running one and next year's.
MOST_EDITIONS = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """`of`: the edition's name, or ""."""

    count: int
    words: str
    link: str
    of: str = ""


def waiting_for(user: Any, now: dt.datetime) -> list[Waiting]:
    """Without those of which there are none."""
    current = Edition.objects.exclude(state=Edition.State.ARCHIVED).order_by("-is_current", "-starts_on")[:MOST_EDITIONS]
    lines = [*reviews(user), *questions(user)]
    for edition in current:
        lines += [*registrations(user, edition), *submissions(user, edition), *sessions(user, edition, week_time(now))]
    return [line for line in lines if line.count]


def reviews(user: Any) -> Iterator[Waiting]:
    done = Review.objects.filter(submission=OuterRef("submission"), reviewer=user.pk, round=OuterRef("round"), done_at__isnull=False)
    count = reviews_for(user).exclude(Exists(done)).count()
    yield Waiting(count, ngettext("review that you are asked for", "reviews that you are asked for", count), reverse("calls_reviews"))


def questions(user: Any) -> Iterator[Waiting]:
    open_ones = questions_within(user).filter(state__in=[ExhibitQuestion.State.OPEN, ExhibitQuestion.State.HELD])
    count = open_ones.count()
    yield Waiting(count, ngettext("question about an exhibit without an answer", "questions about exhibits without an answer", count), reverse("visits_home"))


def registrations(user: Any, edition: Edition) -> Iterator[Waiting]:
    rows = registration.admissions_within(user, edition).filter(approval=True).values("pk")
    count = Registration.objects.filter(admission__in=rows, state=places.ASKED).count()
    words = ngettext("registration that asks for a yes", "registrations that ask for a yes", count)
    yield Waiting(count, words, reverse("registration_list", args=[edition.code]), edition.name)


def submissions(user: Any, edition: Edition) -> Iterator[Waiting]:
    """What may be decided where the user organises."""
    venues = calls.venues_managed(user, edition)
    for call in calls.calls_within(user, edition) if venues else ():
        count = submissions_within(user, call).filter(state=Submission.State.SUBMITTED, venue__in=venues).count()
        words = ngettext("submission to “%(call)s” without a decision", "submissions to “%(call)s” without a decision", count)
        yield Waiting(count, words % {"call": call.name}, reverse("calls_table", args=[edition.code, call.code]), edition.name)


def sessions(user: Any, edition: Edition, week: dt.datetime) -> Iterator[Waiting]:
    """Those without a stage, and those of today."""
    if week.date() > (edition.ends_on or edition.starts_on + dt.timedelta(days=6)) + dt.timedelta(days=1):
        return
    venues = board_values.venues_for(user, edition)
    rows = Session.objects.filter(edition=edition, activity__venue__in=venues).exclude(status=Session.Status.CANCELLED)
    board = reverse("programme_board", args=[edition.code])
    unplaced = rows.filter(stage=None, starts_at__gte=week).exclude(mode="online").count()
    yield Waiting(unplaced, ngettext("session to come without a stage", "sessions to come without a stage", unplaced), board, edition.name)
    begin = timezone.localtime(week).replace(hour=0, minute=0, second=0, microsecond=0)
    today = rows.filter(starts_at__gte=begin, starts_at__lt=begin + dt.timedelta(days=1)).count()
    yield Waiting(today, ngettext("session today", "sessions today", today), f"{board}?day={begin.date().isoformat()}", edition.name)


class WaitingPanel(Component):
    """On the desk's first page, above what Wagtail lists."""

    order = 10
    template_name = "pages/desk/waiting.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"lines": waiting_for(parent_context["request"].user, timezone.now())}
