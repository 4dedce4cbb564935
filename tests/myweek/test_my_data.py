"""All that is kept of a person, over all apps: seen, taken along, deleted."""

import io
import json
import zipfile

import pytest
from django.utils import timezone

from everhall.accounts.models import Membership, User
from everhall.audience.models import Guest, Message, Room
from everhall.myweek.models import KeptSession
from everhall.myweek.services import everything
from everhall.post.models import Letter
from everhall.registration.models import Registration
from everhall.visits.models import Visitor
from tests.myweek.test_week import mine
from tests.personal.planting import places_of

pytestmark = pytest.mark.django_db
WORD = "Plantagenet"


@pytest.fixture
def known(member, hall):
    """Somebody who has left their word in every app that a visitor uses."""
    now = timezone.now()
    row = mine(member, hall)
    Registration.objects.filter(pk=row.pk).update(name=WORD, group_name=WORD)
    User.objects.filter(pk=member.user.pk).update(name=WORD)
    guest = Guest.objects.create(user=member.user, name=WORD, created_at=now)
    room = Room.objects.create(edition=hall.edition, session=hall.session)
    for state in ("shown", "held"):
        Message.objects.create(room=room, guest=guest, name=WORD, text="hello", state=state, said_at=now)
    Letter.objects.create(key="k", to=member.user.email, subject=WORD, body=WORD, language="en", made_at=now, due_at=now)
    member.do("keep", hall.session.code)
    return member


def bundle(client):
    answer = client.get("/my-data/everything.zip")
    assert answer["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        return json.loads(file.read("everything.json")), file.read("README.txt").decode()


def test_the_bundle_holds_all_of_it_and_nothing_of_others(known, hall):
    from tests.registration.places import come

    come(hall, "别人", email="other@example.org")
    found, words = bundle(known.client)
    assert set(found) == {"made_at", *(one.name for one in everything.shares())}
    assert found["registrations"][0]["name"] == WORD
    assert [one["text"] for one in found["talks"]["messages"]] == ["hello", "hello"]
    assert found["letters"][0]["subject"] == WORD
    assert found["week"]["sessions"][0]["session"] == hall.session.code
    assert found["account"]["email"] == "mei@example.org"
    assert "other@example.org" not in json.dumps(found)
    assert "registrations" in words


def test_a_stranger_finds_nothing_of_theirs(known, client):
    found, _words = bundle(client)
    assert all(not found[one.name] for one in everything.shares())


def test_deleting_asks_once_more_and_leaves_nothing(known, hall):
    page = known.client.get("/my-data/delete/").content.decode()
    assert "csrfmiddlewaretoken" in page
    assert known.client.post("/my-data/delete/", {}).status_code == 409
    assert KeptSession.objects.exists()
    answer = known.client.post("/my-data/delete/", {"sure": "yes", "account": "yes"})
    assert answer["Location"] == "/my-data/delete/?done=yes"
    assert not User.objects.filter(email="mei@example.org").exists()
    assert not Visitor.objects.exists()
    assert places_of(WORD) == set()
    assert places_of("mei@example.org") == set()
    assert Message.objects.get().name == "", "what was shown stays without a name, what was held back is gone"
    row = Registration.objects.get()
    assert (row.state, row.seats, row.user, row.email) == ("cancelled", 0, None, "")
    assert known.client.get("/my-data/").status_code == 200


def test_the_account_stays_if_it_is_not_ticked_or_others_need_it(known, world):
    known.client.post("/my-data/delete/", {"sure": "yes"})
    assert User.objects.filter(email="mei@example.org").exists()
    lab = world.organisations["skylark"]
    Membership.objects.filter(organisation=lab).delete()
    Membership.objects.create(organisation=lab, user=known.user, role="owner")
    Membership.objects.create(organisation=lab, user=world.user("b@example.org"), role="member")
    answer = known.client.post("/my-data/delete/", {"sure": "yes", "account": "yes"})
    assert answer.status_code == 409
    assert lab.name in answer.content.decode()
    assert User.objects.filter(email="mei@example.org").exists()


def test_a_share_that_fails_is_told_and_the_account_stays_to_try_again(known, monkeypatch):
    def broken(who, now):
        raise OSError("away")

    one = everything._shares["talks"]
    monkeypatch.setitem(everything._shares, "talks", everything.Share(one.name, one.title, one.give, broken))
    answer = known.client.post("/my-data/delete/", {"sure": "yes", "account": "yes"})
    assert answer["Location"].endswith("?done=partly")
    assert User.objects.filter(email="mei@example.org").exists()
    assert Registration.objects.get().name == ""


def test_the_public_page_is_kept_and_the_same_for_everybody(known, client):
    answer = client.get("/kept-of-you/")
    assert "site" in answer["Everhall-Tags"]
    assert "您的报名" in answer.content.decode()
    assert WORD not in known.client.get("/en/kept-of-you/").content.decode()


def test_a_place_that_was_handed_on_is_told_and_forgotten_too_when_it_was_made_without_the_account(member, hall):
    from everhall.registration import services as registration
    from tests.registration.places import come

    row = come(hall, WORD, email=member.user.email)
    made = registration.transfer(row, {"name": "丁", "email": "d@example.org"}, timezone.now())
    found, _words = bundle(member.client)
    assert [(one["name"], one["state"]) for one in found["registrations"]] == [(WORD, "transferred")]
    member.client.post("/my-data/delete/", {"sure": "yes"})
    row.refresh_from_db()
    assert (row.name, row.email, row.state) == ("", "", "transferred")
    made.refresh_from_db()
    assert (made.name, made.email, made.state) == ("丁", "d@example.org", "confirmed"), "whose it is now keeps it"
