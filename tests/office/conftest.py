"""A week with two organisations that have offices: one with an owner and a member, one that is a stranger to them."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from everhall.accounts.models import Membership, Organisation, User
from everhall.office import services
from tests.desk.places import Week, make_week
from tests.kept import once


@dataclass
class Office:
    week: Week
    mine: Organisation
    theirs: Organisation
    users: dict[str, User] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.users[name], "allauth.account.auth_backends.AuthenticationBackend")
        return client

    def draft(self, name: str = "折叠飞行器", by: str = "owner") -> Any:
        return services.begin_exhibit(self.mine, name, by=self.users[by], now=timezone.now())

    def at_venue(self) -> Any:
        """The exhibit of mine that stands at Beijing's venue, a draft."""
        return self.week.rows["exhibit", "beijing"]


def make_office() -> Office:
    week = make_week()
    office = Office(week, week.rows["organisation", "beijing"], week.rows["organisation", "zhengzhou"])
    for name, organisation, role in (
        ("owner", office.mine, "owner"), ("member", office.mine, "member"), ("stranger", office.theirs, "owner"),
    ):
        user = User.objects.create_user(f"{name}@firm.example", "a long enough password", name=name.title())
        Membership.objects.create(organisation=organisation, user=user, role=role)
        office.users[name] = user
    office.users["nobody"] = week.users["nobody"]
    return office


@pytest.fixture
def office(db: None, settings: LazySettings) -> Office:
    settings.STAFF_2FA = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return once(make_office)
