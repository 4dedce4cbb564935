"""Invitations: one mail, one use; with or without an account; nobody gets in by an old one; an organisation keeps an owner."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from everhall.accounts import rules, services
from everhall.accounts.models import Invitation, Membership, User
from everhall.post.models import Letter
from everhall.post.services import send_due
from tests.office.conftest import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def invite(office: Office, mailoutbox, django_capture_on_commit_callbacks):
    """Invites and hands back the address in the mail."""

    def send(email: str, role: str = "member", who: str = "owner") -> str:
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            answer = office.client(who).post(reverse("office:members", args=[office.mine.code]), {"email": email, "role": role})
        assert answer.status_code == 302, answer.content.decode()[:3000]
        send_due(timezone.now())
        (mail,) = mailoutbox
        assert mail.to == [email]
        return re.search(r"/accounts/invitations/[^/\s]+/", mail.body)[0]

    return send


def test_the_mail_is_in_both_languages_and_its_token_is_kept_nowhere(office: Office, invite, mailoutbox) -> None:
    address = invite("new@firm.example")
    body = mailoutbox[0].body
    assert f"/en{address}" in body
    assert "邀请" in body
    token = address.rstrip("/").rsplit("/", 1)[1]
    kept = Invitation.objects.get()
    assert token not in str([getattr(kept, field.attname) for field in kept._meta.concrete_fields])
    assert kept.token_hash == rules.token_hash(token)
    assert not Letter.objects.filter(body__contains=token).exists(), "what was sent is emptied"


def test_somebody_without_an_account_makes_one_and_is_in(office: Office, invite) -> None:
    address = invite("new@firm.example", "owner")
    client = Client()
    page = client.get(address)
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    to = client.post(address)["Location"]
    assert "/accounts/signup/" in to
    form = client.get(to).content.decode()
    assert "new@firm.example" in form
    password = "a very long passphrase 9"
    made = client.post(to, {"email": "new@firm.example", "password1": password, "password2": password, "next": address})
    assert (made.status_code, made.headers.get("Location")) == (302, address), made.content.decode()
    user = User.objects.get(email="new@firm.example")
    assert user.emailaddress_set.get().verified
    assert client.post(address)["Location"] == reverse("office:home", args=[office.mine.code])
    assert Membership.objects.get(user=user).role == "owner"
    assert client.get(reverse("office:home", args=[office.mine.code])).status_code == 200


def test_another_address_at_signing_up_is_not_taken_for_received(office: Office, invite) -> None:
    address = invite("new@firm.example")
    client = Client()
    to = client.post(address)["Location"]
    password = "a very long passphrase 9"
    client.post(to, {"email": "else@firm.example", "password1": password, "password2": password, "next": address})
    assert not User.objects.filter(emailaddress__email="else@firm.example", emailaddress__verified=True).exists()


def test_an_account_with_the_address_is_asked_to_log_in(office: Office, invite) -> None:
    address = invite("nobody@example.org")
    page = Client().get(address).content.decode()
    assert "/accounts/login/" in page
    assert Client().post(address).status_code == 200
    office.client("nobody").post(address)
    assert Membership.objects.filter(user=office.users["nobody"], organisation=office.mine, role="member").exists()


def test_an_invitation_is_used_once(office: Office, invite) -> None:
    address = invite("new@firm.example")
    office.client("nobody").post(address)
    assert office.client("stranger").post(address).status_code == 404
    assert not Membership.objects.filter(user=office.users["stranger"], organisation=office.mine).exists()


def test_one_that_was_taken_back_replaced_or_ran_out_lets_nobody_in(office: Office, invite) -> None:
    first = invite("new@firm.example")
    second = invite("new@firm.example")
    assert office.client("nobody").post(first).status_code == 404
    row = Invitation.objects.get(revoked_at=None)
    office.client("owner").post(reverse("office:invitation", args=[office.mine.code, row.pk]))
    assert office.client("nobody").post(second).status_code == 404
    third = invite("new@firm.example")
    Invitation.objects.filter(revoked_at=None).update(expires_at=timezone.now())
    assert office.client("nobody").post(third).status_code == 404
    assert not Membership.objects.filter(user=office.users["nobody"]).exists()
    assert office.client("nobody").get("/accounts/invitations/none/").status_code == 404


def test_nobody_takes_back_another_organisations_invitation(office: Office, invite) -> None:
    invite("new@firm.example")
    row = Invitation.objects.get()
    assert office.client("stranger").post(reverse("office:invitation", args=[office.theirs.code, row.pk])).status_code == 404
    assert Invitation.objects.get().revoked_at is None


def test_too_many_within_a_day_are_refused(office: Office) -> None:
    now = timezone.now()
    for n in range(rules.MOST_OF_ORGANISATION):
        services.invite(office.mine, f"p{n}@firm.example", "member", by=office.users["owner"], now=now)
    with pytest.raises(services.Refused, match="too_many"):
        services.invite(office.mine, "one.more@firm.example", "member", by=office.users["owner"], now=now)
    services.invite(office.mine, "tomorrow@firm.example", "member", by=office.users["owner"], now=now + rules.DAY + dt.timedelta(seconds=1))


def test_one_address_is_not_written_to_without_end(office: Office) -> None:
    now = timezone.now()
    for _ in range(rules.MOST_TO_ADDRESS):
        services.invite(office.theirs, "victim@else.example", "member", by=None, now=now)
    with pytest.raises(services.Refused, match="too_many"):
        services.invite(office.mine, "victim@else.example", "member", by=office.users["owner"], now=now)


def test_who_belongs_is_not_invited(office: Office) -> None:
    with pytest.raises(services.Refused, match="belongs"):
        services.invite(office.mine, "MEMBER@firm.example", "owner", by=None, now=timezone.now())


def test_the_last_owner_stays_an_owner(office: Office) -> None:
    held = Membership.objects.get(user=office.users["owner"])
    for post in ({"do": "remove"}, {"role": "member"}):
        office.client("owner").post(reverse("office:member", args=[office.mine.code, held.pk]), post)
        assert Membership.objects.get(pk=held.pk).role == "owner"
    other = Membership.objects.get(user=office.users["member"])
    office.client("owner").post(reverse("office:member", args=[office.mine.code, other.pk]), {"role": "owner"})
    answer = office.client("owner").post(reverse("office:member", args=[office.mine.code, held.pk]), {"do": "remove"})
    assert answer["Location"] == reverse("office:organisations")
    assert not Membership.objects.filter(pk=held.pk).exists()


def test_a_venues_team_invites_the_first_owner_from_the_desk(office: Office, mailoutbox, django_capture_on_commit_callbacks) -> None:
    from everhall.editions.admin_base import address_of

    address = address_of(type(office.mine), "edit", office.mine.pk)
    client = office.week.client("bj-organiser")
    page = client.get(address)
    form = page.context["form"]
    data = {name: form.initial.get(name) or "" for name in form.fields} | {"invited": "first@firm.example, second@firm.example"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["form"].errors
    send_due(timezone.now())
    assert {to for mail in mailoutbox for to in mail.to} == {"first@firm.example", "second@firm.example"}
    assert set(Invitation.objects.values_list("role", flat=True)) == {"owner"}
    assert "first@firm.example" in client.get(address).content.decode()


def test_what_is_over_is_forgotten_after_a_month(office: Office, invite) -> None:
    invite("new@firm.example")
    now = timezone.now()
    assert services.forget_invitations(now + rules.HOLDS) == 0
    assert services.forget_invitations(now + rules.HOLDS + rules.KEPT + dt.timedelta(minutes=1)) == 1


def test_an_organisation_that_is_not_there_is_entered_once(office: Office) -> None:
    client = office.client("nobody")
    data = {"name_zh": "星海研究所", "name_en": "Starsea", "kind": "institute"}
    made = client.post(reverse("office:found"), data)
    assert made.status_code == 302
    assert client.get(made["Location"]).status_code == 200
    again = office.client("stranger").post(reverse("office:found"), data)
    assert again.status_code == 200
    assert Membership.objects.filter(organisation__name_zh="星海研究所").count() == 1
