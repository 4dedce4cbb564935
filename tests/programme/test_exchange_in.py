"""Another platform's programme comes in: dry run, report, all or nothing, undo, again by guid; and ours comes back as it
went."""

import datetime as dt
import io
import json
from collections import Counter

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from everhall.editions import import_undo, import_words, imports
from everhall.editions.models import ImportBatch, Stage
from everhall.programme.models import Activity, Person, RoomName, Session

pytestmark = pytest.mark.django_db
UUIDS = [f"0000000{n}-0000-4000-8000-000000000000" for n in range(10)]


def batch_of(world, path, venue=None, user=None, publish=True, edition="2021"):
    return ImportBatch.objects.create(
        kind="exchange", edition=world.editions[edition], venue=world.venues.get(venue or ""), user=user, publish=publish,
        sheet_name=path.name, sheet_path=str(path), created_at=timezone.now(),
    )


def check(batch):
    return imports.check_batch(batch, timezone.now())


def run(batch):
    found = imports.apply(batch, timezone.now())
    batch.refresh_from_db()
    return found


def get(client, address):
    cache.clear()
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content


def calendar_facts(data):
    """A calendar but for what says when it was written and how often changed."""
    return [line for line in data.decode().replace("\r\n ", "").split("\r\n") if not line.startswith(("DTSTAMP", "SEQUENCE"))]


def wipe(edition):
    from everhall.live.models import Recording, RunningOrderItem

    RunningOrderItem.objects.all().delete()
    Recording.objects.all().delete()
    Session.objects.filter(edition=edition).delete()
    Activity.objects.filter(edition=edition).delete()
    Person.objects.filter(appearances=None).delete()


ALL = ["schedule.xml", "schedule.json", "schedule2.json"]


@pytest.mark.parametrize("name", ["schedule.json", "schedule2.json"])
def test_export_import_export_is_identical_in_both_languages(client, programme, tmp_path, name):
    before = {(lang, each): get(client, f"{lang}/2021/programme/{each}") for lang in ("", "/en") for each in ALL}
    wipe(programme.editions["2021"])
    path = tmp_path / name
    path.write_bytes(before["", name])
    run(batch_of(programme, path))
    after = {key: get(client, f"{key[0]}/2021/programme/{key[1]}") for key in before}
    assert {key for key in before if before[key] != after[key]} == set()
    assert check(batch_of(programme, path)).updated == 0


def test_a_language_at_a_time_the_xml_comes_back_as_it_went(client, programme, tmp_path):
    files = {lang: get(client, f"{lang}/2021/programme/schedule.xml") for lang in ("/en", "")}
    wipe(programme.editions["2021"])
    for lang, data in files.items():
        path = tmp_path / f"schedule{lang.replace('/', '-')}.xml"
        path.write_bytes(data)
        run(batch_of(programme, path))
    again = {lang: get(client, f"{lang}/2021/programme/schedule.xml") for lang in files}
    assert again["/en"] == files["/en"]
    # What has no English name shows the Chinese one in both files; the rest is as it was.
    assert again[""] == files[""]


@pytest.mark.parametrize(("file", "name"), [("programme.ics", "p.ics"), ("programme/schedule.xcs", "p.xcs")])
def test_a_calendar_comes_back_as_it_went(client, programme, tmp_path, file, name):
    before = get(client, f"/2021/{file}")
    path = tmp_path / name
    path.write_bytes(before)
    batch = batch_of(programme, path)
    found = check(batch)
    assert (found.errors, found.created, found.updated) == (0, 0, 0)
    wipe(programme.editions["2021"])
    run(batch_of(programme, path))
    if name == "p.ics":
        assert calendar_facts(get(client, "/2021/programme.ics")) == calendar_facts(before)


@pytest.mark.parametrize("name", ALL)
def test_our_own_file_changes_nothing(client, programme, tmp_path, name):
    for lang in ("", "/en"):
        path = tmp_path / name
        path.write_bytes(get(client, f"{lang}/2021/programme/{name}"))
        found = check(batch_of(programme, path))
        assert (found.errors, found.created, found.updated) == (0, 0, 0), [p for p in found.problems if p.is_error][:3]


