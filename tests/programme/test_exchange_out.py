"""The programme as files: valid to the letter, complete, of what is public and of nothing else."""

import datetime as dt
import json
import uuid
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from lxml import etree

from everhall.editions.models import Edition
from everhall.engines import exchange, exchange_xml
from everhall.programme.models import Activity, ProgrammeVersion, Session
from tests.programme import schemas
from tests.world import SECRET, SECRET_EN

pytestmark = pytest.mark.django_db
FILES = ("schedule.xml", "schedule.json", "schedule2.json", "schedule.xcs")
JUDGES = {
    "schedule.xml": schemas.wrong_in_xml,
    "schedule.json": lambda data: schemas.wrong_in_json(json.loads(data)),
    "schedule2.json": lambda data: schemas.wrong_in_second(json.loads(data)),
}


def get(client, address):
    cache.clear()
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("where", ["programme", "venues/berlin", "venues/beijing", "venues/park-haidian"])
@pytest.mark.parametrize("name", JUDGES)
def test_files_are_as_the_schemas_want_them(client, programme, language, where, name):
    assert JUDGES[name](get(client, f"{language}/2021/{where}/{name}").content) == []


def test_the_checks_find_what_is_wrong(client, programme):
    good = get(client, "/2021/programme/schedule.xml").content
    for before, after in (
        (b' start="2021-10-19T00:00:00+02:00"', b""), (b'slug="forum"', b'slug="1-forum"'), (b"<subtitle />", b""),
        (b"<start>09:00", b"<start>9:00"), (b"+08:00</date>", b"</date>"), (b"<type>forum</type>", b"<kind>forum</kind>"),
        (b"everhall_2021-open-forum-1", b"2-open-forum-1"), (b'guid="', b'guid="x'), (b'index="2"', b'index="1"'),
    ):  # fmt: skip
        assert before in good, before
        assert schemas.wrong_in_xml(good.replace(before, after, 1)), before
    whole = json.loads(get(client, "/2021/programme/schedule.json").content)
    event = next(iter(whole["schedule"]["conference"]["days"][1]["rooms"].values()))[0]
    for key, value in (("start", "9:00"), ("guid", "7"), ("slug", "Up"), ("track", None), ("extra", 1), ("url", "/x")):
        kept = event.get(key)
        event[key] = value
        assert schemas.wrong_in_json(whole), key
        event[key] = kept
        if kept is None:
            del event[key]
    assert schemas.wrong_in_json(whole) == []


def test_a_session_is_in_the_file_as_it_is_on_the_page(client, programme):
    root = etree.fromstring(get(client, "/en/2021/programme/schedule.xml").content)
    event = root.xpath("//event[slug='everhall_2021-session-a']")[0]
    assert event.get("guid") == str(programme.sessions["a"].guid)
    assert event.findtext("title") == "First night"
    assert event.findtext("subtitle") == "Long night & relay"
    assert event.findtext("abstract") == "All night <long>."
    assert event.findtext("description") == "First.\none\ntwo"
    assert event.findtext("room") == "Berlin venue · First floor"
    # Ten hours, over midnight and over the change of the clock.
    assert (event.findtext("date"), event.findtext("start"), event.findtext("duration")) == ("2021-10-30T21:00:00+02:00", "21:00", "10:00")
    assert [p.text for p in event.find("persons")] == ["Anna", "仅有中文"]
    assert root.findtext("conference/time_zone_name") == "Europe/Berlin"
    assert event.getparent().getparent().get("date") == "2021-10-30"
    assert event.getparent().getparent().get("end") == "2021-10-31T06:00:00+01:00"
    chinese = etree.fromstring(get(client, "/2021/programme/schedule.xml").content)
    assert chinese.xpath("//event[slug='everhall_2021-session-a']/title/text()") == ["第一夜"]


