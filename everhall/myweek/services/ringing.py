"""Bells: "leave now", and "it begins online", once for a session and day, on browsers that asked for it.

In: a browser that wants it or not; a moment. Out: messages in line (`notices.ring`), written when they leave. What must stay true: nothing
rings that is cancelled, was moved, or has its holder inside already; nothing rings twice, however often it is looked at and by whom; what
is a quarter of an hour late does not ring at all.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from everhall.editions.models import Edition
from everhall.editions.public import real_time, week_time
from everhall.myweek import queries, rules
from everhall.myweek.models import LeaveBell
from everhall.notices import services as notices
from everhall.notices.models import Subscription
from everhall.notices.spoken import Told
from everhall.programme import linked
from everhall.registration import rules as places
from everhall.registration.models import Registration
from everhall.visits.models import Visitor

#: What `told_for` is called in the line of messages.
SPEAKER: Final = "myweek"
#: A week may change meanwhile; it is looked at so often.
LOOKED_AT: Final = dt.timedelta(minutes=5)
AT_ONCE: Final = 100


# ---------------------------------------------------------------- who wants it
@transaction.atomic
def ring_here(visitor: Visitor, edition: Edition, given: object, language: object, now: dt.datetime) -> list[str]:
    """This browser rings for this visitor's week from now on; all that it is told of."""
    row = notices.browser_of(given, language, now)
    LeaveBell.objects.update_or_create(subscription=row, edition=edition, defaults={"visitor": visitor, "look_at": now})
    return notices.follows_of(row.endpoint)


@transaction.atomic
def ring_no_more(edition: Edition, endpoint: object) -> list[str]:
    """Whoever names the endpoint is the browser."""
    row = notices.subscription(endpoint)
    if row is None:
        return []
    LeaveBell.objects.filter(subscription=row, edition=edition).delete()
    return notices.let_go(row)


def names_of(row: Subscription) -> list[str]:
    """For `notices.spoken.wanted_by`."""
    return [f"week/{code}" for code in LeaveBell.objects.filter(subscription=row).values_list("edition__code", flat=True)]


# ---------------------------------------------------------------- what rings
def days_of(bell: LeaveBell, now: dt.datetime) -> list[rules.Day]:
    """The week as the page has it; nothing for an account that is shut or an edition that is over."""
    edition, user = bell.edition, bell.visitor.user
    if not edition.is_public or edition.state == Edition.State.ARCHIVED or (user is not None and not user.is_active):
        return []
    return queries.days_of(queries.items_of(user, bell.visitor, edition, now, week_time(now)), edition)


def ringing(days: Iterable[rules.Day], now: dt.datetime) -> list[rules.Planned]:
    """For what it is time."""
    week = week_time(now)
    return [one for day in days for one in day.planned if rules.rings_now(one, week) and is_meant(one.entry)]


def is_meant(entry: rules.Entry) -> bool:
    """Kept, or with a seat; and not inside already."""
    row: Registration | None = entry.thing.registration
    if row is None:
        return True
    if row.state != places.CONFIRMED:
        return False
    # Of an activity on several days somebody may have come to the first one only.
    return row.came_at is None or week_time(row.came_at).astimezone(entry.zone).date() != rules.day_of(entry)


def ring_due(now: dt.datetime) -> int:
    """Look at weeks that are due, up to `AT_ONCE`; how many were looked at."""
    due = LeaveBell.objects.filter(look_at__lte=now).select_related("visitor__user", "edition").order_by("look_at", "pk")
    bells = list(due[:AT_ONCE])
    planned: dict[tuple[int, int], list[rules.Day]] = {}
    for bell in bells:
        key = bell.visitor_id, bell.edition_id
        if key not in planned:
            planned[key] = days_of(bell, now)
        notices.ring((ring_of(bell, one) for one in ringing(planned[key], now)), now)
        coming = real_time(rules.next_ring(planned[key], week_time(now)))
        LeaveBell.objects.filter(pk=bell.pk).update(look_at=min(coming or now + LOOKED_AT, now + LOOKED_AT))
    return len(bells)


def ring_of(bell: LeaveBell, planned: rules.Planned) -> notices.Ring:
    key = f"{SPEAKER}-{bell.visitor_id}-{planned.entry.id}-{rules.day_of(planned.entry):%Y%m%d}"
    return notices.Ring(bell.subscription_id, key, SPEAKER, {"bell": bell.pk, "session": planned.entry.id})


# ---------------------------------------------------------------- what is said
def told_for(about: Mapping[str, Any], language: str, now: dt.datetime) -> Told | None:
    """For `notices.spoken.spoken_by`: as it is at this moment, or nothing."""
    bell = LeaveBell.objects.filter(pk=about["bell"]).select_related("visitor__user", "edition").first()
    if bell is None:
        return None
    one = next((one for one in ringing(days_of(bell, now), now) if one.entry.id == about["session"]), None)
    if one is None:
        return None
    with override(language):
        return told_of(one, bell.edition, week_time(now))


def told_of(planned: rules.Planned, edition: Edition, week: dt.datetime) -> Told:
    """In the active language."""
    entry, item = planned.entry, planned.entry.thing
    session = item.session
    left = math.ceil((entry.starts_at - week).total_seconds() / 60)
    where = f"{entry.starts_at.astimezone(entry.zone):%H:%M} · {linked.place(session)['name']}"
    address = reverse("programme:session", args=[edition.code, session.code])
    if entry.online:
        title = _("Online in %(n)s minutes: %(name)s") if left > 0 else _("It has begun, online: %(name)s")
        body = f"{where} · {_('Touch to watch.')}"
    else:
        title = _("Leave now: %(name)s")
        body = f"{where} · {_('about %(n)s minutes on the way') % {'n': planned.travel}}" if planned.travel else where
        address = item.path or address
    return Told(
        title % {"n": left, "name": session.name}, body, address, f"leave-{session.pk}", "high", real_time(entry.ends_at) or week, stays=True,
    )  # fmt: skip
