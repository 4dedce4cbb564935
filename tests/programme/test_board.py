"""The programme board: what it loads and for whom, moves with versions, refusals in words, days copied and taken back."""

import datetime as dt
import json
import zoneinfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from everhall.accounts.models import Organisation, User
from everhall.editions.models import Stage
from everhall.programme import board_values, moves, queries
from everhall.programme.models import (
    Activity,
    ActivityHost,
    Equipment,
    Person,
    Session,
    SessionNeed,
    SessionSpeaker,
    TravelTime,
)
from tests.desk.places import at, make_week

pytestmark = pytest.mark.django_db
BOARD = "/admin/board/2021/"


@pytest.fixture
def week(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.STAFF_2FA = False
    return make_week()


def values(week, who):
    answer = week.client(who).get(f"{BOARD}values/")
    assert answer.status_code == 200, answer
    assert "no-store" in answer["Cache-Control"]
    return answer.json()


def deed(week, who, name, **asked):
    answer = week.client(who).post(f"{BOARD}{name}/", json.dumps(asked), content_type="application/json")
    return answer.status_code, answer.json()


def spot(session, **other):
    asked = {
        "id": session.pk, "version": session.revision_number, "begins": int(session.starts_at.timestamp()),
        "lasts": int((session.ends_at - session.starts_at).total_seconds()), "stage": session.stage_id or 0,
    }  # fmt: skip
    return asked | other


def row_of(told, session):
    found = [dict(zip(board_values.SESSION, row, strict=True)) for row in told["sessions"] if row[0] == session.pk]
    return found[0] if found else None


# ---------------------------------------------------------------- what it loads
def test_one_loads_what_one_reaches_and_of_others_only_what_may_clash(week):
    mine, theirs = week.rows["session", "beijing"], week.rows["session", "zhengzhou"]
    told = values(week, "bj-editor")
    assert row_of(told, mine)["name"] == "beijing 秘密场次"
    assert row_of(told, mine)["may"] == 1
    assert row_of(told, theirs) is None
    assert "zhengzhou 秘密" not in json.dumps(told, ensure_ascii=False)
    # One person in both: the other place is busy then, and that is all that is said.
    SessionSpeaker.objects.create(session=theirs, person=week.rows["person", "beijing"])
    told = values(week, "bj-editor")
    row = row_of(told, theirs)
    assert (row["name"], row["may"], row["begins"]) == (None, 0, int(theirs.starts_at.timestamp()))
    assert "zhengzhou 秘密" not in json.dumps(told, ensure_ascii=False)
    assert "zhengzhou 讲者" not in json.dumps(told, ensure_ascii=False)


def test_what_is_public_elsewhere_has_its_name_and_stays_where_it_is(week):
    theirs = week.rows["session", "zhengzhou"]
    Activity.objects.filter(pk=theirs.activity_id).update(live=True)
    SessionSpeaker.objects.create(session=theirs, person=week.rows["person", "beijing"])
    row = row_of(values(week, "bj-editor"), theirs)
    assert (row["name"], row["may"]) == ("zhengzhou 秘密场次", 0)


def test_a_stage_of_mine_that_somebody_elses_activity_uses_is_busy(week):
    theirs = week.rows["session", "zhengzhou"]
    theirs.stage = week.rows["stage", "beijing"]
    theirs.save()
    assert row_of(values(week, "bj-editor"), theirs)["name"] is None


def test_the_board_is_for_the_team(week, client):
    for path in ("", "values/", "fresh/?since=2021-10-20T00:00:00Z", f"move/{week.rows['session', 'beijing'].pk}/"):
        for who in ("nobody", "bj-exhibitor"):
            assert week.client(who).get(BOARD + path).status_code in {302, 403, 404}, (who, path)
    assert client.get(f"{BOARD}values/").status_code == 302
    assert week.client("zz-editor").get(f"{BOARD}move/{week.rows['session', 'beijing'].pk}/").status_code == 404
    assert week.client("bj-editor").get("/admin/board/1999/").status_code == 404
    assert week.client("bj-editor").get("/admin/board/", follow=True).redirect_chain[-1][0] == BOARD


def test_a_large_week_takes_as_many_queries_as_a_small_one(week):
    def count():
        with CaptureQueriesContext(connection) as found:
            board_values.board_values(week.users["national"], week.edition)
        return len(found)

    values(week, "national")
    few = count()
    stage, activity = week.rows["stage", "beijing"], week.rows["activity", "beijing"]
    for n in range(40):
        session = Session.objects.create(activity=activity, code=f"more-{n}", stage=stage, starts_at=at(21, 9), ends_at=at(21, 10))
        SessionSpeaker.objects.create(session=session, person=week.rows["person", "beijing"])
    week.users["national"].__dict__.pop("_everhall_grants", None)
    assert count() <= few + 1


def test_the_page_has_the_day_as_a_list_without_a_script(week):
    page = week.client("bj-editor").get(f"{BOARD}?day=2021-10-20&venue=beijing").content.decode()
    session = week.rows["session", "beijing"]
    assert f'id="session-{session.pk}"' in page
    assert f"{BOARD}move/{session.pk}/" in page
    assert "zhengzhou 秘密" not in page
    # As a form without a script sends it; and the form carries no token into an address.
    both = week.client("bj-editor").get(f"{BOARD}?day=2021-10-20&venue=park-haidian&venue=beijing").content.decode()
    assert f'id="session-{session.pk}"' in both
    form = both.partition('<form class="board-choice"')[2].partition("</form>")[0]
    assert "csrfmiddlewaretoken" not in form
    assert f'id="session-{session.pk}"' not in week.client("bj-editor").get(f"{BOARD}?day=2021-10-21").content.decode()


# ---------------------------------------------------------------- moves
def test_a_session_is_moved_and_its_version_told(week):
    session = week.rows["session", "beijing"]
    other = Stage.objects.create(venue=week.venues["beijing"], code="second", name_zh="二")
    begins = int(at(21, 14).timestamp())
    status, told = deed(week, "bj-editor", "move", **spot(session, begins=begins, lasts=2700, stage=other.pk))
    session.refresh_from_db()
    assert status == 200
    assert (session.starts_at, session.ends_at, session.stage_id) == (at(21, 14), at(21, 14, 45), other.pk)
    assert told == {"id": session.pk, "version": session.revision_number}


def test_the_second_of_two_editors_is_told_and_changes_nothing(week):
    session = week.rows["session", "beijing"]
    seen = spot(session)
    assert deed(week, "bj-editor", "move", **seen | {"begins": seen["begins"] + 300})[0] == 200
    status, told = deed(week, "bj-organiser", "move", **seen | {"begins": seen["begins"] + 7200})
    session.refresh_from_db()
    assert status == 409
    assert told["overtaken"]
    assert "beijing 秘密场次" in told["message"]
    assert told["sessions"][0][:3] == [session.pk, session.revision_number, int(session.starts_at.timestamp())]
    assert session.starts_at == at(20, 9, 5)


def test_what_was_taken_away_meanwhile_is_told_as_gone(week):
    session = week.rows["session", "beijing"]
    asked = spot(session)
    Session.objects.filter(pk=session.pk).delete()
    status, told = deed(week, "bj-editor", "move", **asked)
    assert (status, told["sessions"]) == (409, [])


@pytest.mark.parametrize(
    ("who", "other", "words"),
    [
        ("bj-editor", {"lasts": 60}, "五分钟"),
        ("bj-editor", {"lasts": 90_000}, "五分钟"),
        ("bj-editor", {"begins": 1_700_000_000}, "2023-11-15"),
        ("bj-editor", {"stage": "zhengzhou"}, "无权在此舞台"),
        ("bj-editor", {"stage": 999_999}, "无权在此舞台"),
        ("bj-reviewer", {"begins": 1_634_720_000}, "无权移动"),
    ],
)
def test_a_refusal_says_why(week, who, other, words):
    session = week.rows["session", "beijing"]
    if other.get("stage") == "zhengzhou":
        other = {"stage": week.rows["stage", "zhengzhou"].pk}
    status, told = deed(week, who, "move", **spot(session) | other)
    session.refresh_from_db()
    assert (status, session.starts_at, session.revision_number) == (400, at(20, 9), 0)
    assert words in told["message"]


def test_what_is_public_moves_only_by_who_may_publish(week):
    session = week.rows["session", "beijing"]
    Activity.objects.filter(pk=session.activity_id).update(live=True)
    asked = spot(session, begins=int(at(20, 11).timestamp()))
    assert deed(week, "bj-editor", "move", **asked)[0] == 400
    assert deed(week, "bj-organiser", "move", **asked)[0] == 200


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", '{"id":"x"}', '{"id":1,"version":0,"begins":1e400,"lasts":1,"stage":0}', "{"])
def test_what_is_no_move_is_refused_in_words(week, body):
    if body.startswith('{"id":1'):
        body = body.replace('"id":1', f'"id":{week.rows["session", "beijing"].pk}')
    answer = week.client("bj-editor").post(f"{BOARD}move/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_off_its_stage_and_an_activity_gets_its_first_session(week):
    session = week.rows["session", "beijing"]
    assert deed(week, "bj-editor", "move", **spot(session, stage=0))[0] == 200
    session.refresh_from_db()
    assert session.stage is None
    idle = Activity.objects.create(edition=week.edition, venue=week.venues["beijing"], code="idle", name_zh="待排活动", live=False)
    told = values(week, "bj-editor")
    assert next(row for row in told["activities"] if row[0] == idle.pk)[4] is True
    asked = {"activity": idle.pk, "begins": int(at(22, 10).timestamp()), "lasts": 3600, "stage": week.rows["stage", "beijing"].pk}
    status, made = deed(week, "bj-editor", "place", **asked)
    assert status == 200
    assert idle.sessions.get().code == "idle-1"
    assert deed(week, "zz-editor", "place", **asked)[0] == 400
    # Taken back by whoever made it, not by somebody else, and not after it was touched.
    back = {"word": made["word"], "versions": {str(idle.sessions.get().pk): 0}}
    assert deed(week, "bj-organiser", "take-back", **back)[0] == 400
    idle.sessions.get().save()
    assert deed(week, "bj-editor", "take-back", **back) == (200, {"count": 0, "left": 1})
    assert deed(week, "bj-editor", "take-back", **back | {"versions": {str(idle.sessions.get().pk): 1}}) == (200, {"count": 1, "left": 0})
    assert not idle.sessions.exists()


def test_others_changes_come_in(week):
    session = week.rows["session", "beijing"]
    told = values(week, "bj-editor")
    client = week.client("bj-editor")
    session.save()
    found = client.get(f"{BOARD}fresh/", {"since": told["now"]}).json()
    assert [row[:2] for row in found["sessions"] if row[0] == session.pk] == [[session.pk, 1]]
    assert found["count"] == told["count"]
    assert client.get(f"{BOARD}fresh/", {"since": "2999-01-01T00:00:00+00:00"}).json()["sessions"] == []
    assert client.get(f"{BOARD}fresh/", {"since": "yesterday"}).status_code == 400


# ---------------------------------------------------------------- a day copied
def test_a_day_is_copied_once(week):
    session = week.rows["session", "beijing"]
    thing = Equipment.objects.create(venue=week.venues["beijing"], code="van", name_zh="转播车", count=1)
    SessionNeed.objects.create(session=session, equipment=thing, count=1)
    asked = {"from": "2021-10-20", "to": "2021-10-22", "venues": [week.venues["beijing"].pk, week.venues["zhengzhou"].pk]}
    status, told = deed(week, "bj-editor", "copy", **asked)
    assert (status, len(told["sessions"]), told["left"]) == (200, 1, 0)
    made = Session.objects.get(pk=told["sessions"][0][0])
    assert (made.starts_at, made.stage_id, made.guid != session.guid) == (at(22, 9), session.stage_id, True)
    assert made.speakers.get().person_id == session.speakers.get().person_id
    assert made.needs.get().equipment_id == thing.pk
    assert deed(week, "bj-editor", "copy", **asked)[1]["left"] == 1
    assert deed(week, "bj-editor", "copy", **asked | {"to": "2021-11-30"})[0] == 400
    assert deed(week, "bj-editor", "copy", **asked | {"to": "2021-10-20"})[0] == 400
    assert deed(week, "bj-editor", "take-back", word=told["word"], versions={})[1] == {"count": 1, "left": 0}


def test_a_copy_keeps_the_time_by_the_clock_when_clocks_change(programme):
    night, zone = programme.activities["long-night"], zoneinfo.ZoneInfo("Europe/Berlin")
    morning = Session.objects.create(
        activity=night, code="morning", stage=programme.stages["berlin"], starts_at=dt.datetime(2021, 10, 30, 9, tzinfo=zone),
        ends_at=dt.datetime(2021, 10, 30, 10, tzinfo=zone),
    )
    root = User.objects.create_superuser("r@example.org")
    venue = programme.venues["berlin"].pk
    copied = moves.copy_day(root, programme.editions["2021"], [venue], dt.date(2021, 10, 30), dt.date(2021, 10, 31))
    made = [Session.objects.get(pk=pk).starts_at.astimezone(zone) for pk in copied.ids]
    assert dt.datetime(2021, 10, 31, 9, tzinfo=zone) in made
    assert morning.starts_at.utcoffset() != made[-1].utcoffset() or len(made) > 1


# ---------------------------------------------------------------- the form
def test_the_form_moves_by_the_clock_of_the_venue_and_tells_clashes(week):
    session, client = week.rows["session", "beijing"], week.client("bj-editor")
    page = f"{BOARD}move/{session.pk}/"
    assert 'value="09:00"' in client.get(page).content.decode()
    form = {"day": "2021-10-21", "begins": "15:30", "minutes": "45", "stage": session.stage_id, "version": "0"}
    answer = client.post(page, form)
    assert answer.status_code == 302
    assert "day=2021-10-21" in answer["Location"]
    session.refresh_from_db()
    assert (session.starts_at, session.ends_at) == (at(21, 15, 30), at(21, 16, 15))
    # What was seen is old by now.
    answer = client.post(page, form | {"begins": "17:00"}, follow=True)
    session.refresh_from_db()
    assert session.starts_at == at(21, 15, 30)
    assert 'value="15:30"' in answer.content.decode()
    assert "2022-01-01 " in client.post(page, form | {"version": "1", "day": "2022-01-01"}).content.decode()
    assert client.post(page, form | {"version": "1", "minutes": "0"}).status_code == 200


# ---------------------------------------------------------------- equipment and ways
def test_too_little_equipment_and_a_way_that_is_said_clash(week):
    one, other = week.rows["session", "beijing"], week.rows["session", "park-haidian"]
    van = Equipment.objects.create(venue=week.venues["beijing"], code="van", name_zh="转播车", count=1)
    for session in (one, other):
        SessionNeed.objects.create(session=session, equipment=van, count=1)
    kinds = [clash.kind for clash in queries.board_of(week.edition).all()]
    assert kinds == ["equipment"]
    page = week.client("bj-organiser").get("/admin/clashes/").content.decode()
    assert "转播车" in page
    van.count = 2
    van.save()
    assert queries.board_of(week.edition).all() == []
    other.starts_at, other.ends_at = at(20, 10, 10), at(20, 11)
    other.save()
    SessionSpeaker.objects.create(session=other, person=week.rows["person", "beijing"])
    assert queries.board_of(week.edition).all() == []
    TravelTime.objects.create(one=week.venues["park-haidian"], other=week.venues["beijing"], minutes=40)
    [clash] = queries.board_of(week.edition).all()
    assert (clash.kind, clash.minutes) == ("travel", 30)
    told = values(week, "bj-organiser")
    assert told["ways"] == [[week.venues["park-haidian"].pk, week.venues["beijing"].pk, 40]]


def test_a_host_at_two_activities_is_a_note_counted_apart_and_left_out_on_demand(week):
    one, other = week.rows["session", "beijing"], week.rows["session", "park-haidian"]
    host = Organisation.objects.create(code="busy", name_zh="两头忙")
    for session in (one, other):
        ActivityHost.objects.create(activity=session.activity, organisation=host, sort_order=9)
    client = week.client("bj-organiser")
    every, severe, notes = (client.get(f"/admin/clashes/{asked}").content.decode() for asked in ("", "?show=clashes", "?show=notes"))
    for page in (every, severe, notes):
        assert "0 处冲突" in page
        assert "1 处提示" in page
    assert "两头忙" in every
    assert "两头忙" in notes
    assert "两头忙" not in severe
    home = client.get("/admin/").content.decode()
    assert "冲突（0）" in home
    assert "1 处提示" in home
    assert "两头忙" not in home
    moving = client.get(f"{BOARD}move/{one.pk}/").content.decode()
    assert "ⓘ 提示 · " in moving
    SessionSpeaker.objects.create(session=other, person=week.rows["person", "beijing"])
    both = client.get("/admin/clashes/").content.decode()
    assert "1 处冲突" in both
    assert both.index("⚠ 嘉宾") < both.index("ⓘ 提示 · 主办单位"), "what cannot happen stands first"
    assert "两头忙" not in client.get("/admin/").content.decode()
    week.users["owner"] = User.objects.create_superuser("clashes-owner@example.org", "x")
    # There is something to publish.
    Activity.objects.filter(pk=one.activity_id).update(live=True)
    page = week.client("owner").get("/admin/versions/").content.decode()
    assert "日程中仍有冲突" in page
    assert "1 处提示" in page


def test_a_way_is_said_once_and_within_an_edition(week):
    one, other = week.venues["beijing"], week.venues["zhengzhou"]
    TravelTime.objects.create(one=one, other=other, minutes=90)
    for pair in ((other, one), (one, one)):
        with pytest.raises(ValidationError):
            TravelTime(one=pair[0], other=pair[1], minutes=5).full_clean()


def test_hosts_are_judged_on_the_board_too(week):
    host = Organisation.objects.create(code="h", name_zh="主办")
    for code in ("beijing", "zhengzhou"):
        ActivityHost.objects.create(activity=week.rows["activity", code], organisation=host)
    told = values(week, "bj-editor")
    hosts = dict(map(tuple, [(row[0], tuple(row[1])) for row in told["hosts"]]))
    assert hosts == {week.rows["activity", code].pk: (host.pk,) for code in ("beijing", "zhengzhou")}
    assert Person.objects.filter(code="p-zhengzhou").exists()
    assert "zhengzhou 秘密" not in json.dumps(told, ensure_ascii=False)


# ---------------------------------------------------------------- taken back, but in use by now
def test_what_is_used_by_now_is_not_taken_back_and_the_rest_is(week):
    """A colleague has opened registration for one of the copies, and somebody has registered."""
    from tests.registration.places import admission_to

    venue = week.venues["beijing"]
    session = week.rows["session", "beijing"]
    Session.objects.create(activity=session.activity, code="second", starts_at=at(20, 15), ends_at=at(20, 16))
    asked = {"from": "2021-10-20", "to": "2021-10-22", "venues": [venue.pk]}
    status, told = deed(week, "bj-editor", "copy", **asked)
    assert (status, len(told["sessions"])) == (200, 2)
    used, free = (Session.objects.get(pk=row[0]) for row in told["sessions"])
    admission = admission_to(used, onsite=10)
    status, answer = deed(week, "bj-editor", "take-back", word=told["word"], versions={})
    assert (status, answer) == (200, {"count": 1, "left": 1})
    assert not Session.objects.filter(pk=free.pk).exists()
    admission.refresh_from_db()
