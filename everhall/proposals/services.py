"""Writes on proposals: begin, save as typed, freeze, make the activity, delete what came to nothing.

In: rows, what was typed, who, the moment. Out: rows, or what became of each field. Must stay true: of one proposal comes one activity,
however often it is accepted; what is made is what was reviewed; what an organiser has changed in the activity since is not put back.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils.html import escape
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.actions.unpublish import UnpublishAction
from wagtail.log_actions import log

from everhall.accounts.models import Organisation
from everhall.calls import services as calls
from everhall.calls.models import Call, Submission
from everhall.editions.models import Venue
from everhall.engines.two_writers import Merge, digest, merge
from everhall.media.models import Picture
from everhall.programme.models import Activity, ActivityHost, Person, Session, SessionSpeaker
from everhall.proposals import queries, rules, words
from everhall.proposals.models import Proposal, ProposalVersion

SUBJECT: Final = "activity"
#: Drafts that an organisation may have in one call.
MOST_DRAFTS: Final = 30
State = Submission.State


# ---------------------------------------------------------------- writing
@transaction.atomic
def begin_proposal(call: Call, venue: Venue, organisation: Organisation, name: str, by: Any, now: dt.datetime) -> Submission:
    """A draft with nothing but its name. Pressed twice, the second press leads to the first draft."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    title = " ".join(name.split())[:200]
    same = Submission.objects.filter(call=call, venue=venue, organisation=organisation, title_zh=title, state=State.DRAFT)
    found = same.order_by("pk").first()
    if found is not None:
        return found
    if Submission.objects.filter(call=call, organisation=organisation, subject_kind=SUBJECT, state=State.DRAFT).count() >= MOST_DRAFTS:
        raise calls.Refused("too_many")
    proposal = Proposal.objects.create(
        organisation=organisation, data={"name_zh": title}, name_zh=title, is_sample=organisation.is_sample,
        begun_at=now, changed_at=now,
    )  # fmt: skip
    return calls.begin_submission(call, venue, organisation, SUBJECT, proposal.pk, by, now)


@dataclass(slots=True)
class Saved:
    """What became of each field that was sent. `was`: digests of what is kept now."""

    was: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    clashes: dict[str, rules.Value] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)


@transaction.atomic
def save_fields(
    submission: Submission, sent: Mapping[str, tuple[rules.Value, str]], now: dt.datetime
) -> Saved:
    """Take what was typed: by field the value, and the digest of what the sender had before. `calls.Refused` where the submission holds still."""
    row = calls.locked(submission)
    if not row.is_editable(now):
        raise calls.too_late(row)
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=row.subject_id)
    saved = Saved()
    for name, (value, was) in sent.items():
        if name in rules.SPECS:
            take(proposal, name, value, was, saved)
    if saved.changed:
        keep(proposal, now)
        Submission.objects.filter(pk=row.pk).update(title_zh=proposal.name_zh, title_en=proposal.name_en[:200], changed_at=now)
    return saved


def take(proposal: Proposal, name: str, value: rules.Value, was: str, saved: Saved) -> None:
    kept = rules.value_of(proposal.data, name)
    verdict = merge(value, kept, was)
    if verdict == Merge.TAKE:
        try:
            tidied = rules.tidy(rules.SPECS[name], value)
        except rules.Wrong as wrong:
            saved.wrong[name] = words.wrong_words(wrong)
            return
        proposal.data[name] = list(tidied) if isinstance(tidied, tuple) else tidied
        saved.changed.append(name)
    elif verdict == Merge.CLASH:
        saved.clashes[name] = kept
    saved.was[name] = digest(rules.value_of(proposal.data, name))


def keep(proposal: Proposal, now: dt.datetime) -> None:
    proposal.name_zh = rules.text_of(proposal.data, "name_zh")
    proposal.name_en = rules.text_of(proposal.data, "name_en")
    proposal.changed_at = now
    proposal.save()
    picture = proposal.picture
    # Words of a picture belong to the picture; they are changed while nobody outside may see it.
    if picture is not None and proposal.activity_id is None:
        picture.alt_zh, picture.alt_en = rules.text_of(proposal.data, "alt_zh"), rules.text_of(proposal.data, "alt_en")
        picture.save()


@transaction.atomic
def show_picture(submission: Submission, picture: Picture | None, now: dt.datetime) -> None:
    """Instead of the one before; None takes it out."""
    row = calls.locked(submission)
    if not row.is_editable(now):
        raise calls.too_late(row)
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=row.subject_id)
    proposal.picture = picture
    keep(proposal, now)


def freeze(proposal: Proposal, by: Any) -> ProposalVersion:
    """The version as it is now; the last one, if it says the same."""
    last = ProposalVersion.objects.filter(proposal=proposal).order_by("-pk").first()
    if last is not None and last.data == proposal.data and last.picture_id == proposal.picture_id:
        return last
    return ProposalVersion.objects.create(proposal=proposal, data=dict(proposal.data), picture_id=proposal.picture_id, by=by)


