"""Run by `test_board_walk` in the server's own environment: the small week of the desk with passwords, and a programme to plan:
three stages in Beijing, sessions of one speaker at two venues, one without a stage, an activity without a session."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from everhall.editions.models import Stage, Venue  # noqa: E402
from everhall.programme.models import Activity, Person, Session, SessionSpeaker  # noqa: E402
from tests.desk.places import at  # noqa: E402
from tests.e2e import walk_week  # noqa: E402, F401 - running it makes the week

NAMES = (
    ("ai-forum", "人工智能论坛", "AI forum"), ("roadshow", "项目路演", "Roadshow"), ("finals", "青年创业决赛", "Finals"),
    ("lecture", "科普讲座", "Lecture"), ("match", "对接洽谈会", "Matchmaking"), ("relay", "接力直播", "Relay"),
)


def main() -> None:
    beijing = Venue.objects.get(code="beijing")
    Venue.objects.filter(pk=beijing.pk).update(lat=39.90, lon=116.40)
    Venue.objects.filter(code="park-haidian").update(lat=39.98, lon=116.31)
    Stage.objects.filter(venue=beijing).update(name_zh="主舞台", name_en="Main stage", capacity=400)
    first = Stage.objects.get(venue=beijing)
    stages = [first] + [
        Stage.objects.create(venue=beijing, code=f"room-{n}", name_zh=f"{n} 号厅", name_en=f"Room {n}", order=n, capacity=60 * n)
        for n in (1, 2)
    ]
    speaker = Person.objects.create(code="li-na", name_zh="李娜", name_en="Li Na")
    for n, (code, zh, en) in enumerate(NAMES):
        activity = Activity.objects.create(
            edition=beijing.edition, venue=beijing, code=code, name_zh=zh, name_en=en, live=n % 2 == 0, kind="forum",
        )
        session = Session.objects.create(
            activity=activity, code=f"{code}-1", stage=None if code == "match" else stages[n % 3],
            starts_at=at(20, 9 + n // 3 * 2, 30), ends_at=at(20, 10 + n // 3 * 2, 30), status="cancelled" if code == "relay" else "planned",
        )
        if code in {"ai-forum", "lecture"}:
            SessionSpeaker.objects.create(session=session, person=speaker)
    SessionSpeaker.objects.create(session=Session.objects.get(code="s-park-haidian"), person=speaker)
    Activity.objects.create(edition=beijing.edition, venue=beijing, code="hackathon", name_zh="黑客松", name_en="Hackathon", live=False)


main()
