"""A session with a room in a running week, and people in it: `python -m benchmarks.chat_data PEOPLE`.

Out: one JSON object: the room's key, and a pass for each person. Moderation is on: posts are shown at once unless they
stand on a list of words, which all of them are compared with.
"""

import datetime as dt
import json
import sys

import django
from django.utils import timezone


def main() -> None:
    django.setup()
    # Models exist only now.
    from everhall.audience import services  # noqa: PLC0415
    from everhall.audience.models import Guest  # noqa: PLC0415
    from everhall.editions.models import Edition, Stage, Venue  # noqa: PLC0415
    from everhall.programme.models import Activity, Session  # noqa: PLC0415

    now = timezone.now()
    today = now.date()
    edition = Edition.objects.create(
        code="bench", year=today.year, name_zh="测试周", starts_on=today - dt.timedelta(days=1),
        ends_on=today + dt.timedelta(days=5), state="open", is_current=True,
    )
    venue = Venue.objects.create(edition=edition, code="main", name_zh="主会场", kind="main")
    stage = Stage.objects.create(venue=venue, code="stage", name_zh="舞台")
    activity = Activity.objects.create(
        edition=edition, venue=venue, code="forum", name_zh="论坛", first_published_at=now, live=True
    )
    session = Session.objects.create(
        activity=activity, code="forum-1", stage=stage, starts_at=now, ends_at=now + dt.timedelta(hours=2)
    )
    room = services.open_room(session)
    services.change_room(room, {"words": "\n".join([*(f"禁词{n}号" for n in range(300)), *(f"badword{n}" for n in range(200))])})
    people = Guest.objects.bulk_create(
        [Guest(name=f"观众{n}", created_at=now, token_hash=f"{n:064}") for n in range(int(sys.argv[1]))]
    )
    passes = [services.pass_for(one, now) for one in people]
    sys.stdout.write(json.dumps({"room": room.key, "passes": passes}))


if __name__ == "__main__":
    main()
