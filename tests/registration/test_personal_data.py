"""Every field that may hold something personal says why it is kept and when it goes; and on that day it goes."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from everhall.editions.models import Venue
from everhall.editions.public import real_time
from everhall.post import services as post
from everhall.post.models import Letter
from everhall.programme.models import Session
from everhall.registration import queries, services
from everhall.registration.models import (
    Admission,
    Answer,
    Companion,
    Question,
    RealName,
    Registration,
)
from tests.registration.places import admission_to, come, let_the_week_come

#: Text that is about things, or made by chance.
IMPERSONAL = {
    "Admission": {"key", "group_rule", "real_names", "told"},
    "Ticket": {"name_zh", "name_en"},
    "Question": {"text_zh", "text_en", "kind", "choices_zh", "choices_en"},
    "SeatQuota": {"way"},
    "Registration": {"key", "request", "state", "language", "way", "pass_code"},
}
TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField, models.GenericIPAddressField)


def test_every_field_that_may_be_personal_is_named_with_purpose_and_end():
    from everhall.accounts.models import User

    for model in apps.get_app_config("registration").get_models():
        told = getattr(model, "PERSONAL", {})
        for field in model._meta.get_fields():
            is_text = isinstance(field, TEXTS)
            is_person = isinstance(field, models.ForeignKey) and field.related_model is User
            if (is_text or is_person) and field.name not in IMPERSONAL.get(model.__name__, set()):
                assert field.name in told, f"{model.__name__}.{field.name} is not told"
        assert all(purpose and end for purpose, end in told.values())
        assert set(told) <= {field.name for field in model._meta.get_fields()}


@pytest.fixture
def known(world, settings):
    let_the_week_come(settings)
    hall = admission_to(
        world.sessions["open-forum"], onsite=10, most_companions=2, real_names="document", real_names_until=dt.date(2021, 10, 25),
        forget_on=dt.date(2021, 12, 1),
    )  # fmt: skip
    question = Question.objects.create(admission=hall, text_zh="饮食")
    row = come(hall, "甲", email="a@example.org", companions="乙", real_name="张三", document="A1234567", answers={str(question.pk): "素"})
    Registration.objects.filter(pk=row.pk).update(user=world.user("a@example.org"), note="n", group_name="g")
    come(hall, "丙", email="c@example.org", real_name="李四", document="B1234567")
    return hall


def day(*parts):
    """The real moment at which the programme's clock stands at noon of a day."""
    return real_time(dt.datetime(*parts, 4, tzinfo=dt.UTC))


@pytest.mark.django_db
def test_real_names_go_on_their_day_and_the_rest_on_its_own(known):
    services.forget_people(day(2021, 10, 24))
    assert RealName.objects.count() == 2
    services.forget_people(day(2021, 10, 25))
    assert RealName.objects.count() == 0
    assert Registration.objects.filter(name="甲").exists()
    assert services.forget_people(day(2021, 11, 30)) == 0
    assert services.forget_people(day(2021, 12, 1)) == 2
    assert services.forget_people(day(2021, 12, 1)) == 0


@pytest.mark.django_db
def test_after_its_day_nothing_personal_is_left_and_the_figures_stay(known):
    before = queries.figures_of(known)
    services.forget_people(day(2021, 12, 2))
    for model in apps.get_app_config("registration").get_models():
        for name in getattr(model, "PERSONAL", {}):
            assert set(model.objects.values_list(name, flat=True)) <= {"", None}, f"{model.__name__}.{name}"
    assert not any(model.objects.exists() for model in (Companion, Answer, RealName))
    assert queries.figures_of(known) == before


@pytest.mark.django_db
def test_without_a_day_it_is_ninety_days_after_the_last_session(known):
    Admission.objects.update(forget_on=None)
    known.refresh_from_db()
    assert queries.forget_day(known) == dt.date(2021, 10, 20) + dt.timedelta(days=90)


@pytest.mark.django_db
def test_what_is_over_today_is_not_forgotten_before_it_is_over(known):
    """A day that was set too early, or a session that was moved beyond it: the door still needs the names."""
    Admission.objects.update(forget_on=dt.date(2021, 10, 1), real_names_until=dt.date(2021, 10, 2))
    services.forget_people(day(2021, 10, 20))
    assert RealName.objects.count() == 2
    services.forget_people(day(2021, 10, 21))
    assert RealName.objects.count() == 0
    assert not Registration.objects.exclude(email="").exists()


@pytest.mark.django_db
def test_where_it_is_still_yesterday_the_door_keeps_the_names_until_it_is_over(known):
    """An evening in Berlin is the next day at the site, which deletes soon after its own midnight."""
    Venue.objects.filter(pk=known.venue.pk).update(timezone="Europe/Berlin")
    Session.objects.filter(pk=known.session_id).update(
        starts_at=dt.datetime(2021, 10, 20, 17, tzinfo=dt.UTC), ends_at=dt.datetime(2021, 10, 20, 19, tzinfo=dt.UTC)
    )
    Admission.objects.update(forget_on=dt.date(2021, 10, 20), real_names_until=dt.date(2021, 10, 20))
    services.forget_people(real_time(dt.datetime(2021, 10, 20, 16, 30, tzinfo=dt.UTC)))
    assert (RealName.objects.count(), Registration.objects.exclude(email="").count()) == (2, 2)
    services.forget_people(day(2021, 10, 22))
    assert (RealName.objects.count(), Registration.objects.exclude(email="").count()) == (0, 0)


@pytest.mark.django_db
def test_a_week_that_is_shown_again_years_later_forgets_by_its_own_clock(known):
    assert services.forget_people(timezone.now()) == 0


@pytest.mark.django_db
def test_real_names_go_with_the_place(known):
    first, second = Registration.objects.order_by("number")
    services.cancel(first, timezone.now())
    assert not RealName.objects.filter(registration=first).exists()
    made = services.transfer(second, {"name": "丁", "email": "d@example.org", "real_name": "王五", "document": "C1234567"}, timezone.now())
    assert [(row.registration_id, row.name, row.document) for row in RealName.objects.all()] == [(made.pk, "王五", "C1234567")]


@pytest.mark.django_db
def test_a_letter_that_waits_goes_to_nobody_who_was_forgotten(known, mailoutbox):
    services.forget_people(day(2021, 12, 1))
    assert post.send_due(timezone.now()) == 2
    assert not mailoutbox
    assert not Letter.objects.exists()
