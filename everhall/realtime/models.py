"""The outbox: news is a row in the transaction of the change it tells of.

So a change that commits is always told, in this process at once and in every other one within a tick,
and one that is rolled back never is.
"""

import secrets
from typing import Any

from django.db import models

from everhall.realtime import news


def chance() -> int:
    """Small enough that the sum of a day's marks is a number of 64 bits."""
    return secrets.randbits(40)


class NewsItem(models.Model):
    """One event on its way to its handlers. Kept for a day, then cleared."""

    told_at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    handled = models.BooleanField(default=False, db_index=True)
    #: What makes this event differ from one that was rolled back and had the same number.
    mark = models.BigIntegerField(default=chance, editable=False)

    class Meta:
        indexes = [models.Index(fields=["kind", "mark"], name="news_kind_mark")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Told(models.Model):
    """A row whose every save and delete is told as `RowsChanged`.

    Bulk writes go past `save`; whoever makes them tells one event for the whole batch.
    """

    class Meta:
        abstract = True

    def news_tags(self) -> set[str]:
        """Tags of the pages on which this row may be seen."""
        return {"*"}

    def tell_changed(self, extra: set[str] | None = None) -> None:
        tags = tuple(sorted(self.news_tags() | (extra or set())))
        news.tell_rows(self._meta.label_lower, (self.pk,), tags)

    def save(self, *args: Any, **kwargs: Any) -> None:
        with news.together():
            super().save(*args, **kwargs)
            self.tell_changed()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with news.together():
            tags, pk = tuple(sorted(self.news_tags())), self.pk
            result = super().delete(*args, **kwargs)
            self.tell_gone(pk, tags)
        return result

    def tell_gone(self, pk: Any, tags: tuple[str, ...]) -> None:
        """What is told when the row, whose key was `pk`, was taken away."""
        news.tell_rows(self._meta.label_lower, (pk,), tags)
