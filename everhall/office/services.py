"""Writes of the office. All of them change drafts: what is public changes only when somebody approves.

Must stay true: a change is made on the newest draft while nobody else changes it (the exhibit's row is held), so nothing is lost between
reading and writing; while the text is under review it holds still for its organisation; a new exhibit is a draft and nothing else.
"""

import contextlib
import datetime as dt
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import get_language, gettext, gettext_lazy
from wagtail.log_actions import log
from wagtail.models import Collection, Revision, WorkflowState

from everhall.accounts.models import Membership, Organisation, User
from everhall.calls.models import Submission
from everhall.editions.models.approval import ApprovalByRole
from everhall.editions.services import collection_of, ensure_workflow
from everhall.engines.refusal import Refusal
from everhall.exhibition.models import Exhibit, ExhibitAttachment, ExhibitPicture
from everhall.media import taking
from everhall.media.models import FileUpload, Picture
from everhall.office import fields, queries, rules
from everhall.office.models import Material
from everhall.post import services as post

#: Changes of one person within so long are one draft in the history.
ONE_DRAFT: Final = dt.timedelta(minutes=30)
#: Files that one exhibit shows.
MOST_FILES: Final = 40
#: Drafts that an organisation may have at a time that were never public.
MOST_DRAFTS: Final = 50

WORDS: Final[Mapping[str, Any]] = {
    "in_review": gettext_lazy("It is being reviewed and holds still until then. Take it back to change it."),
    "locked": gettext_lazy("The venue's team is working on it just now and has locked it."),
    "incomplete": gettext_lazy("Something that is needed is still missing."),
    "no_venue": gettext_lazy("It stands at no venue yet. Send it with an open call."),
    "nothing_new": gettext_lazy("Nothing was changed since it was published."),
    "not_waiting": gettext_lazy("It does not wait for a review."),
    "too_many_files": gettext_lazy("An exhibit shows %(most)s files at most. Take one away first.") % {"most": MOST_FILES},
    "too_many_drafts": gettext_lazy("There are very many drafts. Finish one or delete one first."),
    "was_public": gettext_lazy("It was public, or stands at a venue. The venue's team decides what becomes of it."),
    "not_there": gettext_lazy("It is not among the files of this exhibit any more."),
    "too_many_organisations": gettext_lazy("You own several organisations already. Ask the venue's team to enter another one."),
    "known_organisation": gettext_lazy("An organisation of this name is entered already. Ask its owners to invite you, or the venue's team."),
    "no_words": gettext_lazy("Write something first."),
    "no_file": gettext_lazy("Choose a file first."),
}


class Refused(Refusal):
    """`code` is one of `WORDS`."""

    table = WORDS


# ---------------------------------------------------------------- drafts
@transaction.atomic
def begin_exhibit(organisation: Organisation, name: str, *, by: User, now: dt.datetime) -> Exhibit:
    """A new draft with nothing but its name."""
    unseen = Exhibit.objects.filter(organisation=organisation, first_published_at=None, live=False)
    if unseen.count() >= MOST_DRAFTS:
        raise Refused("too_many_drafts")
    exhibit = Exhibit(
        code=new_code(organisation), organisation=organisation, live=False, is_sample=organisation.is_sample,
        name_zh=" ".join(name.split())[:200],
    )
    exhibit.save()
    log(instance=exhibit, action="wagtail.create", user=by)
    exhibit.save_revision(user=by)
    return exhibit


def new_code(organisation: Organisation) -> str:
    """Part of addresses for ever, so it says who, and then nothing that could be guessed or would be wrong later."""
    while True:
        code = f"{slugify(organisation.code)[:60]}-{secrets.token_hex(3)}"
        if not Exhibit.objects.filter(code=code).exists():
            return code


@transaction.atomic
def drop_exhibit(exhibit: Exhibit, *, by: User) -> None:
    """Delete a draft that nobody outside has seen."""
    found = Exhibit.objects.select_for_update().get(pk=exhibit.pk)
    handed_in = Submission.objects.filter(subject_kind="exhibit", subject_id=found.pk)
    if found.live or found.first_published_at or found.placements.exists() or queries.state_of(found) or handed_in.exists():
        raise Refused("was_public")
    log(instance=found, action="wagtail.delete", user=by, deleted=True)
    found.delete()


