"""What another platform says, and what came of it: for the tests of followed programmes."""

import datetime as dt
import json

from django.utils import timezone

from everhall.programme import following
from everhall.programme.models import ProgrammeSource, Session

GUIDS = [f"a000000{n}-0000-4000-8000-000000000000" for n in range(10)]
NOW = timezone.now()


def item(n, title=None, *, hour=9, room="Saal 1", **more):
    return {
        "id": n, "guid": GUIDS[n], "date": f"2021-10-2{n % 5}T{hour:02}:00:00+08:00", "start": f"{hour:02}:00", "duration": "01:00", "room": room,
        "title": title or f"Talk {n}", "language": "en", "type": "talk", "abstract": f"About {n}.", "persons": [], "slug": f"talk-{n}",
        "subtitle": "", "track": None, "description": "", "logo": None, "links": [], "url": "https://elsewhere.example/", **more,
    }  # fmt: skip


def schedule(*items):
    days: dict[str, dict] = {}
    for one in items:
        day = days.setdefault(one["date"][:10], {"index": 1, "date": one["date"][:10], "rooms": {}})
        day["rooms"].setdefault(one["room"], []).append(one)
    conference = {"acronym": "other", "title": "Elsewhere", "start": "2021-10-19", "end": "2021-10-25", "daysCount": 7, "timeslot_duration": "00:05"}
    return json.dumps({"schedule": {"version": "1", "conference": {**conference, "days": list(days.values())}}}).encode()



def look(source, minutes=0):
    fresh = following.sources().get(pk=source.pk)
    following.look(fresh, NOW + dt.timedelta(minutes=minutes))
    return ProgrammeSource.objects.get(pk=source.pk)


def session(n):
    return Session.objects.select_related("activity", "stage").get(guid=GUIDS[n])
