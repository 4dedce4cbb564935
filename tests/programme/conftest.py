"""A programme in several venues, zones of time and languages, with what must not be seen."""

import datetime as dt
import zoneinfo

import pytest

from everhall.accounts.models import Organisation
from everhall.editions import services as editions
from everhall.editions.models import Stage, Venue
from everhall.programme.models import (
    Activity,
    ActivityHost,
    Person,
    ProgrammeSource,
    Session,
    SessionSpeaker,
)
from tests.programme.elsewhere import elsewhere
from tests.programme.followed import item, schedule


@pytest.fixture
def programme(world, settings, tmp_path):
    """Beside the small world: an overseas venue whose clocks go back on the last night, a session over midnight, one
    without a stage, one that is cancelled, two of one activity with names of their own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.STAFF_2FA = False
    edition = world.editions["2021"]
    edition.ends_on = dt.date(2021, 10, 31)
    edition.save()
    berlin = Venue.objects.create(
        edition=edition, code="berlin", kind="overseas", name_zh="柏林会场", name_en="Berlin venue", timezone="Europe/Berlin",
        order=9, lat=52.52, lon=13.405,
    )
    world.venues["berlin"] = berlin
    world.stages["berlin"] = Stage.objects.create(venue=berlin, code="1st-floor", name_zh="一层", name_en="First floor", capacity=80)
    world.stages["berlin-2"] = Stage.objects.create(venue=berlin, code="2nd-floor", name_zh="二层", name_en="Second floor")
    host = Organisation.objects.create(code="hub", name_zh="柏林之窗", name_en="Hub & Co <Berlin>")
    night = Activity.objects.create(
        edition=edition, venue=berlin, code="long-night", kind="relay_station", name_zh="长夜“接力”", name_en="Long night & relay",
        summary_zh="通宵进行。", summary_en="All night <long>.", text_zh="<p>第一段</p><p>A&amp;B <b>粗体</b></p>",
        text_en="<p>First.</p><ul><li>one</li><li>two</li></ul>",
    )
    ActivityHost.objects.create(activity=night, organisation=host, sort_order=0)
    zone = zoneinfo.ZoneInfo("Europe/Berlin")
    speakers = [
        Person.objects.create(code="anna", name_zh="安娜", name_en="Anna", title_en="Engineer"),
        Person.objects.create(code="only-zh", name_zh="仅有中文"),
    ]
    # The clocks go back at 03:00 on 31 October: the night has ten hours, not nine.
    rows = [
        ("a", dt.datetime(2021, 10, 30, 21, tzinfo=zone), dt.datetime(2021, 10, 31, 6, tzinfo=zone), "berlin", "第一夜", "First night"),
        ("night-2", dt.datetime(2021, 10, 31, 2, 30, tzinfo=zone), dt.datetime(2021, 10, 31, 2, 45, tzinfo=zone, fold=1), "berlin-2", "", ""),
        ("no-stage", dt.datetime(2021, 10, 21, 9, tzinfo=zone), dt.datetime(2021, 10, 21, 9, 5, tzinfo=zone), None, "", ""),
        ("called-off", dt.datetime(2021, 10, 21, 11, tzinfo=zone), dt.datetime(2021, 10, 21, 12, tzinfo=zone), "berlin", "", ""),
    ]
    for code, begins, ends, stage, zh, en in rows:
        session = Session.objects.create(
            activity=night, code=code, starts_at=begins.astimezone(dt.UTC), ends_at=ends.astimezone(dt.UTC), name_zh=zh, name_en=en,
            stage=world.stages[stage] if stage else None, mode="both", relay=code == "a",
            status="cancelled" if code == "called-off" else "confirmed",
        )
        for n, person in enumerate(speakers if code == "a" else speakers[:1]):
            SessionSpeaker.objects.create(session=session, person=person, sort_order=n)
        world.sessions[code] = session
    world.activities["long-night"] = night
    return world


@pytest.fixture
def there(settings):
    settings.FOLLOW_NEAR = True
    with elsewhere() as found:
        yield found


@pytest.fixture
def source(programme, there):
    venue = programme.venues["beijing"]
    Stage.objects.create(venue=venue, code="saal", name_zh="一号厅", name_en="Saal 1")
    user = programme.user("organiser@example.org", is_staff=True)
    editions.appoint(user, "venue_organiser", programme.editions["2021"], venue)
    there.body = schedule(item(0), item(1), item(2))
    return ProgrammeSource.objects.create(
        edition=programme.editions["2021"], venue=venue, url=there.address, user=user, by_itself=True, publish=True
    )
