"""Taking part over HTTP: who may what at each address, and that nothing leaks."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from everhall.audience import queries, rules, services
from everhall.audience.models import Guest, Message, Room
from everhall.audience.urls import desk_patterns
from everhall.audience.views.desk import VERBS
from everhall.audience.views.exports import SHEETS
from everhall.audience.views.pages import SCREENS, address_of
from everhall.editions import audit
from everhall.editions import services as editions
from tests.audience.rooms import act, enter, guest, post
from tests.world import SECRET

pytestmark = pytest.mark.django_db


def saying(client, room, entered, text="大家好", **more):
    return post(client, "/talk/act", {"pass": entered["pass"], "room": room.key, "verb": "say", "text": text, **more})


# ---------------------------------------------------------------- visitors
def test_a_guest_joins_without_an_account_and_is_known_again(client, room) -> None:
    entered = enter(client, room, "小红")
    assert entered["name"] == "小红"
    cookie = client.cookies[services.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in str(list(Guest.objects.values()))
    assert enter(client, room, "")["who"] == entered["who"]
    assert enter(client, room, "小明")["name"] == "小明"
    assert enter(Client(), room, "")["who"] != entered["who"]
    assert saying(client, room, entered).json()["state"] == "shown"


@pytest.mark.parametrize(("language", "begins"), [("en", "Guest "), ("zh", "访客"), ("", "访客"), (7, "访客")])
def test_a_name_that_is_made_up_is_in_the_language_of_the_page(client, room, language, begins) -> None:
    answer = post(client, f"/talk/{room.key}/join/", {"name": "", "language": language})
    assert answer.json()["name"].startswith(begins)


def test_whoever_only_looks_makes_nobody(client, room) -> None:
    answer = post(client, f"/talk/{room.key}/join/", {"name": "", "new": False})
    assert (answer.status_code, answer.json()["pass"]) == (200, None)
    assert not Guest.objects.exists()


def test_an_account_is_one_person_in_every_browser(room, world) -> None:
    user = world.user("li@example.org", name="李雷")
    entered = []
    for _ in range(2):
        client = Client()
        client.force_login(user, "everhall.editions.backends.AppointmentBackend")
        entered.append(enter(client, room, ""))
    assert entered[0]["who"] == entered[1]["who"]
    assert entered[0]["name"] == "李雷"
    nameless = world.user("secret-address@example.org")
    client = Client()
    client.force_login(nameless, "everhall.editions.backends.AppointmentBackend")
    assert "secret-address" not in json.dumps(enter(client, room, ""))


@pytest.mark.parametrize("name", ["x" * 25, "赌博"])
def test_names_that_are_refused(client, room, name) -> None:
    services.change_room(room, {"words": "赌博"})
    assert post(client, f"/talk/{room.key}/join/", {"name": name}).json()["code"] == "name"


def test_a_form_of_another_site_cannot_join_or_act(client, room) -> None:
    assert client.post(f"/talk/{room.key}/join/", {"name": "x"}).status_code == 400
    assert client.post("/talk/act", '{"verb": "say"}', content_type="text/plain").status_code == 400
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/talk/{room.key}/join/", "{}", content_type="application/json").status_code == 200


@pytest.mark.parametrize("told", [None, "", "x", 7, "pass"])
def test_without_a_good_pass_nobody_acts(client, room, told) -> None:
    entered = enter(client, room)
    told = entered["pass"][:-1] + ("A" if entered["pass"][-1] != "A" else "B") if told == "pass" else told
    assert saying(client, room, {"pass": told}).status_code == 403
    assert not Message.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "nonsense", '{"verb":"say"}', '{"verb":"odd","room":"x"}', '{"verb":["say"],"room":"x"}', "[" * 3000, "x" * 9000])
def test_nonsense_is_refused(client, room, body) -> None:
    assert client.post("/talk/act", body, content_type="application/json").status_code in (400, 403)


def test_a_flood_of_one_person_is_slowed_and_harms_nobody_else(client, room) -> None:
    flooder, other = enter(client, room, "洪水"), Client()
    entered = enter(other, room, "邻居")
    codes = [saying(client, room, flooder, f"第{n}条") for n in range(30)]
    allowed = [answer for answer in codes if answer.status_code == 200]
    assert len(allowed) == rules.OF_PERSON["say"].burst
    refused = codes[-1]
    assert (refused.status_code, refused.json()["code"]) == (429, "too_fast")
    assert int(refused["Retry-After"]) >= refused.json()["wait"] > 0
    assert saying(other, room, entered).status_code == 200


def test_a_flood_of_one_address_is_slowed_and_harms_no_other_address(client, room, monkeypatch) -> None:
    monkeypatch.setitem(rules.OF_ADDRESS, "say", rules.Allowance(10, 0.1))
    people = [services.pass_for(guest(f"客{n}"), timezone.now()) for n in range(14)]
    codes = [saying(client, room, {"pass": each}).status_code for each in people]
    assert codes == [200] * 10 + [429] * 4
    elsewhere = Client(REMOTE_ADDR="10.9.8.7")
    assert saying(elsewhere, room, {"pass": people[-1]}).status_code == 200


def test_taps_are_many_and_never_rows(client, room) -> None:
    entered = enter(client, room)
    body = {"pass": entered["pass"], "room": room.key, "verb": "react", "kind": "clap", "count": 10}
    codes = [post(client, "/talk/act", body).status_code for _ in range(10)]
    assert codes.count(200) == 4
    assert codes[-1] == 429
    services.reactions.turn(timezone.now())
    assert client.get(f"/talk/{room.key}/state/").json()["reactions"]["counts"] == {"clap": 40}


def test_the_state_is_good_for_everybody_for_a_second(client, room) -> None:
    act(room, guest(), "say", text="大家好")
    answer = client.get(f"/talk/{room.key}/state/")
    assert answer.json()["chat"]["messages"][0]["text"] == "大家好"
    assert answer["Cache-Control"] == "public, max-age=1"
    assert f"room-{room.key}" in answer["Everhall-Tags"]
    assert 0 < float(answer["Everhall-Until"]) - timezone.now().timestamp() <= 1
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies


def test_what_is_switched_off_is_not_told(client, room) -> None:
    act(room, guest(), "say", text="大家好")
    services.change_room(room, {"chat": False})
    told = client.get(f"/talk/{room.key}/state/").json()
    assert told["chat"]["messages"] == []
    assert told["room"]["chat"] is False


# ---------------------------------------------------------------- what is not public
HIDDEN = ("draft-forum", "embargoed-forum", "planned-forum")


def public_addresses(room: Room) -> list[str]:
    return [f"/talk/{room.key}/state/", address_of(room), *(address_of(room, kind) for kind in SCREENS)]


@pytest.mark.parametrize("name", HIDDEN)
def test_of_hidden_sessions_nothing_is_told(client, room, world, name) -> None:
    hidden = services.open_room(world.sessions[name])
    Message.objects.create(room=hidden, guest=guest(), name="x", text=SECRET, said_at=timezone.now(), shown_at=timezone.now())
    entered = enter(client, room)
    for address in public_addresses(hidden):
        for prefix in ("", "/en") if not address.startswith("/talk") else ("",):
            answer = client.get(prefix + address)
            assert answer.status_code == 404, address
            assert SECRET not in answer.content.decode()
    assert post(client, f"/talk/{hidden.key}/join/", {"name": "x"}).status_code == 404
    assert saying(client, hidden, entered).json() == {"ok": False, "code": "no_room", "wait": 0.0}


def test_a_room_of_another_edition_is_not_found_under_this_one(client, room, world) -> None:
    session = world.sessions["other-forum"]
    services.open_room(session)
    for name in ("audience:session-join", "audience:session-screen"):
        args = ["2021", session.code] + (["chat"] if name.endswith("screen") else [])
        assert client.get(reverse(name, args=args)).status_code == 404


def test_an_embargo_that_lifts_opens_the_room(client, room, world) -> None:
    hidden = services.open_room(world.sessions["embargoed-forum"])
    activity = world.activities["embargoed-forum"]
    activity.embargo_until = timezone.now() - dt.timedelta(seconds=1)
    activity.save()
    assert client.get(f"/talk/{hidden.key}/state/").status_code == 200


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_show_what_can_be_done(client, room, prefix) -> None:
    for address in public_addresses(room)[1:]:
        assert client.get(prefix + address).status_code == 200, address
    page = client.get(f"{prefix}/2021/sessions/open-forum-1/").content.decode()
    assert f'<ever-talk room="{room.key}"' in page
    assert "<ever-danmaku" in page
    assert client.get(reverse("audience:session-screen", args=["2021", "open-forum-1", "odd"])).status_code == 404


def test_a_page_without_a_room_hears_when_there_is_one(client, room) -> None:
    answer = client.get("/2021/sessions/zz-forum-1/")
    assert "ever-talk" not in answer.content.decode()
    assert "talk-2021" in answer["Everhall-Tags"]


# ---------------------------------------------------------------- after the week
@pytest.fixture
def over(room, settings):
    now, who = timezone.now(), guest("小明")
    act(room, who, "say", text="说过的话")
    gone = act(room, who, "say", text="删掉的话")["id"]
    asked = act(room, who, "ask", text="问过的题")["id"]
    services.delete(room, [gone], by=None, now=now)
    services.decide(room, asked, "answered", by=None, now=now, answer="答过的话")
    poll = services.draft(room, "single", ("投过的票", ""), [("是", ""), ("否", "")])
    services.open_poll(room, poll.pk, now=now)
    act(room, who, "answer", poll=poll.pk, choices=[0])
    settings.WEEK_CLOCK_OFFSET += dt.timedelta(days=6)
    return room


def test_after_the_week_everything_can_be_read(client, over) -> None:
    page = client.get("/2021/sessions/open-forum-1/").content.decode()
    for words in ("说过的话", "问过的题", "答过的话", "投过的票", "100%"):
        assert words in page
    assert "删掉的话" not in page
    assert "<ever-talk" not in page
    assert client.get(f"/talk/{over.key}/state/").json()["room"]["over"] is True


def test_unless_the_venue_says_no(client, over) -> None:
    services.change_room(over, {"archived": False})
    page = client.get("/2021/sessions/open-forum-1/").content.decode()
    assert "说过的话" not in page
    assert "talk-head" not in page
    for address in public_addresses(over):
        assert client.get(address).status_code == 404


# ---------------------------------------------------------------- moderators
ROLES = {"national_organiser": True, "venue_organiser": True, "director": True, "venue_editor": False, "reviewer": False, "exhibitor": False, "visitor": False}


@pytest.fixture
def staff(room, world, settings):
    settings.STAFF_2FA = False

    def client_of(role: str, venue: str | None = "beijing", edition: str = "2021") -> Client:
        user = world.user(f"{role}-{venue}-{edition}@example.org")
        editions.appoint(user, role, world.editions[edition], world.venues[venue] if venue and role != "national_organiser" else None)
        client = Client()
        client.force_login(user, "everhall.editions.backends.AppointmentBackend")
        return client

    return client_of


def desk_addresses(room: Room) -> list[str]:
    return [
        reverse("audience_desk", args=[room.pk]), reverse("audience_desk_state", args=[room.pk]),
        *(reverse("audience_export", args=[room.pk, kind]) for kind in SHEETS),
    ]


def test_each_address_of_the_desk_is_tried_here() -> None:
    assert {pattern.name for pattern in desk_patterns} == {
        "audience_home", "audience_rooms", "audience_open", "audience_open_at", "audience_desk", "audience_desk_state",
        "audience_export", "audience_desk_verb",
    }


@pytest.mark.parametrize(("role", "may"), ROLES.items())
def test_who_moderates(staff, room, world, role, may) -> None:
    client = staff(role)
    wanted = (200,) if may else (302, 403, 404)
    for address in desk_addresses(room):
        assert client.get(address).status_code in wanted, address
    for verb in VERBS:
        answer = post(client, reverse("audience_desk_verb", args=[room.pk, verb]), {})
        assert answer.status_code in ((200, 409) if may else wanted), verb
    assert client.get(reverse("audience_rooms", args=["2021"])).status_code in wanted
    opened = client.post(reverse("audience_open", args=[world.sessions["draft-forum"].pk]))
    assert (opened.status_code == 302 and "/rooms/" in opened["Location"]) is may


@pytest.mark.parametrize("place", [("zhengzhou", "2021"), ("park-haidian", "2021"), ("beijing-2020", "2020")])
def test_nobody_of_another_venue_or_edition_moderates(staff, room, world, place) -> None:
    client = staff("venue_organiser", *place)
    said = act(room, guest(), "say", text="x")["id"]
    for address in desk_addresses(room):
        assert client.get(address).status_code == 404
    for verb in VERBS:
        body = {"ids": [said], "id": 1, "values": {"chat": False}}
        assert post(client, reverse("audience_desk_verb", args=[room.pk, verb]), body).status_code == 404
    assert client.post(reverse("audience_open", args=[world.sessions["draft-forum"].pk])).status_code == 404
    assert Message.objects.get().state == "shown"


def test_nobody_without_a_login_or_the_token_against_forgery(room, world, settings) -> None:
    settings.STAFF_2FA = False
    for address in desk_addresses(room):
        assert Client().get(address).status_code == 302
    boss = world.user("boss@example.org", is_superuser=True, is_staff=True)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(boss, "everhall.editions.backends.AppointmentBackend")
    assert post(strict, reverse("audience_desk_verb", args=[room.pk, "change"]), {"values": {"chat": False}}).status_code == 403
    settings.STAFF_2FA = True
    assert "mfa" in strict.get(desk_addresses(room)[0])["Location"] or "2fa" in strict.get(desk_addresses(room)[0])["Location"]


def test_the_desk_works_through_its_verbs(staff, room, world) -> None:
    client, who = staff("director"), guest()
    said, asked = act(room, who, "say", text="x")["id"], act(room, who, "ask", text="y")["id"]

    def do(verb, **body):
        return post(client, reverse("audience_desk_verb", args=[room.pk, verb]), body)

    assert do("delete", ids=[said]).json() == {"ok": True, "count": 1}
    assert do("question", id=asked, stage="answering").json() == {"ok": True}
    assert do("mute", who=who.key, sweep=True).json() == {"ok": True}
    assert do("mute", who="nobody").status_code == 409
    poll = do("draft", kind="single", text_zh="投票", choices=[["是", "Yes"], ["否", "No"]]).json()["poll"]
    assert do("open-poll", id=poll["id"]).json() == {"ok": True}
    assert do("close-poll", id=poll["id"]).json() == {"ok": True}
    assert do("change", values={"moderation": "pre", "slow_seconds": 5, "words": "x"}).json() == {"ok": True}
    for odd in ({"moderation": "odd"}, {"slow_seconds": -1}, {"key": "x"}, {"session_id": 1}, {"chat": 1}):
        assert do("change", values=odd).status_code == 409
    for body in ({"ids": "x"}, {"ids": [True]}, {"ids": [10**30]}):
        assert do("delete", **body).status_code == 409
    state = client.get(reverse("audience_desk_state", args=[room.pk])).json()
    assert state["settings"]["slow_seconds"] == 5
    logged = ModelLogEntry.objects.filter(action__startswith="everhall.talk_").order_by("pk")
    assert [entry.action.removeprefix("everhall.talk_") for entry in logged] == [
        "delete", "question", "mute", "draft", "open_poll", "close_poll", "change",
    ]  # fmt: skip
    with translation.override("en"):
        words = [entry.message for entry in logged]
    assert words[0] == "Deleted messages of “低空经济论坛”: 1"
    assert words[2] == "Muted 小明 in “低空经济论坛”"
    assert words[-1].endswith(": moderation, slow_seconds, words")
    # The organiser of the venue reads it in the audit log; that of another venue does not.
    for venue, seen in (("beijing", 7), ("zhengzhou", 0)):
        organiser = world.user(f"organiser-{venue}@example.org")
        editions.appoint(organiser, "venue_organiser", world.editions["2021"], world.venues[venue])
        assert audit.entries_for(organiser).filter(action__startswith="everhall.talk_").count() == seen
    assert [each["id"] for each in state["desk"]["muted"]] == [who.key]
    assert queries.polls_state(room)["polls"][0]["stage"] == "closed"


def test_sheets_hold_no_formula_and_no_address(staff, room, world) -> None:
    user = world.user("li@example.org", name="=HYPERLINK(1)")
    named = Client()
    named.force_login(user, "everhall.editions.backends.AppointmentBackend")
    saying(named, room, enter(named, room, ""), "@SUM(A1)")
    sheet = b"".join(staff("director").get(reverse("audience_export", args=[room.pk, "chat"])).streaming_content).decode("utf-8-sig")
    assert "'@SUM(A1)" in sheet
    assert "'=HYPERLINK(1)" in sheet
    assert "li@example.org" not in sheet
