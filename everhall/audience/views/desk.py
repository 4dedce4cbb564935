"""The moderator's desk, below `/admin/talk/`.

Who may: whoever may direct at the venue of what the room is for (`queries.may_moderate`). Others find nothing here (404).
Staff without a second factor do not come this far; each POST carries Django's token against forgery. A refusal is 409 with a code and
words.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from everhall.audience import queries, rules, services
from everhall.audience.models import Poll, Room
from everhall.audience.places import Place, place_at, session_place
from everhall.audience.services import Refused
from everhall.audience.views.pages import SCREENS, address_of, address_to_join
from everhall.audience.views.state import shown_state
from everhall.editions import queries as editions
from everhall.editions.reaching import edition_in_reach, to_edition_that_runs
from everhall.engines.qr import code_of
from everhall.programme.models import Session
from everhall.realtime.telling import ticket_for

LARGEST = 40_000


def room_or_404(request: HttpRequest, room: int) -> tuple[Room, Place]:
    """A room that the user moderates, and where it is."""
    found = queries.moderated(request.user, room, timezone.now())
    if found is None:
        raise Http404
    return found


# ---------------------------------------------------------------- pages
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What the user moderates in the edition that runs."""
    return to_edition_that_runs(request, [rules.MODERATING], "audience_rooms")


@never_cache
@require_GET
def rooms_page(request: HttpRequest, edition: str) -> HttpResponse:
    """All channels and sessions at venues where the user moderates, with who follows them now."""
    found = edition_in_reach(request, [rules.MODERATING], edition)
    now = timezone.now()
    places = queries.moderated_places(request.user, found, now)
    sessions = [(session, getattr(session, "room", None)) for session in queries.moderated_sessions(request.user, found)]
    rooms = [room for _, _, room in places] + [room for _, room in sessions]
    viewers = queries.viewers_now([room.pk for room in rooms if room is not None], now)
    return render(
        request, "audience/desk/rooms.html",
        {
            "page_title": pgettext("audience", "Taking part"), "header_icon": "comment", "edition": found,
            "editions": editions.editions_within(request.user, [rules.MODERATING]), "venues": queries.viewers_by_venue(found, now),
            "places": [(name, place, room, viewers.get(room.pk, 0) if room else 0) for name, place, room in places],
            "sessions": [(session, room, viewers.get(room.pk, 0) if room else 0) for session, room in sessions],
        },
    )  # fmt: skip


@require_POST
def open_room(request: HttpRequest, session: int) -> HttpResponse:
    """Open a session's room; leads to its desk."""
    found = Session.objects.filter(pk=session).select_related("edition", "activity__venue").first()
    if found is None or not queries.may_moderate(request.user, found.edition, found.activity.venue):
        raise Http404
    place = session_place(found, is_public=False)
    return opened(request, place, lambda: services.open_room(found))


@require_POST
def open_room_at(request: HttpRequest, place: str) -> HttpResponse:
    """The same of anything else; `place` as in `Room.place`."""
    found = place_at(place, timezone.now())
    if found is None or not queries.may_moderate(request.user, found.edition, found.venue):
        raise Http404
    return opened(request, found, lambda: services.open_room_at(place, found))


@transaction.atomic
def opened(request: HttpRequest, place: Place, make: Callable[[], Room]) -> HttpResponse:
    room = make()
    services.note(place, "open", request.user)
    return redirect("audience_desk", room.pk)


@never_cache
@require_GET
def desk_page(request: HttpRequest, room: int) -> HttpResponse:
    """Everything about one room on one page; what it shows comes from `desk_state` and from news."""
    found, place = room_or_404(request, room)
    topic = found.topic("desk")
    address = address_to_join(found)
    return render(
        request, "audience/desk/desk.html",
        {
            "page_title": pgettext("audience", "Moderator's desk"), "header_icon": "comment", "room": found,
            "place": place, "code": code_of(address), "address": address,
            "kinds": Poll.Kind.choices, "moderations": Room.Moderation.choices,
            "screens": [(kind, address_of(found, kind)) for kind in SCREENS],
            "desk": {
                "room": found.key, "topic": topic, "ticket": ticket_for(topic), "state": reverse("audience_desk_state", args=[found.pk]),
                "verb": reverse("audience_desk_verb", args=[found.pk, "verb"]),
            },
        },
    )  # fmt: skip


@never_cache
@require_GET
def desk_state(request: HttpRequest, room: int) -> JsonResponse:
    """What waits, and all that visitors see, also of what is not public yet."""
    (found, _), now = room_or_404(request, room), timezone.now()
    state = shown_state(found, now)
    settings = {name: getattr(found, name) for name in (*services.SWITCHES, "moderation", "slow_seconds", "words")}
    return JsonResponse(
        {**state, "desk": queries.desk_state(found), "drafts": queries.drafts(found), "settings": settings},
        json_dumps_params={"ensure_ascii": False},
    )