def test_a_venue_has_a_file_of_its_own_with_what_is_below_it(client, programme):
    whole = json.loads(get(client, "/2021/venues/beijing/schedule2.json").content)["schedule"]
    assert {event["slug"] for event in whole["events"]} == {"everhall_2021-open-forum-1"}
    berlin = json.loads(get(client, "/2021/venues/berlin/schedule.json").content)["schedule"]["conference"]
    assert berlin["time_zone_name"] == "Europe/Berlin"
    assert berlin["acronym"] == "everhall_2021_berlin"
    assert client.get("/2021/venues/nowhere/schedule.json").status_code == 404


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", ["", "/en"])
def test_nothing_hidden_is_in_any_file(client, programme, name, language):
    for where in ("programme", "venues/beijing"):
        text = get(client, f"{language}/2021/{where}/{name}").content.decode()
        assert SECRET not in text
        assert SECRET_EN not in text
        assert "往届论坛" not in text
        for code in ("draft-forum-1", "embargoed-forum-1", "other-forum-1"):
            session = Session.objects.get(code=code)
            assert str(session.guid) not in text
    assert client.get(f"{language}/2030/programme/{name}").status_code == 404


def test_what_is_cancelled_is_only_where_that_can_be_said(client, programme):
    guid = str(programme.sessions["called-off"].guid)
    for name in FILES[:3]:
        assert guid not in get(client, f"/2021/programme/{name}").content.decode()
    text = get(client, "/2021/programme/schedule.xcs").content.decode()
    assert guid in text
    assert "CANCELLED" in text


@pytest.mark.parametrize("name", [*(f"programme/{name}" for name in FILES), "programme.ics"])
def test_files_are_kept_until_news_or_the_end_of_an_embargo(client, programme, name):
    answer = get(client, f"/2021/{name}")
    assert "edition-2021" in answer["Everhall-Tags"]
    embargo = Activity.objects.get(code="embargoed-forum").embargo_until
    assert float(answer["Everhall-Until"]) == pytest.approx(embargo.timestamp())
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("name", FILES[:3])
def test_equal_programmes_are_equal_bytes_and_another_one_has_another_version(client, programme, name):
    first = get(client, f"/2021/programme/{name}").content
    assert get(client, f"/2021/programme/{name}").content == first
    session = programme.sessions["night-2"]
    session.name_zh = "改名"
    session.save()
    assert get(client, f"/2021/programme/{name}").content != first
    ProgrammeVersion.objects.create(edition=programme.editions["2021"], number=4, published_at=session.changed_at)
    assert b"4-" in get(client, f"/2021/programme/{name}").content


@pytest.mark.parametrize("name", [*(f"programme/{name}" for name in FILES), "programme.ics"])
def test_a_file_asks_the_same_few_questions_for_one_session_and_for_many(client, programme, name, django_assert_max_num_queries):
    get(client, f"/2021/{name}")
    cache.clear()
    with django_assert_max_num_queries(14):
        client.get(f"/2021/{name}")
    session = programme.sessions["night-2"]
    for n in range(30):
        Session.objects.create(
            activity=session.activity, code=f"more-{n}", starts_at=session.starts_at + dt.timedelta(hours=n + 1),
            ends_at=session.ends_at + dt.timedelta(hours=n + 2), stage=session.stage,
        )
    cache.clear()
    with django_assert_max_num_queries(14):
        client.get(f"/2021/{name}")


def test_two_readers_of_icalendar_agree(client, programme):
    """`icalendar`, and a reader of lines that knows folding, escapes and UTC, and nothing of `icalendar`."""
    data = get(client, "/en/2021/programme.ics").content
    one = {
        str(event["uid"]): (event["dtstart"].dt.astimezone(dt.UTC), event["dtend"].dt.astimezone(dt.UTC), str(event["summary"]), str(event["location"]))
        for event in Calendar.from_ical(data).walk("VEVENT")
    }
    assert one == by_lines(data.decode())
    assert len(one) == Session.objects.filter(activity__live=True, edition__code="2021").exclude(activity__code="embargoed-forum").count()


@pytest.mark.parametrize("address", ["/2021/programme.ics", "/en/2021/programme.ics", "/2021/venues/berlin.ics", "/2021/sessions/night-2.ics", "/en/2021/sessions/called-off.ics"])
def test_icalendar_and_ical_agree_on_what_calendars_say(client, programme, address):
    """Two libraries that know nothing of each other."""
    data = get(client, address).content
    one = {
        str(event["uid"]): (
            event["dtstart"].dt.astimezone(dt.UTC), event["dtend"].dt.astimezone(dt.UTC), str(event["summary"]), str(event["status"]),
            int(event["sequence"]),
        )
        for event in Calendar.from_ical(data).walk("VEVENT")
    }
    other = {
        event.uid: (event.dtstart.astimezone(dt.UTC), event.dtend.astimezone(dt.UTC), event.summary, str(event.status.value), event.sequence)
        for event in IcsCalendarStream.calendar_from_ics(data.decode()).events
    }
    assert one == other
    assert one


