"""A new version is told to whoever answers for what has changed, once, and to those who follow the edition."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.accounts.models import Membership
from everhall.editions import services as editions
from everhall.notices.models import Notice
from everhall.notices.services import note_version
from everhall.post.models import Letter
from everhall.programme import services
from everhall.programme.events import ProgrammePublished
from everhall.programme.models import Session
from everhall.programme.telling_hosts import tell_hosts
from tests.world import SECRET, SECRET_EN

pytestmark = pytest.mark.django_db


def letters():
    return {row.to: row for row in Letter.objects.filter(key__startswith="programme-version-")}


@pytest.fixture
def people(programme):
    """A member of the Berlin host, who leads Berlin, who leads Beijing, who leads everything."""
    edition = programme.editions["2021"]
    host = programme.activities["long-night"].hosts.get().organisation
    found = {name: programme.user(f"{name}@example.org") for name in ("host", "berlin", "beijing", "nation")}
    Membership.objects.create(organisation=host, user=found["host"], role="member")
    editions.appoint(found["berlin"], "venue_organiser", edition, programme.venues["berlin"])
    editions.appoint(found["beijing"], "venue_organiser", edition, programme.venues["beijing"])
    editions.appoint(found["nation"], "national_organiser", edition, None)
    return found


def published(programme, base, by=None):
    made = services.publish_version(programme.editions["2021"], base, by, timezone.now())
    event = ProgrammePublished(tags=(), edition_id=made.edition_id, number=made.number)
    tell_hosts(event)
    note_version(event)
    return event


def moved(programme, code="night-2"):
    session = Session.objects.get(code=code, edition__code="2021")
    session.starts_at -= dt.timedelta(hours=1)
    session.save()


def test_whoever_answers_for_a_moved_session_gets_one_letter_in_both_languages(programme, people):
    published(programme, 0)
    assert letters() == {}
    moved(programme)
    event = published(programme, 1)
    assert set(letters()) == {"host@example.org", "berlin@example.org"}
    body = letters()["host@example.org"].body
    for words in ("2021-10-31 01:30–02:45", "before: 2021-10-31 02:30–02:45", "Berlin venue", "/2021/programme/changes/#v2", "/en/2021/programme/changes/#v2"):
        assert words in body, words
    tell_hosts(event)
    assert len(letters()) == 2


def test_each_reads_of_their_own_sessions_only(programme, people):
    published(programme, 0)
    moved(programme)
    moved(programme, "open-forum-1")
    published(programme, 1)
    assert "长夜" in letters()["berlin@example.org"].body
    assert "低空" not in letters()["berlin@example.org"].body
    assert "长夜" not in letters()["beijing@example.org"].body


def test_who_published_it_is_not_written_to(programme, people):
    published(programme, 0)
    moved(programme)
    published(programme, 1, by=people["berlin"])
    assert set(letters()) == {"host@example.org"}


def test_followers_of_the_edition_hear_of_it_once_and_of_nothing_hidden(programme):
    published(programme, 0)
    assert not Notice.objects.filter(link__contains="changes").exists()
    moved(programme)
    event = published(programme, 1)
    note_version(event)
    notice = Notice.objects.get(link__contains="changes")
    assert notice.link.endswith("#v2")
    assert "1" in notice.text_en
    moved(programme, "embargoed-forum-1")
    published(programme, 2)
    assert Notice.objects.filter(link__contains="changes").count() == 1, "only something hidden has changed"
    assert SECRET not in notice.text_zh
    assert SECRET_EN not in notice.text_en
