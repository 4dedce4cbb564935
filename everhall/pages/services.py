"""Writes for editorial pages: when the files they use may be seen."""

from collections.abc import Collection

from wagtail.models import Page, ReferenceIndex

from everhall.media import services as media
from everhall.media.models import Attachment, Picture


def settle_release(ids: Collection[int]) -> None:
    """The pictures and documents that live pages use may be seen; those of drafts may not."""
    found = {page.pk: page for page in Page.objects.filter(pk__in=ids).specific()}
    uses: list[media.FileUse] = []
    for pk in ids:
        page = found.get(pk)
        pictures: set[int] = set()
        attachments: set[int] = set()
        moment = None
        if page is not None and page.live:
            moment = page.first_published_at
            for reference in ReferenceIndex.get_references_for_object(page):
                model = reference.to_content_type.model_class()
                if model is Picture:
                    pictures.add(int(reference.to_object_id))
                elif model is Attachment:
                    attachments.add(int(reference.to_object_id))
        uses.append((f"page:{pk}", pictures, attachments, moment))
    media.use_many(uses)
