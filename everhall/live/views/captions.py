"""Live captions come in here: {"lines": [{"text": …, "language": "zh", "start": …, "end": …}]}, or one line alone.

`start` and `end` are seconds since the epoch or moments like 2021-10-20T09:00:00+08:00; without a start a line stands
now, without an end as long as it takes to read. Who may: with a channel's captions key as `Authorization: Bearer …`
whoever has it; in the desk whoever may direct there. A wrong key looks like a channel that is not there.
"""

import datetime as dt
import json
import math
import secrets
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from everhall.live import queries, services
from everhall.live.models import Channel, Feed
from everhall.live.services.captions import Line

LARGEST = 100_000


def reading_time(text: str) -> dt.timedelta:
    """How long a line stands that does not say it: a quarter of a second for each sign, two to seven seconds."""
    return dt.timedelta(seconds=min(max(2.0, 0.25 * len(text)), 7.0))


def moment(value: Any) -> dt.datetime | None:
    """None where it is not said; ValueError where it is no moment."""
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 < value < 1e11:
        return dt.datetime.fromtimestamp(value, dt.UTC)
    if isinstance(value, str):
        found = dt.datetime.fromisoformat(value)
        if found.tzinfo is not None:
            return found
    raise ValueError


def line_of(found: Any, now: dt.datetime) -> Line:
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise ValueError
    starts = moment(found.get("start")) or now
    ends = moment(found.get("end")) or starts + reading_time(found["text"])
    return Line(starts, ends, str(found.get("language", "zh")), found["text"])


def posted(request: HttpRequest, origin: Feed | Channel, by: Any) -> JsonResponse:
    now = timezone.now()
    try:
        if len(request.body) > LARGEST:
            raise ValueError
        body = json.loads(request.body)
        many = body["lines"] if isinstance(body, dict) and "lines" in body else [body]
        if not isinstance(many, list):
            raise ValueError
        made = services.post_caption(origin, [line_of(one, now) for one in many], by=by, now=now)
    except services.Refused as refused:
        return JsonResponse({"ok": False, "code": refused.code, "message": refused.words}, status=409)
    except (ValueError, OverflowError):
        return JsonResponse({"ok": False, "code": "malformed", "message": ""}, status=400)
    return JsonResponse({"ok": True, "lines": [line.pk for line in made]}, status=201)


# No cookie counts here, so there is nothing to forge.
@csrf_exempt
@require_POST
def by_key(request: HttpRequest, key: str) -> JsonResponse:
    """`POST /live/captions/<channel>/` with the channel's captions key."""
    channel = Channel.objects.filter(key=key, enabled=True).select_related("venue", "edition").first()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    wanted = channel.captions_key if channel else secrets.token_hex(12)
    if not secrets.compare_digest(given.encode(), wanted.encode()) or channel is None:
        raise Http404
    return posted(request, channel, None)


@require_POST
def of_channel(request: HttpRequest, channel: int) -> JsonResponse:
    found = queries.directed_channel(request.user, channel)
    if found is None:
        raise Http404
    return posted(request, found, request.user)


@require_POST
def of_feed(request: HttpRequest, feed: int) -> JsonResponse:
    found = Feed.objects.filter(pk=feed).select_related("venue", "edition").first()
    if found is None or not queries.may_direct(request.user, found):
        raise Http404
    return posted(request, found, request.user)
