"""Screens: what they show, what they keep, who is told, and that nothing on them leads out."""

import datetime as dt
import json
import re
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.staticfiles import finders
from django.utils import timezone

from everhall.editions.public import week_time
from everhall.media.queries import playing_of
from everhall.tours import queries, rules, services
from everhall.tours.models import Kiosk, Sighting, Stop
from everhall.tours.queries.screens import SHELL
from tests.tours.conftest import HERE
from tests.tours.test_pages import sound
from tests.twins import passes

pytestmark = pytest.mark.django_db


def contents(client, code: str) -> dict:
    return client.get(f"/2021/screens/{code}/screen.json").json()


def test_what_a_screen_keeps_and_looks_at_is_right_in_node():
    assert "# fail 0\n" in passes(Path(__file__).with_name("screen.test.mjs"))


def test_zones_are_those_of_the_venue_and_of_what_is_below_it(client, world):
    value = contents(client, "zones")
    assert [item["key"] for item in value["items"]] == ["open-drone", "open-park"]
    one = value["items"][0]
    assert (one["zh"]["name"], one["en"]["name"]) == ("六旋翼巡检无人机", "Hexacopter inspection drone")
    assert one["address"].endswith("/2021/exhibits/open-drone/")
    assert one["qr"]["size"] > 20
    world.kiosks["zones"].zones.add(world.zones["park-haidian"])
    assert [item["key"] for item in contents(client, "zones")["items"]] == ["open-park"]


def test_a_tour_is_shown_without_its_hidden_stops(client, world):
    value = contents(client, "tour")
    assert len(value["items"]) == 4
    assert "无人机的讲解" in value["items"][0]["zh"]["text"]
    assert contents(client, "hidden-tour")["items"] == []


def test_the_version_is_that_of_the_contents(client, world):
    one, other = contents(client, "zones"), contents(client, "zones")
    assert one["version"] == other["version"]
    world.exhibits["open-drone"].unpublish()
    assert contents(client, "zones")["version"] != one["version"]


def test_what_is_not_public_yet_is_not_there_and_the_moment_is_told(client, world):
    value = contents(client, "zones")
    assert value["until"] == int(world.exhibits["embargoed"].embargo_until.timestamp() * 1000)
    text = json.dumps(value, ensure_ascii=False)
    assert "embargoed" not in text
    cover = world.exhibits["embargoed"].pictures.get().picture_id
    assert f"/{cover}/" not in text


def test_the_hour_is_the_same_on_every_screen_and_goes_on_for_hours(client, world):
    other = Kiosk.objects.create(venue=world.venues["zhengzhou"], code="hour-zz", kind="hour", name_zh="郑州")
    one, two = contents(client, "hour"), contents(client, other.code)
    assert one["hours"] == two["hours"]
    assert len(one["hours"]) == rules.HOURS_AHEAD
    assert {hour["code"] for hour in one["hours"]} == {item["key"] for item in one["items"]}
    first = one["hours"][0]
    now = timezone.now()
    assert first["from"] <= now.timestamp() * 1000 < first["from"] + 3_600_000
    hour = int(week_time(now).timestamp()) // 3600
    assert first["code"] == rules.of_the_hour(["open-drone", "open-park", "open-zz"], "2021", hour)
    assert one["until"] <= first["from"] + 3_600_000


def test_sound_is_kept_within_its_limit(client, world, monkeypatch):
    tour, files = world.tours["open-tour"], []
    for stop in tour.stops.filter(exhibit__code__in=["open-drone", "open-zz"]):
        files.append(sound(f"s-{stop.pk}"))
        Stop.objects.filter(pk=stop.pk).update(audio_zh=files[-1])
    first, second = (playing_of([file.pk])[file.pk][0] for file in files)
    assert [item["zh"]["sound"] for item in contents(client, "tour")["items"]] == [first.address, "", "", second.address]
    monkeypatch.setattr(rules, "within_budget", partial(rules.within_budget, most=first.bytes))
    assert [item["zh"]["sound"] for item in contents(client, "tour")["items"]] == [first.address, "", "", ""]


class Links(HTMLParser):
    found: list[str]

    def handle_starttag(self, tag, attrs):
        if tag in {"a", "form", "iframe", "area"}:
            self.found.append(tag)


