"""Another platform's programme is followed by its address: theirs follows, ours stays, and whatever they do the last good state stays."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from everhall.editions import import_undo
from everhall.editions import services as editions
from everhall.editions.models import ImportBatch
from everhall.outgoing import asking
from everhall.programme import following
from everhall.programme.models import Activity, FollowedSession, ProgrammeSource, Session
from tests.programme.elsewhere import elsewhere
from tests.programme.followed import GUIDS, NOW, item, look, schedule, session

pytestmark = pytest.mark.django_db


def test_what_is_there_comes_in_and_is_public(source, client):
    found = look(source)
    assert (found.failure, found.batch.state) == ("", ImportBatch.State.APPLIED)
    assert session(1).activity.name_en == "Talk 1"
    assert session(1).stage.code == "saal"
    assert FollowedSession.objects.filter(source=source).count() == 3
    assert "Talk 1" in client.get("/en/2021/programme/list/").content.decode()


def test_a_source_that_waits_for_a_look_writes_nothing_before(source):
    source.by_itself = False
    source.save()
    found = look(source)
    assert (found.failure, found.about) == ("waits", "3")
    assert not Session.objects.filter(guid=GUIDS[0]).exists()
    assert following.apply(following.sources().get(pk=source.pk), NOW)
    assert session(0).activity.name_en == "Talk 0"
    assert ProgrammeSource.objects.get(pk=source.pk).failure == ""


def test_what_was_edited_here_stays_and_the_rest_follows(source, there):
    look(source)
    ours = session(1)
    ours.activity.name_en = "Our better title"
    ours.activity.save()
    there.body = schedule(item(0), item(1, "Their new title", hour=15), item(2))
    look(source)
    now = session(1)
    assert now.activity.name_en == "Our better title"
    assert now.starts_at.astimezone(dt.UTC).hour == 7
    # Again, and still ours; once both say the same it is theirs again.
    there.body = schedule(item(0), item(1, "Another title", hour=15), item(2))
    look(source)
    assert session(1).activity.name_en == "Our better title"
    there.body = schedule(item(0), item(1, "Our better title", hour=15), item(2))
    look(source)
    there.body = schedule(item(0), item(1, "Theirs at last", hour=15), item(2))
    look(source)
    assert session(1).activity.name_en == "Theirs at last"


def test_what_vanishes_is_cancelled_and_comes_back_as_it_was(source, there):
    look(source)
    there.body = schedule(item(0), item(2))
    look(source)
    assert session(1).status == "cancelled"
    assert FollowedSession.objects.get(session__guid=GUIDS[1]).gone_at is not None
    there.body = schedule(item(0), item(1), item(2))
    look(source)
    assert session(1).status == "confirmed"
    assert FollowedSession.objects.get(session__guid=GUIDS[1]).gone_at is None


def test_a_file_that_is_suddenly_almost_empty_waits_for_somebody(source, there):
    there.body = schedule(*(item(n, room="Saal 1", hour=8 + n) for n in range(8)))
    look(source)
    there.body = schedule(item(0, hour=8))
    found = look(source)
    assert (found.failure, found.about) == ("gone", "7")
    assert not Session.objects.filter(status="cancelled", guid__in=GUIDS).exists()
    assert following.apply(following.sources().get(pk=source.pk), NOW)
    assert Session.objects.filter(status="cancelled", guid__in=GUIDS).count() == 7


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (200, b"<!DOCTYPE html><html><body>Log in</body></html>", "unreadable"), (200, b"{not json", "unreadable"), (200, b"", "unreadable"),
        (500, b"", "status"), (404, b"", "status"), (302, b"", "moved"),
    ],
)
def test_whatever_comes_instead_the_last_good_state_stays(source, there, status, body, failure):
    look(source)
    before = list(Session.objects.order_by("pk").values())
    there.status, there.body, there.headers = status, body, {"Location": "https://elsewhere.example/new"}
    found = look(source, 60)
    assert found.failure == failure
    assert found.failing_since == NOW + dt.timedelta(minutes=60)
    assert look(source, 120).failing_since == NOW + dt.timedelta(minutes=60), "since the first time"
    assert list(Session.objects.order_by("pk").values()) == before
    there.status, there.body = 200, schedule(item(0, "Back"), item(1), item(2))
    found = look(source, 180)
    assert (found.failure, found.failing_since) == ("", None)
    assert session(0).activity.name_en == "Back"


def test_thousands_of_broken_rows_are_one_report(source, there):
    look(source)
    there.body = schedule(item(0, "Changed"), *({**item(1), "guid": f"b{n:07}-0000-4000-8000-000000000000", "duration": "soon"} for n in range(5000)))
    found = look(source)
    assert found.failure == "unreadable"
    assert session(0).activity.name_en == "Talk 0"
    assert found.batch.errors >= 5000


def test_a_room_that_nobody_knows_is_asked_for(source, there):
    there.body = schedule(item(0, room="Unknown hall"))
    found = look(source)
    assert (found.failure, found.batch.state) == ("rooms", ImportBatch.State.REFUSED)


def test_what_has_not_changed_costs_a_request_and_no_import(source, there):
    there.headers = {"ETag": '"v1"'}
    first = look(source)
    again = look(source, 60)
    assert there.asked[1]["if-none-match"] == '"v1"'
    assert again.batch_id == first.batch_id
    assert again.good_at == NOW + dt.timedelta(minutes=60)


def test_it_is_looked_at_as_often_as_is_set(source, there):
    assert following.follow_due(NOW) == 1
    assert following.follow_due(NOW + dt.timedelta(minutes=59)) == 0
    assert following.follow_due(NOW + dt.timedelta(minutes=60)) == 1
    ProgrammeSource.objects.update(on=False)
    assert following.follow_due(NOW + dt.timedelta(days=2)) == 0


def test_without_the_right_to_publish_nothing_is_written(source, there):
    source.user.appointments.all().delete()
    found = look(source)
    assert found.failure == "unreadable"
    assert not Session.objects.filter(guid=GUIDS[0]).exists()


@pytest.mark.parametrize("address", ["http://elsewhere.example/a", "https://127.0.0.1/a", "https://localhost/", "https://10.0.0.1/", "https://a.local/", "https://u:p@elsewhere.example/", "ftp://elsewhere.example/", "https://elsewhere.example:22/", "https://[::1]/"])
def test_addresses_that_lead_inside_are_refused_and_never_asked(programme, settings, address, monkeypatch):
    made = ProgrammeSource(edition=programme.editions["2021"], venue=programme.venues["beijing"], url=address)
    with pytest.raises(ValidationError):
        made.clean()
    monkeypatch.setattr("socket.create_connection", lambda *a, **k: pytest.fail("asked"))
    assert asking.ask("GET", address, None, {}).status == 0


def test_a_file_without_end_is_cut(there):
    there.body = b"x" * 5000
    told = asking.ask("GET", there.address, None, {"Connection": "close"}, most=1000, near=True)
    assert (len(told.body), told.whole) == (1000, False)


# ---------------------------------------------------------------- the desk
def test_the_desk_sets_it_up_looks_applies_and_drops(source, there, client, settings):
    settings.STAFF_2FA = False
    client.force_login(source.user)
    ProgrammeSource.objects.all().delete()
    sent = {"venue": source.venue_id, "url": there.address, "every": 60, "on": "on", "publish": "on"}
    assert client.post("/admin/follow/", sent).status_code == 302
    made = ProgrammeSource.objects.get()
    assert made.user == source.user
    assert client.post("/admin/follow/", sent).status_code == 200, "one of a venue"
    client.post(f"/admin/follow/{made.pk}/look/")
    following.do_asked(NOW)
    page = client.get("/admin/follow/").content.decode()
    assert f"/admin/imports/{ProgrammeSource.objects.get().batch_id}/" in page
    client.post(f"/admin/follow/{made.pk}/apply/")
    following.do_asked(NOW)
    assert session(0).activity.live
    client.post(f"/admin/follow/{made.pk}/drop/")
    assert not ProgrammeSource.objects.exists()
    assert session(0).status == "confirmed", "its sessions stay"


def test_another_venue_finds_nothing(source, client, programme, settings):
    settings.STAFF_2FA = False
    other = programme.user("zz@example.org", is_staff=True)
    editions.appoint(other, "venue_organiser", programme.editions["2021"], programme.venues["zhengzhou"])
    client.force_login(other)
    assert source.url not in client.get("/admin/follow/").content.decode()
    for path in ("", "look/", "apply/", "drop/"):
        assert client.post(f"/admin/follow/{source.pk}/{path}").status_code == 404
    ProgrammeSource.objects.update(asked="look")
    assert client.get("/admin/follow/state/").json() == {"busy": []}
    assert client.post("/admin/follow/", {"venue": source.venue_id, "url": "https://elsewhere.example/", "every": 60}).status_code == 200
    assert ProgrammeSource.objects.count() == 1


# ---------------------------------------------------------------- taking back
def undo(source):
    batch = ImportBatch.objects.filter(kind="followed", state="applied").latest("pk")
    return import_undo.undo(batch, NOW)


def test_what_came_goes_when_it_is_taken_back_and_nothing_returns_by_itself(source, there):
    before = set(Activity.objects.values_list("pk", flat=True))
    look(source)
    assert undo(source) == []
    assert not Session.objects.filter(guid__in=GUIDS).exists()
    assert set(Activity.objects.values_list("pk", flat=True)) == before
    assert look(source, 60).failure == "", "the same file is not taken again"
    there.body = schedule(item(0), item(1, "Changed"), item(2))
    found = look(source, 120)
    assert (found.failure, found.about) == ("taken_back", "3")
    there.body = b"<html>"
    assert look(source, 180).failure == "unreadable"
    there.body = schedule(item(0), item(1, "Changed again"), item(2))
    assert look(source, 240).failure == "taken_back", "still nobody has looked"
    assert not Session.objects.filter(guid__in=GUIDS).exists()
    assert following.apply(following.sources().get(pk=source.pk), NOW)
    there.body = schedule(item(0), item(1, "By itself"), item(2))
    look(source, 300)
    assert session(1).activity.name_en == "By itself"


def test_after_an_undo_the_desk_gets_the_same_file_again_if_it_asks_and_applies_it(source, there, client, settings):
    settings.STAFF_2FA = False
    client.force_login(source.user)
    look(source)
    undo(source)
    client.post(f"/admin/follow/{source.pk}/look/")
    following.do_asked(NOW)
    page = client.get("/admin/follow/").content.decode()
    assert f"/admin/follow/{source.pk}/apply/" in page
    assert not Session.objects.filter(guid=GUIDS[0]).exists()
    client.post(f"/admin/follow/{source.pk}/apply/")
    following.do_asked(NOW)
    assert session(0).activity.live


def test_what_was_theirs_goes_back_what_was_edited_since_stays_and_both_follow_on(source, there):
    look(source)
    there.body = schedule(item(0, hour=10), item(1, "Theirs", hour=11), item(2, "Theirs too"))
    look(source, 60)
    ours = session(1)
    ours.activity.name_en = "Ours"
    ours.activity.save()
    left = undo(source)
    assert [(problem.code, problem.value) for problem in left] == [("changed_since", GUIDS[1])]
    assert session(0).starts_at.astimezone(dt.UTC).hour == 1
    assert session(2).activity.name_en == "Talk 2"
    assert (session(1).activity.name_en, session(1).starts_at.astimezone(dt.UTC).hour) == ("Ours", 3)
    there.body = schedule(item(0, hour=12), item(1, "Theirs anew", hour=13), item(2, "Theirs anew"))
    look(source, 120)
    assert following.apply(following.sources().get(pk=source.pk), NOW)
    assert session(0).starts_at.astimezone(dt.UTC).hour == 4
    assert session(2).activity.name_en == "Theirs anew", "what was given back is no edit of ours"
    assert (session(1).activity.name_en, session(1).starts_at.astimezone(dt.UTC).hour) == ("Ours", 5)


def test_what_was_cancelled_because_it_vanished_comes_back_with_the_undo(source, there):
    there.body = schedule(*(item(n, hour=9 + n) for n in range(5)))
    look(source)
    changed = session(1)
    changed.status = "moved"
    changed.save()
    there.body = schedule(item(0, hour=9), item(3, hour=12), item(4, "New title", hour=13))
    found = look(source, 60)
    assert (found.batch.updated, session(1).status, session(2).status) == (3, "cancelled", "cancelled"), "the report counts them"
    assert undo(source) == []
    assert (session(0).status, session(1).status, session(2).status) == ("confirmed", "moved", "confirmed")
    assert session(4).activity.name_en == "Talk 4"
    assert not FollowedSession.objects.exclude(gone_at=None).exists()
    # And the return of what had vanished can be taken back too.
    following.look(following.sources().get(pk=source.pk), NOW)
    there.body = schedule(*(item(n, hour=9 + n) for n in (0, 2, 3, 4)))
    look(source, 120)
    assert following.apply(following.sources().get(pk=source.pk), NOW)
    there.body = schedule(*(item(n, hour=9 + n) for n in range(5)))
    look(source, 180)
    assert session(1).status != "cancelled"
    undo(source)
    assert session(1).status == "cancelled"


def test_a_session_that_we_moved_stays_where_we_put_it_while_the_rest_follows(source, there):
    look(source)
    ours = session(1)
    ours.starts_at, ours.ends_at = ours.starts_at + dt.timedelta(hours=3), ours.ends_at + dt.timedelta(hours=3)
    ours.save()
    there.body = schedule(item(0), item(1, "New title", hour=16), item(2))
    look(source, 60)
    now = session(1)
    assert (now.activity.name_en, now.starts_at) == ("New title", ours.starts_at)


def test_a_day_away_is_one_failure_since_its_beginning(source, there):
    look(source)
    before = list(Session.objects.order_by("pk").values())
    ProgrammeSource.objects.update(url="http://127.0.0.1:9/nobody.json")
    for hour in range(1, 25):
        found = look(source, 60 * hour)
    assert (found.failure, found.failing_since) == ("unreachable", NOW + dt.timedelta(hours=1))
    assert list(Session.objects.order_by("pk").values()) == before
    ProgrammeSource.objects.update(url=there.address)
    there.body = schedule(item(0, "Back"), item(1), item(2))
    assert (look(source, 1500).failure, session(0).activity.name_en) == ("", "Back")


@pytest.mark.parametrize("junk", [b"\x00\xff" * 2_500_000, b"<!DOCTYPE html><p>" + b"x" * 5_000_000, b"BEGIN:VCALENDAR\r\n" + b"X:1\r\n" * 1_000_000, b"[" * 5_000_000])
def test_five_megabytes_of_junk_are_one_sentence(source, there, junk):
    look(source)
    there.body = junk
    assert look(source, 60).failure == "unreadable"
    assert session(0).activity.name_en == "Talk 0"


def test_a_redirect_into_a_network_of_its_own_is_told_and_not_followed(source, there):
    look(source)
    with elsewhere() as inside:
        inside.body = schedule(item(0, "From inside"))
        there.status, there.headers = 302, {"Location": inside.address}
        found = look(source, 60)
        assert (found.failure, found.about, inside.asked) == ("moved", inside.address, [])
    assert session(0).activity.name_en == "Talk 0"
