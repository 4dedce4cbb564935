"""The whole programme of the demo goes out and comes back: 148 sessions at 60 venues, with every kind of activity, both languages, names that
are shared and names that are lacking. Frame and sheets are loaded as the demo loads them; what has to be drawn is not."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from everhall.config.demo import frame, load
from everhall.editions import imports
from everhall.editions.models import Edition, ImportBatch, Venue
from everhall.programme.models import Activity, Person, Session
from tests.programme import schemas

pytestmark = pytest.mark.django_db
JUDGES = {
    "schedule.xml": schemas.wrong_in_xml,
    "schedule.json": lambda data: schemas.wrong_in_json(json.loads(data)),
    "schedule2.json": lambda data: schemas.wrong_in_second(json.loads(data)),
}
LANGUAGES = ("", "/en")


@pytest.fixture
def demo(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    frame.load_editions()
    frame.load_venues()
    for kind, name in load.SHEETS:
        if kind != "exhibits":
            call_command("import", kind, str(frame.DATA / name), edition=frame.DEMO_EDITION, publish=True, verbosity=0)
    return Edition.objects.get(code=frame.DEMO_EDITION)


def get(client, address):
    cache.clear()
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content


def test_every_file_is_as_the_schemas_want_it_and_two_readers_agree_on_every_calendar(client, demo):
    assert Session.objects.filter(edition=demo).count() > 140
    used = list(Venue.objects.filter(activities__edition=demo).distinct().order_by("order", "pk").values_list("code", flat=True))
    assert len(used) > 40
    # All files of the edition; of each venue one after the other.
    asked = [(language, "programme", name) for language in LANGUAGES for name in (*JUDGES, ".ics")]
    asked += [(LANGUAGES[n % 2], f"venues/{code}", [*JUDGES, ".ics"][n // 2 % 4]) for n, code in enumerate(used)]
    for language, place, name in asked:
        if name in JUDGES:
            assert JUDGES[name](get(client, f"{language}/2021/{place}/{name}")) == [], (language, place, name)
        else:
            data = get(client, f"{language}/2021/{place}.ics")
            assert said_by_icalendar(data) == said_by_ical(data), (language, place)


def said_by_icalendar(data):
    return {
        str(event["uid"]): (
            event["dtstart"].dt.astimezone(dt.UTC), event["dtend"].dt.astimezone(dt.UTC), str(event["summary"]), str(event["status"]),
            str(event["location"]),
        )
        for event in Calendar.from_ical(data).walk("VEVENT")
    }  # fmt: skip


def said_by_ical(data):
    return {
        event.uid: (event.dtstart.astimezone(dt.UTC), event.dtend.astimezone(dt.UTC), event.summary, str(event.status.value), event.location)
        for event in IcsCalendarStream.calendar_from_ics(data.decode()).events
    }


#: Files that come in one after the other, and those that are then as they were.
WAYS = [
    (["/schedule.json"], ["schedule.xml", "schedule.json", "schedule2.json"], LANGUAGES),
    (["en/schedule2.json"], ["schedule.xml", "schedule.json", "schedule2.json"], LANGUAGES),
    (["/schedule.xml", "en/schedule.xml"], ["schedule.xml"], LANGUAGES),
    (["en/schedule.xml", "/schedule.xml"], ["schedule.xml"], LANGUAGES),
    (["/schedule.xcs"], ["schedule.xcs", "programme.ics"], [""]),
    (["/programme.ics"], ["schedule.xcs", "programme.ics"], [""]),
]


def test_it_comes_back_as_it_went_from_every_format(client, demo, tmp_path):
    names = [*JUDGES, "schedule.xcs", "programme.ics"]
    before = {(lang, name): get(client, address(lang, name)) for lang in LANGUAGES for name in names}
    for sent, same, languages in WAYS:
        with transaction.atomic():
            wipe(demo)
            for file in sent:
                lang, name = file.split("/")
                path = tmp_path / name
                path.write_bytes(before[f"/{lang}" if lang else "", name])
                assert taken(demo, path).errors == 0
            for lang in languages:
                for name in same:
                    assert facts(get(client, address(lang, name))) == facts(before[lang, name]), (sent, lang, name)
            transaction.set_rollback(True)
    # And what is here is not changed by any of them.
    for (lang, name), data in before.items():
        path = tmp_path / name
        path.write_bytes(data)
        found = imports.check_batch(batch_of(demo, path), timezone.now())
        assert (found.errors, found.created, found.updated) == (0, 0, 0), (lang, name)


def address(language, name):
    return f"{language}/2021/{name}" if name.endswith(".ics") else f"{language}/2021/programme/{name}"


def facts(data):
    """A file but for what calendars say of when it was written, and how often."""
    text = data.decode()
    if text.startswith("BEGIN"):
        return [line for line in text.replace("\r\n ", "").split("\r\n") if not line.startswith(("DTSTAMP", "SEQUENCE"))]
    return re.sub(r"(?s)<(dtstamp|sequence)>.*?</\1>", "", text)


def wipe(edition):
    Session.objects.filter(edition=edition).delete()
    Activity.objects.filter(edition=edition).delete()
    Person.objects.filter(appearances=None).delete()


def batch_of(edition, path: Path):
    return ImportBatch.objects.create(
        kind="exchange", edition=edition, venue=None, user=None, publish=True, sheet_name=path.name, sheet_path=str(path), created_at=timezone.now()
    )


def taken(edition, path):
    return imports.apply(batch_of(edition, path), timezone.now())
