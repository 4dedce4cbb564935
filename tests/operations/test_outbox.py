"""The outbox as another process follows it: nothing is lost, nothing is told for ever."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.realtime import news
from everhall.realtime.models import NewsItem

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def told(at: dt.datetime, *, handled: bool) -> NewsItem:
    payload = {"tags": ["edition-2021"], "kind": "media.release", "ids": []}
    return NewsItem.objects.create(told_at=at, kind="RowsChanged", payload=payload, handled=handled)


def test_news_of_a_transaction_that_took_minutes_is_followed_and_once_more_when_handled() -> None:
    now = timezone.now()
    tail = news.Tail(now)
    item = told(now - 5 * MINUTE, handled=False)
    assert list(tail.tags(now)) == [("edition-2021",)]
    assert list(tail.tags(now + MINUTE)) == []
    assert news.deliver_forgotten(now) == 1
    item.refresh_from_db()
    assert item.handled
    assert list(tail.tags(timezone.now())) == [("edition-2021",)]
    assert list(tail.tags(timezone.now())) == []


def test_old_news_that_is_handled_is_forgotten() -> None:
    now = timezone.now()
    tail = news.Tail(now)
    told(now, handled=True)
    assert len(list(tail.tags(now))) == 1
    assert list(tail.tags(now + 10 * MINUTE)) == []
    news.forget_old(now + dt.timedelta(days=2))
    assert not NewsItem.objects.exists()
