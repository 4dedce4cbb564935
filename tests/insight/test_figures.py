"""Figures of the week: what is counted, for whom, and that small groups stay unknown."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from everhall.accounts.models import Membership
from everhall.audience.models import Question, Room
from everhall.checkin import queries as doors
from everhall.checkin.models import EntryList, Passage
from everhall.config.demo import figures as demo
from everhall.editions import services as editions
from everhall.engines.small_groups import FEW
from everhall.insight import arrivals, counting, queries, rules, services, views
from everhall.insight.models import Summary, ToldFigures
from everhall.live.models import ViewingCount
from everhall.programme.models import ActivityHost, Session
from everhall.registration.models import Admission, Registration
from tests.audience.rooms import guest

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2021, 10, 24, tzinfo=dt.UTC)


def register(admission, count, *, way="onsite", state="confirmed", came=0, seats=1):
    first = Registration.objects.filter(admission=admission).count()
    Registration.objects.bulk_create(
        Registration(
            admission=admission, request=f"r{n}", number=n, state=state, way=way, wanted=seats, seats=seats if state == "confirmed" else 0,
            registered_at=NOW, changed_at=NOW, came_at=NOW if n - first < came else None,
        )
        for n in range(first, first + count)
    )  # fmt: skip


@pytest.fixture
def week(world, settings):
    """Beijing: 23 on site of whom 12 came, 7 online; Zhengzhou: three who registered, two of them came."""
    settings.STAFF_2FA = False
    beijing = Admission.objects.create(session=world.sessions["open-forum"])
    register(beijing, 23, came=12)
    register(beijing, 7, way="online")
    register(beijing, 6, state="waiting")
    register(beijing, 5, state="cancelled")
    zhengzhou = Admission.objects.create(session=world.sessions["zz-forum"])
    register(zhengzhou, 3, came=2)
    ViewingCount.objects.create(session=world.sessions["open-forum"], day="2021-10-20", way="live", starts=61, seconds=61 * 600)
    ViewingCount.objects.create(session=world.sessions["open-forum"], day="2021-10-21", way="later", starts=3, seconds=3 * 60)
    room = Room.objects.create(edition=world.editions["2021"], session=world.sessions["open-forum"])
    for state in ("open", "answered", "hidden", "waiting"):
        Question.objects.create(room=room, guest=guest(f"g-{state}"), name="g", text=state, state=state, asked_at=NOW)
    ActivityHost.objects.get_or_create(activity=world.activities["open-forum"], organisation=world.organisations["skylark"])
    services.work_out(world.editions["2021"], timezone.now())
    return world


def told(week, what, ref=0, day=None):
    return ToldFigures.objects.get(summary__edition=week.editions["2021"], what=what, ref=ref, day=day).numbers


def test_what_is_counted_of_a_session_is_told_in_fives(week):
    found = told(week, rules.SESSION, week.sessions["open-forum"].pk)
    assert {key: found[key] for key in ("registered", "onsite", "online", "waiting", "cancelled", "came", "live", "later", "questions", "answers")} == {
        "registered": 30, "onsite": 20, "online": 5, "waiting": 5, "cancelled": 5, "came": 10, "live": 60, "later": FEW, "questions": 2, "answers": 5,
    }
    assert found["live_minutes"] == 10
    assert "later_minutes" not in found, "three people's minutes are three people's"
    assert found["rating"] == 3.0


def test_small_groups_stay_unknown_in_every_sum(week):
    assert told(week, rules.SESSION, week.sessions["zz-forum"].pk)["registered"] == FEW
    assert told(week, rules.VENUE, week.venues["zhengzhou"].pk)["came"] == FEW
    assert told(week, rules.EDITION)["registered"] == 30
    assert told(week, rules.EDITION, day=dt.date(2021, 10, 20))["came"] == 10


def test_a_group_counts_its_people_and_an_activity_its_own_row(week):
    whole = Admission.objects.create(activity=week.activities["embargoed-forum"])
    register(whole, 1, seats=40)
    services.work_out(week.editions["2021"], timezone.now())
    assert told(week, rules.ACTIVITY, week.activities["embargoed-forum"].pk)["registered"] == 40
    assert told(week, rules.EDITION)["registered"] == 70


def test_drafts_and_other_editions_are_not_in_it(week):
    ids = {entry.id for entry in counting.entries_of(week.editions["2021"])}
    assert week.sessions["draft-forum"].pk not in ids
    assert week.sessions["other-forum"].pk not in ids


def test_a_host_has_the_sum_of_its_sessions(week):
    found = told(week, rules.HOST, week.organisations["skylark"].pk)
    assert found["came"] == 10


def test_whoever_walks_in_is_counted_by_check_in(week, monkeypatch):
    monkeypatch.setattr(arrivals, "_sources", [])
    arrivals.also_count(lambda edition: {week.sessions["open-forum"].pk: 8} if edition == week.editions["2021"].pk else {})
    services.work_out(week.editions["2021"], timezone.now())
    assert told(week, rules.SESSION, week.sessions["open-forum"].pk)["came"] == 20


def test_whoever_the_door_lets_in_unregistered_came(week):
    place, admission = week.venues["beijing"], Admission.objects.get(session=week.sessions["open-forum"])
    listed = EntryList.objects.create(edition=week.editions["2021"], venue=place, name_zh="论坛", walk_ins=True)
    listed.admissions.add(admission)
    known = Registration.objects.filter(admission=admission).first()
    for n, (who, direction, counted) in enumerate(((None, "in", 6), (known, "in", 1), (None, "out", 2), (None, "in", 0))):
        Passage.objects.create(
            venue=place, list=listed, registration=who, direction=direction, decision="admit", reason="", source="walk-in", moment=NOW,
            received_at=NOW, standing="counted", people=max(1, counted), counted=counted, change=n,
        )  # fmt: skip
    assert doors.walked_in(week.editions["2021"].pk) == {week.sessions["open-forum"].pk: 6}
    services.work_out(week.editions["2021"], timezone.now())
    assert told(week, rules.SESSION, week.sessions["open-forum"].pk)["came"] == 15, "18 in fives"


def test_the_same_figures_are_not_written_again(week):
    before = set(ToldFigures.objects.values_list("pk", flat=True))
    assert not services.work_out(week.editions["2021"], timezone.now())
    assert set(ToldFigures.objects.values_list("pk", flat=True)) == before


def test_figures_are_due_every_ten_minutes_and_of_the_archive_once(week):
    now = timezone.now()
    services.work_out_due(now)
    assert services.work_out_due(now + dt.timedelta(minutes=5)) == 0
    # 2020 is archived: once is enough.
    assert services.work_out_due(now + dt.timedelta(minutes=11)) == 2


# ---------------------------------------------------------------- who reads
def staff(week, role, venue=None):
    user = week.user(f"{role}@example.org", is_staff=True)
    editions.appoint(user, role, week.editions["2021"], venue and week.venues[venue])
    return user


def test_a_venue_reads_its_own_and_what_is_below(week, client):
    client.force_login(staff(week, "venue_organiser", "beijing"))
    assert client.get("/admin/figures/2021/").url.endswith("/admin/figures/2021/venues/beijing/")
    page = client.get("/admin/figures/2021/venues/beijing/")
    assert page["Cache-Control"].count("no-store")
    assert "open-forum-1" in page.content.decode()
    for address in ("venues/zhengzhou/", "sessions/zz-forum-1/", "figures.csv", "venues/zhengzhou/figures.xlsx"):
        assert client.get(f"/admin/figures/2021/{address}").status_code == 404


@pytest.mark.parametrize("role", ["venue_editor", "reviewer", "exhibitor"])
def test_who_does_not_answer_for_a_venue_reads_nothing(week, client, role):
    client.force_login(staff(week, role, "beijing"))
    assert client.get("/admin/figures/").status_code in {302, 403}
    assert client.get("/admin/figures/2021/venues/beijing/").status_code in {302, 404}


def test_the_nation_reads_all_with_charts_and_tables(week, client, django_assert_max_num_queries):
    client.force_login(staff(week, "national_organiser"))
    client.get("/admin/figures/2021/")
    with django_assert_max_num_queries(45):
        page = client.get("/admin/figures/2021/").content.decode()
    # By day and by venue, each with people and views on scales of their own.
    assert page.count('<figure class="figures-chart"') == 4
    assert "&lt;5" in page
    assert "30" in page
    session = client.get("/admin/figures/2021/sessions/open-forum-1/").content.decode()
    assert "figures-list" in session


def test_sheets_hold_the_numbers_of_the_pages_and_no_formula(week, client):
    session = week.sessions["open-forum"]
    session.name_zh = "=HYPERLINK(1)"
    session.save()
    client.force_login(staff(week, "national_organiser"))
    answer = client.get("/admin/figures/2021/figures.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    session = next(row for row in rows if row[2] == "open-forum-1")
    assert session[1].startswith("'=")
    assert session[5] == "30"
    small = next(row for row in rows if row[2] == "zz-forum-1")
    assert small[5] == "<5"
    book = openpyxl.load_workbook(io.BytesIO(client.get("/admin/figures/2021/figures.xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert client.get("/admin/figures/2021/figures.exe").status_code == 404


# ---------------------------------------------------------------- the public sum
def test_the_public_sees_sums_only_if_the_edition_says_so(week, client):
    assert client.get("/2021/figures/").status_code == 404
    services.show_to_public(week.editions["2021"], wanted=True, user=staff(week, "national_organiser"))
    page = client.get("/en/2021/figures/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "figures-2021" in page["Everhall-Tags"]
    assert "30" in text
    assert "open-forum" not in text
    services.show_to_public(week.editions["2021"], wanted=False, user=None)
    assert client.get("/2021/figures/").status_code == 404


def test_only_whoever_publishes_in_all_of_it_shows_it(week, client):
    client.force_login(staff(week, "venue_organiser", "beijing"))
    assert client.post("/admin/figures/2021/show/", {"show": "1"}).status_code in {302, 403}
    assert not Summary.objects.get(edition=week.editions["2021"]).is_public


def test_a_host_reads_its_own_sessions_in_the_office(week, client):
    ActivityHost.objects.filter(activity=week.activities["zz-forum"]).delete()
    member = week.user("member@example.org")
    Membership.objects.create(organisation=week.organisations["skylark"], user=member, role="member")
    client.force_login(member)
    page = client.get("/en/office/skylark/figures/2021/")
    text = page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert week.activities["open-forum"].name_en in text
    assert week.activities["zz-forum"].name_en not in text
    rows = client.get("/en/office/skylark/figures/2021/sessions.csv").content.decode("utf-8-sig")
    assert "open-forum-1" in rows
    assert "zz-forum-1" not in rows
    assert client.get("/en/office/hidden/figures/2021/").status_code == 404


def test_a_host_of_more_than_a_page_leafs_through_all_its_sessions_in_as_many_questions(week, client):
    activity, edition = week.activities["open-forum"], week.editions["2021"]
    member = week.user("member@example.org")
    Membership.objects.create(organisation=week.organisations["skylark"], user=member, role="member")
    client.force_login(member)
    address = "/en/office/skylark/figures/2021/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert "?page=" not in client.get(address).content.decode()
    begins = dt.datetime(2021, 10, 24, 1, tzinfo=dt.UTC)
    Session.objects.bulk_create(
        Session(edition=edition, activity=activity, code=f"more-{n:03}", name_en=f"More {n:03}", starts_at=begins, ends_at=begins + dt.timedelta(hours=1))
        for n in range(queries.PER_PAGE + 5)
    )  # fmt: skip
    services.work_out(edition, timezone.now())
    with CaptureQueriesContext(connection) as many:
        first = client.get(address).content.decode()
    assert len(many) == len(few)
    second = client.get(f"{address}?page=1").content.decode()
    assert 'href="?page=1"' in first
    assert "The first 12 of the sessions below" in first
    shown = [f"More {n:03}" for n in range(queries.PER_PAGE + 5)]
    assert all((name in first) != (name in second) for name in shown), "each on one page"
    assert client.get(f"{address}?page=99").status_code == 200


def test_hosts_that_the_page_leaves_out_are_told_and_stand_in_the_sheet(week, client, monkeypatch):
    client.force_login(staff(week, "national_organiser"))
    assert "家场次较少的主办单位" not in client.get("/admin/figures/2021/").content.decode()
    hosts = queries.of_hosts(queries.summary_of(week.editions["2021"]))
    monkeypatch.setattr(views, "MOST_HOSTS", 1)
    assert f"另有 {len(hosts) - 1} 家场次较少的主办单位" in client.get("/admin/figures/2021/").content.decode()
    sheet = client.get("/admin/figures/2021/figures.csv").content.decode("utf-8-sig")
    assert all(host.thing.code in sheet for host in hosts)


def test_a_page_of_sessions_has_its_share(week):
    summary = queries.summary_of(week.editions["2021"])
    rows = queries.sessions_of(summary, queries.sessions_at(week.editions["2021"], None), 1, 1)
    assert len(rows) == 1


def test_figures_of_the_demo_are_sample_once_and_of_nobody(world):
    demo.load_figures()
    demo.load_figures()
    summary = queries.summary_of(world.editions["2021"])
    assert summary.is_sample
    rows = Registration.objects.filter(is_sample=True)
    assert rows.exists()
    assert not rows.exclude(name="", email="", user=None).exists()
    assert not ViewingCount.objects.filter(is_sample=False).exists()
    numbers = queries.of_whole(summary).numbers
    assert 0 < numbers["came"] < numbers["registered"]
    assert not Admission.objects.filter(session=world.sessions["embargoed-forum"]).exists()
