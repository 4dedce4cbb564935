"""Who comes in: one wrapper around every page of an organisation.

In: an address with the code of an organisation. Out: the view, called with the user's membership instead of the code. What must
stay true: the membership is read at each request, so who was removed is out at once; another organisation's things are 404; nothing of
a person is kept anywhere on the way.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from everhall.accounts.models import Membership
from everhall.exhibition.models import Exhibit
from everhall.office import queries

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Logged in, and kept by nobody."""

    @functools.wraps(view)
    @login_required
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return inner


def of_organisation(view: View) -> View:
    """For members of the organisation."""

    @functools.wraps(view)
    @private
    def inner(request: HttpRequest, organisation: str, *args: Any, **kwargs: Any) -> HttpResponse:
        membership = queries.membership_in(request.user, organisation)
        if membership is None:
            raise Http404(_("There is no such office."))
        return view(request, membership, *args, **kwargs)

    return inner


def of_owners(view: View) -> View:
    """For owners; a member is told so."""

    @functools.wraps(view)
    @of_organisation
    def inner(request: HttpRequest, membership: Membership, *args: Any, **kwargs: Any) -> HttpResponse:
        if membership.role != Membership.Role.OWNER:
            return page(request, "office/only_owners.html", membership, {}, status=403)
        return view(request, membership, *args, **kwargs)

    return inner


def of_exhibit(view: View) -> View:
    """For an exhibit of the organisation."""

    @functools.wraps(view)
    @of_organisation
    def inner(request: HttpRequest, membership: Membership, code: str, *args: Any, **kwargs: Any) -> HttpResponse:
        exhibit: Exhibit | None = queries.exhibit_of(membership.organisation, code)
        if exhibit is None:
            raise Http404(_("There is no such exhibit in this office."))
        return view(request, membership, exhibit, *args, **kwargs)

    return inner


def page(request: HttpRequest, template: str, membership: Membership, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """With what stands around every page of the office."""
    around = {
        "organisation": membership.organisation, "membership": membership, "is_owner": membership.role == Membership.Role.OWNER,
    }
    return render(request, template, {**around, **context}, status=status)
