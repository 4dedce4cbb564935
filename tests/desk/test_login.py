"""Into the desk leads one way: allauth's login, with the second factor shown in this very session."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from tests.desk.places import Week

PASSWORD = "correct horse battery"


@pytest.fixture
def editor(week: Week, settings):
    settings.STAFF_2FA = True
    user = week.users["bj-editor"]
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.mark.parametrize("address", ["/admin/login/", "/_util/login/", "/en/_util/login/"])
def test_wagtails_own_login_forms_let_nobody_in(editor, address: str) -> None:
    client = Client()
    answer = client.post(address, {"username": editor.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url
    assert "_auth_user_id" not in client.session


def test_without_a_factor_the_desk_leads_to_setting_one_up(week: Week, editor) -> None:
    assert week.client("bj-editor").get("/admin/").url == "/accounts/2fa/"


def test_a_session_that_has_not_shown_the_factor_is_asked_for_it(week: Week, editor) -> None:
    TOTP.activate(editor, generate_totp_secret())
    client = week.client("bj-editor")
    for answer in (client.get("/admin/imports/"), client.post("/admin/imports/upload/")):
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/2fa/reauthenticate/?next=%2Fadmin%2F")
    assert client.get(answer.url).status_code == 200


def test_the_factor_shown_opens_the_desk(editor) -> None:
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    client = Client()
    first = client.post("/accounts/login/", {"login": editor.email, "password": PASSWORD})
    assert first.url == "/accounts/2fa/authenticate/"
    assert client.get("/admin/").status_code == 302
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post(first.url, {"code": code})
    assert client.get("/admin/").status_code == 200


def test_who_has_no_desk_is_told_so_and_not_sent_in_circles(week: Week) -> None:
    answer = week.client("nobody").get("/admin/", follow=True)
    assert answer.status_code == 403
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