@dataclass(slots=True)
class Held:
    """A draft that nobody else changes meanwhile; `keep` false leaves the history as it is."""

    draft: Any
    keep: bool = True


@contextlib.contextmanager
def changing(exhibit: Any, *, by: User, now: dt.datetime) -> Iterator[Held]:
    """The newest draft, to be changed; it is kept when the block ends. Others wait for their turn."""
    with transaction.atomic():
        row = type(exhibit).objects.select_for_update().get(pk=exhibit.pk)
        check_open(row, by)
        held = Held(queries.draft_of(row))
        yield held
        if held.keep:
            keep(row, held.draft, by, now)


def check_open(exhibit: Any, by: User) -> None:
    """`Refused` while the text holds still."""
    state = queries.state_of(exhibit)
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise Refused("in_review")
    lock = exhibit.get_lock()
    if lock is not None and lock.for_user(by):
        raise Refused("locked")


def keep(row: Any, draft: Any, by: User, now: dt.datetime) -> None:
    """As a revision. What is not public is also the row itself, as in the desk, so that lists of the desk show it."""
    if not row.live:
        draft.save()
    latest = row.latest_revision
    goes_on = (
        latest is not None and latest.user_id == by.pk and latest.created_at > now - ONE_DRAFT
        and row.live_revision_id != latest.pk and not is_held(row, latest)
    )
    draft.save_revision(user=by, overwrite_revision=latest if goes_on else None, clean=False)


def is_held(row: Any, revision: Revision) -> bool:
    """Whether somebody has this very version in hand: it waits for its moment, was in an approval, or was handed in to a call."""
    handed_in = Submission.objects.filter(subject_kind="exhibit" if isinstance(row, Exhibit) else "", subject_id=row.pk)
    return bool(
        revision.approved_go_live_at or revision.task_states.exists()
        or handed_in.filter(Q(subject_version=revision.pk) | Q(reviewed_version=revision.pk)).exists()
    )


@dataclass(slots=True)
class Saved:
    """What became of each field that was sent. `was`: digests of what is kept now."""

    was: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    clashes: dict[str, fields.Value] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)


def save_fields(
    exhibit: Any, sent: Mapping[str, tuple[fields.Value, str]], *, by: User, now: dt.datetime, read: Any = fields.fields_of
) -> Saved:
    """Take what was sent: by field the value, and the digest of the value that the sender had before. A field that somebody else
    changed meanwhile is left as it is and told."""
    saved = Saved()
    with changing(exhibit, by=by, now=now) as held:
        known, files = read(held.draft), {}
        for name, (value, was) in sent.items():
            entry = known.get(name)
            if entry is None:
                saved.wrong[name] = gettext("It is not among the files of this exhibit any more.")
                continue
            take(entry, value, was, saved)
            if entry.file is not None and name in saved.changed:
                files[(type(entry.file), entry.file.pk)] = entry.file
        for file in files.values():
            file.save()
        held.keep = any(known[name].file is None for name in saved.changed)
    return saved


def take(entry: fields.Entry, value: fields.Value, was: str, saved: Saved) -> None:
    now = entry.read()
    name = entry.name
    verdict = rules.merge(value, now, was)
    if verdict == rules.Merge.TAKE:
        try:
            entry.write(value)
        except fields.Wrong as wrong:
            saved.wrong[name] = str(wrong)
            return
        saved.changed.append(name)
    elif verdict == rules.Merge.CLASH:
        saved.clashes[name] = now
    saved.was[name] = rules.digest(entry.read())


# ---------------------------------------------------------------- files of a draft
def drawer_of(exhibit: Exhibit) -> Collection:
    """Where files of an exhibit lie in the library: in the drawer of its venue, else in that of its organisation."""
    return collection_of(exhibit.steward) if exhibit.steward is not None else drawer_named(exhibit.organisation, exhibit.code)


