"""The outbox as another process follows it: nothing is lost, nothing is told for ever."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.utils import timezone

from everhall.realtime import news
from everhall.realtime.events import RowsChanged
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


@pytest.mark.django_db(transaction=True)
def test_a_change_that_has_happened_does_not_fail_because_its_news_cannot_be_marked() -> None:
    """Whoever made it would hear of a failure, and do again what is done."""
    table = NewsItem._meta.db_table

    def away() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_away"')

    def back() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}_away" RENAME TO "{table}"')

    with transaction.atomic():
        # Runs before the news is delivered.
        transaction.on_commit(away)
        news.tell(RowsChanged(tags=("edition-2021",), kind="media.release", ids=()))
    back()
    assert not NewsItem.objects.get().handled
    assert news.deliver_forgotten(timezone.now() + MINUTE) == 1
    assert NewsItem.objects.get().handled
