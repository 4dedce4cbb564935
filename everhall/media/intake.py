"""Taking enclosed pictures and documents into the library, together with an import or not at all.

In: enclosures and names from cells. Out: ids of pictures and attachments. Must stay true: bytes are stored
before the transaction and rows inside it, so that the transaction stays short; every stored file is in the
journal before its first byte, so that whatever dies in between leaves nothing behind after the next sweep.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage

from everhall.engines.master_words import words
from everhall.engines.sheet_words import Problem, Refused
from everhall.media import judging
from everhall.media.enclosures import (
    PICTURES,
    SPELLINGS,
    Enclosures,
    PictureFacts,
    document_kind,
    file_sum,
    find,
    index,
    picture_facts,
)
from everhall.media.making.node import MakingError
from everhall.media.models import Attachment, Picture
from everhall.realtime import news


@dataclass(frozen=True, slots=True)
class Wish:
    """A file that is to become a picture or an attachment. Equal wishes become one. `masters`: the kinds of masters that it may
    be; none for a document."""

    name: str
    kind: str
    credit: str = ""
    licence: str = ""
    sample: bool = False
    collection_id: int | None = None
    masters: tuple[str, ...] = ()


@dataclass(slots=True)
class Known:
    """What is known of an enclosed file after one look."""

    facts: PictureFacts | None = None
    kind: str = ""
    sha1: str = ""
    refused: Refused | None = None


@dataclass(slots=True)
class Intake:
    """Files of one import."""

    enclosures: Enclosures
    user_id: int | None
    now: dt.datetime
    note: Callable[[str], None]
    known: dict[tuple[str, tuple[str, ...]], Known] = field(default_factory=dict)
    wishes: dict[Wish, dict[str, str]] = field(default_factory=dict)
    stored: dict[Wish, str] = field(default_factory=dict)
    ids: dict[Wish, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    _index: dict[str, list[str]] | None = None

    def given(self, wanted: str) -> str | None:
        """The enclosed file that a cell means, or None."""
        if self._index is None:
            self._index = index(self.enclosures.names)
        name = find(self._index, wanted)
        if name is not None:
            self.used.add(name)
        return name

    def look(self, name: str, *, picture: bool, masters: tuple[str, ...] = ()) -> Known:
        """What a file is, looked at once however many rows use it so; raises what is wrong with it."""
        known = self.known.get((name, masters))
        if known is None:
            known = self.known[name, masters] = Known()
            try:
                self.look_at(known, name, picture, masters)
            except Refused as refused:
                known.refused = refused
        if known.refused is not None:
            raise known.refused
        return known

    def look_at(self, known: Known, name: str, picture: bool, masters: tuple[str, ...]) -> None:
        if picture:
            known.facts = picture_facts(self.enclosures, name)
            known.kind, known.sha1 = "picture", known.facts.sha1
        elif masters:
            known.sha1 = file_sum(self.enclosures, name)
            try:
                with self.enclosures.open(name) as file:
                    known.kind = judging.kind_among(file, name, masters)
            except MakingError as refused:
                told = {f"{part}_{end}": text for end, language in (("zh", "zh-hans"), ("en", "en")) for part, text in zip(
                    ("what", "do"), words({"kind": refused.kind, **refused.values}, language), strict=True)}  # fmt: skip
                raise Refused("master_refused", value=name, **told) from refused
        else:
            known.kind, known.sha1 = document_kind(self.enclosures, name)

    def known_of(self, wish: Wish) -> Known:
        return self.known[wish.name, wish.masters]

    def note_extension(self, name: str) -> Problem | None:
        """A picture whose name says something else than its bytes."""
        facts = self.known[name, ()].facts
        said = PurePosixPath(name).suffix.lower()
        if facts is None or SPELLINGS.get(said, said) == facts.extension:
            return None
        return Problem("picture_extension", value=name, params={"format": facts.format})

    def wish(self, wish: Wish, **texts: str) -> Wish:
        """Ask for a file to be taken in; `texts` (alt_zh, alt_en, title) are those of whoever asks first."""
        self.wishes.setdefault(wish, texts)
        return wish

    def unused(self) -> list[str]:
        """Enclosed files that no cell names."""
        return [name for name in self.enclosures.names if name not in self.used]

    # ------------------------------------------------------------ before and inside the transaction
    def store(self, progress: Callable[[int, int], None]) -> None:
        """Copy the bytes of all wishes into the storage."""
        todo = [wish for wish in self.wishes if wish not in self.stored]
        for done, wish in enumerate(todo):
            progress(done, len(todo))
            instance = self.row(wish)
            target = default_storage.get_available_name(
                instance._meta.get_field("file").generate_filename(instance, self.file_name(wish)),
                max_length=100,
            )
            self.note(target)
            with self.enclosures.open(wish.name) as file:
                saved = default_storage.save(target, File(file))
            if saved != target:
                self.note(saved)
            self.stored[wish] = saved

    def file_name(self, wish: Wish) -> str:
        path = PurePosixPath(wish.name)
        facts = self.known_of(wish).facts
        extension = path.suffix.lower()
        if facts is not None and SPELLINGS.get(extension, extension) != facts.extension:
            extension = facts.extension
        return f"{path.stem[:60]}{extension}"

    def row(self, wish: Wish) -> Any:
        known, texts = self.known_of(wish), self.wishes[wish]
        common: dict[str, Any] = {
            "title": texts.get("title", PurePosixPath(wish.name).name)[:255],
            "credit": wish.credit, "licence": wish.licence, "is_sample": wish.sample,
            "uploaded_by_user_id": self.user_id, "created_at": self.now,
            "file_hash": known.sha1, "file_size": self.enclosures.size(wish.name),
        }
        if wish.collection_id is not None:
            common["collection_id"] = wish.collection_id
        if wish.kind != "picture":
            return Attachment(kind=known.kind, **common)
        facts = known.facts
        assert facts is not None  # noqa: S101 - `look` has set it, or refused
        return Picture(
            width=facts.width, height=facts.height,
            alt_zh=texts.get("alt_zh", "")[:300], alt_en=texts.get("alt_en", "")[:300], **common,
        )

    def create(self) -> None:
        """Rows for everything stored; inside the transaction."""
        for model, kinds in ((Picture, {"picture"}), (Attachment, {"document"})):
            wishes = [w for w in self.stored if (w.kind in kinds) and w not in self.ids]
            rows = []
            for wish in wishes:
                row = self.row(wish)
                row.file = self.stored[wish]
                rows.append(row)
            made = model._default_manager.bulk_create(rows, batch_size=200)
            self.ids |= {wish: row.pk for wish, row in zip(wishes, made, strict=True)}
            if made:
                news.tell_rows(model._meta.label_lower, tuple(row.pk for row in made), ())


def discard(names: Collection[str]) -> list[str]:
    """Delete stored files that no row refers to; returns those deleted."""
    wanted = list(names)
    held: set[str] = set()
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        for model in (Picture, Attachment):
            held |= set(model._default_manager.filter(file__in=chunk).values_list("file", flat=True))
    gone = [name for name in wanted if name not in held]
    for name in gone:
        default_storage.delete(name)
    return gone


#: What hangs on a file and goes with it, and so holds nothing.
OF_THE_FILE = frozenset(("media.picturerendition", "media.use", "media.derived", "media.caption", "media.note"))


def remove_unused(pictures: Collection[int], attachments: Collection[int]) -> list[str]:
    """Delete those of these rows that nothing refers to any more; returns the files to delete after commit.

    What refers to a file is asked of the models, not of Wagtail's index, which bulk writes go past.
    """
    files: list[str] = []
    for model, ids in ((Picture, pictures), (Attachment, attachments)):
        held = referred(model, ids, ignore=OF_THE_FILE)
        rows = [row for row in model._default_manager.filter(pk__in=ids) if row.pk not in held]
        for row in rows:
            files.append(row.file.name)
            files += [r.file.name for r in row.renditions.all()] if isinstance(row, Picture) else []
        model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
    return files


def referred(model: Any, ids: Collection[int], ignore: Collection[str] = ()) -> set[int]:
    """Which of these rows other rows refer to, by foreign key or many-to-many; `ignore` names models. A model that says
    `only_notes = True` is no use of what it refers to: it counts or names it, and bears that it goes."""
    found: set[int] = set()
    # Hidden relations too: related_name="+" is how most pictures are held.
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete) or relation.many_to_many:
            continue
        other = relation.related_model
        if other._meta.label_lower in ignore or getattr(other, "only_notes", False):
            continue
        name = relation.field.attname
        wanted = list(ids)
        for start in range(0, len(wanted), 500):
            chunk = wanted[start : start + 500]
            rows = other._base_manager.filter(**{f"{name}__in": chunk})
            found |= set(rows.values_list(name, flat=True))
    return found


def formats() -> str:
    return ", ".join(PICTURES)
