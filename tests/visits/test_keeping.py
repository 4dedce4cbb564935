"""Favourites without an account: kept by a cookie, carried over to an account, of one edition, and nobody else's."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.visits import gate, queries, rules, services
from everhall.visits.models import Device, Favourite, Visitor
from everhall.visits.queries.kept import hashed
from everhall.visits.services import COOKIE

pytestmark = pytest.mark.django_db


def test_a_first_heart_makes_the_browser_known_by_a_cookie_no_script_can_read(world, visits):
    assert visits.kept() == []
    assert not Visitor.objects.exists(), "looking makes nobody"
    answer = visits.act("keep")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 86_400
    assert visits.kept() == ["open-drone"]
    device = Device.objects.get()
    assert device.token_hash == hashed(cookie.value)
    assert cookie.value not in str(Device.objects.values())


def test_another_browser_keeps_its_own(world, visits, another):
    visits.act("keep")
    another.act("keep", "open-zz")
    assert visits.kept() == ["open-drone"]
    assert another.kept() == ["open-zz"]
    another.client.cookies[COOKIE] = "x" * 43
    assert another.kept() == []


def test_a_heart_twice_is_one_and_taken_back_is_none(world, visits):
    visits.act("keep")
    visits.act("keep")
    assert Favourite.objects.count() == 1
    visits.act("drop")
    assert visits.kept() == []


def test_only_what_visitors_may_see_can_be_kept(world, visits):
    for code in ("draft-bj", "embargoed", "planned", "other-edition", "none"):
        answer = visits.act("keep", code)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown"), code
    assert visits.act("keep", "planned", "2030").status_code == 400
    assert visits.act("keep", "other-edition", "2020").status_code == 200
    assert visits.kept("2020") == ["other-edition"]
    assert visits.kept() == []


def test_what_is_embargoed_since_is_not_named_on_my_visit(world, visits):
    visits.act("keep")
    exhibit = world.exhibits["open-drone"]
    exhibit.embargo_until = timezone.now() + dt.timedelta(days=1)
    exhibit.save()
    assert "六旋翼" not in visits.client.get("/2021/visit/").content.decode()
    assert "六旋翼" not in visits.client.get("/2021/visit/visit.csv").content.decode()


@pytest.mark.parametrize("headers", [{}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://elsewhere.example"}])
def test_another_site_can_keep_nothing(world, client, headers):
    body = {"verb": "keep", "edition": "2021", "code": "open-drone"}
    answer = client.post("/visit/act", body, content_type="application/json", **headers)
    assert answer.status_code == 403
    assert not Favourite.objects.exists()


def test_a_heart_works_as_a_form_and_leads_back(world, visits):
    page = visits.client.get("/2021/exhibits/open-drone/").content.decode()
    assert 'action="/2021/visit/do/"' in page
    answer = visits.post("/2021/visit/do/", verb="keep", code="open-drone", next="/2021/exhibits/open-drone/")
    assert answer.status_code == 302
    assert answer["Location"] == "/2021/exhibits/open-drone/"
    assert visits.kept() == ["open-drone"]
    away = visits.post("/2021/visit/do/", verb="drop", code="open-drone", next="https://elsewhere.example/")
    assert away["Location"] == "/2021/visit/"


def test_notes_and_marks_stand_on_my_visit(world, visits):
    visits.act("keep")
    assert visits.act("note", note="问电池 <b>寿命</b>").status_code == 200
    assert visits.act("visited").status_code == 200
    page = visits.client.get("/2021/visit/").content.decode()
    assert "问电池 &lt;b&gt;寿命&lt;/b&gt;" in page
    assert "看过" in page
    too_long = visits.act("note", note="字" * (rules.LONGEST_NOTE + 1))
    assert too_long.status_code == 409
    assert too_long.json()["code"] == "note"
    assert "2,000" in too_long.json()["words"]
    assert visits.act("note", "open-zz", note="x").status_code == 410


def test_what_a_browser_kept_is_carried_over_when_somebody_logs_in(world, visits):
    visits.act("keep")
    visits.act("note", note="先问价格")
    user = world.user("reader@example.org")
    mine, _ = services.known_or_new(user, None, timezone.now())
    services.keep(mine, world.editions["2021"], "open-drone", timezone.now(), note="看过资料")
    services.keep(mine, world.editions["2021"], "open-zz", timezone.now())
    visits.client.force_login(user)
    answer = visits.client.get("/visit/state?edition=2021")
    assert set(answer.json()["kept"]) == {"open-drone", "open-zz"}
    assert answer.cookies[COOKIE].value == "", "from now on the session says who it is"
    note = Favourite.objects.get(visitor=mine, exhibit__code="open-drone").note
    assert "看过资料" in note
    assert "先问价格" in note
    assert Visitor.objects.get() == mine
    assert not Device.objects.exists()


def test_an_account_that_kept_nothing_takes_all_along(world, visits):
    visits.act("keep")
    visits.client.force_login(world.user("new@example.org"))
    page = visits.client.get("/2021/visit/").content.decode()
    assert "六旋翼巡检无人机" in page
    visits.client.logout()
    assert visits.kept() == [], "a browser that is lent shows nothing of the account"


def test_no_more_than_can_be_kept(world, visits, monkeypatch):
    monkeypatch.setattr(rules, "MOST_FAVOURITES", 1)
    visits.act("keep")
    answer = visits.act("keep", "open-zz")
    assert answer.status_code == 409
    assert answer.json()["code"] == "too_many"


def test_who_is_too_quick_is_told_for_how_long(world, visits):
    visits.act("keep")
    now = timezone.now().timestamp()
    gate.meter("hearts").wait("127.0.0.1", now, gate.HEARTS.burst - 1)
    # What fills again meanwhile is spent too.
    answers = [visits.act("drop") for _ in range(3)]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused["Retry-After"]) >= 1
    assert refused.json()["words"]


def test_bad_input_is_refused_in_words(world, visits):
    for body in (b"", b"[]", b"{", b"x" * 30_000, b'{"verb": "burn"}'):
        answer = visits.client.post("/visit/act", body, content_type="application/json", HTTP_SEC_FETCH_SITE="same-origin")
        assert answer.status_code == 400
        assert answer.json()["words"]


def test_the_phone_shows_the_same_from_then_on(world, visits, another):
    visits.act("keep")
    page = visits.client.get("/2021/visit/phone/")
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "same-origin"
    link = page.content.decode().split('class="wide-link"><a href="')[1].split('"')[0].removeprefix("http://localhost:8000")
    assert another.client.get(link).status_code == 200
    assert another.kept() == [], "looking at the link takes nothing"
    assert another.post(link)["Location"] == "/2021/visit/"
    assert another.kept() == ["open-drone"]
    another.act("keep", "open-zz")
    assert set(visits.kept()) == {"open-drone", "open-zz"}


def test_of_an_account_the_phone_gets_a_copy(world, visits, another):
    visits.client.force_login(world.user("reader@example.org"))
    visits.act("keep")
    page = visits.client.get("/2021/visit/phone/").content.decode()
    link = page.split('class="wide-link"><a href="')[1].split('"')[0].removeprefix("http://localhost:8000")
    another.post(link)
    another.act("drop")
    assert another.kept() == []
    assert visits.kept() == ["open-drone"]


def test_a_link_to_the_phone_ends_and_opens_nothing_else(world, visits, another):
    from everhall.engines import tokens
    from everhall.visits.services.letters import AGREED, secret

    visits.act("keep")
    visitor = Visitor.objects.get()
    now = timezone.now().timestamp()
    over = tokens.make(secret(), f"visits-take/{visitor.pk}", now - 1)
    other = tokens.make(secret(), f"{AGREED}/{visitor.pk}", now + 60)
    for token in (over, other, "x.1.y"):
        answer = another.post(f"/2021/visit/take/{token}/")
        assert answer.status_code == 410
        assert another.kept() == []


def test_pages_of_one_person_are_kept_by_nobody_and_found_by_no_search_engine(world, visits):
    visits.act("keep")
    for path in ("/2021/visit/", "/2021/visit/visit.csv", "/visit/agreed/", "/visit/everything.json", "/visit/forget/", "/visit/state?edition=2021"):
        answer = visits.client.get(path)
        assert answer.status_code == 200, path
        assert "no-store" in answer["Cache-Control"], path
        assert "Everhall-Tags" not in answer, path


def test_exhibitors_see_how_many_and_not_who(world, visits, another):
    visits.act("keep")
    another.act("keep")
    skylark, edition = world.organisations["skylark"], world.editions["2021"]
    figures = {one.exhibit_id: one for one in queries.figures_for(skylark.pk, edition, timezone.now())}
    assert figures[world.exhibits["open-drone"].pk].favourites == 2
    assert figures[world.exhibits["open-zz"].pk].favourites == 0
    (day,) = queries.daily_for(skylark.pk, edition)
    assert (day.exhibit_id, day.favourites, day.day) == (world.exhibits["open-drone"].pk, 2, timezone.localdate())


def test_a_sheet_holds_no_formula(world, visits):
    visits.act("keep")
    visits.act("note", note="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in visits.client.get("/2021/visit/visit.csv").content.decode("utf-8-sig")


def test_pages_with_hearts_are_the_same_for_everybody(world, client, visits):
    before = client.get("/2021/exhibits/open-drone/")
    visits.act("keep")
    after = client.get("/2021/exhibits/open-drone/")
    assert before.content == after.content
    assert "Everhall-Tags" in after
    assert not after.cookies
