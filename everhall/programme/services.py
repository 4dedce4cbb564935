"""Writes on the programme: when the files of activities may be seen."""

from collections.abc import Collection

from everhall.media import services as media
from everhall.programme.models import Activity


def settle_release(ids: Collection[int]) -> None:
    """Let the pictures of these activities be seen from the right moment on, or not at all."""
    found = {a.pk: a for a in Activity.objects.filter(pk__in=ids).select_related("edition")}
    uses: list[media.FileUse] = []
    for pk in ids:
        activity = found.get(pk)
        if activity is None:
            uses.append((f"activity:{pk}", [], [], None))
            continue
        public = activity.live and activity.edition.is_public
        moment = None
        if public:
            moment = activity.embargo_until or activity.first_published_at or media.ALWAYS
        pictures = [activity.picture_id] if activity.picture_id else []
        uses.append((f"activity:{pk}", pictures, [], moment))
    media.use_many(uses)


def settle_edition(edition_id: int) -> None:
    """The edition has been announced or withdrawn: the files of its activities follow."""
    settle_release(list(Activity.objects.filter(edition_id=edition_id).values_list("pk", flat=True)))
