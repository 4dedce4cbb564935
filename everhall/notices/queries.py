"""Reads on notices: what visitors may see, who may write, who is reached.

What must stay true: a notice of a session is as public as the session; a draft, a withdrawn notice, one that begins later
or belongs to an edition in planning is shown and told to nobody.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import StrIndex

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.editions.prepared import Prepared
from everhall.notices import rules
from everhall.notices.models import Follow, Notice, Subscription
from everhall.programme.models import Session

#: Notices that may stand at the top of pages at one time, over all venues and sessions.
MOST_CURRENT = 100


# ---------------------------------------------------------------- public
def _public(edition: Any, now: Any) -> QuerySet[Notice]:
    """Of a public edition; both may stand for values that come later (`Prepared`)."""
    session = Q(session__activity__live=True) & (
        Q(session__activity__embargo_until__isnull=True) | Q(session__activity__embargo_until__lte=now)
    )
    return Notice.objects.filter(
        Q(session__isnull=True) | session, edition=edition, published_at__lte=now, withdrawn_at__isnull=True
    )


def public_notices(edition: Edition, now: dt.datetime) -> QuerySet[Notice]:
    """All that visitors may read, newest first."""
    if not edition.is_public:
        return Notice.objects.none()
    return _public(edition.pk, now).select_related("venue", "session__activity__venue").order_by("-published_at", "-pk")


def is_public(notice: Notice, now: dt.datetime) -> bool:
    """Whether visitors may read this one at this moment."""
    return notice.edition.is_public and _public(notice.edition_id, now).filter(pk=notice.pk).exists()


def is_current(notice: Notice, now: dt.datetime) -> bool:
    """Whether its end is not reached; whether it is public asks the caller."""
    return notice.until is None or notice.until > now


_current = Prepared(
    lambda edition, now: _public(edition, now).filter(Q(until__isnull=True) | Q(until__gt=now), weight__in=sorted(rules.AT_THE_TOP))
    .select_related("venue", "session__activity__venue").order_by("-published_at", "-pk")[:MOST_CURRENT]
)


def at_the_top(edition: Edition, venue_path: str, session_code: str, now: dt.datetime) -> list[Notice]:
    """What stands at the top of a page of this venue ("" for none) and session: urgent ones first, then the newest."""
    if not edition.is_public or edition.state == Edition.State.ARCHIVED:
        return []
    found = [
        notice for notice in _current(edition.pk, now)
        if rules.concerns(*reach_of(notice), venue_path, session_code)
    ]
    return sorted(found, key=lambda notice: notice.weight != rules.URGENT)


def reach_of(notice: Notice) -> tuple[str, str]:
    """The path of its venue and the code of its session, "" for none."""
    return (notice.venue.path if notice.venue else "", notice.session.code if notice.session else "")


# ---------------------------------------------------------------- who may write
def may_tell(user: Any, edition: Edition, venue: Venue | None, session: Session | None) -> bool:
    """Whether the user may tell people there."""
    if session is not None:
        path = session.activity.venue.path
        return any(editions.may_at(user, action, edition.pk, path) for action in (rules.PUBLISHING, rules.DIRECTING))
    return editions.may_at(user, rules.PUBLISHING, edition.pk, venue.path if venue else None)


def may_change(user: Any, notice: Notice) -> bool:
    """Whether the user may correct or withdraw it."""
    return may_tell(user, notice.edition, notice.venue, notice.session)


def may_somewhere(user: Any) -> bool:
    """Whether the user has anybody to tell anything."""
    return any(editions.may_somewhere(user, action) for action in (rules.PUBLISHING, rules.DIRECTING))


def venues_within(user: Any, edition: Edition) -> QuerySet[Venue]:
    """Venues of which the user may tell."""
    within = editions.within_reach(user, [rules.PUBLISHING], venue="", edition="edition")
    return editions.venues_of(edition).filter(within)


def sessions_within(user: Any, edition: Edition) -> QuerySet[Session]:
    """Sessions of which the user may tell, drafts included: a notice of one waits until it is public."""
    within = editions.within_reach(user, [rules.PUBLISHING, rules.DIRECTING], venue="activity__venue")
    return Session.objects.filter(within, edition=edition).select_related("activity__venue").order_by("starts_at", "pk")


def notices_within(user: Any, edition: Edition) -> list[Notice]:
    """All notices that the user may change, the newest first."""
    found = Notice.objects.filter(edition=edition).select_related("edition", "venue", "session__activity__venue", "by")
    return [notice for notice in found.order_by(F("published_at").desc(nulls_first=True), "-pk")[:500] if may_change(user, notice)]


# ---------------------------------------------------------------- who is reached
#: A filter for rows of `Follow`.
Reach = Callable[[Notice], Q]
_reaches: list[Reach] = []


def reach_too(reach: Reach) -> None:
    """Reach these as well; registration (issue 6) adds those who have a place. Only config/wiring.py calls it."""
    if reach not in _reaches:
        _reaches.append(reach)


def followers(notice: Notice) -> Q:
    """Of an edition: who follows it or any of its venues. Of a venue: who follows its edition, a venue on the way up
    to it, itself, or one below it. Of a session: who follows just that, so that a week of six hundred sessions does
    not ring all day."""
    if notice.session is not None:
        return Q(session=notice.session_id)
    everybody = Q(edition=notice.edition_id)
    if notice.venue is None:
        return everybody | Q(venue__edition=notice.edition_id)
    above = Q(pk__in=Follow.objects.filter(venue__edition=notice.edition_id).annotate(
        at=StrIndex(Value(notice.venue.path), F("venue__path"))
    ).filter(at=1).values("pk"))  # fmt: skip
    return everybody | above | Q(venue__edition=notice.edition_id, venue__path__startswith=notice.venue.path)


def reached(notice: Notice) -> QuerySet[Subscription]:
    """Browsers that are told of it, each once."""
    wanted = followers(notice)
    for reach in _reaches:
        wanted |= reach(notice)
    return Subscription.objects.filter(pk__in=Follow.objects.filter(wanted).values("subscription"))
