"""Reads on files: who may see the bytes of one, and what is said in films and sounds."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from everhall.engines import timed_text
from everhall.engines.bilingual import is_chinese
from everhall.engines.timed_text import Said
from everhall.media.models import Caption

#: How each language calls itself, for a player's menu.
LABELS = {Caption.Language.CHINESE.value: "中文", Caption.Language.ENGLISH.value: "English"}
#: As BCP 47 writes them, for `srclang` and `lang`.
TAGS = {Caption.Language.CHINESE.value: "zh-Hans", Caption.Language.ENGLISH.value: "en"}


@dataclass(frozen=True, slots=True)
class CaptionTrack:
    """A `<track>`: `language` as in `Caption`, `tag` as HTML wants it, `kind` of `Caption.Kind`, `address` by content."""

    language: str
    label: str
    kind: str
    address: str

    @property
    def tag(self) -> str:
        return TAGS[self.language]


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is said, to read: its language as HTML wants it, and its lines."""

    tag: str
    lines: tuple[Said, ...]


def may_see(request: HttpRequest, released_at: dt.datetime | None) -> bool:
    """Released, or asked for by somebody with a desk."""
    if released_at is not None and released_at <= timezone.now():
        return True
    user: Any = request.user
    return bool(user.is_authenticated and user.has_perm("wagtailadmin.access_admin"))


def captions_of(attachment_ids: Collection[int]) -> dict[int, list[CaptionTrack]]:
    """The tracks of films and sounds, Chinese first; an attachment without any has no key. One query, without the texts.

    Who may see an attachment may see its tracks, so whoever asks has asked for the attachment's release already.
    """
    found: dict[int, list[CaptionTrack]] = {}
    for row in Caption.objects.filter(attachment_id__in=attachment_ids).defer("text"):
        track = CaptionTrack(row.language, LABELS[row.language], row.kind, row.address)
        found.setdefault(row.attachment_id, []).append(track)
    return found


def transcripts_of(attachment_ids: Collection[int], language: str | None) -> dict[int, Transcript]:
    """What is said, to be read beside: of each attachment in the language, else in the other; a transcript before captions.
    One query."""
    mine = Caption.Language.CHINESE if is_chinese(language) else Caption.Language.ENGLISH
    rows = Caption.objects.filter(attachment_id__in=attachment_ids).exclude(kind=Caption.Kind.DESCRIPTIONS)
    best: dict[int, Caption] = {}
    for row in sorted(rows, key=lambda row: (row.language != mine, row.kind != Caption.Kind.TRANSCRIPT)):
        best.setdefault(row.attachment_id, row)
    return {pk: Transcript(TAGS[row.language], timed_text.said(timed_text.read(row.text))) for pk, row in best.items()}
