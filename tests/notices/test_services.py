"""Notices: who may, what is told, what leaks not; begin and end by the clock; changes of a session."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from everhall.editions import services as editions
from everhall.editions.public import real_time
from everhall.notices import queries, services
from everhall.notices.models import Notice
from everhall.programme.models import Session

pytestmark = pytest.mark.django_db(transaction=False)


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def notice(week, *, venue=None, session=None, **more) -> Notice:
    values = {"weight": "important", "title_zh": "二号门关闭", "title_en": "Gate 2 is closed", **more}
    return Notice(
        edition=more.pop("edition", week.editions["2021"]), venue=week.venues.get(venue), session=week.sessions.get(session),
        **{name: value for name, value in values.items() if name != "edition"},
    )


def published(week, **more) -> Notice:
    return services.publish(notice(week, **more), None, timezone.now())


def told(heard, kind="notice"):
    return [body for topic, body, urgent in heard.told if body["kind"] == kind and topic == "edition.2021" and urgent]


def undone(deed) -> None:
    """Do it in a transaction that is rolled back."""
    with transaction.atomic():
        deed()
        transaction.set_rollback(True)


# ---------------------------------------------------------------- who may
@pytest.mark.parametrize(
    ("role", "venue", "may"),
    [
        ("national_organiser", None, {"edition", "beijing", "park-haidian", "zhengzhou", "open-forum", "zz-forum"}),
        ("venue_organiser", "beijing", {"beijing", "park-haidian", "open-forum"}),
        ("venue_organiser", "park-haidian", {"park-haidian"}),
        ("director", "beijing", {"open-forum"}),
        ("venue_editor", "beijing", set()),
        ("exhibitor", None, set()),
        ("reviewer", None, set()),
    ],
)
def test_who_may_tell_where(week, role, venue, may) -> None:
    user = week.user("who@example.org")
    editions.appoint(user, role, week.editions["2021"], week.venues.get(venue))
    user = fresh(user)
    edition = week.editions["2021"]
    found = {"edition"} if queries.may_tell(user, edition, None, None) else set()
    found |= {code for code in ("beijing", "park-haidian", "zhengzhou") if queries.may_tell(user, edition, week.venues[code], None)}
    found |= {code for code in ("open-forum", "zz-forum") if queries.may_tell(user, edition, None, week.sessions[code])}
    assert found == may
    assert not queries.may_tell(user, week.editions["2020"], None, None)
    assert {v.code for v in queries.venues_within(user, edition)} == found & {"beijing", "park-haidian", "zhengzhou"}


# ---------------------------------------------------------------- telling
def test_a_published_notice_is_told_at_once_in_both_languages(week, heard, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        published(week, venue="beijing")
    (message,) = told(heard)
    assert (message["title_zh"], message["title_en"], message["venue"]) == ("二号门关闭", "Gate 2 is closed", week.venues["beijing"].path)
    assert message["link_en"].startswith("/en/2021/notices/#notice-")


def test_a_correction_has_a_higher_version_and_a_withdrawal_takes_it_away(week, heard, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        one = published(week)
    with django_capture_on_commit_callbacks(execute=True):
        services.correct(one, None, timezone.now())
    assert [message["version"] for message in told(heard)] == [1, 2]
    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw(one, None, timezone.now())
    assert told(heard, "notice-gone") == [{"kind": "notice-gone", "id": one.pk}]
    assert not queries.public_notices(week.editions["2021"], timezone.now()).exists()


def test_acts_are_in_the_log(week) -> None:
    user = week.user("who@example.org")
    one = services.save_draft(notice(week), user)
    services.publish(one, user, timezone.now())
    services.correct(one, user, timezone.now())
    services.withdraw(one, user, timezone.now())
    entries = ModelLogEntry.objects.filter(object_id=str(one.pk), user=user).order_by("pk").values_list("action", flat=True)
    assert list(entries) == ["wagtail.create", "wagtail.publish", "wagtail.edit", "wagtail.unpublish"]


@pytest.mark.parametrize("case", ["draft", "later", "planning", "draft session", "embargoed session", "over", "rolled back"])
def test_what_visitors_may_not_see_is_told_to_nobody(week, heard, case, django_capture_on_commit_callbacks) -> None:
    now = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        if case == "draft":
            services.save_draft(notice(week), None)
        elif case == "later":
            published(week, published_at=now + dt.timedelta(hours=1))
        elif case == "planning":
            published(week, edition=week.editions["2030"])
        elif case == "over":
            services.publish(notice(week, until=now - dt.timedelta(seconds=1)), None, now)
        elif case == "rolled back":
            undone(lambda: published(week))
        else:
            published(week, session="draft-forum" if case == "draft session" else "embargoed-forum")
    assert heard.told == []
    if case != "over":
        assert not queries.public_notices(week.editions["2021"], now).exists()
        assert queries.at_the_top(week.editions["2021"], "", "", now) == []


def test_the_clock_begins_and_ends_notices(week, heard, django_capture_on_commit_callbacks) -> None:
    now = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        one = services.publish(
            notice(week, published_at=now + dt.timedelta(hours=1), until=now + dt.timedelta(hours=2)), None, now
        )
        assert services.settle_due(now) == 0
    assert not told(heard)
    later = now + dt.timedelta(hours=1, seconds=1)
    Notice.objects.filter(pk=one.pk).update(published_at=now - dt.timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.settle_due(now) == 1
        assert services.settle_due(now) == 0
    assert len(told(heard)) == 1
    Notice.objects.filter(pk=one.pk).update(until=now - dt.timedelta(seconds=30))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.settle_due(later) == 1
        assert services.settle_due(later) == 0
    assert len(told(heard, "notice-gone")) == 1


# ---------------------------------------------------------------- changes of a session
def move(session, hours=0, **more):
    row = Session.objects.get(pk=session.pk)
    row.starts_at += dt.timedelta(hours=hours)
    row.ends_at += dt.timedelta(hours=hours)
    for name, value in more.items():
        setattr(row, name, value)
    row.save()
    return row


def test_a_moved_session_is_told_and_kept_as_one_notice(week, heard, django_capture_on_commit_callbacks) -> None:
    session = week.sessions["open-forum"]
    with django_capture_on_commit_callbacks(execute=True):
        move(session, 5)
    (change,) = told(heard, "session")
    assert (change["session"], change["days"]) == (session.code, ["2021-10-20"])
    one = Notice.objects.get(session=session)
    assert (one.title_en, one.automatic) == ("New time: Low-altitude forum", True)
    assert "14:00—15:00（原为10月20日 09:00—10:00）" in one.text_zh
    assert one.until == real_time(move(session).ends_at)
    with django_capture_on_commit_callbacks(execute=True):
        move(session, 1, stage=None)
    merged = Notice.objects.get(session=session)
    assert (merged.pk, merged.version, merged.title_en) == (one.pk, 2, "Changed: Low-altitude forum")
    assert "was 20 October 09:00–10:00" in merged.text_en
    with django_capture_on_commit_callbacks(execute=True):
        move(session, -6, stage=week.stages["beijing"])
    assert Notice.objects.get(session=session).withdrawn_at is not None


def test_a_cancelled_session_says_so_on_its_page(week, client, django_capture_on_commit_callbacks) -> None:
    session = week.sessions["open-forum"]
    with django_capture_on_commit_callbacks(execute=True):
        move(session, status="cancelled")
    page = client.get(f"/en/2021/sessions/{session.code}/").content.decode()
    assert "Cancelled: Low-altitude forum" in page
    assert "Cancelled: Low-altitude forum" not in client.get("/en/2021/venues/zhengzhou/").content.decode()


def test_a_second_change_after_a_while_is_a_second_notice(week, django_capture_on_commit_callbacks) -> None:
    session = week.sessions["open-forum"]
    with django_capture_on_commit_callbacks(execute=True):
        move(session, 5)
    Notice.objects.update(published_at=timezone.now() - dt.timedelta(minutes=20))
    with django_capture_on_commit_callbacks(execute=True):
        move(session, 1)
    assert Notice.objects.count() == 2


@pytest.mark.parametrize("code", ["draft-forum", "embargoed-forum", "other-forum", "planned-forum"])
def test_changes_that_nobody_may_know_of_are_told_to_nobody(week, heard, code, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        move(week.sessions[code], 2)
    assert heard.told == []
    assert not Notice.objects.exists()


def test_a_change_that_is_rolled_back_and_one_that_changes_nothing(week, heard, django_capture_on_commit_callbacks) -> None:
    session = week.sessions["open-forum"]
    with django_capture_on_commit_callbacks(execute=True):
        undone(lambda: move(session, 2))
        move(session, 0, name_en="Another name")
    assert heard.told == []
    assert not Notice.objects.exists()


def test_a_session_that_is_over_is_put_right_in_silence(week, heard, settings, django_capture_on_commit_callbacks) -> None:
    settings.WEEK_CLOCK_OFFSET += dt.timedelta(days=2)
    with django_capture_on_commit_callbacks(execute=True):
        move(week.sessions["open-forum"], 1)
    assert heard.told == []
    assert not Notice.objects.exists()
