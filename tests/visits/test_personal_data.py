"""Personal data: each field of it has a purpose and a rule of deletion, and the rules run on a moved clock."""

import datetime as dt

import pytest
from django.apps import apps
from django.utils import timezone

from everhall.post import services as post
from everhall.visits import rules, services
from everhall.visits.models import (
    Consent,
    Contact,
    Device,
    ExhibitQuestion,
    Favourite,
    Visitor,
)
from tests.visits.test_agreeing import given, member
from tests.visits.test_asking import confirmed, form

pytestmark = pytest.mark.django_db
__all__ = ["member"]

#: model -> fields that are of a person. Every text, address, moment or link of the app stands in exactly one of the two tables.
PERSONAL = {
    "Visitor": {"user", "seen_on"},
    "Device": {"token_hash", "visitor"},
    "Favourite": {"visitor", "note", "visited_at", "exhibit", "made_at"},
    "Consent": {"visitor"},
    "Contact": {"name", "works_at", "email", "phone", "remark", "consent"},
    "ExhibitQuestion": {"visitor", "name", "email", "text", "consent", "answered_by"},
    "PostWish": {"user", "language", "rhythm", "digested_at"},
}
IMPERSONAL = {
    "Visitor": {"id", "made_at"},
    "Device": {"id", "made_at"},
    "Favourite": {"id", "edition", "is_sample"},
    "Consent": {
        "id", "kind", "edition", "organisation", "exhibit", "language", "text", "given_at", "confirmed_at", "until", "withdrawn_at", "is_sample",
    },
    "Contact": {"id"},
    "ExhibitQuestion": {
        "id", "exhibit", "edition", "organisation", "language", "may_be_public", "state", "asked_at", "passed_at", "answer", "answered_at",
        "public", "reported_at", "forget_at", "forgotten_at", "is_sample",
    },
    "PostWish": {"id"},
    "ExhibitViews": {"id", "exhibit", "edition", "day", "count", "is_sample"},
    "WordList": {"id", "edition", "words"},
}  # fmt: skip


def test_every_field_is_known_to_be_of_a_person_or_not():
    for model in apps.get_app_config("visits").get_models():
        name = model.__name__
        fields = {field.name for field in model._meta.fields}
        assert fields == PERSONAL.get(name, set()) | IMPERSONAL[name], name
        assert not PERSONAL.get(name, set()) & IMPERSONAL[name]


def test_every_model_with_personal_data_says_why_and_until_when():
    for name in PERSONAL:
        words = apps.get_model("visits", name).__doc__ or ""
        assert "Personal data" in words, name
        assert "elete" in words, name


def after(period, seconds=60):
    return timezone.now() + period + dt.timedelta(seconds=seconds)


def test_a_question_loses_name_and_address_when_its_time_is_over(world, visits, letters, member):
    open_one = confirmed(visits, letters, public="")
    public = confirmed(visits, letters, email="b@example.org")
    services.answer_question(public, "四十分钟", member, timezone.now(), public=True)
    services.forget_due(after(rules.QUESTION_KEPT, -3600))
    open_one.refresh_from_db()
    assert open_one.email == "li@example.org", "not before"
    services.forget_due(after(rules.QUESTION_KEPT))
    for row in ExhibitQuestion.objects.all():
        assert (row.name, row.email, row.visitor_id) == ("", "", None)
    open_one.refresh_from_db()
    public.refresh_from_db()
    assert open_one.text == "", "what stands on the page stays there without a name"
    assert public.text, "what stands on the page stays there without a name"
    assert public.answer, "what stands on the page stays there without a name"


def test_what_nobody_confirmed_is_deleted_after_three_days(world, visits, letters):
    form(visits)
    given(visits)
    services.forget_due(after(rules.CONFIRMED_WITHIN, -3600))
    assert ExhibitQuestion.objects.exists()
    assert Contact.objects.exists()
    services.forget_due(after(rules.CONFIRMED_WITHIN))
    assert not ExhibitQuestion.objects.exists()
    assert not Contact.objects.exists()
    assert not Consent.objects.exists()


def test_a_contact_is_deleted_at_its_end_and_the_proof_three_years_later(world, visits, letters, member):
    given(visits)
    letter = letters()[0]
    visits.post(next(line for line in letter.body.splitlines() if "/visit/c/" in line).removeprefix("http://localhost:8000"))
    services.forget_due(after(rules.CONTACT_KEPT))
    assert not Contact.objects.exists()
    assert Consent.objects.exists()
    services.forget_due(after(rules.CONTACT_KEPT + rules.PROOF_KEPT))
    assert not Consent.objects.exists()


def test_who_has_not_been_seen_for_a_year_is_forgotten(world, visits):
    visits.act("keep")
    services.forget_due(after(rules.KEPT - dt.timedelta(days=2)))
    assert Visitor.objects.exists()
    services.forget_due(after(rules.KEPT + dt.timedelta(days=2)))
    assert not any(model.objects.exists() for model in (Visitor, Device, Favourite))


def test_seeing_somebody_again_costs_one_write_a_day(world, visits, django_assert_num_queries):
    visits.act("keep")
    Visitor.objects.update(seen_on=timezone.localdate() - dt.timedelta(days=30))
    visits.kept()
    assert Visitor.objects.get().seen_on == timezone.localdate()
    with django_assert_num_queries(4):
        visits.kept()


def test_an_account_that_is_deleted_takes_all_along(world, visits):
    user = world.user("gone@example.org")
    visits.client.force_login(user)
    visits.act("keep")
    user.delete()
    assert not Visitor.objects.exists()
    assert not Favourite.objects.exists()


def test_no_address_is_in_a_log(world, visits, letters, caplog, settings):
    settings.EMAIL_BACKEND = "tests.visits.test_asking.AwayBackend"
    form(visits)
    post.send_due(timezone.now())
    assert "li@example.org" not in caplog.text
    assert all("li@example.org" not in str(vars(record)) for record in caplog.records)
