"""A programme of so many sessions for `benchmarks.programme`: `EVERHALL_BENCH_SESSIONS=1500 python -m benchmarks.programme_data`
fills the data folder of the environment: 60 venues of three stages, a week, four hundred speakers, and somebody to plan it."""

import datetime as dt
import os
import random
import zoneinfo

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402 - models exist after set-up only
from django.utils import timezone  # noqa: E402

from everhall.accounts.models import Organisation, User  # noqa: E402
from everhall.editions.models import Edition, Stage, Venue  # noqa: E402
from everhall.programme.models import Activity, ActivityHost, Person, Session, SessionSpeaker  # noqa: E402
from tests.e2e.person import PASSWORD  # noqa: E402
from tests.world import ground  # noqa: E402

VENUES, STAGES, SPEAKERS = 60, 3, 400
ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
NAMES = ("人工智能与实体经济融合发展论坛", "青年创业者项目路演", "绿色能源技术对接会", "高校科技成果转化大赛", "乡村振兴创新案例讲座")


def session_of(n: int, activity: Activity, stage: Stage, turn: int, chance: random.Random) -> Session:
    """The `turn`th session of its stage: on one day after the other, then again later in the day."""
    begins = dt.datetime(2021, 10, 19 + turn % 7, 9 + 5 * (turn // 7) % 10, 5 * chance.randrange(12), tzinfo=ZONE)
    ends = begins + dt.timedelta(minutes=chance.choice([45, 60, 90, 120]))
    return Session(activity=activity, edition=activity.edition, code=f"s-{n}", stage=stage, starts_at=begins, ends_at=ends)


def main() -> None:
    ground()
    chance = random.Random(21)  # noqa: S311 - the same week each time
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021年双创周", name_en="Week 2021", starts_on=dt.date(2021, 10, 19),
        ends_on=dt.date(2021, 10, 25), state="open", is_current=True,
    )
    stages = []
    for n in range(VENUES):
        venue = Venue.objects.create(
            edition=edition, code=f"venue-{n}", name_zh=f"第{n + 1}分会场", name_en=f"Venue {n + 1}", kind="sub", order=n,
            lat=chance.uniform(23, 45), lon=chance.uniform(100, 125),
        )
        stages += [Stage.objects.create(venue=venue, code=f"s{m}", name_zh=f"{m + 1}号厅", name_en=f"Room {m + 1}", order=m) for m in range(STAGES)]
    people = [Person.objects.create(code=f"p-{n}", name_zh=f"讲者{n}", name_en=f"Speaker {n}") for n in range(SPEAKERS)]
    hosts = [Organisation.objects.create(code=f"o-{n}", name_zh=f"主办单位{n}", name_en=f"Host {n}") for n in range(200)]
    count = int(os.environ.get("EVERHALL_BENCH_SESSIONS", "1500"))
    activities = Activity.objects.bulk_create(
        Activity(
            edition=edition, venue=stages[n % len(stages)].venue, code=f"a-{n}", name_zh=f"{NAMES[n % 5]}（第{n}场）",
            name_en=f"Forum {n}", live=n % 10 != 0, first_published_at=timezone.now(),
        )
        for n in range(count)
    )
    ActivityHost.objects.bulk_create(ActivityHost(activity=one, organisation=hosts[n % len(hosts)]) for n, one in enumerate(activities))
    sessions = Session.objects.bulk_create(session_of(n, one, stages[n % len(stages)], n // len(stages), chance) for n, one in enumerate(activities))
    SessionSpeaker.objects.bulk_create(
        SessionSpeaker(session=session, person=one) for session in sessions for one in chance.sample(people, 2)
    )
    user = User.objects.create_superuser("national@example.org", name="national")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


if __name__ == "__main__":
    main()