# ---------------------------------------------------------------- files of others
def xml(*events, conference="<time_zone_name>Asia/Shanghai</time_zone_name>", date="2021-10-20", room="主舞台"):
    return (
        f'<?xml version="1.0" encoding="utf-8"?><schedule><conference><title>x</title>{conference}</conference>'
        f'<day index="1" date="{date}"><room name="{room}">{"".join(events)}</room></day></schedule>'
    ).encode()


def event(n, title="外来讲座", start="10:00", duration="01:00", more="", guid=None):
    return f'\n<event id="{n}" guid="{guid or UUIDS[n]}"><title>{title}</title><start>{start}</start><duration>{duration}</duration>{more}</event>'


def written(tmp_path, data, name="theirs.xml"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_a_dirty_file_is_read_leniently(programme, tmp_path):
    """No bounds of days, no slugs, no zone on dates, HTML in texts, persons by name only."""
    more = "<abstract>&lt;p&gt;甲&lt;/p&gt;&lt;p&gt;乙&lt;/p&gt;</abstract><persons><person id='7'>王五</person></persons><type>Panel</type>"
    path = written(tmp_path, xml(event(1, more=more), event(2, start="9:30")))
    batch = batch_of(programme, path, "beijing")
    found = run(batch)
    assert (found.created, found.errors) == (2, 0)
    session = Session.objects.get(guid=UUIDS[1])
    assert session.starts_at == dt.datetime(2021, 10, 20, 2, tzinfo=dt.UTC)
    assert session.stage == programme.stages["beijing"]
    assert session.activity.summary_zh == "甲\n乙"
    assert session.activity.kind == "forum"
    assert session.speakers.get().person.name_zh == "王五"
    assert session.activity.live


def test_the_dry_run_writes_nothing_and_says_what_would_be(programme, tmp_path):
    before = (Session.objects.count(), Activity.objects.count(), Person.objects.count(), Stage.objects.count())
    batch = batch_of(programme, written(tmp_path, xml(event(1), event(2, title=""))), "beijing")
    found = check(batch)
    assert (found.read, found.created, found.errors) == (2, 1, 1)
    problem = next(p for p in found.problems if p.is_error)
    assert (problem.code, problem.row, problem.column) == ("required", 3, "title")
    assert before == (Session.objects.count(), Activity.objects.count(), Person.objects.count(), Stage.objects.count())
    with pytest.raises(imports.HasErrors):
        run(batch)
    assert before[0] == Session.objects.count()


def test_again_by_guid_updates_and_undo_gives_back(programme, tmp_path):
    first = batch_of(programme, written(tmp_path, xml(event(1), event(2, title="第二场", start="14:00"))), "beijing")
    run(first)
    ours = Session.objects.get(guid=UUIDS[1])
    Session.objects.filter(pk=ours.pk).update(mode="onsite")
    second = batch_of(programme, written(tmp_path, xml(event(1, title="改名", start="11:00")), "again.xml"), "beijing")
    found = run(second)
    assert (found.created, found.updated) == (0, 1)
    again = Session.objects.get(pk=ours.pk)
    assert (again.name, again.starts_at.hour, again.mode) == ("改名", 3, "onsite")
    # What the second file does not have is left.
    assert Session.objects.filter(guid=UUIDS[2]).exists()
    assert import_undo.undo(second, timezone.now()) == []
    back = Session.objects.get(pk=ours.pk)
    assert (back.name, back.starts_at.hour) == ("外来讲座", 2)
    left = import_undo.undo(ImportBatch.objects.get(pk=first.pk), timezone.now())
    # The first was changed by hand since; the other goes with its activity.
    assert [p.code for p in left] == ["changed_since"]
    assert not Session.objects.filter(guid=UUIDS[2]).exists()
    assert not Activity.objects.filter(name_zh="第二场").exists()


def test_times_that_a_clock_skips_are_refused_and_those_that_come_twice_are_told(programme, tmp_path):
    berlin = "<time_zone_name>Europe/Berlin</time_zone_name>"
    path = written(tmp_path, xml(event(1, start="02:30"), conference=berlin, date="2021-10-31", room="First floor"))
    found = check(batch_of(programme, path, "berlin"))
    assert [p.code for p in found.problems] == ["moment_twice"]
    path = written(tmp_path, xml(event(1, start="02:30"), conference=berlin, date="2021-03-28", room="First floor"), "b.xml")
    assert [p.code for p in check(batch_of(programme, path, "berlin")).problems] == ["no_such_moment"]


def test_a_day_that_ends_at_four_in_the_morning(programme, tmp_path):
    night = "<day_change>04:00</day_change>"
    run(batch_of(programme, written(tmp_path, xml(event(1, start="01:30"), event(2, start="22:00"), conference=night)), "beijing"))
    zone = programme.venues["beijing"].zone_of_time
    assert Session.objects.get(guid=UUIDS[1]).starts_at.astimezone(zone) == dt.datetime(2021, 10, 21, 1, 30, tzinfo=zone)
    assert Session.objects.get(guid=UUIDS[2]).starts_at.astimezone(zone).day == 20


def test_overlaps_within_a_file_are_told_and_do_not_stop_it(programme, tmp_path):
    found = check(batch_of(programme, written(tmp_path, xml(event(1), event(2, start="10:30"))), "beijing"))
    assert [(p.code, p.row) for p in found.problems] == [("clash_note", 3)]


def test_an_unknown_room_is_said_by_hand_once(programme, tmp_path, client):
    user = programme.user("admin@example.org", is_superuser=True)
    batch = batch_of(programme, written(tmp_path, xml(event(1), event(2, start="15:00"), room="Saal 1")), "beijing", user)
    assert {p.code for p in check(batch).problems} == {"unknown_room"}
    from everhall.editions.wagtail_imports import batch_for  # the page's own way in
    from everhall.programme import exchange_desk

    assert batch_for
    form = exchange_desk.RoomsForm({"room-0": f"n:{programme.venues['beijing'].pk}"}, batch=batch, user=user)
    assert form.is_valid()
    assert form.save() == 1
    stage = Stage.objects.get(venue=programme.venues["beijing"], code="saal-1")
    assert RoomName.objects.get(name="Saal 1").stage == stage
    assert check(batch).errors == 0
    run(batch)
    assert Session.objects.get(guid=UUIDS[1]).stage == stage


def broken(n):
    """An entry that is broken in one of seven ways, or overlaps all others on its stage."""
    facts = {"title": f"Talk {n}", "date": "2021-10-20T10:00:00+08:00", "duration": "00:30", "room": "主舞台"}
    facts |= [
        {"date": f"some day {n}"}, {"duration": f"soon {n}"}, {"title": ""}, {"title": "x" * 500}, {"room": f"Hall {n}"},
        {"date": "1999-10-20T10:00:00+08:00"}, {"date": "2031-10-20T10:00:00+08:00"}, {},
    ][n % 8]
    cells = "".join(f"<{name}>{text}</{name}>" for name, text in facts.items())
    return f'<event id="{n}" guid="{n:08}-0000-4000-8000-000000000000">{cells}</event>\n'


def test_five_thousand_broken_rows_are_a_light_page_and_one_report(programme, tmp_path, client):
    """Sent as somebody sends it. Notes, of which there may be one for each pair, crowd no error out."""
    client.force_login(programme.user("admin@example.org", is_superuser=True), backend="allauth.account.auth_backends.AuthenticationBackend")
    before = (Session.objects.count(), Activity.objects.count(), Person.objects.count(), Stage.objects.count())
    sent = SimpleUploadedFile("s.xml", xml("".join(broken(n) for n in range(5_000))))
    place = f"v:{programme.venues['beijing'].pk}"
    page = client.post(reverse("everhall_import_upload"), {"kind": "exchange", "place": place, "publish": "on", "sheet": sent}, follow=True)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.rows, batch.errors) == ("refused", 5_000, 4_375)
    assert batch.warnings <= 5_000, "one for a session, not one for each pair"
    assert (Session.objects.count(), Activity.objects.count(), Person.objects.count(), Stage.objects.count()) == before
    found = Counter(problem.code for problem in imports.problems_of(batch))
    codes = ["exchange_moment", "exchange_duration", "required", "too_long", "unknown_room", "before_edition", "after_edition"]
    assert {code: found[code] for code in codes} == dict.fromkeys(codes, 625)
    assert len(page.content) < 150_000
    assert page.content.decode().count("<code>") <= 200
    groups = import_words.grouped(imports.problems_of(batch), "en")
    assert sorted(count for count, is_error, *_ in groups if is_error) == [625] * 7
    assert reverse("everhall_import_start", args=[batch.pk]) not in page.content.decode()
    client.post(reverse("everhall_import_start", args=[batch.pk]))
    assert Session.objects.count() == before[0], "nor by somebody who asks all the same"
    answer = client.get(reverse("everhall_import_report", args=[batch.pk]))
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True).active.iter_rows(values_only=True))
    assert len(rows) == 1 + len(imports.problems_of(batch))
    assert all(line and what and remedy for line, _, _, what, remedy in rows[1:])


