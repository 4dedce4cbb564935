"""Contacts are passed on by consent alone, and leave the exhibitor's list in the moment in which it is withdrawn."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.accounts.models import Membership
from everhall.post.models import Letter
from everhall.visits import queries, rules, services
from everhall.visits.models import Consent, Contact
from tests.visits.test_asking import link_in

pytestmark = pytest.mark.django_db
GIVE = "/2021/exhibits/open-drone/contact/"


@pytest.fixture
def member(world):
    user = world.user("member@skylark.example")
    Membership.objects.create(user=user, organisation=world.organisations["skylark"])
    return user


def given(visits, **values):
    page = visits.client.get(GIVE).content.decode()
    mark = page.split('name="agreed" value="')[1].split('"')[0]
    told = {"name": "小李", "works_at": "示例大学", "email": "li@example.org", "phone": "+86 10 0000 0000", "agree": "yes", "agreed": mark}
    return visits.post(GIVE, **{**told, **values})


def contacts(world):
    return list(queries.contacts_of(world.organisations["skylark"].pk, world.editions["2021"]))


def test_from_contact_to_withdrawal(world, visits, letters, member):
    assert given(visits)["Location"].endswith("?waits=yes")
    assert contacts(world) == []
    (letter,) = letters()
    visits.post(link_in(letter, "/visit/c/"))
    (contact,) = contacts(world)
    assert (contact.name, contact.email) == ("小李", "li@example.org")
    to_them, to_me = sorted(letters(), key=lambda letter: letter.to != [member.email])
    assert "li@example.org" in to_them.body
    assert contact.consent.text in to_them.body
    assert to_me.to == ["li@example.org"]
    page = visits.client.get("/visit/agreed/").content.decode()
    assert contact.consent.text in page
    assert "云雀翼行" in page
    answer = visits.post(f"/visit/agreed/{contact.consent_id}/withdraw/")
    assert answer.status_code == 302
    assert contacts(world) == []
    assert not Contact.objects.exists()
    (told,) = letters()
    assert told.to == [member.email]
    assert "li@example.org" in told.body
    assert "撤回" in told.subject
    consent = Consent.objects.get()
    assert consent.withdrawn_at is not None, "what was agreed to stays as proof"
    assert consent.text, "what was agreed to stays as proof"
    visits.post(f"/visit/agreed/{consent.pk}/withdraw/")
    assert letters() == [], "twice is once"


def test_the_link_in_the_letter_withdraws_on_any_device(world, visits, another, letters, member):
    given(visits)
    visits.post(link_in(letters()[0], "/visit/c/"))
    to_me = next(letter for letter in letters() if letter.to == ["li@example.org"])
    link = link_in(to_me, "/visit/m/")
    assert "云雀翼行" in another.client.get(link).content.decode()
    assert contacts(world)
    assert another.post(link).status_code == 302
    assert contacts(world) == []
    assert another.client.get("/visit/agreed/").content.decode().count("consent-text") == 0


def test_nobody_withdraws_or_sees_what_another_agreed_to(world, visits, another, letters):
    given(visits)
    consent = Consent.objects.get()
    another.act("keep")
    assert another.post(f"/visit/agreed/{consent.pk}/withdraw/").status_code == 404
    assert consent.text not in another.client.get("/visit/agreed/").content.decode()
    assert another.client.get(f"/visit/c/{'a' * 60}/").status_code == 410


def test_a_withdrawal_overtakes_the_letter_that_was_on_its_way(world, visits, letters, member):
    given(visits)
    (letter,) = letters()
    visits.post(link_in(letter, "/visit/c/"))
    services.withdraw(Consent.objects.get(), timezone.now())
    subjects = [letter.subject for letter in letters() if letter.to == [member.email]]
    assert len(subjects) == 1
    assert "撤回" in subjects[0]


def test_what_was_withdrawn_before_it_was_confirmed_can_no_longer_be_confirmed(world, visits, letters):
    given(visits)
    (letter,) = letters()
    services.withdraw(Consent.objects.get(), timezone.now())
    assert visits.post(link_in(letter, "/visit/c/")).status_code == 409
    assert contacts(world) == []


def test_a_contact_is_given_once(world, visits, letters, member):
    given(visits)
    visits.post(link_in(letters()[0], "/visit/c/"))
    assert services.Refused("already").words in given(visits).content.decode()


@pytest.mark.parametrize(("values", "code"), [
    ({"phone": "call me"}, "phone"), ({"name": ""}, "name"), ({"works_at": "大" * 121}, "works_at"), ({"remark": "字" * 501}, "remark"),
    ({"agree": ""}, "agree"),
])  # fmt: skip
def test_what_does_not_fit_is_told(world, visits, letters, values, code):
    answer = given(visits, **values)
    assert answer.status_code == 409
    assert services.Refused(code).words in answer.content.decode()
    assert not Consent.objects.exists()


def test_a_contact_ends_by_itself(world, visits, letters, member):
    given(visits)
    visits.post(link_in(letters()[0], "/visit/c/"))
    after = timezone.now() + rules.CONTACT_KEPT + dt.timedelta(seconds=1)
    assert not queries.contacts_of(world.organisations["skylark"].pk, world.editions["2021"], after)


def test_the_text_is_kept_in_the_language_in_which_it_was_shown(world, visits, letters):
    page = visits.client.get(f"/en{GIVE}").content.decode()
    mark = page.split('name="agreed" value="')[1].split('"')[0]
    visits.post(f"/en{GIVE}", name="Li", email="li@example.org", agree="yes", agreed=mark)
    consent = Consent.objects.get()
    assert consent.language == "en"
    assert consent.text.startswith("I agree that my name")
    assert "Skylark Wings" in consent.text


def test_deleting_everything_withdraws_and_tells(world, visits, letters, member):
    visits.act("keep")
    given(visits)
    visits.post(link_in(letters()[0], "/visit/c/"))
    letters()
    told = visits.client.get("/visit/everything.json").json()
    assert told["consents"][0]["passed_on"]["email"] == "li@example.org"
    assert told["favourites"][0]["exhibit"] == "open-drone"
    answer = visits.post("/visit/forget/")
    assert answer.cookies[services.COOKIE].value == ""
    assert contacts(world) == []
    assert visits.client.get("/visit/everything.json").json() == {}
    assert [letter.to for letter in letters()] == [[member.email]]
    assert Consent.objects.get().visitor is None
    assert not Letter.objects.exclude(to="").exists()
