"""What pages of the desk that are about one edition ask first: which edition, and whether the user has anything to do there.

In: a request, what they would do (names in `rules.ALLOWS`). Out: the edition, or the way to the one that runs. What must stay true: an edition
in which the user may do none of it does not exist for them (404).
"""

from collections.abc import Collection

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from everhall.editions import queries
from everhall.editions.models import Edition


def edition_in_reach(request: HttpRequest, actions: Collection[str], code: str) -> Edition:
    """The edition of this code, where the user may do one of `actions` at some venue."""
    for edition in queries.editions_within(request.user, actions):
        if edition.code == code:
            return edition
    raise Http404


def to_edition_that_runs(request: HttpRequest, actions: Collection[str], address: str) -> HttpResponse:
    """From a desk without an edition to that of the first: `address` names its page."""
    found = queries.editions_within(request.user, actions)
    if not found:
        raise Http404
    return redirect(address, found[0].code)
