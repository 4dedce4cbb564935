"""What a director's desk is told that stands in no table of its own: how feeds are, what channels have really aired, and
who did what.

In: keys of feeds and channels, rows of channels. Out: plain values, ready to be JSON. Must stay true: what is not
there or cannot be read is None, never an error; the log of all channels is one query.
"""

import json
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from everhall.engines.hls.model import Row, parsed
from everhall.live.models import Channel

#: Bytes from the end of a channel's log in which its newest row stands.
_TAIL: Final = 16_384
MOST_ENTRIES: Final = 200
MOST_OF_A_CHANNEL: Final = 50


def health_of(feed: str) -> dict[str, Any] | None:
    """What `health.json` of a feed says."""
    try:
        found = json.loads((Path(settings.LIVE_ROOT) / "feeds" / feed / "health.json").read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def aired(channel: str) -> dict[str, Any] | None:
    """The newest row of a channel: what is on the air, until when by the channel's clock."""
    try:
        with (Path(settings.LIVE_ROOT) / "channels" / channel / "log.jsonl").open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return None
    for raw in reversed(text.split("\n")[1 if size > _TAIL else 0 : -1]):
        line = parsed(raw)
        if isinstance(line, Row):
            return {"source": line.source, "item": line.item, "kind": line.kind.value, "ends": line.ends}
    return None


def log_of(channels: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """What was done with each channel, newest first."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Channel), object_id__in=[str(pk) for pk in channels]
    ).select_related("user").order_by("-timestamp", "-pk")  # fmt: skip
    for entry in entries[:MOST_ENTRIES]:
        rows = found[int(entry.object_id)]
        if len(rows) < MOST_OF_A_CHANNEL:
            rows.append(
                {"id": entry.pk, "at": entry.timestamp.timestamp(), "by": str(entry.user or ""), "text": str(entry.message)}
            )
    return found