# ---------------------------------------------------------------- the activity
def make_activity(proposal: Proposal, version: int | None, venue: Venue, by: Any) -> tuple[Activity, str]:
    """What was reviewed, as an activity that visitors see; and what the desk should know. Inside the transaction of the decision."""
    row = Proposal.objects.select_for_update(of=("self",)).select_related("organisation", "activity").get(pk=proposal.pk)
    if row.activity is not None:
        # Accepted before, and taken back: it comes back as organisers left it.
        publish(row.activity, by)
        return row.activity, _("The activity that was made of it before is public again.")
    kept = row.versions.filter(pk=version).first() if version is not None else None
    data, picture = (kept.data, kept.picture_id) if kept is not None else (row.data, row.picture_id)
    activity = Activity(
        edition=venue.edition, venue=venue, code=f"{slugify(row.organisation.code)[:60]}-{row.key}",
        name_zh=rules.text_of(data, "name_zh"), name_en=rules.text_of(data, "name_en"),
        summary_zh=rules.text_of(data, "summary_zh"), summary_en=rules.text_of(data, "summary_en"),
        text_zh=page_text(rules.text_of(data, "purpose_zh"), "适合", rules.text_of(data, "audience_zh"), "："),
        text_en=page_text(rules.text_of(data, "purpose_en"), "For", rules.text_of(data, "audience_en"), ": "),
        kind=rules.text_of(data, "kind"), mode=rules.text_of(data, "mode"), picture_id=picture,
        relay=rules.text_of(data, "relay") in {"live", "recorded"}, is_sample=row.is_sample, live=False,
    )  # fmt: skip
    activity.hosts.add(ActivityHost(organisation=row.organisation))
    activity.save()
    session = make_session(activity, data, venue)
    row.activity = activity
    row.save(update_fields=["activity"])
    log(instance=activity, action="everhall.proposed", user=by, data={"who": row.organisation.name_zh, "name": activity.name_zh})
    publish(activity, by)
    if session is None:
        return activity, _("None of the wished times fits the week any more: the activity has no session yet. Add one.")
    return activity, _("Its session stands at the first wished time, on no stage yet: give it one.")


def page_text(purpose: str, label: str, audience: str, colon: str) -> str:
    """Plain paragraphs as the rich text of the activity."""
    paragraphs = [f"<p>{escape(' '.join(part.split()))}</p>" for part in purpose.split("\n\n") if part.strip()]
    if audience and paragraphs:
        paragraphs.append(f"<p><b>{label}</b>{colon}{escape(audience)}</p>")
    return "".join(paragraphs)


def publish(activity: Activity, by: Any) -> None:
    """Whoever decides may publish at this venue, which calls have asked."""
    activity.save_revision(user=by).publish(user=by, skip_permission_checks=True)


def make_session(activity: Activity, data: Mapping[str, Any], venue: Venue) -> Session | None:
    """At the first wished time that fits, on no stage: the board puts it on one."""
    fits = [wish for wish in rules.wishes_of(data, queries.week_of(venue)) if not wish.code]
    if not fits or fits[0].begins is None or fits[0].ends is None:
        return None
    session = Session(
        activity=activity, code=f"{activity.code}-1", starts_at=fits[0].begins, ends_at=fits[0].ends, mode=activity.mode,
        relay=activity.relay, is_sample=activity.is_sample,
    )  # fmt: skip
    host = activity.hosts.all()[0].organisation
    for order, speaker in enumerate(rules.speakers_of(data)):
        session.speakers.add(SessionSpeaker(person=person_of(speaker, host, activity.is_sample), sort_order=order))
    session.save()
    return session


def person_of(speaker: rules.Speaker, host: Organisation, is_sample: bool) -> Person:
    """Somebody whom this host has brought before, or somebody new."""
    name = speaker.name_zh or speaker.name_en
    known = Person.objects.filter(organisation=host, name_zh=name[:80]).order_by("pk").first()
    if known is not None:
        return known
    code = f"{slugify(speaker.name_en)[:60] or 'speaker'}-{secrets.token_hex(3)}"
    return Person.objects.create(
        code=code, name_zh=name[:80], name_en=speaker.name_en[:120], title_zh=speaker.title_zh, title_en=speaker.title_en,
        organisation=host, is_sample=is_sample,
    )  # fmt: skip


def hide_activity(proposal: Proposal, by: Any) -> None:
    """The decision was taken back: nobody sees it, and nothing of it is lost."""
    activity = proposal.activity
    if activity is not None and activity.live:
        UnpublishAction(activity, user=by).execute(skip_permission_checks=True)


def cancel_activity(proposal: Proposal, by: Any) -> None:
    """The host has withdrawn: its sessions are cancelled and stay to be read, for people have made plans; who follows one is told."""
    if proposal.activity is None:
        return
    for session in Session.objects.filter(activity=proposal.activity).exclude(status=Session.Status.CANCELLED):
        session.status = Session.Status.CANCELLED
        session.save()
        log(instance=session, action="wagtail.edit", user=by)


# ---------------------------------------------------------------- what is not kept
def forget_old(now: dt.datetime) -> int:
    """Proposals whose submission is gone (`calls.forget_old`) and that became nothing; of those that became an activity three years
    ago, what was written. How many rows."""
    kept = Submission.objects.filter(subject_kind=SUBJECT).values("subject_id")
    old = Proposal.objects.filter(activity=None, is_sample=False, changed_at__lt=now - dt.timedelta(days=1)).exclude(pk__in=kept)
    count = Proposal.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:500])).delete()[0]
    done = Submission.objects.filter(subject_kind=SUBJECT, call__closes_at__lt=now - calls.ACCEPTED, call__is_sample=False)
    written = Proposal.objects.filter(pk__in=done.values("subject_id"), is_sample=False, activity__isnull=False)
    count += ProposalVersion.objects.filter(proposal__in=written).exclude(data={}).update(data={})
    return count + written.exclude(data={}).update(data={})
