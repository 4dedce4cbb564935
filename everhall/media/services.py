"""Writes on files: who uses them, from when on they may be seen, and what is said in them."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Count, Min, Q

from everhall.engines import timed_text
from everhall.media.models import Attachment, Caption, Picture, Use
from everhall.realtime import news

#: (used_by, ids of pictures, ids of attachments, released_at)
FileUse = tuple[str, Collection[int], Collection[int], dt.datetime | None]

#: For what is public and has no moment of its own.
ALWAYS = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)


@transaction.atomic
def use(
    used_by: str,
    *,
    pictures: Collection[int] = (),
    attachments: Collection[int] = (),
    released_at: dt.datetime | None,
) -> None:
    """`used_by` ("exhibit:12") uses exactly these files now, visible from `released_at` on (None: not yet)."""
    old = list(Use.objects.filter(used_by=used_by))
    touched_pictures = {u.picture_id for u in old if u.picture_id} | set(pictures)
    touched_attachments = {u.attachment_id for u in old if u.attachment_id} | set(attachments)
    Use.objects.filter(used_by=used_by).delete()
    Use.objects.bulk_create(
        [Use(used_by=used_by, picture_id=pk, released_at=released_at) for pk in set(pictures)]
        + [Use(used_by=used_by, attachment_id=pk, released_at=released_at) for pk in set(attachments)]
    )
    settle_release(touched_pictures, touched_attachments)


@transaction.atomic
def use_many(uses: Collection[FileUse]) -> None:
    """The same for a batch of (used_by, pictures, attachments, released_at), in few queries."""
    rows: list[Use] = []
    pictures: set[int] = set()
    attachments: set[int] = set()
    names = [used_by for used_by, *_ in uses]
    for start in range(0, len(names), 500):
        old = Use.objects.filter(used_by__in=names[start : start + 500])
        for picture_id, attachment_id in old.values_list("picture_id", "attachment_id"):
            if picture_id:
                pictures.add(picture_id)
            if attachment_id:
                attachments.add(attachment_id)
        old.delete()
    for used_by, its_pictures, its_attachments, released_at in uses:
        rows += [Use(used_by=used_by, picture_id=p, released_at=released_at) for p in set(its_pictures)]
        rows += [
            Use(used_by=used_by, attachment_id=a, released_at=released_at)
            for a in set(its_attachments)
        ]
        pictures |= set(its_pictures)
        attachments |= set(its_attachments)
    Use.objects.bulk_create(rows, batch_size=500)
    settle_release(pictures, attachments)


def settle_release(pictures: Collection[int], attachments: Collection[int]) -> None:
    """Set each file's release to the earliest of its uses, and tell of those that changed."""
    tags: list[str] = []
    for model, ids, name in ((Picture, pictures, "picture"), (Attachment, attachments, "attachment")):
        ordered = sorted(ids)
        for start in range(0, len(ordered), 500):
            found = model._default_manager.filter(pk__in=ordered[start : start + 500]).annotate(
                earliest=Min("uses__released_at", filter=Q(uses__released_at__isnull=False)),
                users=Count("uses"),
            )
            changed = [f for f in found if f.released_at != f.earliest]
            for file in changed:
                file.released_at = file.earliest
            model._default_manager.bulk_update(changed, ["released_at"], batch_size=500)
            tags += [f"{name}-{file.pk}" for file in changed]
    if tags:
        news.tell_rows("media.release", (), tuple(tags))


def caption(attachment: Attachment, language: str, kind: str, data: bytes) -> Caption:
    """Give a film or a sound a track of captions (WebVTT or SubRip), in place of the one it has. `TimedTextError` for what is
    none; `ValidationError` for an attachment that says nothing."""
    text = timed_text.webvtt(timed_text.read(timed_text.decoded(data)))
    row = Caption(attachment=attachment, language=language, kind=kind, text=text)
    row.clean_fields()
    row.clean()
    with transaction.atomic():
        held = Caption.objects.select_for_update().filter(attachment=attachment, language=language, kind=kind).first()
        if held is not None:
            row = held
            row.text = text
        row.save()
    return row
