"""What an import needs only as long as it may be taken back: old values of rows, words of a sheet, the sheet itself.

In: a moment. Out: how many rows are gone or say less. What must stay true: an import that waits or runs is left alone.
"""

import datetime as dt
from typing import Final

from everhall.editions.import_room import Room
from everhall.editions.models import ImportBatch, ImportedRow

#: An import can be taken back for so long.
KEPT: Final = dt.timedelta(days=2 * 365)
AT_ONCE: Final = 50
BUSY: Final = (ImportBatch.State.RUNNING, ImportBatch.State.UNDOING)


def forget_imports(now: dt.datetime) -> int:
    """See the module."""
    old = ImportBatch.objects.filter(created_at__lt=now - KEPT).exclude(state__in=BUSY)
    count = 0
    for batch in old.exclude(problems=[], imported=None, sheet_path="").distinct()[:AT_ONCE]:
        count += ImportedRow.objects.filter(batch=batch).delete()[0] + 1
        Room(batch.pk).clear()
        ImportBatch.objects.filter(pk=batch.pk).update(problems=[], files=[], sheet_path="", pictures_path="")
    return count
