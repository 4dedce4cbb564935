"""Browsers that want to be told of nothing that is still to come are forgotten.

In: a moment. Out: how many follows are gone. What must stay true: whoever follows something that is not over yet is still told of it.
"""

import datetime as dt

from django.db.models import Q

from everhall.editions.models import Edition
from everhall.editions.public import week_time
from everhall.notices import rules, spoken
from everhall.notices.models import Follow, Subscription

AT_ONCE = 500


def forget_browsers(now: dt.datetime) -> int:
    """Follows of what is over, and then browsers that follow nothing any more."""
    before = week_time(now) - rules.FOLLOWED_AFTER
    over = Q(session__ends_at__lt=before)
    for way in ("edition", "venue__edition"):
        over |= Q(**{f"{way}__ends_on__lt": before.date()}) | Q(**{f"{way}__state": Edition.State.ARCHIVED})
    ids = list(Follow.objects.filter(over).values_list("pk", flat=True)[:AT_ONCE])
    Follow.objects.filter(pk__in=ids).delete()
    bare = list(Subscription.objects.filter(follows=None).exclude(spoken.wanted()).values_list("pk", flat=True)[:AT_ONCE])
    Subscription.objects.filter(pk__in=bare).delete()
    return len(ids) + len(bare)
