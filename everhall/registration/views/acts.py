"""Registering where the site is run without the door (`registration.asgi` is in front of it otherwise), and what a page of a
session asks for its person.

Who may: everyone, for what is public. Answers are of one person and never kept. No token against forgery is asked for:
pages are the same for everybody and hold none; an account acts with a pass in the body, and a body must be said to be
JSON, which no form of another site can send.
"""

import datetime as dt
import functools
import json
import math
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from everhall.registration import queries, rules, services
from everhall.registration.asgi import answer_of
from everhall.registration.gate import MOST_BYTES, Gate
from everhall.registration.models import Admission, Registration
from everhall.registration.services.accounts import act_pass, path_of, people_of

MOST_SHOWN: Final = 2_000


@functools.cache
def gate() -> Gate:
    """The one of this process."""
    return Gate()


def address_of(request: HttpRequest) -> str:
    """Who is on the other side: the peer, or whom our proxy saw."""
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        seen = str(request.headers.get("X-Forwarded-For", "")).rpartition(",")[2].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR", ""))


def answered(status: int, body: dict[str, object]) -> JsonResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "private, no-store"
    if body.get("wait"):
        response["Retry-After"] = str(math.ceil(float(str(body["wait"]))))
    return response


@csrf_exempt
@require_POST
def act(request: HttpRequest) -> JsonResponse:
    """`/register/act`: {"admission", "request", "name", "email", "way", …}, as `services.wishes` reads it."""
    now = timezone.now()
    if request.content_type != "application/json" or len(request.body) > MOST_BYTES:
        return answered(*answer_of(services.Refused("malformed"), now.timestamp()))
    try:
        ticket = gate().let_in(json.loads(request.body), address_of(request), now.timestamp())
    except (ValueError, RecursionError):
        return answered(*answer_of(services.Refused("malformed"), now.timestamp()))
    except services.Refused as refused:
        return answered(*answer_of(refused, now.timestamp()))
    account = people_of({ticket.user}).get(ticket.user) if ticket.user is not None else None
    if ticket.user is not None and account is None:
        return answered(*answer_of(services.Refused("malformed"), now.timestamp()))
    return answered(*answer_of(services.perform([services.Post(ticket.admission, ticket.body, account)], now)[0], now.timestamp()))


#: Key of an admission -> the second in which it was looked at, and what was seen: a hall that looks at one page asks once.
_shown: dict[str, tuple[int, dict[str, object]]] = {}


def shown(admission: Admission, now: dt.datetime) -> dict[str, object]:
    """What everybody may know, at most a second old."""
    second = int(now.timestamp())
    kept = _shown.get(admission.key)
    if kept is not None and kept[0] == second:
        return kept[1]
    if len(_shown) > MOST_SHOWN:
        _shown.clear()
    found = {
        "phase": queries.phase(admission, now), "left": queries.seats_left(admission), "waiting": queries.waiting_count(admission),
    }  # fmt: skip
    _shown[admission.key] = (second, found)
    return found


@require_GET
def state(request: HttpRequest, key: str) -> JsonResponse:
    """`/register/<key>/state/?lang=`: whether it is open, seats that are left, how many wait; and of who is logged in
    their registration and the pass with which their page acts."""
    now = timezone.now()
    admission = queries.public_admission(key, now)
    if admission is None:
        raise Http404
    body: dict[str, object] = {**shown(admission, now), "mine": None, "pass": None}
    if request.user.is_authenticated:
        body["pass"] = act_pass(request.user, now)
        mine = Registration.objects.filter(admission=admission, user=request.user, state__in=rules.LIVE).first()
        if mine is not None:
            with override("en" if request.GET.get("lang") == "en" else "zh-hans"):
                body["mine"] = {"state": mine.state, "words": mine.get_state_display(), "link": path_of(mine), "list": reverse("registration:list")}
    return answered(200, body)
