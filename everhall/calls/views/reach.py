"""What every page of the desk asks first: which call, which submission, and how the user stands to it.

Who may is told by each view; whatever is out of reach does not exist (404).
"""

from typing import Any

from django.http import Http404, HttpRequest

from everhall.calls import queries, rules
from everhall.calls.models import Call, Submission
from everhall.calls.queries import people, table
from everhall.editions.models import Edition


def edition_in_reach(request: HttpRequest, code: str) -> tuple[Edition, list[Edition]]:
    """An edition in which the user has to do with calls, and all of them."""
    every = queries.editions_within(request.user)
    for edition in every:
        if edition.code == code:
            return edition, every
    raise Http404


def call_in_reach(request: HttpRequest, edition: str, code: str) -> Call:
    """A call at one of whose venues the user has a desk."""
    found, _ = edition_in_reach(request, edition)
    for call in queries.calls_within(request.user, found):
        if call.code == code:
            return call
    raise Http404


def may_manage(user: Any, call: Call) -> bool:
    return queries.may_manage(user, call.edition, [row.venue for row in call.at.all()])


def call_managed(request: HttpRequest, edition: str, code: str) -> Call:
    """A call that the user may change and write letters of."""
    call = call_in_reach(request, edition, code)
    if not may_manage(request.user, call):
        raise Http404
    return call


def submission_in_reach(request: HttpRequest, public_id: str) -> tuple[Submission, rules.Beholder]:
    """A submission that was handed in, which the user decides on, looks at or was asked to review. With a conflict it is there,
    and pages say so instead of showing it."""
    rows = Submission.objects.exclude(state=Submission.State.DRAFT)
    row = rows.select_related("call__edition", "venue", "organisation").filter(public_id=public_id).first()
    if row is None:
        raise Http404
    if not table.submissions_within(request.user, row.call).filter(pk=row.pk).exists():
        raise Http404
    return row, people.beholder(request.user, row)
