"""What is to be made of which file, and how far it is: the rows behind `media/making/`.

In: attachments that changed. Out: `Derived` rows that say what is wanted, and folders with what was made. What must stay true:
a folder is complete before a row names it; what visitors see is the former version until the new one is there; two processes
never make the same thing; a making that died is begun anew.
"""

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from everhall.media.making import boards, films, models3d, panoramas, sounds, turntables
from everhall.media.making.node import MakingError, Progress
from everhall.media.models import Attachment, Derived

Kind = Attachment.Kind
State = Derived.State
#: Counted up when what is made of a kind changes, so that all of it is made anew.
RECIPES: Final = {
    Kind.BOARD.value: 1, Kind.MODEL.value: 1, Kind.VIDEO.value: 1, Kind.AUDIO.value: 1, Kind.PANORAMA.value: 1, Kind.TURNTABLE.value: 1,
}  # fmt: skip
MAKERS: Final = {
    Kind.BOARD.value: boards.make, Kind.MODEL.value: models3d.make, Kind.VIDEO.value: films.make, Kind.AUDIO.value: sounds.make,
    Kind.PANORAMA.value: panoramas.make, Kind.TURNTABLE.value: turntables.make,
}  # fmt: skip
#: A making that says nothing for so long has died with its process.
SILENT: Final = dt.timedelta(minutes=15)
#: Faults of this machine, not of the file: tried again when the process starts anew.
OURS: Final = frozenset(("no-node", "no-libraries", "tool", "too-heavy"))


def folder_of(attachment_id: int, key: str) -> Path:
    return Path(settings.DERIVED_ROOT) / str(attachment_id) / key


def note(ids: Collection[int]) -> None:
    """These attachments changed: want what should be there of them, and forget what is of none."""
    known = {row.attachment_id: row for row in Derived.objects.filter(attachment_id__in=ids)}
    for attachment in Attachment.objects.filter(pk__in=ids):
        row = known.get(attachment.pk)
        if attachment.kind not in RECIPES:
            if row is not None:
                row.delete()
            continue
        checksum = sha256_of(attachment)
        wanted = hashlib.sha256(f"{checksum} {attachment.kind} {RECIPES[attachment.kind]}".encode()).hexdigest()[:24]
        if row is None:
            Derived.objects.get_or_create(attachment=attachment, defaults={"wanted": wanted, "sha256": checksum})
        elif row.wanted.partition("-")[0] != wanted:
            row.wanted, row.sha256 = wanted, checksum
            row.state = State.READY if row.made == wanted else State.WAITING
            row.progress, row.fault = 0, {}
            row.save()
    for gone in set(ids) - set(Attachment.objects.filter(pk__in=ids).values_list("pk", flat=True)):
        shutil.rmtree(Path(settings.DERIVED_ROOT) / str(gone), ignore_errors=True)


def sha256_of(attachment: Attachment) -> str:
    digest = hashlib.sha256()
    try:
        with attachment.file.storage.open(attachment.file.name, "rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()


def begin_anew(now: dt.datetime) -> int:
    """At start: what a dead process was at, what this machine could not make, and what is no longer on the disk, is to be
    made again; of masters that came before their kind was made at all, it is wanted now."""
    note(list(Attachment.objects.filter(kind__in=list(RECIPES), derived=None).values_list("pk", flat=True)))
    dead = Q(state=State.MAKING, changed_at__lt=now - SILENT)
    unlucky = Q(state=State.FAULTY, fault__kind__in=sorted(OURS))
    count = Derived.objects.filter(dead | unlucky).update(state=State.WAITING, progress=0)
    for row in Derived.objects.exclude(made=""):
        if not (folder_of(row.attachment_id, row.made) / "facts.json").exists():
            Derived.objects.filter(pk=row.pk).update(state=State.WAITING, progress=0, made="", facts={})
            count += 1
    return count


def make_anew(row: Derived) -> None:
    """Make the same again, though it is there: its folder gets another name, so that addresses change too."""
    head, _, turn = row.wanted.partition("-")
    row.wanted = f"{head}-{int(turn or 0) + 1}"
    row.state, row.progress, row.fault = State.WAITING, 0, {}
    row.save()


def next_waiting(among: Collection[int] | None = None) -> Derived | None:
    """Take the oldest that waits; whoever gets it is the only one."""
    waiting = Derived.objects.filter(state=State.WAITING).order_by("changed_at", "pk")
    for row in waiting if among is None else waiting.filter(attachment_id__in=among):
        taken = Derived.objects.filter(pk=row.pk, state=State.WAITING)
        if taken.update(state=State.MAKING, progress=0, changed_at=timezone.now()):
            return Derived.objects.select_related("attachment").get(pk=row.pk)
    return None


def make(row: Derived) -> Derived:
    """Make what a row wants; it is `ready` or `faulty` afterwards, or waits again if its file changed meanwhile."""
    wanted, attachment = row.wanted, row.attachment
    told = 0.0

    def progress(share: float) -> None:
        nonlocal told
        if share - told >= 0.05:
            told = share
            Derived.objects.filter(pk=row.pk).update(progress=int(share * 100), changed_at=timezone.now())

    try:
        facts = made_in(folder_of(attachment.pk, wanted), attachment, progress)
    except MakingError as fault:
        settle(row, wanted, state=State.FAULTY, fault={"kind": fault.kind, **fault.values})
    except OSError as problem:
        settle(row, wanted, state=State.FAULTY, fault={"kind": "tool", "detail": f"{type(problem).__name__} {problem.errno}"})
        raise
    else:
        settle(row, wanted, state=State.READY, progress=100, made=wanted, facts=facts, fault={})
        forget_others(attachment.pk, wanted)
    row.refresh_from_db()
    return row


def settle(row: Derived, wanted: str, **values: Any) -> None:
    """Write how it ended, unless something else is wanted by now."""
    now = timezone.now()
    if Derived.objects.filter(pk=row.pk, wanted=wanted).update(**values, changed_at=now):
        row.refresh_from_db()
        row.tell_changed()
    else:
        Derived.objects.filter(pk=row.pk, state=State.MAKING).update(state=State.WAITING, progress=0, changed_at=now)


def made_in(folder: Path, attachment: Attachment, progress: Progress) -> dict[str, Any]:
    """The facts of the folder, which is made if it is not there. It gets its name when all of it is written."""
    done = folder / "facts.json"
    if done.exists():
        found: dict[str, Any] = json.loads(done.read_bytes())
        return found
    half = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    try:
        facts = MAKERS[attachment.kind](Path(attachment.file.path), half, progress)
        (half / "facts.json").write_text(json.dumps(facts))
        shutil.rmtree(folder, ignore_errors=True)
        half.replace(folder)
    except FileNotFoundError as gone:
        raise MakingError("cut-short", detail=str(gone)[:200]) from gone
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return facts


#: Folders that stay beside the one in use: pages in browsers still name the former.
FORMER: Final = 1


def forget_others(attachment_id: int, key: str) -> None:
    """Of what was made before, keep the last; take away what dead processes left half-made."""
    place = Path(settings.DERIVED_ROOT) / str(attachment_id)
    others = sorted((p for p in place.iterdir() if p.name != key), key=lambda p: p.stat().st_mtime, reverse=True)
    whole = [path for path in others if not path.name.startswith(".")]
    for path in [*(p for p in others if p.name.startswith(".")), *whole[FORMER:]]:
        shutil.rmtree(path, ignore_errors=True)
