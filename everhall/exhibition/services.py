"""Writes on exhibits: placing them, and when their files may be seen."""

from collections.abc import Collection

from django.db import transaction

from everhall.editions.models import Edition, Venue, Zone
from everhall.exhibition import rules
from everhall.exhibition.models import Exhibit, Placement
from everhall.media import services as media


@transaction.atomic
def place_exhibit(
    exhibit: Exhibit, venue: Venue, *, zone: Zone | None = None, booth: str = "", order: int = 0
) -> Placement:
    """Give an exhibit its place in the venue's edition, or move it there; the venue's team answers for it."""
    placement, _ = Placement.objects.update_or_create(
        exhibit=exhibit,
        edition=venue.edition,
        defaults={"venue": venue, "zone": zone, "booth": booth, "order": order},
    )
    newest = (
        Placement.objects.filter(exhibit=exhibit).order_by("-edition__starts_on").values_list(
            "venue_id", flat=True
        ).first()
    )
    if exhibit.steward_id != newest:
        exhibit.steward_id = newest
        exhibit.save(update_fields=["steward"])
    return placement


def settle_release(ids: Collection[int]) -> None:
    """Let the files of these exhibits be seen from the right moment on, or not at all."""
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        exhibits = Exhibit.objects.filter(pk__in=chunk).prefetch_related("pictures", "attachments")
        public = set(
            Placement.objects.filter(exhibit_id__in=chunk)
            .exclude(edition__state=Edition.State.PLANNING).values_list("exhibit_id", flat=True)
        )
        found = list(exhibits)
        uses: list[media.FileUse] = [
            (
                f"exhibit:{exhibit.pk}",
                [p.picture_id for p in exhibit.pictures.all()],
                [a.attachment_id for a in exhibit.attachments.all()],
                rules.release_moment(
                    live=exhibit.live,
                    embargo_until=exhibit.embargo_until,
                    published_at=exhibit.first_published_at or media.ALWAYS,
                    in_public_edition=exhibit.pk in public,
                ),
            )
            for exhibit in found
        ]
        gone = set(chunk) - {exhibit.pk for exhibit in found}
        uses += [(f"exhibit:{pk}", [], [], None) for pk in gone]
        media.use_many(uses)


def settle_edition(edition_id: int) -> None:
    """The edition has been announced or withdrawn: the files of its exhibits follow."""
    settle_release(
        list(Placement.objects.filter(edition_id=edition_id).values_list("exhibit_id", flat=True))
    )
