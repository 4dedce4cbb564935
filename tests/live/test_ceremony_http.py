"""A ceremony over HTTP: who may do what at which address, what the public and screens are told, forms without a script."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from everhall.editions.models import Edition
from everhall.engines import ceremony_commands as commands
from everhall.live.models import Ceremony
from everhall.live.queries import ceremonies as queries
from everhall.live.views.ceremony import screen_ticket
from tests.desk.places import Week
from tests.live.ceremonies import arm, count, make_ceremony_week, order

pytestmark = pytest.mark.django_db

DIRECTING = ("rehearse", "end", "arm", "confirm", "count", "resume", "hold", "abort", "reopen", "add", "remove", "policy", "show")
ANSWERING = ("check", "uncheck", "go", "no-go", "heard")
LEADERS = ("director", "national", "root")
OPERATORS = ("bj-director", "bj-organiser", "bj-editor", *LEADERS)
STRANGERS = ("zz-organiser", "zz-editor", "zz-director", "park-editor", "bj-reviewer", "bj-exhibitor")


@pytest.fixture
def there(db, settings) -> tuple[Week, Ceremony]:
    settings.STAFF_2FA = False
    return make_ceremony_week()


def do(row: Ceremony, verb: str) -> str:
    return reverse("live_ceremony_do", args=[row.pk, verb])


def at(row: Ceremony, venue: str, verb: str) -> str:
    return reverse("live_ceremony_answer", args=[row.pk, venue, verb])


def pages(row: Ceremony) -> dict[str, str]:
    return {
        "director": reverse("live_ceremony", args=[row.pk]),
        "console": reverse("live_ceremony_console", args=[row.pk, "beijing"]),
        "state": reverse("live_ceremony_state", args=[row.pk]),
        "certificate": reverse("live_ceremony_certificate", args=[row.pk]),
        "edit": reverse("live_ceremony_edit", args=[row.pk]),
        "new": reverse("live_ceremony_new", args=["2021"]),
    }


# ---------------------------------------------------------------- who may
def test_nobody_without_a_desk_comes_this_far(there) -> None:
    week, row = there
    version = row.known.version
    for client in (Client(), week.client("nobody")):
        for address in pages(row).values():
            assert client.get(address).status_code in {302, 403}
        for verb in DIRECTING:
            assert client.post(do(row, verb)).status_code in {302, 403}
        for verb in ANSWERING:
            assert client.post(at(row, "beijing", verb)).status_code in {302, 403}
    row.refresh_from_db()
    assert row.version == version + 0 or row.version == Ceremony.objects.get(pk=row.pk).entries.count()
    assert row.status == "drafted"
    assert not row.heard.exists()


@pytest.mark.parametrize("who", [*STRANGERS, *OPERATORS])
def test_only_who_answers_for_the_venue_answers(there, who: str) -> None:
    week, row = there
    order(row, commands.Arm("t"))
    client = week.client(who)
    allowed = who in OPERATORS
    assert client.get(pages(row)["console"]).status_code == (200 if allowed else 404)
    for verb in ANSWERING:
        answer = client.post(at(row, "beijing", verb), {"item": "feed"})
        assert (answer.status_code != 404) == allowed, (who, verb)
    row.refresh_from_db()
    party = row.known.party("beijing")
    assert party is not None
    assert (party.vote == "no-go") == allowed
    assert client.post(at(row, "nowhere", "go")).status_code == 404


@pytest.mark.parametrize("who", [*STRANGERS, *OPERATORS])
def test_only_who_directs_the_edition_directs(there, who: str) -> None:
    week, row = there
    client, allowed = week.client(who), who in LEADERS
    for name in ("director", "edit", "new"):
        assert client.get(pages(row)[name]).status_code == (200 if allowed else 404), name
    for verb in DIRECTING:
        assert (client.post(do(row, verb), {"party": "beijing"}).status_code != 404) == allowed, verb
    row.refresh_from_db()
    assert allowed or row.entries.count() == 3


@pytest.mark.parametrize("who", [*STRANGERS, *OPERATORS])
def test_the_state_is_for_who_takes_part(there, who: str) -> None:
    week, row = there
    takes_part = who not in {"bj-reviewer", "bj-exhibitor"}
    client = week.client(who)
    answer = client.get(pages(row)["state"])
    assert answer.status_code == (200 if takes_part else 404)
    assert client.get(pages(row)["certificate"]).status_code == (409 if takes_part else 404)
    assert client.get(reverse("live_ceremonies")).status_code == (200 if takes_part else 404)
    assert not takes_part or answer["Cache-Control"].count("no-store")


def test_a_post_without_the_token_against_forgery_is_refused(there) -> None:
    week, row = there
    client = Client(enforce_csrf_checks=True)
    client.force_login(week.users["director"], "everhall.editions.backends.AppointmentBackend")
    assert client.post(do(row, "arm")).status_code == 403
    assert client.get(do(row, "arm")).status_code == 405


def test_a_director_of_another_edition_finds_nothing(there) -> None:
    week, row = there
    other = Edition.objects.get(code="2020")
    stranger = Ceremony.objects.create(edition=other, code="opening", name_zh="往届")
    assert week.client("director").get(reverse("live_ceremony", args=[stranger.pk])).status_code == 404
    assert week.client("director").get(reverse("live_ceremony_new", args=["2020"])).status_code == 404
    assert week.client("root").get(reverse("live_ceremony", args=[stranger.pk])).status_code == 200
    assert row.pk != stranger.pk


# ---------------------------------------------------------------- a walk with plain forms
def test_a_launch_by_plain_forms(there) -> None:
    week, row = there
    director, bj, zz = (week.client(name) for name in ("director", "bj-editor", "zz-editor"))
    assert director.post(do(row, "arm"), {"expected": row.known.version}).status_code == 302
    for client, venue in ((bj, "beijing"), (zz, "zhengzhou")):
        page = client.get(reverse("live_ceremony_console", args=[row.pk, venue])).content.decode()
        assert 'name="item" value="feed"' in page
        for item in ("feed", "picture", "sound", "stage"):
            assert client.post(at(row, venue, "check"), {"item": item}).status_code == 302
        client.post(at(row, venue, "go"))
    director.post(do(row, "confirm"))
    director.post(do(row, "count"), {"ahead": "30", "at": ""})
    row.refresh_from_db()
    assert row.status == "counting"
    page = director.get(reverse("live_ceremony", args=[row.pk]), follow=True).content.decode()
    assert 'data-state="counting"' in page
    assert 'data-tone="go"' in page
    director.post(do(row, "hold"), {"reason": "wind"})
    row.refresh_from_db()
    assert (row.status, row.known.stop.reason) == ("held", "wind")
    answer = director.post(do(row, "resume"), {"ahead": "3"}, follow=True)
    assert "10" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == "held"


def test_who_comes_second_is_told_who_was_faster(there) -> None:
    week, row = there
    seen = count(row, ahead=60).version
    script = {"Accept": "application/json"}
    first = week.client("director").post(do(row, "hold"), {"expected": seen}, headers=script)
    assert (first.status_code, first.json()["ok"]) == (200, True)
    second = week.client("national").post(do(row, "abort"), {"expected": seen}, headers=script)
    assert (second.status_code, second.json()["code"]) == (409, "changed")
    assert str(week.users["director"]) in second.json()["message"]


@pytest.mark.parametrize("fields", [{"ahead": "x"}, {"ahead": "nan"}, {"at": "yesterday"}, {}, {"ahead": "1e300"}, {"at": "9999-99-99T99:99"}])
def test_nonsense_is_refused_with_words(there, fields) -> None:
    week, row = there
    arm(row)
    answer = week.client("director").post(do(row, "count"), fields, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json()["code"] in {"t0", "too-far"}
    assert answer.json()["message"]


def test_a_ceremony_is_set_up_by_a_form(there) -> None:
    week, _row = there
    client = week.client("director")
    made = client.post(reverse("live_ceremony_new", args=["2021"]), {"code": "closing", "name_zh": "闭幕", "cut_source": ""})
    assert made.status_code == 302
    closing = Ceremony.objects.get(code="closing")
    assert not closing.opens
    again = client.post(reverse("live_ceremony_edit", args=[closing.pk]), {"name_zh": "闭幕式", "opens": "on"})
    assert again.status_code == 200
    changed = client.post(reverse("live_ceremony_edit", args=[closing.pk]), {"name_zh": "闭幕式"})
    assert changed.status_code == 302
    closing.refresh_from_db()
    assert closing.name_zh == "闭幕式"


# ---------------------------------------------------------------- the public
def public(row: Ceremony) -> dict:
    answer = Client().get(reverse("live:launch-state", args=["2021"]))
    assert answer.status_code == 200
    return answer.json()


def test_the_public_view_is_small_cacheable_and_names_its_version(there) -> None:
    _, row = there
    known = count(row, ahead=60)
    client, address = Client(), reverse("live:launch-state", args=["2021"])
    answer = client.get(address)
    assert answer.json() == {"version": known.public_version, "phase": "countdown", "t0": known.t0, "parties": []}
    assert answer["Cache-Control"] == "public, max-age=1"
    assert float(answer["Everhall-Until"]) == known.t0
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    order(row, commands.Hold("t"))
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).json()["phase"] == "held"


def test_a_rehearsal_is_no_ones_business(there) -> None:
    _week, row = there
    order(row, commands.ShowParties("t", True))
    before = public(row)
    home = Client().get("/2021/launch/").content.decode()
    t0 = count(row, rehearsal=True, ahead=60).t0
    assert public(row) == before
    for address in ("/2021/launch/", "/2021/launch/opening/", "/en/2021/launch/"):
        text = Client().get(address).content.decode()
        assert 'data-phase="waiting"' in text
        assert str(int(t0)) not in text
    assert 'data-phase="waiting"' in home
    screen = Client().get("/2021/launch/opening/screen/all/")
    assert 'data-phase="waiting"' in screen.content.decode()
    assert Client().get("/2021/launch/opening/screen/all/state.json").json()["phase"] == "waiting"


def test_an_edition_in_planning_has_no_launch_for_the_public_but_a_screen_with_a_ticket(there) -> None:
    week, row = there
    Edition.objects.filter(pk=week.edition.pk).update(state="planning")
    for address in ("/2021/launch/", "/2021/launch/state.json", "/2021/launch/opening/", "/2021/launch/opening/screen/beijing/"):
        assert Client().get(address).status_code == 404
    ticket = screen_ticket(row, "beijing", timezone.now())
    assert Client().get(f"/2021/launch/opening/screen/beijing/?ticket={ticket}").status_code == 200


def test_a_screen_with_a_ticket_follows_rehearsals_and_its_ticket_opens_nothing_else(there) -> None:
    _, row = there
    count(row, rehearsal=True, ahead=60)
    ticket = screen_ticket(row, "beijing", timezone.now())
    address = "/2021/launch/opening/screen/{}/state.json?ticket={}"
    view = Client().get(address.format("beijing", ticket)).json()
    assert (view["phase"], view["rehearsal"]) == ("countdown", True)
    assert set(view["parties"][0]) == {"key", "ready", "present"}
    assert Client().get(address.format("zhengzhou", ticket)).json()["phase"] == "waiting"
    assert Client().get(address.format("beijing", ticket[:-2] + "xx")).json()["phase"] == "waiting"
    assert Client().get(address.format("nowhere", ticket)).status_code == 404
    assert queries.screen_topic(row) != queries.staff_topic(row)


def test_a_screen_says_once_how_exactly_it_showed_the_moment(there) -> None:
    import datetime as dt

    week, row = there
    t0 = count(row, timezone.now() - dt.timedelta(seconds=30)).t0
    ticket = screen_ticket(row, "beijing", timezone.now())
    address = f"/2021/launch/opening/screen/beijing/measured/?ticket={ticket}"
    body = {"display": "wall-1", "t0": t0, "late": 0.0123, "error": 0.004}
    client = Client(enforce_csrf_checks=True)

    def post(to: str, told) -> int:
        return client.post(to, json.dumps(told), content_type="application/json").status_code

    assert post("/2021/launch/opening/screen/beijing/measured/", body) == 404
    assert post(address, {"display": "x"}) == 400
    assert post(address, body | {"late": "NaN"}) == 400
    assert post(address, body) == 204
    assert post(address, body) == 200
    page = week.client("bj-editor").get(reverse("live_ceremony_certificate", args=[row.pk])).content.decode()
    assert "12.3 ms ± 4.0 ms" in page
    assert "beijing" in page.lower() or "北京" in page


def test_the_home_counts_down_and_opens(there) -> None:
    week, row = there
    launch = queries.launch_of(week.edition, timezone.now())
    assert launch is not None
    assert launch.until is None
    known = count(row, ahead=60)
    now = timezone.now()
    launch = queries.launch_of(week.edition, now)
    assert launch is not None
    assert launch.until is not None
    assert (launch.view["phase"], launch.until.timestamp()) == ("countdown", known.t0)
    launch = queries.launch_of(week.edition, launch.until)
    assert launch is not None
    assert launch.view["phase"] == "launched"
