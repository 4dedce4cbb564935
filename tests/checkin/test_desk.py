"""The desk of the door: who may, what is set up, check-in without a script, the log and its sheets, badges, what must not leak."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from everhall.checkin import badges, services
from everhall.checkin.models import Device, EntryList, Gate, Passage
from everhall.editions import services as editions
from everhall.registration.models import Admission, Registration
from tests.checkin.devices import device_of, phone_at
from tests.registration.places import come

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(world, settings):
    """Clients of Beijing's and of Zhengzhou's organiser."""
    settings.STAFF_2FA = False
    found = []
    for code in ("beijing", "zhengzhou"):
        user = world.user(f"{code}@example.org")
        editions.appoint(user, "venue_organiser", world.editions["2021"], world.venues[code])
        client = Client()
        client.force_login(user)
        found.append(client)
    return found


def test_who_answers_for_another_venue_finds_nothing_here(door, team):
    come(door.admission, "绝密来宾")
    device = device_of(phone_at(door.gate))
    ours, theirs = team
    for path in (f"gates/{door.gate.key}/", f"gates/{door.gate.key}/edit/", f"lists/{door.listed.key}/", f"lists/{door.listed.key}/edit/", f"lists/{door.listed.key}/badges.pdf"):
        assert ours.get(f"/admin/door/{path}").status_code == 200, path
        assert theirs.get(f"/admin/door/{path}").status_code == 404, path
    assert theirs.post(f"/admin/door/devices/{device.key}/revoke/").status_code == 404
    assert theirs.post(f"/admin/door/lists/{door.listed.key}/pass/", {"row": "x"}).status_code == 404
    for path in ("", "log/", "state/"):
        text = theirs.get(f"/admin/door/2021/{path}").content.decode()
        assert "主论坛" not in text
        assert door.listed.key not in text
    assert Client().get("/admin/door/2021/").status_code == 302


def test_a_list_and_a_gate_are_made_within_reach_only(door, team, world):
    ours, _ = team
    body = {"venue": world.venues["beijing"].pk, "name_zh": "新名单", "rule": "once", "unknown": "ask", "roster_hours": 8}
    assert "请选择本名单面向的场次" in ours.post("/admin/door/2021/new/list/", body).content.decode()
    assert ours.post("/admin/door/2021/new/list/", {**body, "everybody": "on"}).status_code == 302
    assert ours.post("/admin/door/2021/new/list/", {**body, "everybody": "on", "venue": world.venues["zhengzhou"].pk}).status_code == 422
    made = EntryList.objects.get(name_zh="新名单")
    assert ours.post("/admin/door/2021/new/gate/", {"venue": made.venue.pk, "name_zh": "南门", "direction": "in", "lists": [made.pk]}).status_code == 302
    assert Gate.objects.get(name_zh="南门").lists.get() == made


def test_a_link_is_shown_once_and_a_device_is_taken_out_of_service(door, team):
    ours, _ = team
    page = ours.post(f"/admin/door/gates/{door.gate.key}/").content.decode()
    token = re.search(r"/door/#([\w.-]+)", page)[1]
    assert token not in ours.get(f"/admin/door/gates/{door.gate.key}/").content.decode()
    from tests.checkin.devices import Phone

    phone = Phone()
    assert phone.enrol(token).status_code == 200
    assert ours.post(f"/admin/door/devices/{phone.key}/revoke/").status_code == 302
    assert Device.objects.get(key=phone.key).revoked_at


def test_people_are_checked_in_by_name_without_a_script_and_taken_back(door, team):
    ours, _ = team
    row = come(door.admission, "林知夏")
    path = f"/admin/door/lists/{door.listed.key}/"
    assert "林知夏" in ours.get(path, {"q": "知夏"}).content.decode()
    assert "林知夏" in ours.get(path, {"q": str(row.number)}).content.decode()
    answer = ours.post(f"{path}pass/", {"row": row.key, "direction": "in"}, follow=True)
    assert "已记录：1 人" in answer.content.decode()
    row.refresh_from_db()
    assert row.came_at
    assert "已于" in ours.post(f"{path}pass/", {"row": row.key, "direction": "in"}, follow=True).content.decode()
    first = Passage.objects.filter(standing="counted").get()
    ours.post(f"{path}pass/", {"back": first.pk})
    assert [one.standing for one in Passage.objects.order_by("moment")] == ["undone", "counted"]


def test_the_log_is_narrowed_and_leaves_as_sheets(door, team):
    ours, _ = team
    row = come(door.admission, "=cmd|'x'")
    east, west = phone_at(door.gate), phone_at(door.other)
    now = timezone.now()
    for phone, minutes in ((east, 9), (west, 5)):
        phone.sync(phone.passed(door.listed, row, now - dt.timedelta(minutes=minutes)))
    home = ours.get("/admin/door/2021/").content.decode()
    assert home.count("西门") >= 2
    assert "重复" in home
    assert ours.get("/admin/door/2021/log/", {"doubles": "1"}).context["page"].paginator.count == 1
    assert ours.get("/admin/door/2021/log/", {"device": east.key, "day": "nonsense"}).context["page"].paginator.count == 1
    sheet = ours.get("/admin/door/2021/log/export/", {"standing": "double"}).content.decode("utf-8-sig")
    assert len(sheet.strip().splitlines()) == 2
    assert "'=cmd" in sheet
    assert ours.get("/admin/door/2021/log/export/", {"format": "xlsx"}).content[:2] == b"PK"


def test_badges_are_for_those_with_a_seat_on_site(door, team):
    ours, _ = team
    for name in ("林知夏", "陈以安", "A very long name indeed of somebody"):
        come(door.admission, name, email=f"{len(name)}-{name[0]}@example.org".replace("林", "l").replace("陈", "c"))
    come(door.admission, "online", way="online")
    for size in ("", "?size=a6"):
        content = ours.get(f"/admin/door/lists/{door.listed.key}/badges.pdf{size}").content
        assert content.startswith(b"%PDF")
        import pypdfium2

        assert len(pypdfium2.PdfDocument(content)) == (3 if size else 1)


def texts_of(content: bytes) -> list[str]:
    """Of each page."""
    import pypdfium2

    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]


def test_each_person_of_a_registration_gets_a_badge(door, team):
    ours, _ = team
    EntryList.objects.filter(pk=door.listed.pk).update(capacity=None)
    Admission.objects.filter(pk=door.admission.pk).update(most_companions=2, most_group=40)
    alone = come(door.admission, "Ada Lovelace", email="ada@example.org")
    three = come(door.admission, "Grace Hopper", email="grace@example.org", companions="Mary Ward\nJoan Clarke")
    school = come(door.admission, "Teacher Chen", email="chen@example.org", group="Middle School 1", size=40)
    Registration.objects.update(language="en")
    address = f"/admin/door/lists/{door.listed.key}/badges.pdf"
    assert len(texts_of(ours.get(address, {"size": "a6"}).content)) == 44
    assert len(texts_of(ours.get(address).content)) == 5
    assert len(texts_of(ours.get(address, {"size": "a6", "row": alone.key}).content)) == 1
    mine, first, second = texts_of(ours.get(address, {"size": "a6", "row": three.key}).content)
    assert "Grace Hopper" in mine
    assert "1/3" in mine
    assert "companion" not in mine
    assert "Mary Ward" in first
    assert "companion of Grace Hopper" in first
    assert "Joan Clarke" in second
    assert f"No. {three.number} · 3/3" in second
    pages = texts_of(ours.get(address, {"size": "a6", "row": school.key}).content)
    assert len(pages) == 40
    assert "Teacher Chen" in pages[0]
    assert all("Middle School 1" in page and "companion of Teacher Chen" in page for page in pages[1:])
    page = ours.get(f"/admin/door/lists/{door.listed.key}/").content.decode()
    assert f"badges.pdf?row={school.key}" in page
    assert "+ Mary Ward" in page


def test_a_group_that_has_told_all_its_names_has_a_badge_for_each(door, team):
    ours, _ = team
    Admission.objects.filter(pk=door.admission.pk).update(most_group=40)
    pair = come(door.admission, "Teacher Chen", email="chen@example.org", group="Middle School 1", size=2, companions="Mary Ward\nJoan Clarke")
    pages = texts_of(ours.get(f"/admin/door/lists/{door.listed.key}/badges.pdf", {"size": "a6", "row": pair.key}).content)
    assert ["Mary Ward" in pages[0], "Joan Clarke" in pages[1], len(pages)] == [True, True, 2]


def test_badges_of_a_full_hall_come_in_sets(door, team, monkeypatch):
    ours, _ = team
    monkeypatch.setattr(badges, "SET", 2)
    for at in range(3):
        come(door.admission, f"Guest {at}", email=f"{at}@example.org")
    address = f"/admin/door/lists/{door.listed.key}/"
    page = ours.get(address).content.decode()
    assert "?set=1" in page
    assert "?set=2&amp;size=a6" in page
    assert "?set=3" not in page
    both = [texts_of(ours.get(f"{address}badges.pdf", {"size": "a6", "set": at}).content) for at in (1, 2)]
    assert [len(pages) for pages in both] == [2, 1]
    assert "Guest 2" in both[1][0]


def test_the_badges_of_a_registration_are_asked_of_its_own_list_only(door, team):
    ours, _ = team
    other = EntryList.objects.create(venue=door.listed.venue, name_zh="别处")
    row = come(door.admission, "Ada Lovelace", email="ada@example.org")
    pages = texts_of(ours.get(f"/admin/door/lists/{other.key}/badges.pdf", {"row": row.key, "size": "a6"}).content)
    assert "Ada" not in pages[0]


def test_heads_are_told_with_a_warning(door, team):
    ours, _ = team
    EntryList.objects.filter(pk=door.listed.pk).update(capacity=2)
    for name in "甲乙":
        services.at_desk(door.listed, come(door.admission, name), "in", 1, None, timezone.now())
    assert ours.get("/admin/door/2021/state/").json()["lists"][door.listed.key] == [2, "full"]


def test_the_page_its_worker_and_its_manifest_stand_below_the_door_and_hold_nobody(door):
    come(door.admission, "林知夏")
    for path in ("/door/", "/door/en/", "/door/worker.js", "/door/door.webmanifest", "/door/en/door.webmanifest"):
        answer = Client().get(path)
        assert answer.status_code == 200
        assert "林知夏" not in answer.content.decode()
        assert answer["Cache-Control"] == "no-cache"
    assert Client().get("/door/door.webmanifest").json()["scope"] == "/door/"
    assert '<html lang="en">' in Client().get("/door/en/").content.decode()


def test_nobody_is_asked_for_a_roster_without_a_device(db):
    assert Client().post("/door/roster", "{}", content_type="application/json").status_code == 401
    assert Client().post("/door/sync", "[]", content_type="application/json").status_code == 400
    assert Client().get("/door/sync").status_code == 405


def test_moments_stand_on_the_clock_of_the_venue_which_is_named(door, team):
    ours, _ = team
    venue = door.listed.venue
    venue.timezone = "Asia/Tokyo"
    venue.save()
    phone = phone_at(door.gate)
    # Half past midnight in Tokyo, still the day before in China.
    at = dt.datetime(2021, 10, 20, 15, 30, tzinfo=dt.UTC)
    phone.sync(phone.passed(door.listed, come(door.admission, "林知夏"), at))
    page = ours.get("/admin/door/2021/log/", {"day": "2021-10-21"}).content.decode()
    assert '<time datetime="2021-10-21T00:30:00+09:00">10-21 00:30:00 UTC+9</time>' in page
    assert ours.get("/admin/door/2021/log/", {"day": "2021-10-20"}).context["page"].paginator.count == 0
    assert "2021-10-21T00:30:00+09:00" in ours.get("/admin/door/2021/log/export/").content.decode()
    assert "凭证有效 · 扫码枪" in page


def test_a_list_opens_on_the_clock_of_its_venue_and_at_no_time_that_is_skipped(door, team):
    ours, _ = team
    venue = door.listed.venue
    venue.timezone = "Europe/Berlin"
    venue.save()
    path, body = f"/admin/door/lists/{door.listed.key}/edit/", {"name_zh": "主论坛", "everybody": "on", "rule": "once", "unknown": "ask", "roster_hours": 8}
    assert ours.post(path, {**body, "opens_at": "2021-10-21T09:00"}).status_code == 302
    door.listed.refresh_from_db()
    assert door.listed.opens_at == dt.datetime(2021, 10, 21, 7, tzinfo=dt.UTC)
    page = ours.get(path).content.decode()
    assert 'value="2021-10-21T09:00"' in page
    assert "中欧时间" in page
    assert "会跳过这一时刻" in ours.post(path, {**body, "opens_at": "2021-03-28T02:30"}).content.decode()
    assert ours.post(path, {**body, "opens_at": "tomorrow"}).status_code == 422


def test_who_only_looks_after_things_of_their_own_has_no_door(door, world, settings):
    settings.STAFF_2FA = False
    user = world.user("booth@example.org")
    editions.appoint(user, "exhibitor", world.editions["2021"], world.venues["beijing"])
    client = Client()
    client.force_login(user)
    assert client.get("/admin/door/").status_code == 404
    assert client.get("/admin/door/2021/").status_code == 404
