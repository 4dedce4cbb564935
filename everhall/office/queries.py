"""Reads of the office. Everything begins with the memberships of whoever asks: what belongs to another organisation is not there."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from wagtail.models import ModelLogEntry, TaskState, WorkflowState

from everhall.accounts.models import Membership, Organisation
from everhall.editions.models import Edition
from everhall.engines import light_text
from everhall.exhibition.models import (
    Exhibit,
    ExhibitAttachment,
    ExhibitPicture,
    LabelScans,
    Placement,
)
from everhall.media.models import Attachment, FileUpload, Picture
from everhall.office import rules
from everhall.office.models import Material
from everhall.programme.models import Activity

#: The answer of an organisation, in the log of its exhibit, where the venue's team reads it.
REPLY = "everhall.office_reply"


def memberships_of(user: Any) -> QuerySet[Membership]:
    if not (user.is_authenticated and user.is_active):
        return Membership.objects.none()
    return Membership.objects.filter(user=user).select_related("organisation").order_by("organisation__name_zh", "pk")


def membership_in(user: Any, code: str) -> Membership | None:
    """The user's part in an organisation; None is "there is no such organisation"."""
    return memberships_of(user).filter(organisation__code=code).first()


def exhibits_of(organisation: Organisation) -> QuerySet[Exhibit]:
    return (
        Exhibit.objects.filter(organisation=organisation)
        .select_related("steward__edition", "latest_revision__user", "organisation").order_by("-pk")
    )


def exhibit_of(organisation: Organisation, code: str) -> Exhibit | None:
    return exhibits_of(organisation).filter(code=code).first()


def activities_of(organisation: Organisation) -> QuerySet[Activity]:
    """Those that it hosts, the newest first."""
    rows = Activity.objects.filter(hosts__organisation=organisation)
    return rows.select_related("edition", "venue__edition", "latest_revision__user").order_by("-edition__starts_on", "-pk")


def activity_of(organisation: Organisation, pk: int) -> Activity | None:
    return activities_of(organisation).filter(pk=pk).first()


def draft_of(exhibit: Any) -> Any:
    """As far as it is written: the newest revision, whatever is public."""
    return exhibit.get_latest_revision_as_object()


# ---------------------------------------------------------------- files of a draft
def files_of(draft: Exhibit) -> tuple[list[Any], list[Any]]:
    """Rows of the gallery and of the attachments, in their order, with their files in two queries; rows whose file is gone are left out."""
    pictures, attachments = list(draft.pictures.all()), list(draft.attachments.all())
    kept = Picture.objects.in_bulk([row.picture_id for row in pictures])
    files = {
        file.pk: file
        for file in Attachment.objects.filter(pk__in=[row.attachment_id for row in attachments]).select_related("derived")
    }
    for row in pictures:
        if row.picture_id in kept:
            row.picture = kept[row.picture_id]
    for row in attachments:
        if row.attachment_id in files:
            row.attachment = files[row.attachment_id]
    return (
        sorted((row for row in pictures if row.picture_id in kept), key=order),
        sorted((row for row in attachments if row.attachment_id in files), key=order),
    )


def order(row: Any) -> int:
    return row.sort_order if row.sort_order is not None else 1_000_000


def facts_of(draft: Exhibit) -> rules.Draft:
    """The draft as `rules.missing` reads it."""
    pictures, attachments = files_of(draft)
    shown = [shown_of(f"p{row.picture_id}", "picture", row.picture) for row in pictures]
    shown += [shown_of(f"f{row.attachment_id}", row.attachment.kind, row.attachment) for row in attachments]
    return rules.Draft(
        name_zh=draft.name_zh, name_en=draft.name_en, summary_zh=draft.summary_zh, summary_en=draft.summary_en,
        words_zh=len(plain(draft.text_zh).replace(" ", "")), words_en=len(plain(draft.text_en).split()),
        fields=len(draft.fields.all()), presentation=len(draft.presentation), seeks=len(draft.seeks), shown=tuple(shown),
    )


def plain(text: str) -> str:
    return light_text.words_of(light_text.to_light(text or ""))


def shown_of(key: str, kind: str, file: Any) -> rules.Shown:
    return rules.Shown(key, kind, file.alt_zh, file.alt_en, file.credit, file.licence)


def may_see_file(user: Any, file: Any) -> bool:
    """Whether the user belongs to an organisation that brought the file, or one whose exhibit shows it; asked before its release."""
    if file.pk is None:
        return False
    mine = memberships_of(user).values("organisation_id")
    if isinstance(file, Picture):
        own = Material.objects.filter(picture=file, organisation_id__in=mine)
        shown: Any = ExhibitPicture.objects.filter(picture=file, exhibit__organisation_id__in=mine)
    else:
        own = Material.objects.filter(attachment=file, organisation_id__in=mine)
        shown = ExhibitAttachment.objects.filter(attachment=file, exhibit__organisation_id__in=mine)
    return own.exists() or bool(shown.exists())


# ---------------------------------------------------------------- where it stands
@dataclass(frozen=True, slots=True)
class Overview:
    """An exhibit in the list of its organisation. `public_at`: its address for visitors, edition and code."""

    exhibit: Exhibit
    name: str
    standing: rules.Standing
    share: int
    place: Placement | None
    asked: str = ""