def drawer_named(organisation: Organisation | None, otherwise: str = "") -> Collection:
    """The drawer of an organisation; made where there is none."""
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    above = root.get_children().filter(name=DRAWER).first() or root.add_child(name=DRAWER)
    name = f"{organisation.code} {organisation.name_zh}"[:250] if organisation else otherwise
    return above.get_children().filter(name=name).first() or Collection.objects.get(pk=above.pk).add_child(name=name)


DRAWER: Final = "单位 Organisations"


def add_upload(exhibit: Exhibit, upload: FileUpload, *, by: User, now: dt.datetime) -> Any:
    """A file that came whole becomes a picture or a file of the draft. `taking.Unfit` says why not. Asked again, it changes nothing."""
    check_open(exhibit, by)
    file = taking.take(upload, drawer_of(exhibit).pk, now)
    with changing(exhibit, by=by, now=now) as held:
        draft = held.draft
        rows: Any = draft.pictures if isinstance(file, Picture) else draft.attachments
        name = "picture" if isinstance(file, Picture) else "attachment"
        there = list(rows.all())
        if any(getattr(row, f"{name}_id") == file.pk for row in there):
            held.keep = False
            return file
        if len(draft.pictures.all()) + len(draft.attachments.all()) >= MOST_FILES:
            raise Refused("too_many_files")
        made = ExhibitPicture(picture=file) if isinstance(file, Picture) else ExhibitAttachment(attachment=file)
        made.sort_order = max((queries.order(row) for row in there), default=-1) + 1
        rows.add(made)
        Material.objects.get_or_create(
            organisation=exhibit.organisation, **{name: file}, defaults={"brought_by": by, "brought_at": now}
        )
    return file


def take_material(organisation: Organisation, upload: FileUpload, *, by: User, now: dt.datetime) -> Any:
    """A file of an organisation that belongs to no exhibit."""
    file = taking.take(upload, drawer_named(organisation).pk, now)
    name = "picture" if isinstance(file, Picture) else "attachment"
    Material.objects.get_or_create(organisation=organisation, **{name: file}, defaults={"brought_by": by, "brought_at": now})
    return file


def rows_of(draft: Exhibit, key: str) -> tuple[Any, list[Any], Any]:
    """The relation, its rows in order, and the one that a key ("p12", "f9") names."""
    rows: Any = draft.pictures if key.startswith("p") else draft.attachments
    name = "picture_id" if key.startswith("p") else "attachment_id"
    held = sorted(rows.all(), key=queries.order)
    one = next((row for row in held if str(getattr(row, name)) == key[1:]), None)
    if one is None:
        raise Refused("not_there")
    return rows, held, one


def move_file(exhibit: Exhibit, key: str, by_places: int, *, by: User, now: dt.datetime) -> None:
    """One place up (-1) or down (1) among its own kind; the first picture is the cover."""
    with changing(exhibit, by=by, now=now) as held:
        _rows, ordered, one = rows_of(held.draft, key)
        at = ordered.index(one)
        ordered.insert(max(0, min(len(ordered) - 1, at + by_places)), ordered.pop(at))
        for place, row in enumerate(ordered):
            row.sort_order = place


def remove_file(exhibit: Exhibit, key: str, *, by: User, now: dt.datetime) -> None:
    """Out of the draft; the library keeps it, and what is public keeps showing it until the change is approved."""
    with changing(exhibit, by=by, now=now) as held:
        rows, _ordered, one = rows_of(held.draft, key)
        rows.remove(one)


# ---------------------------------------------------------------- sending, and what is said
@transaction.atomic
def send(exhibit: Exhibit, *, by: User, now: dt.datetime) -> None:
    """Hand the draft to the team of its venue: the same approval as from the desk."""
    row = Exhibit.objects.select_for_update().get(pk=exhibit.pk)
    check_open(row, by)
    if row.steward is None:
        raise Refused("no_venue")
    if row.live and not row.has_unpublished_changes:
        raise Refused("nothing_new")
    if rules.may_not_send(rules.missing(queries.facts_of(queries.draft_of(row)))):
        raise Refused("incomplete")
    if row.latest_revision is None:
        row.save_revision(user=by, clean=False)
    start(row, by)


