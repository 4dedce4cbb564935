"""Placing exhibits, and when they and their files may be seen."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from everhall.editions.models import Edition, Venue, Zone
from everhall.editions.rules import NOT_YET
from everhall.exhibition import rules
from everhall.exhibition.events import ExhibitsChanged
from everhall.exhibition.models import Exhibit, ExhibitAttachment, ExhibitPicture, Placement
from everhall.exhibition.services.labels import label_exhibits
from everhall.exhibition.services.minting import mint
from everhall.media import services as media
from everhall.realtime import news


@transaction.atomic
def place_exhibit(
    exhibit: Exhibit, venue: Venue, *, zone: Zone | None = None, booth: str = "", order: int = 0
) -> Placement:
    """Give an exhibit its place in the venue's edition, or move it there; the venue's team answers for it. With a
    booth it gets a label; with its first place an identifier for good."""
    placement, _ = Placement.objects.update_or_create(
        exhibit=exhibit,
        edition=venue.edition,
        defaults={"venue": venue, "zone": zone, "booth": booth, "order": order},
    )
    if booth:
        label_exhibits(venue.edition, [exhibit.pk])
    mint([exhibit.pk])
    newest = (
        Placement.objects.filter(exhibit=exhibit).order_by("-edition__starts_on").values_list(
            "venue_id", flat=True
        ).first()
    )
    if exhibit.steward_id != newest:
        exhibit.steward_id = newest
        # Another edition may have another moment; what opens with no launch keeps its embargo.
        exhibit.save(update_fields=["steward", *(["embargo_until"] if exhibit.opens_with_launch else [])])
    return placement


@transaction.atomic
def follow_launch(edition: Edition, at: dt.datetime | None) -> tuple[int, ...]:
    """Let what is marked open at `at` (None: not known, nobody sees it); the exhibits that had another moment. Their
    files follow at once, not by news: a moment that is taken back may be three seconds away."""
    wanted = at or NOT_YET
    moved = Exhibit.objects.filter(opens_with_launch=True, steward__edition=edition).exclude(embargo_until=wanted)
    ids = tuple(moved.order_by("pk").values_list("pk", flat=True))
    if ids:
        Exhibit.objects.filter(pk__in=ids).update(embargo_until=wanted)
        settle_release(ids)
        news.tell(ExhibitsChanged(tags=(f"edition-{edition.code}",), ids=ids))
    return ids


def settle_release(ids: Collection[int]) -> None:
    """Let the files of these exhibits be seen from the right moment on, or not at all."""
    wanted = list(dict.fromkeys(ids))  # named twice, its files would be entered twice
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        public = set(
            Placement.objects.filter(exhibit_id__in=chunk)
            .exclude(edition__state=Edition.State.PLANNING).values_list("exhibit_id", flat=True)
        )
        pictures = _files_of(ExhibitPicture, chunk, "picture_id")
        attachments = _files_of(ExhibitAttachment, chunk, "attachment_id")
        moments = {
            pk: rules.release_moment(
                live=live,
                embargo_until=embargo_until,
                published_at=published_at or media.ALWAYS,
                in_public_edition=pk in public,
            )
            # Plain values: thousands settle at the end of an import.
            for pk, live, embargo_until, published_at in Exhibit.objects.filter(pk__in=chunk)
            .values_list("pk", "live", "embargo_until", "first_published_at")
        }
        # One that is gone is told with no files.
        uses: list[media.FileUse] = [
            (f"exhibit:{pk}", pictures[pk], attachments[pk], moments[pk])
            if pk in moments else (f"exhibit:{pk}", [], [], None)
            for pk in chunk
        ]
        media.use_many(uses)


def _files_of(
    through: type[ExhibitPicture | ExhibitAttachment], exhibits: Collection[int], name: str
) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for exhibit, file in through.objects.filter(exhibit_id__in=exhibits).values_list("exhibit_id", name):
        found[exhibit].append(file)
    return found


def settle_edition(edition_id: int) -> None:
    """The edition has been announced or withdrawn: the files of its exhibits follow."""
    settle_release(
        list(Placement.objects.filter(edition_id=edition_id).values_list("exhibit_id", flat=True))
    )
