"""Files that are odd on purpose or by mistake: read as far as they go, refused in words, never a fault of ours, and never over somebody
else's head."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from everhall.editions import services as editions
from everhall.editions.models import Venue
from everhall.engines import exchange_read
from everhall.programme import following
from everhall.programme.models import Activity, ProgrammeSource, Session
from tests.programme.test_exchange_in import (
    UUIDS,
    batch_of,
    check,
    event,
    get,
    run,
    wipe,
    written,
    xml,
)

CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u1\r\nSUMMARY:T\r\nDTSTART:20211020T090000Z\r\nDURATION:PT1H\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def frab(**more):
    one = {"guid": UUIDS[1], "title": "外来讲座", "start": "09:00", "duration": "01:00", **more}
    return json.dumps({"schedule": {"conference": {"title": "t", "days": [{"date": "2021-10-20", "rooms": {"主舞台": [one]}}]}}}).encode()


@pytest.mark.parametrize(("start", "change", "begins"), [
    ("09:00+02:00", "", "2021-10-20T07:00:00+00:00"), ("09:00Z", "", "2021-10-20T09:00:00+00:00"),
    ("03:00+02:00", "04:00", "2021-10-21T01:00:00+00:00"), ("09:00", "04:00+08:00", "2021-10-20T01:00:00+00:00"),
])
def test_a_clock_with_an_offset_is_that_moment(start, change, begins):
    data = xml(event(1, start=start), conference=f"<time_zone_name>Asia/Shanghai</time_zone_name><day_change>{change}</day_change>")
    read = exchange_read.read(data, "Asia/Shanghai")
    assert [one.starts_at.astimezone(dt.UTC).isoformat() for one in read.schedule.items] == [begins]


@pytest.mark.django_db
@pytest.mark.parametrize("more", [
    {"title": "坏\ud800字\x00"}, {"guid": "\ud800"}, {"abstract": "a\ud800b\x00"}, {"persons": [{"name": "安\udfff娜\x00"}]},
])
def test_what_no_database_holds_is_left_out_of_json(programme, tmp_path, more):
    found = check(batch_of(programme, written(tmp_path, frab(**more), "x.json"), "beijing"))
    assert (found.created, found.errors) == (1, 0)
    run(batch_of(programme, written(tmp_path, frab(**more), "x.json"), "beijing"))


@pytest.mark.parametrize("line", ["CATEGORIES;ENCODING=BASE64;VALUE=BINARY:!!!", "LOCATION:a\x00b", "X-EVERHALL-SPEAKER:a\x00b", "DESCRIPTION:a\x00b"])
def test_an_odd_line_of_a_calendar_is_no_fault_of_ours(line):
    read = exchange_read.read(CALENDAR.format(line).encode(), "Asia/Shanghai")
    (one,) = read.schedule.items
    assert "\x00" not in f"{one.room}{one.abstract}{one.speakers}"


@pytest.mark.django_db
def test_a_file_of_ours_gives_no_session_to_an_activity_out_of_reach(programme, tmp_path):
    """Sessions have no drafts: what joins a live activity is seen at once, whoever wrote the file."""
    user = programme.user("editor@example.org")
    editions.appoint(user, "venue_editor", programme.editions["2021"], programme.venues["beijing"])
    for activity in Activity.objects.filter(edition=programme.editions["2021"], live=True):
        one = {"guid": UUIDS[4], "title": "混入", "start": "09:00", "date": "2021-10-20T09:00:00+08:00", "duration": "01:00"}
        whole = {
            "generator": {"name": "Everhall"}, "schedule": {
                "conference": {"title": "t", "days": [{"date": "2021-10-20", "rooms": {"主舞台": [one]}}]},
                "everhall": {"sessions": {UUIDS[4]: {"activity": activity.code}}},
            },
        }  # fmt: skip
        batch = batch_of(programme, written(tmp_path, json.dumps(whole).encode(), "join.json"), "beijing", user)
        found = check(batch)
        assert {p.code for p in found.problems if p.is_error} == {"out_of_reach"}, activity
    assert not Session.objects.filter(guid=UUIDS[4]).exists()


@pytest.mark.django_db
def test_an_odd_file_of_one_keeps_no_other_from_being_followed(source, there, programme):
    venue = Venue.objects.create(edition=programme.editions["2021"], code="second", kind="park", name_zh="第二", timezone="Asia/Shanghai", order=12)
    editions.appoint(source.user, "venue_organiser", programme.editions["2021"], venue)
    other = ProgrammeSource.objects.create(edition=venue.edition, venue=venue, url=there.address, user=source.user, by_itself=True, publish=True)
    there.body = xml(event(1, start="09:00Z"))
    now = timezone.now()
    following.follow_due(now)
    other.refresh_from_db()
    assert other.tried_at == now


@pytest.mark.django_db
def test_a_fault_of_ours_at_one_is_told_there_and_the_next_is_looked_at(source, there, programme, settings):
    venue = Venue.objects.create(edition=programme.editions["2021"], code="second", kind="park", name_zh="第二", timezone="Asia/Shanghai", order=12)
    editions.appoint(source.user, "venue_organiser", programme.editions["2021"], venue)
    other = ProgrammeSource.objects.create(edition=venue.edition, venue=venue, url=there.address, user=source.user, by_itself=True, publish=True)
    settings.DATA_DIR.mkdir(exist_ok=True)
    (settings.DATA_DIR / "imports").write_text("there is no room for imports")
    now = timezone.now()
    following.follow_due(now)
    for one in (source, other):
        one.refresh_from_db()
        assert (one.tried_at, one.failure) == (now, "failed")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["schedule.xml", "schedule.json", "schedule2.json"])
@pytest.mark.parametrize("odd", ["双  空格", "制\t表", " 前空", "不\u00a0断"])
def test_blanks_within_names_and_summaries_come_back_as_they_went(client, programme, tmp_path, name, odd):
    night = programme.activities["long-night"]
    Activity.objects.filter(pk=night.pk).update(name_zh=odd, name_en=f"{odd} night", summary_zh=odd, summary_en=f"{odd} summary")
    before = get(client, f"/2021/programme/{name}")
    path = written(tmp_path, before, name)
    assert name == "schedule.xml" or check(batch_of(programme, path)).updated == 0
    if name != "schedule.xml":
        wipe(programme.editions["2021"])
    run(batch_of(programme, path))
    assert get(client, f"/2021/programme/{name}") == before
    assert check(batch_of(programme, path)).updated == 0
