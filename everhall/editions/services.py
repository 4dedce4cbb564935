"""Writes on editions: appointing people, cloning an edition, letting its look be seen."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from wagtail.log_actions import log
from wagtail.models import Collection, Workflow, WorkflowContentType, WorkflowTask

from everhall.accounts.models import User
from everhall.editions import queries, rules
from everhall.editions.models import (
    Appointment,
    Edition,
    Hall,
    NationalApproval,
    Stage,
    Venue,
    VenueApproval,
)
from everhall.media import services as media

Part = TypeVar("Part", bound=Model)


@transaction.atomic
def appoint(
    user: User,
    role: str,
    edition: Edition,
    venue: Venue | None = None,
    *,
    by: User | None = None,
    is_sample: bool = False,
) -> Appointment:
    """Give a role at a venue, or in the whole edition; in the audit log with who gave it.

    ValidationError when the venue is of another edition or the role does not fit.
    """
    appointment = Appointment(
        user=user, role=role, edition=edition, venue=venue, is_sample=is_sample
    )
    appointment.clean()
    appointment, created = Appointment.objects.get_or_create(
        user=user, role=role, edition=edition, venue=venue, defaults={"is_sample": is_sample}
    )
    if created:
        log(
            instance=edition, action="everhall.appoint", user=by,
            data={"user": user.email, "role": role, "venue": venue.code if venue else None},
        )
    if role == rules.NATIONAL_ORGANISER:
        user.groups.add(editorial_group(edition))
    if role in rules.STAFF:
        # Whoever has a desk finds a drawer for pictures and the workflow there.
        collection_of(venue) if venue else edition_collection(edition)
        ensure_workflow()
    queries.forget_grants(user)
    return appointment


@transaction.atomic
def dismiss(appointment: Appointment, *, by: User | None = None) -> None:
    """Take a role back; in the audit log too."""
    user, edition = appointment.user, appointment.edition
    log(
        instance=edition, action="everhall.dismiss", user=by,
        data={
            "user": user.email, "role": appointment.role,
            "venue": appointment.venue.code if appointment.venue else None,
        },
    )
    appointment.delete()
    still = Appointment.objects.filter(
        user=user, edition=edition, role=rules.NATIONAL_ORGANISER
    ).exists()
    if not still:
        user.groups.remove(editorial_group(edition))
    queries.forget_grants(user)


WORKFLOW = "会场 → 全国 Venue → National"
EDITORIAL_WORKFLOW = "编辑部 Editorial"
#: Kinds of rows that go through the venue's and the nation's hands; by name, they stand a storey higher.
REVIEWED = (("exhibition", "exhibit"), ("programme", "activity"), ("tours", "tour"))


def ensure_workflow() -> Workflow:
    """The workflow of exhibits, activities and tours: made once, later changes in the desk stay."""
    found = Workflow.objects.filter(name=WORKFLOW).first()
    if found is None:
        found = Workflow.objects.create(name=WORKFLOW)
        for order, (task, name) in enumerate(
            ((VenueApproval, "会场审核 Venue"), (NationalApproval, "全国审核 National"))
        ):
            step = task.objects.filter(name=name).first() or task.objects.create(name=name)
            WorkflowTask.objects.create(workflow=found, task=step.task_ptr, sort_order=order)
        for app, model in REVIEWED:
            kind = ContentType.objects.get_for_model(apps.get_model(app, model))
            WorkflowContentType.objects.get_or_create(
                content_type=kind, defaults={"workflow": found}
            )
    return found


def ensure_editorial_workflow() -> Workflow:
    """The workflow of editorial pages: the edition's national organisers approve."""
    found = Workflow.objects.filter(name=EDITORIAL_WORKFLOW).first()
    if found is None:
        found = Workflow.objects.create(name=EDITORIAL_WORKFLOW)
        name = "全国审核 National"
        step = NationalApproval.objects.filter(name=name).first()
        step = step or NationalApproval.objects.create(name=name)
        WorkflowTask.objects.create(workflow=found, task=step.task_ptr, sort_order=0)
    return found


def editorial_group(edition: Edition) -> Group:
    """Whoever may edit the editorial pages of an edition; page permissions hang on it."""
    group, _ = Group.objects.get_or_create(name=f"{edition.code} · 编辑部 Editorial")
    return group


