"""Reads on files: who may see the bytes of one, and what is said in films and sounds."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from everhall.engines import timed_text
from everhall.engines.bilingual import is_chinese
from everhall.engines.timed_text import Said
from everhall.media.models import Caption, Derived, Note
from everhall.media.models.derived import Source

#: How each language calls itself, for a player's menu.
LABELS = {Caption.Language.CHINESE.value: "中文", Caption.Language.ENGLISH.value: "English"}
#: As BCP 47 writes them, for `srclang` and `lang`.
TAGS = {Caption.Language.CHINESE.value: "zh-Hans", Caption.Language.ENGLISH.value: "en"}

#: (user, file) -> whether it is theirs to see before its release
Owns = Callable[[Any, Any], bool]
_owners: list[Owns] = []


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



def seen_by(owns: Owns) -> None:
    """Let another room say whose a file is, before everybody may see it. Only config/wiring.py calls this."""
    if owns not in _owners:
        _owners.append(owns)


def may_see(request: HttpRequest, released_at: dt.datetime | None, file: Any = None) -> bool:
    """Released, or asked for by somebody with a desk, or by those whose `file` it is."""
    if released_at is not None and released_at <= timezone.now():
        return True
    user: Any = request.user
    if not user.is_authenticated:
        return False
    return bool(user.has_perm("wagtailadmin.access_admin")) or (file is not None and any(owns(user, file) for owns in _owners))


def captions_of(attachment_ids: Collection[int]) -> dict[int, list[CaptionTrack]]:
    """The tracks of films and sounds, Chinese first; an attachment without any has no key. One query, without the texts.

    Who may see an attachment may see its tracks, so whoever asks has asked for the attachment's release already.
    """
    found: dict[int, list[CaptionTrack]] = {}
    for row in Caption.objects.filter(attachment_id__in=attachment_ids).defer("text"):
        track = CaptionTrack(row.language, LABELS[row.language], row.kind, row.address)
        found.setdefault(row.attachment_id, []).append(track)
    return found


def playing_of(attachment_ids: Collection[int]) -> dict[int, list[Source]]:
    """What players play of films and sounds, the best first; what is not made yet has no key. One query."""
    rows = Derived.objects.filter(attachment_id__in=attachment_ids).exclude(made="").select_related("attachment")
    return {row.attachment_id: sources for row in rows if (sources := row.sources)}


def notes_of(attachment_ids: Collection[int]) -> dict[int, list[Note]]:
    """Notes on 3D models in their order. One query."""
    found: dict[int, list[Note]] = {}
    for row in Note.objects.filter(attachment_id__in=attachment_ids):
        found.setdefault(row.attachment_id, []).append(row)
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
