"""Personal data of the whole house: every field that could hold some is declared, and on its day it is gone."""

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.test.utils import isolate_apps
from django.utils import timezone
from django.utils.translation import override

from everhall.accounts import forgetting as accounts
from everhall.accounts.models import Membership, User
from everhall.config.personal import candidates, register
from everhall.config.personal.page import reference, told
from everhall.post.models import Letter
from tests.personal.planting import WORD, Planter, places_of
from tests.registration.places import let_the_week_come

YEARS = dt.timedelta(days=5 * 365)


def test_every_field_that_could_be_of_a_person_says_whether_it_is():
    assert candidates.undeclared() == []


def test_nothing_is_declared_that_is_not_there():
    assert candidates.unknown() == []


def test_every_rule_is_kept_by_a_job_and_every_job_keeps_a_rule():
    named = {one.rule for one in candidates.personal()}
    assert named == set(register.RULES)
    assert {rule.job for rule in register.RULES.values()} - {""} <= set(register.JOBS)
    assert all(one.purpose for one in candidates.personal())


@isolate_apps("tests.personal")
def test_a_field_that_nobody_declared_is_found(monkeypatch):
    class Planted(models.Model):
        title = models.CharField(max_length=10)
        guardian_email = models.EmailField()
        owner = models.ForeignKey(User, on_delete=models.CASCADE)
        NOT_PERSONAL = {"*": "about a thing"}

        class Meta:
            app_label = "personal"

        def __str__(self):
            return self.title

    monkeypatch.setattr(candidates, "all_models", lambda: [Planted])
    assert candidates.undeclared() == ["personal.Planted.guardian_email", "personal.Planted.owner"]
    Planted.NOT_PERSONAL = {}
    assert "personal.Planted.title" in candidates.undeclared()


@pytest.fixture
def planted(world, settings):
    let_the_week_come(settings)
    planter = Planter(timezone.now())
    planter.plant()
    return planter


def word_fields(planter):
    """Of what was planted: fields that hold a word."""
    return {
        f"{model._meta.label}.{name}" for model, names in planter.personal.items() for name in names
        if not (field := model._meta.get_field(name)).is_relation and isinstance(field, (*candidates.WORDS, models.FileField))
    }  # fmt: skip


@pytest.mark.django_db
def test_what_is_personal_stays_until_its_day_and_is_gone_after(planted):
    wanted = word_fields(planted)
    assert len(wanted) > 60
    assert wanted <= places_of(WORD)
    list(register.forget(planted.now))
    assert wanted <= places_of(WORD), "nothing goes before its day"
    for days in (0, 2):
        # A walk that nobody leads any more ends by the first, and is gone by the second.
        cleared = dict(register.forget(planted.now + YEARS + dt.timedelta(days=days)))
        assert min(cleared.values()) >= 0
    left = {place for place in places_of(WORD) if register.RULES[rule_of(place)].name != "account"}
    assert sorted(left) == []
    accounts.delete_account(planted.user)
    assert sorted(places_of(WORD)) == []
    assert dict(register.forget(planted.now + YEARS)) == dict.fromkeys(register.JOBS, 0), "a second run finds nothing"


def rule_of(place):
    return next((one.rule for one in candidates.personal() if f"{one.model._meta.label}.{one.field}" == place), "post.letter")


@pytest.mark.django_db
def test_an_account_that_nobody_uses_goes_and_one_that_holds_a_task_stays(world):
    now = timezone.now()
    quiet, member = (User.objects.create(email=f"{name}@example.org", last_login=now) for name in ("quiet", "member"))
    Membership.objects.create(organisation=world.organisations["skylark"], user=member, role="owner")
    later = now + accounts.UNUSED
    assert register.unused_accounts(later - dt.timedelta(days=1)) == 0
    assert register.unused_accounts(later + dt.timedelta(days=1)) == 1
    assert not User.objects.filter(pk=quiet.pk).exists()
    assert User.objects.filter(pk=member.pk).exists()


@pytest.mark.django_db
def test_one_job_that_fails_is_told_and_the_others_go_on(world, monkeypatch):
    def broken(now):
        raise OSError("away")

    now = timezone.now()
    Letter.objects.create(key="k", to=f"{WORD}@example.org", language="en", state="sent", made_at=now - dt.timedelta(days=30), due_at=now)
    monkeypatch.setitem(register.JOBS, "registrations", broken)
    out = io.StringIO()
    with pytest.raises(CommandError, match="registrations"):
        call_command("forget", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert found["registrations"] == -1
    assert found["letters"] == 1
    assert WORD not in out.getvalue()


def test_people_can_read_it_in_both_languages():
    for language in ("zh-hans", "en"):
        with override(language):
            parts = told()
            text = " ".join(str(x) for part in parts for row in part.rows for x in (row.what, row.why, row.until))
        assert len(parts) >= 7
        if language == "zh-hans":
            assert not [word for word in ("so that", "to say", "As long", "Half a year") if word in text]


def test_the_reference_tells_what_the_models_declare():
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "personal-data.md").read_text(encoding="utf-8")
    assert reference() in page, "run tools/personal_data.py"
