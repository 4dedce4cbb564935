"""Editorial pages in the desk: who may edit the pages of an edition hangs on its home page."""

from typing import Any

from django.db.models import Q
from wagtail import hooks
from wagtail.permissions import page_permission_policy

from everhall.pages.models import EditionPage
from everhall.pages.services import open_to_editors


@hooks.register("after_create_page")
def home_made(request: Any, page: Any) -> None:
    """A new home page opens its tree to the edition's editors."""
    specific = page.specific
    if isinstance(specific, EditionPage):
        open_to_editors(specific)


@hooks.register("construct_page_chooser_queryset")
def no_drafts_of_others(pages: Any, request: Any) -> Any:
    """Whoever writes a link may choose among published pages, and drafts only where they edit."""
    if request.user.is_superuser:
        return pages
    mine = page_permission_policy.instances_user_has_any_permission_for(
        request.user, {"add", "change", "publish"}
    )
    return pages.filter(Q(live=True) | Q(pk__in=mine.values("pk")))
