"""What a session's page says of its picture, where it is not shown at this moment."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.live.beside import watching
from everhall.live.models import Channel, Recording, RunningOrderItem
from tests.audience.rooms import let_the_week_run

pytestmark = pytest.mark.django_db

WILL, IS_ON = "This session will be shown on", "This session is on in its hall at this moment; it will be shown later on"


@pytest.fixture
def session(world, settings):
    """One that is on while the week runs, and whose picture a channel has in an hour."""
    let_the_week_run(settings)
    found = world.sessions["open-forum"]
    # What is recorded stands in the place of such words.
    Recording.objects.filter(session=found).update(session=None)
    channel = Channel.objects.create(edition=world.editions["2021"], venue=found.activity.venue, code="coming", name_zh="频道", name_en="Later")
    RunningOrderItem.objects.create(
        channel=channel, kind="slate", session=found, starts_at=timezone.now() + dt.timedelta(hours=1), duration=600
    )
    return found


def moved(session, hours: float):
    session.starts_at += dt.timedelta(hours=hours)
    session.ends_at += dt.timedelta(hours=hours)
    session.save()
    return session


def said(client, session) -> str:
    return client.get(f"/en/2021/sessions/{session.code}/").content.decode()


def test_while_it_is_on_it_is_not_only_yet_to_come(session, client):
    video, _ = watching(session, timezone.now())
    assert [channel.code for channel in video.later] == ["coming"]
    assert IS_ON in said(client, session)


@pytest.mark.parametrize("hours", [-5, 5])
def test_before_and_after_it_will_be_shown(session, client, hours):
    page = said(client, moved(session, hours))
    assert WILL in page
    assert IS_ON not in page


def test_one_that_is_cancelled_is_not_on(session, client):
    session.status = "cancelled"
    session.save()
    assert IS_ON not in said(client, session)
