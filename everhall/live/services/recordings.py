"""Recordings: prepared, reviewed, published, withheld, trimmed; and when their posters may be seen."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from everhall.live import queries, rules
from everhall.live.models import Channel, Recording
from everhall.live.models.recording import PREPARED
from everhall.live.services.refusals import Refused
from everhall.media import services as media

State = Recording.State


def begin_preparing(recording: Recording) -> bool:
    """For whoever prepares: whether it is theirs now. Of several that ask, one gets it."""
    taken = Recording.objects.filter(pk=recording.pk, state=State.KEPT).update(
        state=State.PROCESSING, progress=0, fault=""
    )
    if taken:
        recording.refresh_from_db()
        recording.tell_changed()
    return bool(taken)


@transaction.atomic
def ready_for_review(
    recording: Recording, *, duration: float, files: Mapping[str, str],
    trim: tuple[float, float | None] = (0.0, None), captions: Mapping[str, str] | None = None,
) -> Recording:
    """The preparation is through. `files`: thumbnail, storyboard, waveform, download -> name of a file below
    live/recordings/<pk>/; `captions`: language -> name of a WebVTT file there; `trim`: what the
    files show. If it was trimmed otherwise meanwhile they do not count, and it waits for others."""
    for name in PREPARED:
        setattr(recording, name, files.get(name, ""))
    recording.prepared_in, recording.prepared_out = trim
    recording.duration, recording.captions = duration, dict(captions or {})
    recording.progress, recording.fault = 100, ""
    first = recording.state in {State.KEPT, State.PROCESSING}
    if first:
        recording.state = State.REVIEW
    recording.save()
    if first:
        log(instance=recording, action="everhall.ready_for_review")
    return recording


@transaction.atomic
def give_up_preparing(recording: Recording, fault: str) -> Recording:
    """It could not be prepared; what was kept is still there and can be reviewed as it is."""
    recording.fault = fault[:80]
    if recording.state in {State.KEPT, State.PROCESSING}:
        recording.state = State.REVIEW
    recording.save(update_fields=["state", "fault", "changed_at"])
    log(instance=recording, action="everhall.give_up_preparing", data={"label": fault[:80]})
    return recording


@transaction.atomic
def publish_recording(recording: Recording, *, by: Any, now: dt.datetime) -> Recording:
    """Let visitors see it, once its embargo is over. `Refused` while it goes on or is being prepared."""
    if recording.ends_at is None and recording.upload_id is None:
        raise Refused("goes_on")
    if recording.state == State.PROCESSING or (recording.state == State.KEPT and recording.upload_id):
        raise Refused("being_prepared")
    before, recording.state = recording.state, State.PUBLISHED
    recording.published_at = recording.published_at or now
    recording.save(update_fields=["state", "published_at", "changed_at"])
    log(instance=recording, action="everhall.publish_recording", user=by, data={"before": before})
    return recording


@transaction.atomic
def withhold_recording(recording: Recording, *, by: Any, reason: str = "") -> Recording:
    """No visitor sees it from now on, and no channel airs it. What was kept stays."""
    before, recording.state = recording.state, State.WITHHELD
    recording.save(update_fields=["state", "changed_at"])
    data = {"before": before, "reason": reason[:300]}
    log(instance=recording, action="everhall.withhold_recording", user=by, data=data)
    return recording


@transaction.atomic
def trim_recording(
    recording: Recording, trim_in: float, trim_out: float | None, *, by: Any
) -> Recording:
    """Show it from one second to another. Nothing is encoded anew or thrown away; the files beside it (download,
    pictures) are gone until they have been made of what is left."""
    if rules.trim_fault(trim_in, trim_out, recording.duration):
        raise Refused("nothing_left")
    recording.trim_in, recording.trim_out, recording.fault = trim_in, trim_out, ""
    recording.save(update_fields=["trim_in", "trim_out", "fault", "changed_at"])
    log(
        instance=recording, action="everhall.trim_recording", user=by,
        data={"label": f"{trim_in:g}–{'' if trim_out is None else f'{trim_out:g}'}"},
    )
    return recording


def settle_release(ids: Collection[int]) -> None:
    """Let the posters of these recordings be seen from the right moment on, or not at all."""
    rows = Recording.objects.filter(pk__in=ids).select_related("edition", "session__activity")
    found = {row.pk: row for row in rows}
    uses: list[media.FileUse] = []
    for pk in ids:
        row = found.get(pk)
        moment = None
        if row is not None and queries.may_open(row):
            moment = queries.opens_at(row) or row.published_at or media.ALWAYS
        pictures = [row.poster_id] if row and row.poster_id else []
        uses.append((f"recording:{pk}", pictures, [], moment))
    media.use_many(uses)


def settle_posters(channel_ids: Collection[int]) -> None:
    """The same for channels."""
    rows = Channel.objects.filter(pk__in=channel_ids).select_related("edition")
    found = {row.pk: row for row in rows}
    uses: list[media.FileUse] = []
    for pk in channel_ids:
        row = found.get(pk)
        public = row is not None and row.public and row.enabled and row.edition.is_public
        moment = (row.public_from or media.ALWAYS) if row is not None and public else None
        uses.append((f"channel:{pk}", [row.poster_id] if row and row.poster_id else [], [], moment))
    media.use_many(uses)


def settle_edition(edition_id: int) -> None:
    """The edition has been announced or withdrawn: the posters of its recordings and channels follow."""
    settle_release(list(Recording.objects.filter(edition_id=edition_id).values_list("pk", flat=True)))
    settle_posters(list(Channel.objects.filter(edition_id=edition_id).values_list("pk", flat=True)))
