"""Rooms of channels: the same as those of sessions, seen by whoever may see the channel, moderated at its venue."""

import datetime as dt
import functools

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from everhall.audience import places, queries, services
from everhall.audience.models import Message, Room
from everhall.audience.views.pages import SCREENS, address_of
from everhall.config.channel_rooms import ChannelRooms
from everhall.editions import services as editions
from tests.audience.rooms import act, enter, guest, let_the_week_run, post
from tests.world import SECRET

pytestmark = pytest.mark.django_db

HIDDEN = ("private", "later", "closed", "planned-channel")


def name_of(channel) -> str:
    return f"{ChannelRooms.name}/{channel.pk}"


def opened(channel) -> Room:
    place = places.place_at(name_of(channel), timezone.now())
    assert place is not None
    return services.open_room_at(name_of(channel), place)


@pytest.fixture
def on_air(world, settings) -> Room:
    """That of the public channel, while the week runs."""
    let_the_week_run(settings)
    return opened(world.channels["bj-main"])


def addresses(room: Room) -> list[str]:
    return [f"/talk/{room.key}/state/", address_of(room), *(address_of(room, kind) for kind in SCREENS)]


def test_a_channel_has_one_room(on_air, world) -> None:
    assert opened(world.channels["bj-main"]) == on_air
    assert on_air.edition == world.editions["2021"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(edition=on_air.edition, place=on_air.place)
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(edition=on_air.edition)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_its_page_shows_what_can_be_done(client, on_air, prefix) -> None:
    shown = addresses(on_air)[1:]
    page = client.get(f"{prefix}/2021/video/channels/bj-main/").content.decode()
    assert f'<ever-talk room="{on_air.key}"' in page
    assert "<ever-danmaku" in page
    assert "audience/talk.js" in page
    for address in shown:
        assert client.get(prefix + address).status_code == 200, address


def test_no_room_no_piece(client, world, settings) -> None:
    let_the_week_run(settings)
    assert "ever-talk" not in client.get("/2021/video/channels/bj-main/").content.decode()


def test_people_take_part(client, on_air) -> None:
    entered = enter(client, on_air)
    answer = post(client, "/talk/act", {"pass": entered["pass"], "room": on_air.key, "verb": "say", "text": "大家好"})
    assert answer.json()["state"] == "shown"
    assert client.get(f"/talk/{on_air.key}/state/").json()["chat"]["messages"][0]["text"] == "大家好"


@pytest.mark.parametrize("code", HIDDEN)
def test_of_hidden_channels_nothing_is_told(client, on_air, world, code) -> None:
    hidden = opened(world.channels[code])
    Message.objects.create(room=hidden, guest=guest(), name="x", text=SECRET, said_at=timezone.now(), shown_at=timezone.now())
    entered = enter(client, on_air)
    for address in addresses(hidden):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert SECRET not in answer.content.decode()
    assert post(client, f"/talk/{hidden.key}/join/", {"name": "x"}).status_code == 404
    said = post(client, "/talk/act", {"pass": entered["pass"], "room": hidden.key, "verb": "say", "text": "x"})
    assert said.json()["code"] == "no_room"
    # Beside one that is public, in the same transaction.
    both = services.perform(
        [services.Act(room.key, guest().pk, "say", {"text": "x"}) for room in (hidden, on_air)], timezone.now()
    )
    assert isinstance(both[0], services.Refused)
    assert isinstance(both[1], dict)
    assert both[1]["state"] == "shown"


def test_it_opens_and_closes_with_its_channel(client, on_air, world) -> None:
    later, address = world.channels["later"], f"/talk/{opened(world.channels['later']).key}/state/"
    later.public_from = timezone.now() - dt.timedelta(seconds=1)
    later.save()
    assert client.get(address).status_code == 200
    later.public = False
    later.save()
    assert client.get(address).status_code == 404


def test_addresses_of_another_edition_lead_nowhere(client, on_air, world) -> None:
    other = opened(world.channels["other-channel"])
    for name, more in (("room-join", []), ("room-screen", ["chat"])):
        assert client.get(reverse(f"audience:{name}", args=["2021", other.key, *more])).status_code == 404


def test_a_session_has_one_address(client, on_air, world) -> None:
    room = services.open_room(world.sessions["open-forum"])
    assert client.get(reverse("audience:room-join", args=["2021", room.key])).status_code == 404


def test_it_goes_with_its_channel(client, world, settings, django_capture_on_commit_callbacks) -> None:
    let_the_week_run(settings)
    channel = world.channels["later"]
    room = opened(channel)
    with django_capture_on_commit_callbacks(execute=True):
        channel.delete()
    assert not Room.objects.filter(pk=room.pk).exists()


def test_a_room_whose_place_is_gone_is_nowhere(client, on_air) -> None:
    Room.objects.filter(pk=on_air.pk).update(place="channel/999999")
    assert client.get(f"/talk/{on_air.key}/state/").status_code == 404
    assert queries.viewers_by_venue(on_air.edition, timezone.now()) == []
    for odd in ("channel/x", "channel/", "odd/1", "", "channel/" + "9" * 40):
        assert places.place_at(odd, timezone.now()) is None


def test_viewers_of_channels_and_sessions_of_a_venue_are_added(on_air, world) -> None:
    session = services.open_room(world.sessions["open-forum"])
    services.count_viewers({on_air.topic("viewers"): 3, session.topic("viewers"): 4}, timezone.now(), "aa")
    assert queries.viewers_by_venue(on_air.edition, timezone.now()) == [("北京会场", "Beijing venue", 7)]


# ---------------------------------------------------------------- moderators
@pytest.fixture
def director(world, settings):
    settings.STAFF_2FA = False

    @functools.cache
    def client_of(venue: str) -> Client:
        user = world.user(f"director-{venue}@example.org")
        editions.appoint(user, "director", world.editions["2021"], world.venues[venue])
        client = Client()
        client.force_login(user, "everhall.editions.backends.AppointmentBackend")
        return client

    return client_of


def test_directors_of_its_venue_moderate(director, on_air, world) -> None:
    mine, other = director("beijing"), director("zhengzhou")
    listed = mine.get(reverse("audience_rooms", args=["2021"])).content.decode()
    assert "北京主频道" in listed
    assert f"{SECRET}频道" in listed
    assert reverse("audience_desk", args=[on_air.pk]) in listed
    assert "北京主频道" not in other.get(reverse("audience_rooms", args=["2021"])).content.decode()
    said = act(on_air, guest(), "say", text="x")["id"]
    delete = reverse("audience_desk_verb", args=[on_air.pk, "delete"])
    assert post(other, delete, {"ids": [said]}).status_code == 404
    assert post(mine, delete, {"ids": [said]}).json() == {"ok": True, "count": 1}
    page = mine.get(reverse("audience_desk", args=[on_air.pk])).content.decode()
    assert address_of(on_air, "chat") in page
    sheet = mine.get(reverse("audience_export", args=[on_air.pk, "chat"]))
    assert "bj-main-chat.csv" in sheet["Content-Disposition"]


def test_who_may_open_one(director, on_air, world) -> None:
    address = reverse("audience_open_at", args=[name_of(world.channels["private"])])
    assert director("zhengzhou").post(address).status_code == 404
    assert director("beijing").get(address).status_code == 405
    assert "/rooms/" in director("beijing").post(address)["Location"]
    assert Room.objects.filter(place=name_of(world.channels["private"])).count() == 1
    assert director("beijing").post(reverse("audience_open_at", args=["channel/999999"])).status_code == 404
