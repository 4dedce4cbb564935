"""Work figures out, and let the public see their sum.

In: an edition and a moment. Out: rows of what may be told. Must stay true: the rows of an edition are of one moment; they are written
only when something is told differently, and at most every ten minutes, so that readings do not follow a single person.
"""

import datetime as dt
import hashlib
import json
from typing import Any, Final

from django.db import transaction
from wagtail.log_actions import log

from everhall.editions.models import Edition
from everhall.insight import counting, rules
from everhall.insight.models import Summary, ToldFigures
from everhall.realtime import news

EVERY: Final = dt.timedelta(minutes=10)


def tag_of(edition: Edition) -> str:
    return f"figures-{edition.code}"


def work_out(edition: Edition, now: dt.datetime) -> bool:
    """Whether something is told differently from before."""
    found = rules.worked_out(counting.entries_of(edition))
    rows = [(what, ref, day, numbers) for (what, ref, day), numbers in found.items()]
    digest = hashlib.sha256(json.dumps(rows, default=str, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        summary, _made = Summary.objects.select_for_update().get_or_create(edition=edition)
        changed = summary.digest != digest
        summary.as_of, summary.digest, summary.is_sample = now, digest, counting.any_sample(edition)
        summary.save()
        if changed:
            ToldFigures.objects.filter(summary=summary).delete()
            ToldFigures.objects.bulk_create(
                [ToldFigures(summary=summary, what=what, ref=ref, day=day, numbers=numbers) for what, ref, day, numbers in rows], batch_size=1000
            )
        if changed and summary.is_public:
            news.tell_rows("insight.summary", (summary.pk,), (tag_of(edition),))
    return changed


def work_out_due(now: dt.datetime) -> int:
    """All editions that are not in the archive yet, and those of which nothing was ever worked out; how many."""
    fresh = Summary.objects.filter(as_of__gt=now - EVERY).values("edition_id")
    done = Summary.objects.filter(as_of__isnull=False, edition__state=Edition.State.ARCHIVED).values("edition_id")
    due = list(Edition.objects.exclude(pk__in=fresh).exclude(pk__in=done))
    for edition in due:
        work_out(edition, now)
    return len(due)


@transaction.atomic
def show_to_public(edition: Edition, *, wanted: bool, user: Any) -> None:
    """The sums of the whole edition, on a page of their own."""
    summary, _made = Summary.objects.select_for_update().get_or_create(edition=edition)
    if summary.is_public == wanted:
        return
    summary.is_public = wanted
    summary.save(update_fields=["is_public"])
    log(instance=edition, action="everhall.figures_show" if wanted else "everhall.figures_hide", user=user)
    news.tell_rows("insight.summary", (summary.pk,), (tag_of(edition),))