def start(row: Any, by: User) -> None:
    """Into the approval, or back into the one that asked for changes."""
    state = queries.state_of(row)
    if state is not None:
        state.resume(user=by)
        return
    workflow = row.get_workflow() or ensure_workflow()
    workflow.start(row, by)


@transaction.atomic
def send_activity(activity: Any, *, by: User) -> None:
    """A host's change to the team of the venue."""
    row = type(activity).objects.select_for_update().get(pk=activity.pk)
    check_open(row, by)
    if row.live and not row.has_unpublished_changes:
        raise Refused("nothing_new")
    start(row, by)


@transaction.atomic
def take_back(exhibit: Any, *, by: User) -> None:
    """Out of review, to go on writing."""
    state = queries.state_of(type(exhibit).objects.select_for_update().get(pk=exhibit.pk))
    if state is None:
        raise Refused("not_waiting")
    state.cancel(user=by)


#: Characters of an answer.
LONGEST: Final = 2_000


def reply(exhibit: Exhibit, text: str, *, by: User, now: dt.datetime) -> None:
    """Answer whoever reviews: in the history of the exhibit, and by mail to those who may decide."""
    words = text.strip()[:LONGEST]
    if not words:
        raise Refused("no_words")
    with transaction.atomic():
        log(instance=exhibit, action=queries.REPLY, user=by, data={"text": words})
        tell_team(exhibit, words, by, now)


def tell_team(exhibit: Exhibit, words: str, by: User, now: dt.datetime) -> None:
    """One letter to each, so that nobody reads the others' addresses."""
    state = queries.state_of(exhibit)
    task = state.current_task_state.task.specific if state is not None and state.current_task_state else None
    if not isinstance(task, ApprovalByRole):
        return
    address = f"{settings.BASE_URL}/admin/snippets/exhibition/exhibit/edit/{exhibit.pk}/"
    subject = gettext("An answer about “%(exhibit)s”") % {"exhibit": exhibit.name_zh}
    for user in task.recipients(exhibit).exclude(pk=by.pk):
        key = f"office-reply-{exhibit.pk}-{user.pk}-{now.timestamp():.3f}"
        post.write(key, user.email, subject, f"{by}:\n\n{words}\n\n{address}", get_language() or "zh-hans", now)


def begin_upload(exhibit: Exhibit, kind: str, name: str, size: int, head: bytes, *, by: User) -> FileUpload:
    """A row for a file that is about to come; `taking.Unfit` before a byte of it is sent."""
    check_open(exhibit, by)
    taking.judge_early(kind, Path(name).name, size, head)
    return FileUpload(owner=by, name=name, size=size, kind=kind, purpose=purpose_of(exhibit), metadata={"language": get_language() or ""})


def purpose_of(exhibit: Exhibit) -> str:
    return f"exhibit:{exhibit.pk}"


# ---------------------------------------------------------------- organisations
#: Organisations that one person may enter.
MOST_FOUNDED: Final = 3


@transaction.atomic
def found_organisation(name_zh: str, name_en: str, kind: str, *, by: User) -> Organisation:
    """An organisation that nobody has entered yet, of which `by` is the owner. Nobody sees it before something of it is public."""
    User.objects.select_for_update().get(pk=by.pk)
    if Membership.objects.filter(user=by, role=Membership.Role.OWNER).count() >= MOST_FOUNDED:
        raise Refused("too_many_organisations")
    names = Q(name_zh__iexact=name_zh)
    if name_en:
        names |= Q(name_en__iexact=name_en)
    if Organisation.objects.filter(names).exists():
        raise Refused("known_organisation")
    code = f"{slugify(name_en)[:60] or 'org'}-{secrets.token_hex(3)}"
    organisation = Organisation(code=code, name_zh=name_zh, name_en=name_en, kind=kind)
    organisation.save()
    Membership.objects.create(organisation=organisation, user=by, role=Membership.Role.OWNER)
    log(instance=organisation, action="wagtail.create", user=by)
    return organisation


def save_profile(organisation: Organisation, *, by: User) -> None:
    """What a form has put into the organisation."""
    organisation.save()
    log(instance=organisation, action="wagtail.edit", user=by, content_changed=True)