def by_lines(text):
    import zoneinfo

    found, event = {}, None
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        name, *parameters = name.split(";")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            found[event["UID"]] = (event["DTSTART"], event["DTEND"], event["SUMMARY"], event["LOCATION"])
            event = None
        elif event is not None and name in {"DTSTART", "DTEND"}:
            zone = next((p.partition("=")[2] for p in parameters if p.startswith("TZID=")), "UTC")
            moment = dt.datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - the zone stands beside it
            event[name] = moment.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(dt.UTC)
        elif event is not None:
            event[name] = value.replace("\\,", ",").replace("\\;", ";").replace("\\n", "\n").replace("\\\\", "\\")
    return found


def test_xcal_and_icalendar_say_the_same(client, programme):
    space = {"c": "urn:ietf:params:xml:ns:icalendar-2.0"}
    root = etree.fromstring(get(client, "/2021/programme/schedule.xcs").content)
    assert root.tag == "{urn:ietf:params:xml:ns:icalendar-2.0}icalendar"
    xcal = {
        (e.findtext(".//c:uid/c:text", namespaces=space), e.findtext(".//c:dtstart/c:date-time", namespaces=space), e.findtext(".//c:summary/c:text", namespaces=space))
        for e in root.iterfind(".//c:vevent", space)
    }
    ical = {
        (str(e["uid"]), e["dtstart"].dt.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), str(e["summary"]))
        for e in Calendar.from_ical(get(client, "/2021/programme.ics").content).walk("VEVENT")
    }
    assert xcal == ical


def test_an_edition_without_sessions_has_valid_files(client, programme):
    for name, judge in JUDGES.items():
        data = get(client, f"/2020/programme/{name}").content
        Activity.objects.filter(edition__code="2020").update(live=False)
        assert judge(data) == []
        assert judge(get(client, f"/2020/programme/{name}").content) == []


# ---------------------------------------------------------------- arithmetic
def test_numbers_are_positive_stable_and_never_two_of_one():
    guids = [str(uuid.UUID(int=n)) for n in range(3_000)]
    found = exchange.numbers(guids)
    assert len(set(found.values())) == 3_000
    assert all(0 < n < 2**31 for n in found.values())
    assert exchange.numbers(reversed(guids)) == found


@pytest.mark.parametrize("kind", ["1-upgradable", "论坛", "a", "", "relay_station", "Web & Co"])
def test_slugs_of_tracks_begin_with_a_letter(kind):
    assert schemas.TRACK_SLUG.fullmatch(exchange.track_slug(kind))


@pytest.mark.parametrize(("edition", "code"), [("2021", "a"), ("2021-sub", "bj-forum-1"), ("x", "1")])
def test_slugs_of_sessions_fit_both_schemas(edition, code):
    found = exchange.slug(edition, code)
    assert schemas.XML_SLUG.fullmatch(found)
    assert schemas.SLUG.search(found)
    assert schemas.XML_ACRONYM.fullmatch(exchange.acronym(edition))
    assert schemas.ACRONYM.search(exchange.acronym(edition))


@pytest.mark.parametrize("minutes", [1, 59, 60, 5_999, 6_000, 7 * 1_440, 30 * 1_440])
def test_durations_fit_the_schema_and_come_back(minutes):
    text = exchange.duration(minutes)
    assert schemas.DURATION.fullmatch(text)
    assert exchange.read_duration(text) == dt.timedelta(minutes=minutes)


def test_what_xml_cannot_hold_is_left_out(client, programme):
    session = programme.sessions["night-2"]
    Session.objects.filter(pk=session.pk).update(name_zh="坏\x0b字\x01符\ufffe")
    for name in ("schedule.xml", "schedule.xcs"):
        ElementTree.fromstring(get(client, f"/2021/programme/{name}").content)  # noqa: S314 - ours
    assert exchange_xml.fit("a\x00b") == "ab"


def test_an_archived_edition_keeps_its_files(client, programme):
    assert programme.editions["2020"].state == Edition.State.ARCHIVED
    assert "往届论坛" in get(client, "/2020/programme/schedule.xml").content.decode()
