"""Joining, and acting where the site is run without the door (`audience.asgi` is in front of it otherwise).

Who may: everyone, in rooms of public sessions; limits are in `gate`, the rest in `services.acts`. No token against
forgery is asked for: pages are the same for everybody and hold none. An act carries its pass in its body, which no other
site knows; joining is refused unless the body is said to be JSON, which no form of another site can send.
"""

import datetime as dt
import functools
import json
import math
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from everhall.accounts.callers import address_of
from everhall.audience import queries, services
from everhall.audience.asgi import body_of, status_of
from everhall.audience.gate import MOST_BYTES, Gate
from everhall.audience.services import Act, Refused
from everhall.engines import tokens


@functools.cache
def gate() -> Gate:
    """The one of this process."""
    return Gate(tokens.secret_of(settings.SECRET_KEY))


def json_of(request: HttpRequest) -> Any:
    """The body. Refused "malformed" for what is no JSON, or is not said to be, or too much."""
    if request.content_type != "application/json" or len(request.body) > MOST_BYTES:
        raise Refused("malformed")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused("malformed") from None


def answered(answer: dict[str, Any] | Refused) -> JsonResponse:
    response = JsonResponse(body_of(answer), status=status_of(answer), json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    if isinstance(answer, Refused) and answer.wait:
        response["Retry-After"] = str(math.ceil(answer.wait))
    return response


@csrf_exempt
@require_POST
def act(request: HttpRequest) -> JsonResponse:
    """`/talk/act`: {"pass", "room", "verb", …}; verbs: say `text`; ask `text`; vote `question`, `up`; answer `poll`,
    `choices`; report `message`; react `kind`, `count`."""
    now = timezone.now()
    try:
        found = gate().let_in(json_of(request), address_of(request), now.timestamp())
        return answered(services.perform([found], now)[0] if isinstance(found, Act) else found)
    except Refused as refused:
        return answered(refused)


@csrf_exempt
@require_POST
def join(request: HttpRequest, room: str) -> JsonResponse:
    """`/talk/<room>/join/`: {"name": text, perhaps empty, "language": of the page, for a name that is made up}. Answers with the pass, who one is, what one has voted for; a
    guest gets a cookie, by which they are known again. With {"new": false} nobody is made, and whoever is not
    known gets no pass: for pages that only look."""
    now = timezone.now()
    found = queries.public_room(room, now)
    if found is None:
        raise Http404
    try:
        body = json_of(request)
        gate().spend("join", address_of(request), now.timestamp())
        return joined(request, found, body, now)
    except Refused as refused:
        return answered(refused)


def joined(request: HttpRequest, room: Any, body: Any, now: dt.datetime) -> JsonResponse:
    name = body.get("name", "") if isinstance(body, dict) else None
    if not isinstance(name, str):
        raise Refused("malformed")
    token = request.COOKIES.get(services.COOKIE)
    if not body.get("new", True) and services.guest_of(request.user, token) is None:
        return answered({"pass": None})
    # The address is in no language, the page is.
    with override("en" if body.get("language") == "en" else "zh-hans"):
        guest, made = services.join(room, user=request.user, token=token, name=name, now=now)
    response = answered(
        {
            "pass": services.pass_for(guest, now), "who": guest.key, "name": guest.name,
            "muted": queries.is_muted(room, guest), "votes": queries.own_votes(room, guest),
        }
    )  # fmt: skip
    if made is not None:
        response.set_cookie(
            services.COOKIE, made, max_age=services.COOKIE_SECONDS, httponly=True, samesite="Lax",
            secure=bool(getattr(settings, "SESSION_COOKIE_SECURE", False)),
        )
    return response
