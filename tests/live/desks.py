"""Two venues with feeds, channels and directors, on top of the desk's small week."""

import datetime as dt
import json
from typing import Any

from django.http import HttpResponse

from everhall.accounts.models import User
from everhall.editions import services as editions
from everhall.editions.models import Edition, Venue
from everhall.live.models import Channel, Feed
from tests.desk.places import Week, make_week


def make_live_week() -> Week:
    week = make_week()
    for name, role, venue in (
        ("bj-director", "director", "beijing"), ("zz-director", "director", "zhengzhou"),
        ("park-director", "director", "park-haidian"),
    ):
        user = User.objects.create_user(f"{name}@example.org", name=name)
        editions.appoint(user, role, week.edition, week.venues[venue])
        week.users[name] = user
    other = Edition.objects.create(
        code="2020", year=2020, name_zh="2020 双创周", starts_on=dt.date(2020, 10, 15), state="open"
    )
    place = Venue.objects.create(edition=other, code="beijing", name_zh="北京会场", kind="sub")
    week.rows["feed", "2020"] = Feed.objects.create(
        edition=other, venue=place, code="cam", name_zh="往届秘密机位", kind="test"
    )
    week.rows["channel", "2020"] = Channel.objects.create(edition=other, venue=place, code="channel", name_zh="往届秘密频道")
    return week


def post(client: Any, address: str, body: Any = None) -> HttpResponse:
    return client.post(address, json.dumps(body or {}), content_type="application/json")