# ---------------------------------------------------------------- what moderators do
Body = Mapping[str, Any]
Doing = Callable[[Room, Body, Any, dt.datetime], dict[str, Any]]


def ids_of(body: Body) -> list[int]:
    ids = body.get("ids")
    if not isinstance(ids, list) or len(ids) > 500 or not all(type(each) is int and 0 < each < 2**63 for each in ids):
        raise Refused("malformed")
    return ids


def number_of(body: Body) -> int:
    number = body.get("id")
    if type(number) is not int or not 0 < number < 2**63:
        raise Refused("malformed")
    return number


def text_of(body: Body, name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise Refused("malformed")
    return value


def do_delete(room: Room, body: Body, by: Any, now: dt.datetime) -> dict[str, Any]:
    return {"count": services.delete(room, ids_of(body), by=by, now=now)}


def do_show(room: Room, body: Body, by: Any, now: dt.datetime) -> dict[str, Any]:
    return {"count": services.show(room, ids_of(body), by=by, now=now)}


def do_settle(room: Room, body: Body, by: Any, now: dt.datetime) -> dict[str, Any]:
    return {"count": services.settle(room, ids_of(body), now=now)}


def do_mute(room: Room, body: Body, by: Any, now: dt.datetime) -> dict[str, Any]:
    services.mute(room, text_of(body, "who"), by=by, now=now, sweep=body.get("sweep") is True)
    return {}


def do_unmute(room: Room, body: Body, by: Any, now: dt.datetime) -> dict[str, Any]:
    services.unmute(room, text_of(body, "who"))
    return {}


def do_question(room: Room, body: Body, by: Any, now: dt.datetime) -> dict[str, Any]:
    services.decide(room, number_of(body), text_of(body, "stage"), by=by, now=now, answer=text_of(body, "answer"))
    return {}


def do_draft(room: Room, body: Body, by: Any, now: dt.datetime) -> dict[str, Any]:
    """{"kind", "text_zh", "text_en", "choices": [[zh, en], …]}"""
    choices = body.get("choices", [])
    fits = isinstance(choices, list) and len(choices) <= rules.MOST_CHOICES and all(
        isinstance(each, list) and len(each) == 2 and all(isinstance(text, str) for text in each) for each in choices
    )
    if not fits:
        raise Refused("malformed")
    text = text_of(body, "text_zh"), text_of(body, "text_en")
    return {"poll": queries.poll_dict(services.draft(room, text_of(body, "kind"), text, [tuple(each) for each in choices]))}


def do_open_poll(room: Room, body: Body, by: Any, now: dt.datetime) -> dict[str, Any]:
    services.open_poll(room, number_of(body), now=now)
    return {}


def do_close_poll(room: Room, body: Body, by: Any, now: dt.datetime) -> dict[str, Any]:
    services.close_poll(room, number_of(body), now=now)
    return {}


def do_drop_draft(room: Room, body: Body, by: Any, now: dt.datetime) -> dict[str, Any]:
    services.drop_draft(room, number_of(body))
    return {}


def do_change(room: Room, body: Body, by: Any, now: dt.datetime) -> dict[str, Any]:
    values = body.get("values")
    if not isinstance(values, dict):
        raise Refused("malformed")
    services.change_room(room, values)
    return {}


VERBS: Mapping[str, Doing] = {
    "delete": do_delete, "show": do_show, "settle": do_settle, "mute": do_mute, "unmute": do_unmute,
    "question": do_question, "draft": do_draft, "open-poll": do_open_poll, "close-poll": do_close_poll,
    "drop-draft": do_drop_draft, "change": do_change,
}  # fmt: skip


@require_POST
def act(request: HttpRequest, room: int, verb: str) -> JsonResponse:
    """`/admin/talk/rooms/<id>/<verb>/` with a JSON object."""
    found, place = room_or_404(request, room)
    if verb not in VERBS:
        raise Http404
    try:
        body = json.loads(request.body or b"{}") if len(request.body) <= LARGEST else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        return JsonResponse({"ok": False, "code": "malformed", "message": ""}, status=400)
    try:
        with transaction.atomic():
            answer = VERBS[verb](found, body, request.user, timezone.now())
            services.note(place, verb, request.user, services.about_of(body, answer))
        return JsonResponse({"ok": True, **answer})
    except Refused as refused:
        return JsonResponse({"ok": False, "code": refused.code, "message": refused.words}, status=409)
