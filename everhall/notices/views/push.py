"""What a browser says of its subscription.

Who may: everyone; whoever names an endpoint knows it, and nobody but the browser does. Pages are the same for everybody and
hold no token against forgery: a request must say that it comes from a page of this site, which no other site can make
a browser say.
"""

import functools
import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from everhall.accounts.callers import address_of, comes_from_here
from everhall.engines.allowances import Allowance, Meter, address_key
from everhall.notices import keys, services
from everhall.notices.services.following import Refused

MOST_BYTES: Final = 8192
#: A hall behind one address may switch its bells on together.
OF_ADDRESS: Final = Allowance(300, 5)
STATUS: Final[Mapping[str, int]] = {"malformed": 400, "unknown": 404, "elsewhere": 403, "too_fast": 429, "too_many": 409}
Doing = Callable[[Mapping[str, Any], Any], list[str]]

VERBS: Final[Mapping[str, Doing]] = {
    "follow": lambda body, now: services.follow(body.get("subscription"), body.get("language"), body.get("follow"), now),
    "unfollow": lambda body, now: services.unfollow(body.get("endpoint"), body.get("follow"), now),
    "state": lambda body, now: services.follows_of(body.get("endpoint")),
    "renew": lambda body, now: services.renew(body.get("old"), body.get("subscription")),
}


@functools.cache
def meter() -> Meter:
    """The one of this process."""
    return Meter(OF_ADDRESS)


def body_of(request: HttpRequest) -> Mapping[str, Any]:
    if not comes_from_here(request):
        raise Refused("elsewhere")
    if request.content_type != "application/json" or len(request.body) > MOST_BYTES:
        raise Refused("malformed")
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused("malformed") from None
    if not isinstance(found, dict):
        raise Refused("malformed")
    return found


@csrf_exempt
@require_POST
def act(request: HttpRequest, verb: str) -> JsonResponse:
    """`/push/<verb>` with JSON: follow {subscription, language, follow}, unfollow {endpoint, follow}, state {endpoint}, renew
    {old, subscription}. Answers with all that this browser follows."""
    if verb not in VERBS:
        raise Http404
    now = timezone.now()
    try:
        wait = meter().wait(address_key(address_of(request)), now.timestamp())
        if wait:
            raise Refused("too_fast", wait)
        return answered({"ok": True, "follows": VERBS[verb](body_of(request), now)})
    except Refused as refused:
        response = answered({"ok": False, "code": refused.code}, STATUS[refused.code])
        if refused.wait:
            response["Retry-After"] = str(math.ceil(refused.wait))
        return response


def answered(body: Mapping[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def key(request: HttpRequest) -> JsonResponse:
    """The public key with which browsers subscribe."""
    return answered({"key": keys.public_text()})


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows what comes while no page is open. Browsers look for a newer one each day."""
    response = render(request, "notices/push-worker.js", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
