"""Feedback: once for each, from the beginning until a week after, told in fives, forgotten on time; the code for the last slide."""

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from everhall.accounts.models import Membership
from everhall.engines.qr import code_of, rows_of
from everhall.feedback import codes, gate, queries, rules, services
from everhall.feedback.models import Feedback
from everhall.programme.models import Activity, ActivityHost, Session
from tests.desk.places import Week, make_week
from tests.kept import once

HERE = {"sec-fetch-site": "same-origin"}
SAID = {"rating": "4", "useful": "yes", "again": "partly", "words": "讲得好"}


@pytest.fixture
def week(db: None, settings: LazySettings) -> Week:
    settings.STAFF_2FA = False
    settings.WEEK_CLOCK_OFFSET = dt.timedelta()
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return once(make_week)


@pytest.fixture
def session(week: Week) -> Session:
    """On for ten minutes already, public."""
    activity = week.rows["activity", "beijing"]
    Activity.objects.filter(pk=activity.pk).update(live=True)
    found = Session.objects.filter(activity=activity).select_related("edition", "activity__venue").first()
    assert found is not None
    return at(found, -10)


def at(session: Session, minutes: int, last: int = 60) -> Session:
    """Begins so many minutes from now."""
    starts = timezone.now() + dt.timedelta(minutes=minutes)
    Session.objects.filter(pk=session.pk).update(starts_at=starts, ends_at=starts + dt.timedelta(minutes=last))
    session.refresh_from_db()
    return session


def address(session: Session) -> str:
    return f"/2021/sessions/{session.code}/feedback/"


def give(session: Session, client: Any = None, **said: str) -> Any:
    return (client or Client()).post(address(session), {**SAID, **said}, headers=HERE)


pytestmark = pytest.mark.database


def test_somebody_without_an_account_tells_once(session: Session):
    phone = Client()
    assert 'type="radio"' in phone.get(address(session)).content.decode()
    assert not phone.cookies, "nobody is marked by looking"
    assert give(session, phone).status_code == 302
    assert give(session, phone, rating="1").status_code == 409
    row = Feedback.objects.get(session=session)
    assert (row.rating, row.useful, row.again, row.words) == (4, "yes", "partly", "讲得好")
    assert 'type="radio"' not in phone.get(address(session)).content.decode()
    assert "no-store" in phone.get(address(session))["Cache-Control"]


def test_an_account_tells_once_from_all_its_browsers_and_by_logging_in_is_nobody_else(week: Week, session: Session):
    first, second = week.client("nobody"), week.client("nobody")
    assert give(session, first).status_code == 302
    assert give(session, second).status_code == 409
    phone = Client()
    assert give(session, phone).status_code == 302
    phone.force_login(week.users["bj-editor"], "everhall.editions.backends.AppointmentBackend")
    assert give(session, phone).status_code == 409
    assert Feedback.objects.count() == 2


def test_one_browser_tells_of_two_sessions_and_nobody_sees_that_it_is_one(week: Week, session: Session):
    other = Session.objects.exclude(activity=session.activity).select_related("edition").first()
    assert other is not None
    Activity.objects.filter(pk=other.activity_id).update(live=True)
    at(other, -10)
    phone = Client()
    assert give(session, phone).status_code == 302
    assert give(other, phone).status_code == 302
    assert len(set(Feedback.objects.values_list("giver", flat=True))) == 2


