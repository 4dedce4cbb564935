"""Reactions and viewers: counted in memory, stored by the minute, added up over processes."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.audience import queries, services
from everhall.audience.models import ReactionCount, ViewerCount
from everhall.audience.services.counting import MOST_ROOMS, Reactions
from everhall.engines import taking_part as states

pytestmark = pytest.mark.django_db


def test_taps_are_told_together_and_stored_by_the_minute(room, heard, django_capture_on_commit_callbacks) -> None:
    counter, now = Reactions("aa"), timezone.now().replace(second=10)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(1000):
            counter.add(room.key, "clap", 1)
        counter.add(room.key, "like", 3)
        counter.turn(now)
    assert heard.on(room, "reactions") == [{"kind": "counted", "source": "aa", "counts": {"clap": 1000, "like": 3}}]
    assert not ReactionCount.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        counter.add(room.key, "clap", 1)
        counter.turn(now + dt.timedelta(seconds=55))
    assert sorted(ReactionCount.objects.values_list("kind", "count")) == [("clap", 1000), ("like", 3)]
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            counter.store()
    assert sum(ReactionCount.objects.values_list("count", flat=True)) == 1004
    assert queries.reactions_state(room)["counts"] == {"clap": 1001, "like": 3}
    here = counter.here(room)
    assert here is not None
    assert states.reactions_after(queries.reactions_state(room), here) == queries.reactions_state(room)


def test_two_processes_add_up(room, heard, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for source, count in (("aa", 2), ("bb", 5)):
            counter = Reactions(source)
            counter.add(room.key, "heart", count)
            counter.turn(timezone.now())
            counter.store()
    assert heard.after(room, "reactions", states.no_reactions())["counts"] == {"heart": 7}
    assert heard.after(room, "reactions", queries.reactions_state(room))["counts"] == {"heart": 7}


def test_taps_for_what_is_not_there_or_not_public_are_thrown_away(room, world, heard, django_capture_on_commit_callbacks) -> None:
    counter = Reactions()
    hidden = services.open_room(world.sessions["embargoed-forum"])
    services.change_room(room, {"reactions": False})
    with django_capture_on_commit_callbacks(execute=True):
        for key in ("nowhere", hidden.key, room.key):
            counter.add(key, "clap", 1)
        counter.turn(timezone.now())
        counter.store()
    assert not heard.on(room, "reactions")
    assert not heard.on(hidden, "reactions")
    assert not ReactionCount.objects.exists()


def test_made_up_rooms_fill_nothing() -> None:
    counter = Reactions()
    assert [counter.add(f"r{n}", "clap", 1) for n in range(MOST_ROOMS + 2)] == [True] * MOST_ROOMS + [False] * 2


@pytest.mark.parametrize("body", [{}, {"kind": "odd"}, {"kind": "clap", "count": 0}, {"kind": "clap", "count": 21}, {"kind": "clap", "count": True}, {"kind": ["clap"]}])
def test_odd_taps(body) -> None:
    assert services.react("x", body) == "malformed"


def test_viewers_of_all_processes_together(room, world, heard, django_capture_on_commit_callbacks) -> None:
    now = timezone.now()
    hidden = services.open_room(world.sessions["embargoed-forum"])
    with django_capture_on_commit_callbacks(execute=True):
        services.count_viewers({room.topic("viewers"): 3, "chat.x": 9, "viewers.nowhere": 4, hidden.topic("viewers"): 1}, now, "aa")
        services.count_viewers({room.topic("viewers"): 4}, now, "bb")
    assert [told["now"] for told in heard.on(room, "viewers")] == [3, 7]
    assert not heard.on(hidden, "viewers")
    assert queries.viewers_by_venue(room.session.edition, now) == [("北京会场", "Beijing venue", 8)]
    with django_capture_on_commit_callbacks(execute=True):
        services.count_viewers({room.topic("viewers"): 2}, now + dt.timedelta(seconds=9), "aa")
    assert heard.on(room, "viewers")[-1]["now"] == 2
    services.forget_viewers(now + dt.timedelta(hours=2))
    assert not ViewerCount.objects.exists()


def test_pages_are_reminded_of_versions_switches_and_what_was_deleted(room, heard, django_capture_on_commit_callbacks) -> None:
    from tests.audience.rooms import act, guest

    said = act(room, guest(), "say", text="x")["id"]
    act(room, guest(), "ask", text="y")
    services.delete(room, [said], by=None, now=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        services.count_viewers({room.topic("viewers"): 1}, timezone.now(), "aa")
    (told,) = heard.on(room, "viewers")
    assert told["gone"] == [said]
    assert told["versions"] == {"questions": 1, "poll": 0}
    assert told["settings"]["chat"] is True
