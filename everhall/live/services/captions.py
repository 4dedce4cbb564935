"""Live captions: stored, and written where the origin finds them at once.

Beside the row, each line goes to `live/channels/<key>/captions.jsonl` (`engines.hls.captions.caption_line`), which the
origin follows. Lines of a feed go to `live/feeds/<key>/captions.jsonl` and to the channels that show the feed by plan
or cut at that moment; its capture and their airtime are two or three seconds apart, less than whoever captions by ear
is late.
"""

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from everhall.engines import running_order
from everhall.engines.hls.captions import Line as Said
from everhall.engines.hls.captions import caption_line
from everhall.live import queries, rules
from everhall.live.events import CaptionsPosted
from everhall.live.models import CaptionLine, Channel, Feed
from everhall.live.services.refusals import Refused
from everhall.realtime import news

MOST_LINES = 100
LONGEST = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody said."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    language: str
    text: str


def post_caption(
    origin: Feed | Channel, lines: Sequence[Line], *, by: Any, now: dt.datetime
) -> list[CaptionLine]:
    """Lines of captions, in the order they were said. `Refused` if any is unfit; then none is stored."""
    if not lines or len(lines) > MOST_LINES or any(unfit(line, now) for line in lines):
        raise Refused("caption_shape")
    which = {"feed": origin} if isinstance(origin, Feed) else {"channel": origin}
    with transaction.atomic():
        made = [
            CaptionLine.objects.create(
                **which, language=line.language, starts_at=line.starts_at, ends_at=line.ends_at,
                text=" ".join(line.text.split()), by=by, posted_at=now,
            )
            for line in lines
        ]
        languages = sorted({line.language for line in lines})
        tags = (f"captions-{origin.key}",)
        news.tell(
            CaptionsPosted(
                tags=tags, ids=tuple(m.pk for m in made), source=origin.source, language=",".join(languages)
            )
        )
    for path in files_of(origin, now):
        write(path, made)
    return made


def unfit(line: Line, now: dt.datetime) -> bool:
    far = abs(line.starts_at - now) > dt.timedelta(days=1)
    length = line.ends_at - line.starts_at
    return (
        far or not dt.timedelta() < length <= LONGEST or not rules.LANGUAGE.match(line.language)
        or not line.text.strip() or len(line.text) > 500
    )  # fmt: skip


def files_of(origin: Feed | Channel, now: dt.datetime) -> list[Path]:
    root = Path(settings.LIVE_ROOT)
    if isinstance(origin, Channel):
        return [root / "channels" / origin.key / "captions.jsonl"]
    channels = list(
        Channel.objects.filter(edition_id=origin.edition_id, enabled=True).select_related("venue", "edition")
    )
    showing = [
        plan.key
        for plan in queries.plans_of(channels, now).values()
        if running_order.wanted(plan.items, plan.cuts, now.timestamp()).source == origin.source
    ]
    return [
        root / "feeds" / origin.key / "captions.jsonl",
        *(root / "channels" / key / "captions.jsonl" for key in showing),
    ]


def write(path: Path, lines: Sequence[CaptionLine]) -> None:
    """One write for all lines, so that readers see whole lines only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(
        caption_line(Said(line.starts_at.timestamp(), line.ends_at.timestamp(), line.language, line.text)) + "\n"
        for line in lines
    )
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)