def test_two_presses_at_once_make_one_row(session: Session):
    giver = services.giver_of(session, None, "token")
    services.give(session, None, "token", {"rating": 5}, timezone.now())
    assert Feedback.objects.get().giver == giver
    with pytest.raises(services.Refused, match="twice"):
        services.give(session, None, "token", {"rating": 5}, timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(session=session, giver=giver, rating=1, words_until=timezone.now().date(), closes_at=timezone.now())
    assert Feedback.objects.count() == 1


def test_it_is_open_from_the_beginning_until_a_week_after_the_end(session: Session):
    for minutes, status in ((5, 409), (-1, 302), (-60 - 7 * 1440 + 1, 302), (-60 - 7 * 1440 - 1, 409)):
        at(session, minutes)
        assert give(session).status_code == status, minutes
    at(session, -10)
    Session.objects.filter(pk=session.pk).update(status="cancelled")
    assert give(session).status_code == 409


def test_a_draft_does_not_exist(session: Session):
    Activity.objects.filter(pk=session.activity_id).update(live=False)
    assert Client().get(address(session)).status_code == 404
    assert give(session).status_code == 404


@pytest.mark.parametrize("said", [{"rating": "6"}, {"rating": ""}, {"rating": "x"}, {"useful": "perhaps"}, {"words": "x" * 1001}])
def test_what_cannot_be_kept_is_told_and_what_was_typed_stands(session: Session, said: dict[str, str]):
    answer = give(session, **said)
    assert answer.status_code == 400
    assert ("讲得好" if "words" not in said else "xxx") in answer.content.decode()
    assert not Feedback.objects.exists()


def test_a_form_of_another_site_counts_nothing(session: Session):
    assert Client().post(address(session), SAID, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert Client().post(address(session), SAID).status_code == 403
    assert not Feedback.objects.exists()


def test_a_flood_from_one_address_is_told_to_wait(session: Session):
    for _n in range(int(gate.ANSWERS.burst)):
        gate.spend("127.0.0.1", 0.0)
    with pytest.raises(services.Refused):
        gate.spend("127.0.0.1", 0.0)


# ---------------------------------------------------------------- figures
def test_the_host_reads_nothing_of_four_and_five_of_nine(week: Week, session: Session):
    organisation = week.rows["organisation", "beijing"]
    activity = session.activity
    ActivityHost.objects.create(activity=activity, organisation=organisation)
    Membership.objects.create(organisation=organisation, user=week.users["nobody"], role="owner")
    office = f"/office/{organisation.code}/activities/{activity.pk}/"
    for number in range(4):
        give(session, rating="5", words=f"第{number}句")
    assert queries.told_of([session.pk])[session.pk] == queries.Told(None)
    assert "第0句" not in week.client("nobody").get(office).content.decode()
    for number in range(4, 9):
        give(session, rating="1", words=f"第{number}句")
    told = queries.told_of([session.pk])[session.pk]
    assert told.figures is not None
    assert (told.figures.count, told.figures.mean) == (5, 4.2)
    assert told.words == tuple(f"第{number}句" for number in range(5))
    shown = week.client("nobody").get(office).content.decode()
    assert "第0句" in shown
    assert "第5句" not in shown
    desk = week.client("bj-organiser").get("/admin/feedback/2021/").content.decode()
    assert "4.2" in desk
    assert "第0句" in desk
    assert "第0句" not in week.client("zz-organiser").get("/admin/feedback/2021/").content.decode()
    assert week.client("nobody").get("/admin/feedback/2021/").status_code in {302, 403, 404}


@given(st.lists(st.builds(rules.Answer, st.sampled_from(rules.RATINGS), st.sampled_from(rules.ANSWERS), st.sampled_from(rules.ANSWERS)), max_size=40), st.builds(rules.Answer, st.sampled_from(rules.RATINGS)))
def test_two_readings_of_the_figures_never_differ_by_one_person(answers: list[rules.Answer], more: rules.Answer):
    before, after = rules.figures_of(answers), rules.figures_of([*answers, more])
    counts = [figures.count if figures else 0 for figures in (before, after)]
    assert counts[1] - counts[0] in (0, 5)
    if counts[0] == counts[1]:
        assert before == after
    if after:
        assert sum(count for _rating, count in after.ratings) == after.count >= 5


# ---------------------------------------------------------------- what is forgotten
def test_who_answered_is_forgotten_after_a_week_and_words_after_half_a_year(session: Session):
    give(session)
    row = Feedback.objects.get()
    end = session.ends_at
    services.forget_due(end + dt.timedelta(days=7, minutes=-1))
    assert Feedback.objects.get().giver
    services.forget_due(end + dt.timedelta(days=7, minutes=1))
    assert Feedback.objects.get().giver is None
    services.forget_due(end + dt.timedelta(days=186))
    assert Feedback.objects.get().words
    services.forget_due(end + dt.timedelta(days=188))
    assert (Feedback.objects.get().words, Feedback.objects.get().rating) == ("", row.rating)


def test_of_a_session_that_was_moved_it_is_known_a_week_longer_who_has_answered(session: Session):
    phone = Client()
    give(session, phone)
    later = session.ends_at + dt.timedelta(days=7, minutes=1)
    Session.objects.filter(pk=session.pk).update(ends_at=session.ends_at + dt.timedelta(days=1))
    services.forget_due(later)
    assert Feedback.objects.get().giver
    services.forget_due(later + dt.timedelta(days=1))
    assert Feedback.objects.get().giver is None


# ---------------------------------------------------------------- codes and the session's page
def test_the_png_and_the_svg_are_the_same_code(session: Session):
    text = codes.address_of(session)
    rows = rows_of(text)
    image = Image.open(io.BytesIO(codes.png_of(text)))
    times = image.width // len(rows)
    assert image.width >= codes.SIDE
    assert [[image.getpixel((x * times + times // 2, y * times + times // 2)) == 0 for x in range(len(rows))] for y in range(len(rows))] == rows
    assert codes.svg_of(text).count("h") > code_of(text).size


def test_the_code_is_for_staff_of_the_venue_and_for_the_host(week: Week, session: Session):
    file = week.client("bj-organiser").get(f"/admin/feedback/code/{session.pk}.png")
    assert (file.status_code, file["Content-Type"]) == (200, "image/png")
    assert week.client("zz-organiser").get(f"/admin/feedback/code/{session.pk}.png").status_code == 404
    assert week.client("bj-organiser").get(f"/admin/feedback/code/{session.pk}.exe").status_code == 404
    organisation = week.rows["organisation", "beijing"]
    ActivityHost.objects.create(activity=session.activity, organisation=organisation)
    Membership.objects.create(organisation=organisation, user=week.users["nobody"], role="member")
    own = f"/office/{organisation.code}/activities/{session.activity_id}/feedback/{session.code}.svg"
    assert week.client("nobody").get(own)["Content-Type"] == "image/svg+xml"
    Membership.objects.all().delete()
    assert week.client("nobody").get(own).status_code == 404


def test_a_sessions_page_leads_to_the_form_while_it_is_open_and_changes_by_the_clock(session: Session):
    page = f"/2021/sessions/{session.code}/"
    at(session, 10)
    before = Client().get(page)
    assert "/feedback/" not in before.content.decode()
    assert float(before["Everhall-Until"]) <= session.starts_at.timestamp() + 1
    at(session, -10)
    on = Client().get(page)
    assert "/feedback/" in on.content.decode()
    assert float(on["Everhall-Until"]) <= session.ends_at.timestamp() + 1
    at(session, -100)
    over = Client().get(page)
    assert "/feedback/" in over.content.decode()
    assert float(over["Everhall-Until"]) <= (session.ends_at + rules.OPEN_FOR).timestamp() + 1


def test_the_page_says_in_which_life_it_is_and_leads_to_the_hall_until_it_is_over(week: Week, session: Session):
    from everhall.programme.rules import life_of

    page = f"/2021/sessions/{session.code}/"
    # A channel of this week has it in its running order, and a recording of it is public.
    words = {10: "预告", -10: "(?:正在进行|直播中)", -100: "(?:已结束|可回看)"}
    for minutes, life in words.items():
        at(session, minutes)
        shown = Client().get(page).content.decode()
        assert re.search(rf'data-fresh="life">{life}<', shown), minutes
        assert ("/plan/beijing/hall/" in shown) == (minutes > -60)
        assert ('class="plan-door"' in shown) == (minutes > -60)
    Session.objects.filter(pk=session.pk).update(mode="online")
    at(session, 10)
    assert "/plan/beijing/hall/" not in Client().get(page).content.decode()
    now = timezone.now()
    hour = dt.timedelta(hours=1)
    assert life_of(now + hour, now + 2 * hour, now, {"registering", ""}, cancelled=False) == "registering"
    assert life_of(now - hour, now + hour, now, {"live"}, cancelled=False) == "live"
    assert life_of(now - 2 * hour, now - hour, now, {"recorded"}, cancelled=False) == "recorded"
    assert life_of(now - hour, now + hour, now, {"live"}, cancelled=True) == "cancelled"
