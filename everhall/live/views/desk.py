"""The director's desk as JSON, below `/admin/live/desk/`: what there is, and what may be done.

Who may: whoever may direct somewhere in the edition sees; cuts and the running order are for channels of venues where
they may. Others find nothing here (404), exhibitors included. Staff without a second factor do not come this far
(`SecondFactorForStaff`); each POST carries Django's token against forgery. A refusal is 409 with a code and words.
"""

import datetime as dt
import json
import math
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from everhall.live import queries, services
from everhall.live.desk import Desk, cut_dict, desk_of, note_dict
from everhall.live.desk import state as desk_state
from everhall.live.models import Channel, RunningOrderItem

LARGEST = 20_000


class Malformed(Exception):  # noqa: N818 - reads as what it is
    """The body is not what was asked for."""


def desk_or_404(request: HttpRequest, edition: str) -> Desk:
    desk = desk_of(request.user, edition)
    if desk is None:
        raise Http404
    return desk


def body_of(request: HttpRequest) -> dict[str, Any]:
    """A JSON object; nothing is an empty one."""
    if len(request.body) > LARGEST:
        raise Malformed
    try:
        found = json.loads(request.body or b"{}")
    except ValueError as broken:
        raise Malformed from broken
    if not isinstance(found, dict):
        raise Malformed
    return found


def number(body: dict[str, Any], name: str, default: float | None = 0.0) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Malformed
    return float(value)


def row_id(body: dict[str, Any], name: str, default: int | None = None) -> int | None:
    value = body.get(name, default)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63):
        raise Malformed
    return value


def text(body: dict[str, Any], name: str, longest: int = 500) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise Malformed
    return value


def moment(body: dict[str, Any], name: str) -> dt.datetime | None:
    if body.get(name) is None:
        return None
    seconds = number(body, name)
    if not 0 < seconds < 1e11:
        raise Malformed
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def answer(data: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


Acting = Callable[[HttpRequest, Channel, dict[str, Any], dt.datetime], dict[str, Any]]


def guarded(act: Callable[[], dict[str, Any]]) -> JsonResponse:
    """Refusals and broken bodies as answers."""
    try:
        return answer({"ok": True, **act()})
    except services.Refused as refused:
        return answer({"ok": False, "code": refused.code, "message": refused.words}, 409)
    except ValidationError as wrong:
        return answer({"ok": False, "code": "invalid", "message": " ".join(wrong.messages)}, 409)
    except Malformed:
        return answer({"ok": False, "code": "malformed", "message": ""}, 400)


def on_channel(acting: Acting) -> Any:
    """A POST on a channel that the user may direct."""

    def view(request: HttpRequest, channel: int) -> JsonResponse:
        found = queries.directed_channel(request.user, channel)
        if found is None:
            raise Http404
        return guarded(lambda: acting(request, found, body_of(request), timezone.now()))

    return require_POST(view)


@require_GET
def state(request: HttpRequest, edition: str) -> JsonResponse:
    """`?notes=17`: only notes after this one."""
    desk = desk_or_404(request, edition)
    after = request.GET.get("notes", "")
    seen = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    return answer(desk_state(desk, timezone.now(), notes_after=seen))


# ---------------------------------------------------------------- cuts
@on_channel
def take(request: HttpRequest, channel: Channel, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """{"source": "feed/…", "in_point": seconds}"""
    cut = services.take(
        channel, text(body, "source", 120), by=request.user, now=now, in_point=max(0.0, number(body, "in_point"))
    )
    return {"cut": cut_dict(cut)}


@on_channel
def auto(request: HttpRequest, channel: Channel, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    return {"cut": cut_dict(services.go_auto(channel, by=request.user, now=now))}


@on_channel
def slate(request: HttpRequest, channel: Channel, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    return {"cut": cut_dict(services.show_slate(channel, by=request.user, now=now))}


@on_channel
def hold(request: HttpRequest, channel: Channel, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    return {"cut": cut_dict(services.hold(channel, by=request.user, now=now))}


# ---------------------------------------------------------------- running order
def needed(body: dict[str, Any]) -> int:
    item = row_id(body, "item")
    if item is None:
        raise Malformed
    return item


def order(items: list[RunningOrderItem]) -> dict[str, Any]:
    return {"items": [item.pk for item in items]}


@on_channel
def move(request: HttpRequest, channel: Channel, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """{"item": id, "before": id or null}"""
    return order(services.move_item(channel, needed(body), before=row_id(body, "before"), by=request.user))


@on_channel
def begin(request: HttpRequest, channel: Channel, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """{"item": id}: begin it now."""
    return order(services.begin_item(channel, needed(body), by=request.user, now=now))


@on_channel
def end(request: HttpRequest, channel: Channel, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """{"item": id}: end it now."""
    return order(services.end_item(channel, needed(body), by=request.user, now=now))


@on_channel
def stretch(request: HttpRequest, channel: Channel, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """{"item": id, "seconds": more or (negative) less}"""
    seconds = max(-86_400.0, min(number(body, "seconds", None), 86_400.0))
    return order(services.stretch_item(channel, needed(body), seconds, by=request.user))


@on_channel
def plan(request: HttpRequest, channel: Channel, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """{"source": "feed/…" or "" for the slate, "starts": seconds or null, "duration": seconds or null,
    "in_point": seconds, "title_zh": text, "title_en": text, "before": id or null}"""
    source = text(body, "source", 120)
    length = body.get("duration")
    item = RunningOrderItem(
        starts_at=moment(body, "starts"), duration=max(2, round(number(body, "duration"))) if length is not None else None,
        in_point=max(0.0, number(body, "in_point")), title_zh=text(body, "title_zh", 200), title_en=text(body, "title_en", 300),
    )  # fmt: skip
    services.show(item, channel, source)
    made = services.plan_item(channel, item, before=row_id(body, "before"), by=request.user, now=now)
    return {"item": made.pk}


@on_channel
def drop(request: HttpRequest, channel: Channel, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """{"item": id}: out of the running order."""
    return order(services.drop_item(channel, needed(body), by=request.user))


@on_channel
def keep(request: HttpRequest, channel: Channel, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """{"source": "feed/…" (empty: this channel), "since": seconds or null}: keep it from then on, or end what is kept."""
    return services.keep_or_end(
        channel, text(body, "source", 120), moment(body, "since") or now, by=request.user, now=now
    )


# ---------------------------------------------------------------- notes
@require_POST
def note(request: HttpRequest, edition: str) -> JsonResponse:
    """{"text": text, "from": code of an own venue or "", "to": code of a venue or "" for all desks}"""
    desk = desk_or_404(request, edition)

    def act() -> dict[str, Any]:
        body = body_of(request)
        own = {venue.code: venue for venue in desk.venues}
        sender = own.get(text(body, "from", 60), desk.venues[0])
        to = None
        if text(body, "to", 60):
            to = desk.edition.venues.filter(code=body["to"]).first()
            if to is None:
                raise Malformed
        made = services.note(
            desk.edition, text(body, "text"), by=request.user, now=timezone.now(), venue=sender, to=to
        )
        return {"note": note_dict(made)}

    return guarded(act)
