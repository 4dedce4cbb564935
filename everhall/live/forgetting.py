"""What desks told each other, and the names of those who directed, are forgotten a year later; what was decided stays.

In: a moment. Out: how many rows say less. What must stay true: a channel's cuts and a ceremony's log are read back as before, but for who.
"""

import datetime as dt
from typing import Any, Final

from everhall.live.models import Ceremony, CeremonyEntry, Cut, DeskNote

KEPT: Final = dt.timedelta(days=365)
AT_ONCE: Final = 500
#: Keys under which a ceremony says who it was.
WHO: Final = frozenset({"by", "voted_by"})


def forget_names(now: dt.datetime) -> int:
    """See the module."""
    before = now - KEPT
    notes = list(DeskNote.objects.filter(at__lt=before).values_list("pk", flat=True)[:AT_ONCE])
    DeskNote.objects.filter(pk__in=notes).delete()
    cuts = list(Cut.objects.filter(created_at__lt=before).exclude(by_name="").values_list("pk", flat=True)[:AT_ONCE])
    Cut.objects.filter(pk__in=cuts).update(by_name="")
    count = len(notes) + len(cuts)
    for entry in CeremonyEntry.objects.filter(at__lt=before).only("pk", "payload").iterator(chunk_size=500):
        kept = without_names(entry.payload)
        if kept != entry.payload:
            count += CeremonyEntry.objects.filter(pk=entry.pk).update(payload=kept)
    quiet = Ceremony.objects.exclude(pk__in=CeremonyEntry.objects.filter(at__gte=before).values("ceremony"))
    for row in quiet.filter(pk__in=CeremonyEntry.objects.filter(at__lt=before).values("ceremony")):
        kept = without_names(row.state)
        if kept != row.state:
            # A version that somebody has just written stays.
            count += Ceremony.objects.filter(pk=row.pk, version=row.version).update(state=kept)
    return count


def without_names(value: Any) -> Any:
    """The same with nobody in it."""
    if isinstance(value, dict):
        return {key: "" if key in WHO and one else without_names(one) for key, one in value.items()}
    return [without_names(one) for one in value] if isinstance(value, list) else value
