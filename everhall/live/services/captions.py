"""Live captions: stored, and written where the origin finds them at once.

Beside the row, each line goes to `live/<feeds|channels>/<key>/captions.jsonl` as
`["caption", starts, ends, language, text]`, seconds since the epoch, so that whoever makes the WebVTT rendition
follows a file as it follows everything else of the live path.
"""

import datetime as dt
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from everhall.live import rules
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
    write(origin, made)
    return made


def unfit(line: Line, now: dt.datetime) -> bool:
    far = abs(line.starts_at - now) > dt.timedelta(days=1)
    length = line.ends_at - line.starts_at
    return (
        far or not dt.timedelta() < length <= LONGEST or not rules.LANGUAGE.match(line.language)
        or not line.text.strip() or len(line.text) > 500
    )  # fmt: skip


def write(origin: Feed | Channel, lines: Sequence[CaptionLine]) -> None:
    """One write for all lines, so that readers see whole lines only."""
    kind = "feeds" if isinstance(origin, Feed) else "channels"
    folder = Path(settings.LIVE_ROOT) / kind / origin.key
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(
        json.dumps(
            ["caption", line.starts_at.timestamp(), line.ends_at.timestamp(), line.language, line.text],
            ensure_ascii=False, separators=(",", ":"),
        ) + "\n"
        for line in lines
    )  # fmt: skip
    file = os.open(folder / "captions.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)
