"""How a change becomes known: `tell(event)` inside the transaction, handlers after commit.

In: frozen events (`everhall.*.events`). Out: every handler that `config/wiring.py` registered has run
once, in the process of the change right after its commit or, should that process die first, in whoever
calls `deliver_forgotten`. Other processes follow the same rows with `Tail`.
Must stay true: an event is stored in the transaction of the change, so neither exists without the other.
"""

import contextlib
import dataclasses
import datetime as dt
import logging
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from everhall.realtime.events import Event, RowsChanged

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
Handler = Callable[[Any], None]

_handlers: dict[str, list[Handler]] = {}
_kinds: dict[str, type[Event]] = {}
_listeners: list[Callable[[tuple[str, ...]], None]] = []


def on(event_type: type[E], handler: Callable[[E], None]) -> None:
    """Run `handler` after commit for each event of exactly this type. Only config/wiring.py calls this."""
    kind = event_type.__name__
    _kinds[kind] = event_type
    if handler not in _handlers.setdefault(kind, []):
        _handlers[kind].append(handler)


def listen(purge: Callable[[tuple[str, ...]], None]) -> Callable[[], None]:
    """Hand every event's tags to `purge` right after commit; returns how to stop listening."""
    _listeners.append(purge)
    return lambda: _listeners.remove(purge)


def tell(event: Event) -> None:
    """Store the event with the change and deliver it when the transaction commits."""
    model = apps.get_model("realtime", "NewsItem")
    with transaction.atomic():
        item = model.objects.create(
            told_at=timezone.now(), kind=type(event).__name__, payload=dataclasses.asdict(event)
        )
    transaction.on_commit(lambda: _deliver(item.pk, event))


def tell_rows(kind: str, ids: tuple[int, ...], tags: tuple[str, ...]) -> None:
    """Short for the commonest event."""
    tell(RowsChanged(tags=tags, kind=kind, ids=ids))


def together() -> contextlib.AbstractContextManager[None]:
    """One transaction for a change and its news."""
    atomic: contextlib.AbstractContextManager[None] = transaction.atomic()
    return atomic


def _deliver(pk: int, event: Event) -> None:
    """Handlers first, then the page caches: a page rendered after the purge sees what handlers did."""
    done = True
    for handler in _handlers.get(type(event).__name__, []):
        try:
            handler(event)
        except Exception:
            # A handler that fails must not fail the change, which has happened; it is tried again later.
            log.exception("news handler failed", extra={"kind": type(event).__name__, "item": pk})
            done = False
    for purge in tuple(_listeners):
        purge(event.tags)
    if done:
        # Told anew: whoever follows looks at what was told lately, and a long transaction with long handlers
        # may have begun before that.
        try:
            apps.get_model("realtime", "NewsItem").objects.filter(pk=pk).update(
                handled=True, told_at=timezone.now()
            )
        except DatabaseError:
            # Nor must this: who was told of a failure would do again what is done. It is delivered once more.
            log.warning("news could not be marked as delivered", extra={"item": pk})


def revive(kind: str, payload: dict[str, Any]) -> Event | None:
    """The event a stored row stands for; None when no handler knows its kind."""
    event_type = _kinds.get(kind)
    if event_type is None:
        return None
    return event_type(**{k: tuple(v) if isinstance(v, list) else v for k, v in payload.items()})


def deliver_forgotten(now: dt.datetime, older_than: dt.timedelta = dt.timedelta(seconds=5)) -> int:
    """Deliver what a process that died left behind; returns how many. Safe to call from many processes:
    handlers bring things to the state of the database, so twice is once."""
    model = apps.get_model("realtime", "NewsItem")
    items = list(model.objects.filter(handled=False, told_at__lt=now - older_than).order_by("pk")[:200])
    for item in items:
        event = revive(item.kind, item.payload)
        if event is None:
            model.objects.filter(pk=item.pk).update(handled=True)
        else:
            _deliver(item.pk, event)
    return len(items)


def forget_old(now: dt.datetime, keep: dt.timedelta = dt.timedelta(days=1)) -> None:
    """Clear delivered news; the change itself is in the tables and the audit log."""
    apps.get_model("realtime", "NewsItem").objects.filter(handled=True, told_at__lt=now - keep).delete()


class Tail:
    """Follows the outbox from another process.

    Numbers can commit out of order on PostgreSQL, so the last half minute is looked through again and what
    was seen is remembered; so is all that still waits for its handlers, however long its transaction took.
    An item is told when it appears and once more when its handlers are through: a page rendered in between
    may show what they had not yet brought up to date.
    """

    WINDOW = dt.timedelta(seconds=30)

    def __init__(self, now: dt.datetime) -> None:
        #: pk -> (when told, whether handled) as last seen
        self._seen: dict[int, tuple[dt.datetime, bool]] = dict(self._rows(now))

    def _rows(self, now: dt.datetime) -> list[tuple[int, tuple[dt.datetime, bool]]]:
        model = apps.get_model("realtime", "NewsItem")
        rows = model.objects.filter(Q(told_at__gt=now - self.WINDOW) | Q(handled=False))
        return [(pk, (at, done)) for pk, at, done in rows.values_list("pk", "told_at", "handled")]

    def tags(self, now: dt.datetime) -> Iterator[tuple[str, ...]]:
        """Tags of each event that is new or newly handled. A database that is away for a moment yields
        nothing."""
        try:
            new = {pk: state for pk, state in self._rows(now) if self._seen.get(pk) != state}
            if not new:
                self._drop_old(now)
                return
            model = apps.get_model("realtime", "NewsItem")
            rows = list(model.objects.filter(pk__in=new).values_list("pk", "payload"))
        except DatabaseError:
            log.warning("outbox not readable; trying again")
            return
        for pk, payload in rows:
            self._seen[pk] = new[pk]
            yield tuple(payload.get("tags", ["*"]))
        self._drop_old(now)

    def _drop_old(self, now: dt.datetime) -> None:
        old = now - 2 * self.WINDOW
        for pk in [pk for pk, (at, handled) in self._seen.items() if handled and at < old]:
            del self._seen[pk]
