"""The desk's clock is that of the venue: what is typed there, what is shown, and an hour that is skipped or comes twice. And what cannot be
deleted says by whom it is used and what to do."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.forms.utils import ErrorDict
from django.utils.translation import override
from wagtail.users.models import UserProfile

from everhall.editions.models import Venue
from everhall.programme.forms import MoveForm, SessionForm
from everhall.programme.models import Session
from everhall.programme.viewsets import SessionViewSet
from everhall.registration.forms import AdmissionForm
from everhall.registration.models import Registration
from tests.registration.places import admission_to, come
from tests.registration.test_desk import desk_of

pytestmark = pytest.mark.django_db
#: At 03:00 on 31 October the clocks of Berlin go back to 02:00; at 02:00 on 28 March they went on to 03:00.
SKIPPED, TWICE = "2021-03-28T02:30", "2021-10-31T02:30"


@pytest.fixture
def berlin(hall):
    """The venue of the hall has another clock now."""
    Venue.objects.filter(pk=hall.venue.pk).update(timezone="Europe/Berlin")
    return type(hall).objects.get(pk=hall.pk)


def sent(admission, **more):
    names = AdmissionForm(instance=admission).initial
    return {name: "" if value is None else value for name, value in names.items()} | more


def test_registration_opens_by_the_clock_of_the_venue(berlin):
    form = AdmissionForm(sent(berlin, opens_at="2021-10-01T09:00", closes_at=""), instance=berlin)
    assert form.is_valid(), form.errors
    assert form.save().opens_at == dt.datetime(2021, 10, 1, 7, tzinfo=dt.UTC)
    again = AdmissionForm(instance=berlin)
    assert str(again.initial["opens_at"]) == "2021-10-01 09:00:00"
    assert berlin.venue.zone_name in str(again.fields["opens_at"].help_text)
    form = AdmissionForm(sent(berlin, opens_at=again["opens_at"].value().strftime("%Y-%m-%dT%H:%M")), instance=berlin)
    assert form.is_valid()
    assert form.save().opens_at == dt.datetime(2021, 10, 1, 7, tzinfo=dt.UTC), "saved again it is the same"


def test_an_hour_that_is_skipped_is_refused_and_one_that_comes_twice_loses_nobody_an_hour(berlin):
    for language, words in (("en", "The clocks are put forward"), ("zh-hans", "拨快时钟")):
        with override(language):
            form = AdmissionForm(sent(berlin, opens_at=SKIPPED, closes_at=""), instance=berlin)
            assert words in str(form.errors["opens_at"])
    form = AdmissionForm(sent(berlin, opens_at=TWICE, closes_at=TWICE), instance=berlin)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["closes_at"] - form.cleaned_data["opens_at"] == dt.timedelta(hours=1)


def test_visitors_read_that_clock_and_its_zone(berlin, client):
    berlin.opens_at, berlin.closes_at = dt.datetime(2031, 10, 1, 7, tzinfo=dt.UTC), dt.datetime(2031, 10, 2, 7, tzinfo=dt.UTC)
    berlin.save()
    Session.objects.filter(pk=berlin.session_id).update(starts_at=dt.datetime(2031, 10, 3, tzinfo=dt.UTC), ends_at=dt.datetime(2031, 10, 4, tzinfo=dt.UTC))
    cache.clear()
    session = berlin.session
    for path in ("", "register/"):
        page = client.get(f"/en/{session.edition.code}/sessions/{session.code}/{path}").content.decode()
        assert "2031-10-01 09:00</time> (Central European Time)" in page, path


def test_a_session_is_not_put_into_an_hour_that_does_not_exist_and_an_untouched_one_stays(berlin, world):
    admin = world.user("clock@example.org", is_superuser=True, is_staff=True)
    session = Session.objects.get(pk=berlin.session_id)
    move = MoveForm(admin, session, {"day": "2021-03-28", "begins": "02:30", "minutes": 60, "stage": "", "version": session.revision_number})
    assert "begins" in move.errors
    # The second 02:30 of that night, which the form shows as the first would be.
    Session.objects.filter(pk=session.pk).update(
        starts_at=dt.datetime(2021, 10, 31, 1, 30, tzinfo=dt.UTC), ends_at=dt.datetime(2021, 10, 31, 3, tzinfo=dt.UTC)
    )
    session.refresh_from_db()
    form = form_of(session, admin)
    assert str(form.initial["starts_at"]) == "2021-10-31 02:30:00"
    shown = {name: form.initial[name] for name in ("starts_at", "ends_at")}
    form.cleaned_data = {}
    assert form.moment("starts_at", shown["starts_at"], session.activity.venue) == session.starts_at
    assert form.moment("starts_at", dt.datetime.fromisoformat(SKIPPED), session.activity.venue) is None
    assert form.errors["starts_at"]


def form_of(session, user):
    made = SessionViewSet.edit_handler.bind_to_model(Session).get_form_class()
    assert issubclass(made, SessionForm)
    form = made(instance=session, for_user=user)
    form._errors = ErrorDict()
    return form


@pytest.mark.parametrize(("language", "words"), [("en", "cancelled"), ("zh-hans", "取消")])
def test_what_people_are_registered_for_stays_and_the_desk_says_why_and_what_to_do(hall, world, settings, language, words):
    # One of its own, for the hall's has a recording, and Wagtail says so itself.
    held = hall.session
    other = Session.objects.create(activity=held.activity, code="no-recording", starts_at=held.starts_at, ends_at=held.ends_at, mode="both")
    come(admission_to(other, onsite=5), "a")
    desk = desk_of(world, settings, "beijing")
    UserProfile.objects.update_or_create(user_id=desk.session["_auth_user_id"], defaults={"preferred_language": language})
    for kind, thing in (("activity", other.activity), ("session", other)):
        page = desk.post(f"/admin/snippets/programme/{kind}/delete/{thing.pk}/", follow=True).content.decode()
        assert type(thing).objects.filter(pk=thing.pk).exists()
        with override(language):
            assert f"{Registration._meta.verbose_name_plural} (1)" in page, kind
            assert str(thing.instead_of_deleting) in page, kind
        assert words in page
