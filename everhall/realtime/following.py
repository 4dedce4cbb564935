"""Which changes of one kind a process has not reflected yet in something that it keeps in memory.

In: the outbox. Out: at each look, the events that are there and were not at the look before. Unlike handlers and `Tail`, which
hear of a change after its commit, a look sees what is committed at that moment: what is kept is never older than the rows
that the same request reads afterwards. One small question where nothing is new: the number of events and the sum of their
marks, which are chance, so that an event that was rolled back and another that took its number are not the same.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Count, Sum

from everhall.realtime.events import Event
from everhall.realtime.models import NewsItem

#: News is cleared a day after it was told (`news.forget_old`); what is gone sooner was another database's.
CLEARED: Final = dt.timedelta(hours=23)


class Following:
    """Events of exactly one type. Not safe for threads: whoever keeps something has a lock."""

    def __init__(self, event_type: type[Event]) -> None:
        self._kind = event_type.__name__
        #: pk -> (mark, when it was told)
        self._seen: dict[int, tuple[int, dt.datetime]] = {}
        self._total = 0

    def news(self, now: dt.datetime) -> list[Mapping[str, Any]] | None:
        """Payloads of what is there since the last look; the first look tells all of the last day. None where the outbox is not
        the one that was looked at (a backup was restored): whatever is kept has to go."""
        items = NewsItem.objects.filter(kind=self._kind)
        number, total = items.aggregate(n=Count("pk"), total=Sum("mark")).values()
        if (number, total or 0) == (len(self._seen), self._total):
            return []
        seen, there = self._seen, {pk: (mark, at) for pk, mark, at in items.values_list("pk", "mark", "told_at")}
        self._seen, self._total = there, sum(mark for mark, _ in there.values())
        if any(at > now - CLEARED for pk, (_, at) in seen.items() if pk not in there):
            return None
        new = [pk for pk, (mark, _) in there.items() if pk not in seen or seen[pk][0] != mark]
        return list(NewsItem.objects.filter(pk__in=new).values_list("payload", flat=True)) if new else []
