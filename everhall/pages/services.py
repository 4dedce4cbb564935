"""Writes for editorial pages: when the files they use may be seen."""

from collections.abc import Collection

from django.contrib.auth.models import Permission
from wagtail.models import GroupPagePermission, Page, ReferenceIndex, WorkflowPage

from everhall.editions import services as editions
from everhall.media import services as media
from everhall.media.models import Attachment, Picture
from everhall.pages.models import EditionPage


def settle_release(ids: Collection[int]) -> None:
    """The pictures and documents that live pages use may be seen; those of drafts may not."""
    found = {page.pk: page for page in Page.objects.filter(pk__in=ids).specific()}
    uses: list[media.FileUse] = []
    for pk in ids:
        page = found.get(pk)
        pictures: set[int] = set()
        attachments: set[int] = set()
        moment = None
        if page is not None and page.live and is_open(page):
            moment = page.first_published_at
            for reference in ReferenceIndex.get_references_for_object(page):
                model = reference.to_content_type.model_class()
                if model is Picture:
                    pictures.add(int(reference.to_object_id))
                elif model is Attachment:
                    attachments.add(int(reference.to_object_id))
        uses.append((f"page:{pk}", pictures, attachments, moment))
    media.use_many(uses)


def is_open(page: Page) -> bool:
    """A page of an edition in planning is live for its editors only."""
    edition = getattr(page, "edition", None)
    return edition is None or edition.is_public


def settle_edition(edition_id: int) -> None:
    """The edition has been announced or withdrawn: the files of its pages follow."""
    for home in EditionPage.objects.filter(edition_id=edition_id):
        settle_release(list(home.get_descendants(inclusive=True).values_list("pk", flat=True)))


#: What the editorial group of an edition may do below its home page.
EDITORS_MAY = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")


def open_to_editors(home: EditionPage) -> None:
    """Let the edition's editorial group work below its home page, through the editorial workflow. Twice is
    once. Venue teams write no pages: Wagtail's page tree would show them each other's drafts."""
    group = editions.editorial_group(home.edition)
    wanted = Permission.objects.filter(
        content_type__app_label="wagtailcore", content_type__model="page", codename__in=EDITORS_MAY
    )
    for permission in wanted:
        GroupPagePermission.objects.get_or_create(group=group, page=home.page_ptr, permission=permission)
    WorkflowPage.objects.get_or_create(
        page=home.page_ptr, defaults={"workflow": editions.ensure_editorial_workflow()}
    )
