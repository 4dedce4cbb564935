"""A browser that plans its week in the small world, the day before."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tests.registration.places import admission_to, let_the_week_come

HERE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Person:
    """`client`: their browser; `user` None: without an account."""

    client: Client
    user: Any = None

    def do(self, verb: str, code: str = "", edition: str = "2021"):
        return self.client.post(f"/{edition}/my-week/do/", {"verb": verb, "code": code}, headers=HERE)

    def week(self, language: str = ""):
        return self.client.get(f"{language}/2021/my-week/")


@pytest.fixture
def person(world, settings):
    let_the_week_come(settings)
    return Person(Client())


@pytest.fixture
def member(world, settings):
    """With an account whose address is confirmed."""
    from allauth.account.models import EmailAddress

    let_the_week_come(settings)
    user = world.user("mei@example.org", name="梅")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.force_login(user)
    return Person(client, user)


@pytest.fixture
def hall(world, settings):
    let_the_week_come(settings)
    return admission_to(world.sessions["open-forum"], onsite=10)
