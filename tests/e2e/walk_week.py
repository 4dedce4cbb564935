"""Run by `test_desk_walk` in the server's own environment: makes the small week of `tests/desk/places`, with
passwords and confirmed addresses, Beijing's exhibit published in both languages."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from everhall.exhibition.models import Exhibit  # noqa: E402
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
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": root}
    )
    exhibit = Exhibit.objects.get(code="x-beijing")
    exhibit.name_zh, exhibit.name_en = "量子时钟样机", "Quantum clock prototype"
    exhibit.save_revision(user=week.users["bj-organiser"]).publish()


main()
