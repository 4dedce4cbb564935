"""Run by `test_door_walk` and `bench door` in the server's own environment: an edition that is on today, a session with registrations
(their number by EVERHALL_DOOR_PEOPLE), an entry list, two gates. Writes pass texts and links of devices as JSON to the data folder."""

import datetime as dt
import json
import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from everhall.accounts.models import User  # noqa: E402
from everhall.checkin.models import EntryList, Gate  # noqa: E402
from everhall.editions import services as editions  # noqa: E402
from everhall.editions.models import Edition, Stage, Venue  # noqa: E402
from everhall.pages.models import EditionPage  # noqa: E402
from everhall.programme.models import Activity, Session  # noqa: E402
from everhall.registration import passes  # noqa: E402
from everhall.registration import services as registration  # noqa: E402
from everhall.registration.models import Admission, Registration, SeatQuota  # noqa: E402
from everhall.search import services as search  # noqa: E402
from tests import world  # noqa: E402
from tests.e2e.person import PASSWORD  # noqa: E402

NAMES = ("林知夏", "陈以安", "赵明远", "孙若溪", "周子衡", "吴清扬", "郑书言", "王亦凡")


def people(admission: Admission, count: int) -> None:
    """As registration writes them, only many at once."""
    now = timezone.now()
    Registration.objects.bulk_create(
        [
            Registration(
                admission=admission, request=f"made-up-request-{at:06}", number=at + 1, state="confirmed", name=f"{NAMES[at % 8]}{at}" if at > 7 else NAMES[at],
                email=f"person-{at}@example.org", wanted=1, seats=1, registered_at=now, changed_at=now,
            )
            for at in range(count)
        ],
        batch_size=1000,
    )  # fmt: skip


def main() -> None:
    world.ground()
    now = timezone.now()
    day = timezone.localdate()
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021 双创周", name_en="Week 2021", starts_on=day, ends_on=day, state="open", is_current=True,
    )
    venue = Venue.objects.create(edition=edition, code="beijing", name_zh="北京会场", name_en="Beijing venue", kind="main")
    stage = Stage.objects.create(venue=venue, code="main", name_zh="主舞台", name_en="Main stage")
    admissions = []
    for code, zh, en in (("talk", "低空经济论坛", "Low-altitude forum"), ("dinner", "投资人晚餐会", "Dinner with investors"), ("open", "开放日", "Open day")):
        activity = Activity.objects.create(edition=edition, venue=venue, code=code, kind="forum", name_zh=zh, name_en=en, first_published_at=now)
        session = Session.objects.create(
            activity=activity, code=code, stage=stage, starts_at=now + dt.timedelta(hours=1), ends_at=now + dt.timedelta(hours=3), status="confirmed", mode="both"
        )
        admissions.append(Admission.objects.create(session=session, most_group=40))
    talk, dinner, opened = admissions
    SeatQuota.objects.create(admission=talk, way="onsite", size=None)
    SeatQuota.objects.create(admission=opened, way="onsite", size=2)
    people(talk, int(os.environ.get("EVERHALL_DOOR_PEOPLE", "8")))

    def come(admission: Admission, name: str, **more: object) -> Registration:
        number = Registration.objects.count()
        body = {"request": f"request-of-walk-{number:06}", "name": name, "email": f"walk-{number}@example.org", "way": "onsite", **more}
        return registration.register(registration.Post(admission.key, body), now)

    from everhall.registration.services.book import held

    with held(talk) as book:
        for _ in range(Registration.objects.count()):
            book.next_number()
    rows = list(Registration.objects.order_by("number")[:20_000])
    extra = {
        "group": come(talk, "陈老师", group="第一中学", size=40), "online": come(talk, "线上人", way="online"), "cancelled": come(talk, "取消者"),
        "renewed": come(talk, "换证者"), "elsewhere": come(dinner, "赴宴者"), "open": come(opened, "常来客"),
    }
    told = {name: passes.text_of(row) for name, row in extra.items()}
    registration.cancel(extra["cancelled"], now)
    registration.renew_pass(extra["renewed"], now)
    told["fresh"] = passes.text_of(Registration.objects.get(pk=extra["renewed"].pk))
    listed = EntryList.objects.create(venue=venue, name_zh="论坛入场", name_en="Forum", capacity=10 if len(rows) < 100 else None, walk_ins=True)
    listed.admissions.add(talk)
    supper = EntryList.objects.create(venue=venue, name_zh="晚餐会入场", name_en="Dinner")
    supper.admissions.add(dinner)
    gates = [Gate.objects.create(venue=venue, name_zh=zh, name_en=en, direction=way) for zh, en, way in (("东门", "East gate", "both"), ("西门", "West gate", "in"))]
    for gate in gates:
        gate.lists.add(listed, supper)
    hall = EntryList.objects.create(venue=venue, name_zh="开放日入场", name_en="Open day", capacity=3, walk_ins=True, rule="after_exit")
    hall.admissions.add(opened)
    gates.append(Gate.objects.create(venue=venue, name_zh="北门", name_en="North gate", direction="both"))
    gates[-1].lists.add(hall)
    user = User.objects.create_user("organiser@example.org", PASSWORD, name="organiser")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    editions.appoint(user, "venue_organiser", edition, venue)
    root = Page.get_first_root_node()
    root.add_child(instance=EditionPage(title="2021", slug="2021", edition=edition))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    search.rebuild()
    told |= {"people": [passes.text_of(row) for row in rows[: int(os.environ.get("EVERHALL_DOOR_TEXTS", "8"))]], "gates": [gate.key for gate in gates]}
    Path(settings.DATA_DIR, "door.json").write_text(json.dumps(told))


main()
