"""What pages of a room begin with. Who may: everyone, as long as visitors may see what it is for
(`queries.public_room`); after the week only where the venue lets it be shown."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from everhall.audience import queries, services
from everhall.audience.models import Room
from everhall.editions.public import mark
from everhall.engines import taking_part as states

#: For so long the answer is good for everybody; what was overtaken meanwhile is told on `viewers.<room>`.
KEPT = dt.timedelta(seconds=1)


def room_or_404(key: str, now: dt.datetime) -> Room:
    """A room that visitors may read."""
    room = queries.public_room(key, now)
    if room is None or not is_readable(room, now):
        raise Http404
    return room


def is_readable(room: Room, now: dt.datetime) -> bool:
    """After the week the venue decides."""
    return room.archived or not queries.week_is_over(room.edition, now)


def shown_state(room: Room, now: dt.datetime) -> dict[str, Any]:
    """What is stored, and what this process has counted since."""
    state = queries.public_state(room, now)
    counted = services.reactions.here(room)
    if counted is not None:
        state["reactions"] = states.reactions_after(state["reactions"], counted)
    return state


@require_GET
def state(request: HttpRequest, room: str) -> HttpResponse:
    """`/talk/<room>/state/`"""
    now = timezone.now()
    found = room_or_404(room, now)
    answer = JsonResponse(shown_state(found, now), json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "public, max-age=1"
    return mark(answer, found.tags()[0], f"edition-{found.edition.code}", until=now + KEPT)
