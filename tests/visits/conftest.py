"""Fixtures of visits: requests as a page of this site makes them; limits that begin afresh; letters that were written."""

import pytest
from django.core import mail

from everhall.post.models import Letter

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


class Visits:
    """A browser that visits: cookies go along, and it says where its requests come from."""

    def __init__(self, client):
        self.client = client

    def act(self, verb, code="open-drone", edition="2021", **more):
        body = {"verb": verb, "edition": edition, "code": code, **more}
        return self.client.post("/visit/act", body, content_type="application/json", **HERE)

    def kept(self, edition="2021"):
        return self.client.get(f"/visit/state?edition={edition}").json()["kept"]

    def post(self, address, **values):
        return self.client.post(address, values, **HERE)


@pytest.fixture
def visits(client):
    return Visits(client)


@pytest.fixture
def another(db):
    from django.test import Client

    return Visits(Client())


@pytest.fixture
def letters(db):
    """Sends what is due and gives the letters that left, the newest last."""
    from django.utils import timezone

    from everhall.post import services

    def sent():
        mail.outbox.clear()
        while services.send_due(timezone.now()):
            pass
        return list(mail.outbox)

    assert not Letter.objects.exists()
    return sent