def test_where_more_is_wrong_than_is_kept_errors_come_first_and_the_page_says_so(programme, tmp_path, client, monkeypatch):
    monkeypatch.setattr(imports, "MOST_PROBLEMS", 210)
    client.force_login(programme.user("admin@example.org", is_superuser=True), backend="allauth.account.auth_backends.AuthenticationBackend")
    batch = batch_of(programme, written(tmp_path, xml("".join(broken(n) for n in range(400)))), "beijing")
    check(batch)
    problems = imports.problems_of(batch)
    assert (len(problems), {problem.is_error for problem in problems}) == (210, {True})
    assert len({problem.code for problem in problems}) == 7
    left = batch.errors + batch.warnings - 210
    assert f"还有 {left} 条未列出" in client.get(reverse("everhall_import", args=[batch.pk])).content.decode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><schedule>&a;</schedule>', "exchange_declares"),
        (b"<schedule>" + b"<a>" * 50 + b"</a>" * 50 + b"</schedule>", "exchange_too_deep"),
        (b"<schedule><day>", "exchange_broken_xml"), (b"<html></html>", "exchange_unknown"), (b"hello", "exchange_unknown"),
        (b'{"schedule": {"conference": ', "exchange_broken_json"), (b'{"a": 1}', "exchange_unknown"),
        (b'{"schedule":' + b"[" * 100_000, "exchange_too_deep"), (b"<schedule><conference/></schedule>", "no_items"),
        (b'<?xml version="1.0" encoding="x-none"?><schedule/>', "exchange_encoding"), (b"", "file_empty"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no_items"), (b'{"schedule": {"conference": {}}}\xff', "exchange_encoding"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_a_sentence(programme, tmp_path, data, code):
    found = check(batch_of(programme, written(tmp_path, data), "beijing"))
    assert [p.code for p in found.problems] == [code]
    assert imports.problems_of(ImportBatch.objects.latest("pk"))[0].code == code


def test_other_encodings_are_read(programme, tmp_path):
    text = xml(event(1)).decode().replace("utf-8", "utf-16")
    assert check(batch_of(programme, written(tmp_path, text.encode("utf-16")), "beijing")).created == 1
    whole = {"schedule": {"conference": {"days": [{"date": "2021-10-20", "rooms": {"主舞台": [{"title": "x", "date": "2021-10-20T10:00:00+08:00", "duration": "0:30"}, "no", {"title": "y"}]}}]}}}
    found = check(batch_of(programme, written(tmp_path, b"\xef\xbb\xbf" + json.dumps(whole).encode(), "x.json"), "beijing"))
    assert (found.created, [p.code for p in found.problems]) == (1, ["exchange_no_item", "exchange_moment"])


def test_an_editor_reaches_only_the_own_venue_and_makes_drafts(programme, tmp_path):
    from everhall.editions.models import Appointment

    user = programme.user("editor@example.org")
    Appointment.objects.create(user=user, role="venue_editor", edition=programme.editions["2021"], venue=programme.venues["beijing"])
    run(batch_of(programme, written(tmp_path, xml(event(1))), "beijing", user))
    assert not Session.objects.get(guid=UUIDS[1]).activity.live
    path = written(tmp_path, xml(event(2), room="郑州主会场 · 主舞台"), "zz.xml")
    assert {p.code for p in check(batch_of(programme, path, "beijing", user)).problems} == {"out_of_reach"}
    live = programme.sessions["open-forum"]
    path = written(tmp_path, xml(event(3, guid=live.guid, title="改")), "live.xml")
    assert {p.code for p in check(batch_of(programme, path, "beijing", user)).problems if p.is_error} == {"out_of_reach"}
