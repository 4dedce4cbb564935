"""A session with 500 seats in a coming week, and what became of it: `python -m benchmarks.rush_data make SEATS`, then
`… check KEY`.

Out: the admission's key; or one JSON object of what the database says of it.
"""

import datetime as dt
import json
import sys
from itertools import pairwise

import django
from django.utils import timezone


def make(seats: int) -> str:
    # Models exist only now.
    from everhall.editions.models import Edition, Stage, Venue  # noqa: PLC0415
    from everhall.programme.models import Activity, Session  # noqa: PLC0415
    from everhall.registration.models import Admission, SeatQuota  # noqa: PLC0415

    now = timezone.now()
    edition = Edition.objects.create(
        code="bench", year=now.year, name_zh="测试周", starts_on=now.date(), ends_on=now.date() + dt.timedelta(days=6),
        state="open", is_current=True,
    )  # fmt: skip
    venue = Venue.objects.create(edition=edition, code="main", name_zh="主会场", kind="main")
    stage = Stage.objects.create(venue=venue, code="stage", name_zh="舞台")
    activity = Activity.objects.create(edition=edition, venue=venue, code="forum", name_zh="论坛", first_published_at=now, live=True)
    starts = now + dt.timedelta(days=2)
    session = Session.objects.create(activity=activity, code="forum-1", stage=stage, starts_at=starts, ends_at=starts + dt.timedelta(hours=2))
    admission = Admission.objects.create(session=session)
    SeatQuota.objects.create(admission=admission, way="onsite", size=seats)
    return admission.key


def check(key: str) -> dict[str, object]:
    from everhall.registration.models import Registration, Taken  # noqa: PLC0415

    rows = list(Registration.objects.filter(admission__key=key).order_by("number").values_list("number", "email", "state", "seats"))
    emails = [email for _, email, _, _ in rows]
    return {
        "counted": Taken.objects.get(quota__admission__key=key).seats,
        "sold": sum(seats for _, _, state, seats in rows if state == "confirmed"),
        "waiting": sum(state == "waiting" for _, _, state, _ in rows),
        "others": sum(state not in ("confirmed", "waiting") for _, _, state, _ in rows),
        "duplicates": len(emails) - len(set(emails)),
        # Number of arrival of each; all with a seat stand before all that wait, and no number is missing or twice.
        "numbers": {email: number for number, email, _, _ in rows},
        "passed_over": sum(first[2] == "waiting" and then[2] == "confirmed" for first, then in pairwise(rows)),
        "gaps": sum(number != place for place, (number, _, _, _) in enumerate(rows, 1)),
    }


def main() -> None:
    django.setup()
    verb, what = sys.argv[1:]
    sys.stdout.write(make(int(what)) if verb == "make" else json.dumps(check(what)))


if __name__ == "__main__":
    main()