def states_of(exhibits: list[Any]) -> dict[int, WorkflowState]:
    """Workflows that are under way, by exhibit."""
    if not exhibits:
        return {}
    kind = exhibits[0].get_content_type()
    rows = WorkflowState.objects.filter(
        content_type=kind, object_id__in=[str(one.pk) for one in exhibits],
        status__in=(WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES),
    ).select_related("current_task_state")
    return {int(row.object_id): row for row in rows}


def places_of(exhibits: list[Exhibit]) -> dict[int, Placement]:
    """The newest place of each."""
    rows = (
        Placement.objects.filter(exhibit__in=exhibits).select_related("edition", "venue", "zone__hall")
        .order_by("edition__starts_on", "pk")
    )
    return {row.exhibit_id: row for row in rows}


def overviews(exhibits: list[Exhibit], now: dt.datetime) -> list[Overview]:
    """As the list shows them; one more query each for the files of a draft."""
    states, places = states_of(exhibits), places_of(exhibits)
    return [overview(one, states.get(one.pk), places.get(one.pk), now) for one in exhibits]


def overview(exhibit: Exhibit, state: WorkflowState | None, place: Placement | None, now: dt.datetime) -> Overview:
    draft = draft_of(exhibit)
    where = rules.standing(
        live=exhibit.live, changed=exhibit.has_unpublished_changes, published=exhibit.first_published_at is not None,
        in_review=state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS,
        asked=state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES,
        embargo_until=exhibit.embargo_until, now=now,
    )
    share = rules.share_done(rules.missing(facts_of(draft)))
    return Overview(
        exhibit, draft.name, where, share, place,
        asked=state.current_task_state.comment if state is not None and state.current_task_state else "",
    )


def state_of(exhibit: Any) -> WorkflowState | None:
    return states_of([exhibit]).get(exhibit.pk)


# ---------------------------------------------------------------- what was said
@dataclass(frozen=True, slots=True)
class Said:
    """A remark of whoever approves, or an answer of the organisation. Who of the team it was stays with the team."""

    at: dt.datetime
    text: str
    ours: bool
    who: str = ""
    outcome: str = ""


def said_of(exhibit: Any) -> list[Said]:
    """The whole thread of the approvals, oldest first."""
    found = [
        Said(row.finished_at, row.comment, False, outcome=row.status)
        for row in TaskState.objects.for_instance(exhibit).exclude(finished_at=None)
        if row.comment or row.status == TaskState.STATUS_REJECTED
    ]
    entries = ModelLogEntry.objects.for_instance(exhibit).filter(action=REPLY).select_related("user")
    found += [Said(row.timestamp, str(row.data.get("text", "")), True, str(row.user or "")) for row in entries]
    return sorted(found, key=lambda one: one.at)


@dataclass(frozen=True, slots=True)
class ByAnother:
    """A change that somebody else made; `who` is "" where it was the venue's team, whose names stay with the team."""

    at: dt.datetime
    who: str


def last_by_another(exhibit: Exhibit, user: Any) -> ByAnother | None:
    """The newest change, if somebody else made it."""
    revision = exhibit.latest_revision
    if revision is None or revision.user_id == user.pk:
        return None
    ours = Membership.objects.filter(user_id=revision.user_id, organisation=exhibit.organisation).exists()
    return ByAnother(revision.created_at, str(revision.user) if ours else "")


# ---------------------------------------------------------------- figures
def scans_by_exhibit(organisation: Organisation, edition: Edition | None = None) -> dict[int, dict[dt.date, int]]:
    """Scans of the labels of the organisation's exhibits, by exhibit and day; of labels of one edition, or of all."""
    found: dict[int, dict[dt.date, int]] = {}
    rows = LabelScans.objects.filter(label__exhibit__organisation=organisation).order_by("day")
    if edition is not None:
        rows = rows.filter(label__edition=edition)
    for exhibit, day, count in rows.values_list("label__exhibit_id", "day", "count"):
        days = found.setdefault(exhibit, {})
        days[day] = days.get(day, 0) + count
    return found


# ---------------------------------------------------------------- on the way
@dataclass(frozen=True, slots=True)
class Going:
    """A file that has not arrived, or cannot be used: what the page says of it."""

    upload: FileUpload
    percent: int
    fault: str = ""

    @property
    def waits(self) -> bool:
        return bool(self.upload.state == FileUpload.State.RECEIVED)


def uploads_of(exhibit: Exhibit, user: Any, language: str | None) -> list[Going]:
    """Files that the user is bringing to an exhibit, the newest first."""
    states = (FileUpload.State.UPLOADING, FileUpload.State.RECEIVED, FileUpload.State.FAILED)
    rows = FileUpload.objects.filter(owner=user, purpose=f"exhibit:{exhibit.pk}", state__in=states)
    chinese = str(language or "").startswith("zh")
    return [
        Going(row, row.percent, ("" if chinese else " ").join(row.refused.get("zh" if chinese else "en", [])) if row.refused else "")
        for row in rows.order_by("-pk")[:20]
    ]
