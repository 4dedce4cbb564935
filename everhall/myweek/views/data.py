"""All that is kept of a person: seen, taken along, deleted. Who may: everyone, for themselves, by their login and the cookies of their browser;
for an account the form carries Django's token, and asks for the password no further, because the login is fresh enough to act at all."""

import io
import json
import zipfile
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from everhall.accounts.callers import address_of
from everhall.accounts.forgetting import Needed, delete_account
from everhall.accounts.models import User
from everhall.audience.services import COOKIE as TALK_COOKIE
from everhall.feedback.services import COOKIE as FEEDBACK_COOKIE
from everhall.myweek import gate
from everhall.myweek.services import Refused
from everhall.myweek.services.everything import Who, erase, everything_of, shares
from everhall.myweek.views.week import known, refusal
from everhall.visits.personal import page, private
from everhall.visits.services import COOKIE as VISIT_COOKIE

COOKIES = (TALK_COOKIE, FEEDBACK_COOKIE, VISIT_COOKIE)


def who_of(request: HttpRequest) -> Who:
    user = request.user if request.user.is_authenticated else None
    tokens = {name: request.COOKIES[name] for name in COOKIES if name in request.COOKIES}
    return Who(user, known(request, timezone.now()), tokens)


def rows_of(who: Who) -> list[dict[str, Any]]:
    """For the page: each share with how much there is of it."""
    found = everything_of(who, timezone.now())
    return [{"title": one.title, "count": count_of(found[one.name]), "stays": one.stays} for one in shares()]


def count_of(given: Any) -> int:
    """How many things a share tells of."""
    if isinstance(given, dict):
        lists = [value for value in given.values() if isinstance(value, list)]
        return sum(len(value) for value in lists) if lists else int(bool(given))
    return len(given) if isinstance(given, list) else int(bool(given))


@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is kept, by kind."""
    context = {"rows": rows_of(who_of(request)), "has_account": request.user.is_authenticated}
    return page(request, "myweek/data.html", context)


@require_safe
def take(request: HttpRequest) -> HttpResponse:
    """Everything as a ZIP: JSON for programmes, and words that say what is in it."""
    now = timezone.now()
    try:
        gate.spend("files", address_of(request), now.timestamp())
    except Refused as refused:
        return refusal(request, refused, request.path)
    everything = everything_of(who_of(request), now)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("everything.json", json.dumps({"made_at": now.isoformat(), **everything}, ensure_ascii=False, indent=1, default=str))
        words = render(request, "myweek/readme.txt", {"shares": shares(), "now": now}).content
        bundle.writestr("README.txt", b"\xef\xbb\xbf" + words)
    response = HttpResponse(data.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="everhall-my-data-{now:%Y%m%d}.zip"'
    return private(response)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Delete it, after one more question; with `account=yes` the account too."""
    done = request.GET.get("done", "")
    if request.method != "POST":
        who = who_of(request) if not done else Who()
        return page(request, "myweek/delete.html", {"done": done, "rows": rows_of(who) if not done else [], "has_account": request.user.is_authenticated})
    now = timezone.now()
    try:
        gate.spend("acts", address_of(request), now.timestamp())
        if request.POST.get("sure") != "yes":
            raise Refused("unsure")
    except Refused as refused:
        return refusal(request, refused, request.path)
    who = who_of(request)
    _count, failed = erase(who, now)
    if who.user is not None and request.POST.get("account") == "yes" and not failed:
        user = User.objects.get(pk=who.user.pk)
        try:
            delete_account(user)
        except Needed as needed:
            words = _("Your account stays: %(organisations)s would be left without an owner. Make somebody else the owner, then delete it.")
            context = {"done": "kept", "words": words % {"organisations": ", ".join(needed.organisations)}, "rows": [], "has_account": True}
            return page(request, "myweek/delete.html", context, 409)
        logout(request)
    response = private(redirect(request.path + ("?done=partly" if failed else "?done=yes")))
    for name in COOKIES:
        response.delete_cookie(name, samesite="Lax")
    return response
