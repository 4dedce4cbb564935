"""Run by `test_office_walk` in the server's own environment: the small week with an exhibit of an organisation whose office nobody has
entered yet, and an open call."""

import datetime as dt
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from everhall.accounts.models import Membership  # noqa: E402
from everhall.calls.models import Call, CallVenue, Question  # noqa: E402
from everhall.pages.models import EditionPage  # noqa: E402
from everhall.pages.services import open_to_editors  # noqa: E402
from tests.desk.places import make_week  # noqa: E402
from tests.e2e.person import PASSWORD  # noqa: E402


def main() -> None:
    week = make_week()
    for user in week.users.values():
        user.set_password(PASSWORD)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=EditionPage(title="2021", slug="2021", edition=week.edition))
    open_to_editors(home)
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    organisation = week.rows["organisation", "beijing"]
    organisation.name_zh, organisation.name_en = "云雀飞行器", "Skylark Aircraft"
    organisation.save()
    exhibit = week.rows["exhibit", "beijing"]
    exhibit.name_zh, exhibit.name_en = "折叠飞行器样机", ""
    exhibit.save()
    exhibit.save_revision(user=week.users["root"])
    for who in ("zz-organiser", "zz-editor"):
        Membership.objects.create(organisation=week.rows["organisation", "zhengzhou"], user=week.users[who], role="owner")
    now = timezone.now()
    call = Call(
        edition=week.edition, code="late", state="announced", name_zh="补充征集", name_en="Late call",
        opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=30),
    )
    call.save()
    CallVenue.objects.create(call=call, venue=week.venues["beijing"], places=5)
    Question.objects.create(call=call, kind="text", text_zh="需要多大的展位？", text_en="How large a booth do you need?", required=True)


main()