def test_no_link_leads_out_of_a_screen(client, world):
    for code in ("zones", "wall", "hour", "tour", "hidden-tour"):
        parser = Links()
        parser.found = []
        parser.feed(client.get(f"/2021/screens/{code}/").content.decode())
        assert parser.found == []
    for name in SHELL:
        if name.startswith("tours/") and name.endswith(".js"):
            text = Path(finders.find(name)).read_text()
            assert not re.search(r'createElement\("a"\)|make\("a"|window\.open', text), name


def test_the_shell_names_every_module_that_is_imported(world):
    seen, wait = set(), ["tours/screen.js"]
    while wait:
        name = wait.pop()
        seen.add(name)
        for target in re.findall(r'(?:from|import\()\s*"(\.[^"]+)"', Path(finders.find(name)).read_text()):
            path = joined(name, target)
            if path not in seen:
                wait.append(path)
    assert seen <= set(SHELL)
    assert all(finders.find(name) for name in SHELL)


def joined(name: str, target: str) -> str:
    parts = name.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def test_the_page_says_of_which_build_it_is_and_the_worker_reaches_nothing_else(client, world):
    page = client.get("/2021/screens/zones/")
    assert f'data-shell="{contents(client, "zones")["shell"]}"' in page.content.decode()
    worker = client.get("/2021/screens/zones/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in worker
    assert worker["Cache-Control"] == "no-cache"
    assert "screen-" in page["Everhall-Tags"]
    for address in ("/2021/screens/planned/", "/2021/screens/no/", "/2030/screens/planned/worker.js"):
        assert client.get(address).status_code == 404


def tell(client, body, code: str = "zones", **more):
    return client.post(f"/2021/screens/{code}/seen/", json.dumps(body), "application/json", **{**HERE, **more})


def test_a_screen_tells_that_it_is_on(client, world):
    assert tell(client, {"screen": "abcdefgh2345", "version": "0123abcd"}).json()["ok"]
    row = Sighting.objects.get()
    assert (row.screen, row.version) == ("abcdefgh2345", "0123abcd")
    assert {field.name for field in Sighting._meta.fields} == {"id", "kiosk", "screen", "version", "first_seen_at", "seen_at"}
    for body in ({}, [], {"screen": "x"}, {"screen": "abcdefgh2345", "version": "<b>"}, {"screen": 5}):
        assert tell(client, body).status_code == 400
    assert tell(client, {"screen": "abcdefgh2345"}, HTTP_SEC_FETCH_SITE="cross-site").status_code == 400
    for n in range(rules.MOST_SCREENS + 5):
        services.note_screen(world.kiosks["zones"], f"screen{n:06}", "", timezone.now())
    assert Sighting.objects.count() == rules.MOST_SCREENS
    services.forget_screens(timezone.now() + rules.SEEN_FOR + dt.timedelta(minutes=1))
    assert not Sighting.objects.exists()


def test_the_staff_menu_opens_by_its_number_and_makes_guessers_wait(client, world):
    def tried(pin):
        return client.post("/2021/screens/zones/staff/", json.dumps({"pin": pin}), "application/json", **HERE)

    assert tried("1234").status_code == 400
    Kiosk.objects.filter(pk=world.kiosks["zones"].pk).update(pin_hash=make_password("4711"))
    assert contents(client, "zones")["pin"] is True
    assert "md5" not in client.get("/2021/screens/zones/screen.json").content.decode()
    assert tried("4711").json() == {"ok": True}
    assert [tried(f"000{n}").status_code for n in range(5)] == [200, 200, 200, 200, 429]


@pytest.mark.django_db(transaction=True)
def test_screens_are_told_when_what_they_show_changes(world, heard):
    for change in (world.exhibits["open-drone"].unpublish, world.tours["open-tour"].unpublish, world.kiosks["zones"].save):
        before = len(heard.of("screens.2021"))
        change()
        assert len(heard.of("screens.2021")) > before, change


def test_contents_of_every_kind_ask_as_much_for_many_as_for_few(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        queries.contents(queries.kiosk_of(world.editions["2021"], "wall"), timezone.now())
