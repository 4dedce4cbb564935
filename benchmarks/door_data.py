"""What `bench door` asks of the site in its own environment: links for devices, and what stands in the log afterwards.

`link <gate>`: what stands behind the # of a link. `check`: JSON of what was stored and merged.
"""

import itertools
import json
import os
import sys
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from everhall.checkin import services  # noqa: E402
from everhall.checkin.models import Gate, Passage  # noqa: E402


def link(gate: str) -> None:
    sys.stdout.write(services.invite(Gate.objects.get(key=gate), None, timezone.now()))


def check() -> None:
    """Entries that count twice, doubles, breaks of a device's own order, winners who were not first."""
    rows = list(Passage.objects.filter(decision="admit", direction="in").order_by("device", "sequence"))
    counted = Counter(row.registration_id for row in rows if row.standing == "counted")
    first = {row.registration_id: row.pk for row in sorted(rows, key=lambda row: (row.moment, row.device_id), reverse=True)}
    broken = sum(one.device_id == two.device_id and one.moment > two.moment for one, two in itertools.pairwise(rows))
    sys.stdout.write(json.dumps({
        "stored": len(rows), "double_entries": sum(count > 1 for count in counted.values()), "let_in": len(counted),
        "doubles": sum(row.standing == "double" for row in rows),
        "out_of_order": broken + sum(row.standing == "counted" and first[row.registration_id] != row.pk for row in rows),
    }))  # fmt: skip


if sys.argv[1] == "link":
    link(sys.argv[2])
else:
    check()