def collection_of(venue: Venue) -> Collection:
    """The venue's own drawer for pictures and documents, below that of its parent."""
    if venue.collection is None:
        above = collection_of(venue.parent) if venue.parent else edition_collection(venue.edition)
        venue.collection = above.add_child(name=f"{venue.edition.code} {venue.name_zh}"[:250])
        Venue.objects.filter(pk=venue.pk).update(collection=venue.collection)
    return venue.collection


def edition_collection(edition: Edition) -> Collection:
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    found = root.get_children().filter(name=edition.code).first()
    return found or root.add_child(name=edition.code)


def settle_release(edition_id: int) -> None:
    """Logo, hero and the heroes of venues may be seen as soon as the edition is announced."""
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is None:
        media.use(f"edition:{edition_id}", released_at=None)
        return
    heroes = Venue.objects.filter(edition=edition, hero__isnull=False).values_list("hero_id", flat=True)
    pictures = {pk for pk in (edition.logo_id, edition.hero_id, *heroes) if pk is not None}
    media.use(
        f"edition:{edition_id}", pictures=pictures,
        released_at=media.ALWAYS if edition.is_public else None,
    )


def settle_venues(venue_ids: Iterable[int]) -> None:
    """The look of these venues has changed."""
    found = Venue.objects.filter(pk__in=list(venue_ids)).values_list("edition_id", flat=True)
    for edition_id in sorted(set(found)):
        settle_release(edition_id)


@transaction.atomic
def clone_edition(
    source: Edition,
    *,
    code: str,
    year: int,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    with_teams: bool = True,
    by: User | None = None,
) -> Edition:
    """Next year's edition: venues with halls, zones and stages, what `cloned_too` adds, look and (optionally)
    teams; in planning, without theme, exhibits and programme. ValueError when the code is taken."""
    if Edition.objects.filter(code=code).exists():
        msg = f"There is already an edition “{code}”."
        raise ValueError(msg)
    edition = Edition(
        code=code, year=year, starts_on=starts_on, ends_on=ends_on,
        name_zh=source.name_zh.replace(str(source.year), str(year)),
        name_en=source.name_en.replace(str(source.year), str(year)),
        primary_colour=source.primary_colour, accent_colour=source.accent_colour,
        logo=source.logo, state=Edition.State.PLANNING,
    )
    edition.full_clean(exclude=["figures", "notes", "sub_venues", "sources"])
    edition.save()
    venues, stages = clone_venues(source, edition)
    for follow in _cloned_too:
        follow(Cloned(source, edition, venues, stages))
    if with_teams:
        clone_teams(source, edition, venues, by)
    log(instance=edition, action="wagtail.create", user=by, data={"cloned_from": source.code})
    return edition


@dataclass(frozen=True, slots=True)
class Cloned:
    """What `clone_edition` has made so far: copies by the id of their originals."""

    source: Edition
    edition: Edition
    venues: Mapping[int, Venue]
    stages: Mapping[int, Stage]


_cloned_too: list[Callable[[Cloned], None]] = []


def cloned_too(follow: Callable[[Cloned], None]) -> None:
    """Let another room copy what it has at the venues, in the same transaction. Only config/wiring.py calls this."""
    if follow not in _cloned_too:
        _cloned_too.append(follow)


def clone_venues(source: Edition, edition: Edition) -> tuple[dict[int, Venue], dict[int, Stage]]:
    """Copies of the venues and stages by the id of their originals, parents first."""
    made: dict[int, Venue] = {}
    stages: dict[int, Stage] = {}
    for old in source.venues.order_by("path").prefetch_related("hosts", "halls__zones", "stages"):
        venue = copy(old, edition=edition, parent=made.get(old.parent_id or 0), path="", collection=None)
        venue.hosts.set(old.hosts.all())
        made[old.pk] = venue
        halls: dict[int, Hall] = {}
        for hall in old.halls.all():
            halls[hall.pk] = copy(hall, venue=venue)
            for zone in hall.zones.all():
                copy(zone, hall=halls[hall.pk])
        for stage in old.stages.all():
            stages[stage.pk] = copy(stage, venue=venue, hall=halls.get(stage.hall_id or 0))
    return made, stages


def clone_teams(
    source: Edition, edition: Edition, venues: dict[int, Venue], by: User | None
) -> None:
    for old in source.appointments.select_related("user"):
        venue = venues.get(old.venue_id) if old.venue_id else None
        appoint(old.user, old.role, edition, venue, by=by, is_sample=old.is_sample)


def copy(row: Part, **changes: Any) -> Part:
    """A new row like this one, but for `changes`."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in changes
    }
    made = type(row)(**values, **changes)
    made.save()
    return made
