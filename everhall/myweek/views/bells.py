"""A browser that wants to ring when it is time to leave. Who may: everyone, for the week of their own account or browser; whoever names an
endpoint is the browser that knows it. Never kept."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from everhall.accounts.callers import address_of, comes_from_here
from everhall.editions.public import edition_or_404
from everhall.myweek import gate, services
from everhall.myweek.services import Refused
from everhall.notices.services.following import Refused as NotTaken
from everhall.visits import services as visits
from everhall.visits.personal import answered, remember, token_of

MOST_BYTES = 8192
STATUS = {"malformed": 400, "elsewhere": 403, "too_fast": 429}


@csrf_exempt
@require_POST
def ring(request: HttpRequest, edition: str) -> HttpResponse:
    """`/2021/my-week/bell/` with JSON: {verb: follow, subscription, language} or {verb: unfollow, endpoint}, as `/push/` has them; answers with all
    that this browser is told of."""
    found, now = edition_or_404(edition), timezone.now()
    try:
        if not comes_from_here(request):
            raise Refused("elsewhere")
        gate.spend("acts", address_of(request), now.timestamp())
        body = body_of(request)
        if body.get("verb") != "follow":
            return answered({"ok": True, "follows": services.ring_no_more(found, body.get("endpoint"))})
        visitor, made = visits.known_or_new(request.user, token_of(request), now)
        follows = services.ring_here(visitor, found, body.get("subscription"), body.get("language"), now)
    except (Refused, NotTaken) as refused:
        return answered({"ok": False, "code": refused.code}, STATUS.get(refused.code, 409))
    return remember(answered({"ok": True, "follows": follows}), made)


def body_of(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json" or len(request.body) > MOST_BYTES:
        raise NotTaken("malformed")
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        raise NotTaken("malformed") from None
    if not isinstance(found, dict):
        raise NotTaken("malformed")
    return found
