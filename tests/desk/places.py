"""A small week to work in: two venues with a part below one, their teams, and something of each kind."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client
from django.utils import timezone

from everhall.accounts.models import Organisation, User
from everhall.editions import services as editions
from everhall.editions.models import Edition, Hall, Stage, Venue, Zone
from everhall.exhibition import services as exhibition
from everhall.exhibition.models import Exhibit, Field
from everhall.live.models import Channel, Feed, Recording, RunningOrderItem, VideoUpload
from everhall.programme.models import Activity, Person, Session, SessionSpeaker

BEIJING = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of the week of October 2021, Beijing time."""
    return dt.datetime(2021, 10, day, hour, minute, tzinfo=BEIJING)


@dataclass
class Week:
    """Everything by name: venues, users, rows at a venue."""

    edition: Edition
    venues: dict[str, Venue] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    rows: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.users[name], "everhall.editions.backends.AppointmentBackend")
        return client


def make_week() -> Week:
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021 双创周", name_en="Week 2021",
        starts_on=dt.date(2021, 10, 19), ends_on=dt.date(2021, 10, 25), state="open", is_current=True,
    )
    week = Week(edition)
    for code, name, parent in (
        ("zhengzhou", "郑州主会场", None), ("beijing", "北京会场", None), ("park-haidian", "海淀园", "beijing"),
    ):
        week.venues[code] = Venue.objects.create(
            edition=edition, code=code, name_zh=name, name_en=code.title(),
            parent=week.venues.get(parent or ""), kind="sub",
        )
    for name, role, venue in (
        ("national", "national_organiser", None),
        ("bj-organiser", "venue_organiser", "beijing"), ("bj-editor", "venue_editor", "beijing"),
        ("bj-reviewer", "reviewer", "beijing"), ("bj-exhibitor", "exhibitor", "beijing"),
        ("zz-organiser", "venue_organiser", "zhengzhou"), ("zz-editor", "venue_editor", "zhengzhou"),
        ("park-editor", "venue_editor", "park-haidian"),
    ):
        user = User.objects.create_user(f"{name}@example.org", name=name)
        editions.appoint(user, role, edition, week.venues.get(venue or ""))
        week.users[name] = user
    week.users["root"] = User.objects.create_superuser("root@example.org")
    week.users["nobody"] = User.objects.create_user("nobody@example.org")
    Field.objects.create(code="ai", name_zh="人工智能", name_en="AI")
    for code in week.venues:
        furnish(week, code)
    return week


def furnish(week: Week, code: str) -> None:
    """One row of each kind at a venue; exhibit and activity are drafts, never published."""
    venue = week.venues[code]
    hall = Hall.objects.create(venue=venue, code="hall", name_zh=f"{code} 展馆")
    zone = Zone.objects.create(hall=hall, code="a", name_zh=f"{code} 展区")
    stage = Stage.objects.create(venue=venue, hall=hall, code="main", name_zh=f"{code} 舞台")
    organisation = Organisation.objects.create(code=f"org-{code}", name_zh=f"{code} 单位")
    exhibit = Exhibit(
        code=f"x-{code}", name_zh=f"{code} 秘密展项", name_en=f"Secret exhibit {code}", steward=venue,
        organisation=organisation, live=False,
    )
    exhibit.save()
    placement = exhibition.place_exhibit(exhibit, venue, zone=zone, booth="1")
    exhibit.refresh_from_db()
    exhibit.save_revision(user=week.users["root"])
    activity = Activity.objects.create(
        edition=week.edition, venue=venue, code=f"a-{code}", name_zh=f"{code} 秘密活动", live=False
    )
    activity.save_revision(user=week.users["root"])
    person = Person.objects.create(code=f"p-{code}", name_zh=f"{code} 讲者")
    session = Session.objects.create(
        activity=activity, code=f"s-{code}", name_zh=f"{code} 秘密场次", stage=stage,
        starts_at=at(20, 9), ends_at=at(20, 10),
    )
    SessionSpeaker.objects.create(session=session, person=person)
    week.rows.update(
        {
            ("venue", code): venue, ("hall", code): hall, ("zone", code): zone, ("stage", code): stage,
            ("organisation", code): organisation, ("exhibit", code): exhibit,
            ("placement", code): placement, ("activity", code): activity, ("person", code): person,
            ("session", code): session,
        }
    )
    furnish_live(week, code, venue, stage)


def furnish_live(week: Week, code: str, venue: Venue, stage: Stage) -> None:
    """A feed, a channel that shows it, and a recording that waits for review."""
    feed = Feed.objects.create(
        edition=week.edition, venue=venue, stage=stage, code=f"cam-{code}", name_zh=f"{code} 秘密机位", kind="test"
    )
    channel = Channel.objects.create(
        edition=week.edition, venue=venue, code=f"channel-{code}", name_zh=f"{code} 秘密频道"
    )
    for number, values in enumerate(({"kind": "live", "feed": feed, "duration": 600}, {"kind": "slate", "duration": 60})):
        RunningOrderItem.objects.create(
            channel=channel, sort_order=number, starts_at=None if number else timezone.now(), **values
        )
    recording = Recording.objects.create(
        edition=week.edition, venue=venue, feed=feed, title_zh=f"{code} 秘密录像", state="review",
        starts_at=timezone.now() - dt.timedelta(hours=2), ends_at=timezone.now() - dt.timedelta(hours=1),
    )
    upload = VideoUpload.objects.create(
        edition=week.edition, venue=venue, name=f"{code} 秘密.mp4", size=1000, created_at=timezone.now(),
        expires_at=timezone.now() + dt.timedelta(days=7),
    )
    week.rows.update(
        {
            ("feed", code): feed, ("channel", code): channel, ("recording", code): recording,
            ("videoupload", code): upload,
        }
    )
