"""Editorial pages in the desk: who may edit the pages of an edition hangs on its home page."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import ListingButton
from wagtail.permissions import page_permission_policy

from everhall.editions.policies import policy_of
from everhall.exhibition.models import Exhibit
from everhall.pages.models import EditionPage
from everhall.pages.services import open_to_editors
from everhall.pages.waiting import WaitingPanel


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


@hooks.register("register_snippet_listing_buttons")
def about_button(snippet: Any, user: Any, next_url: str | None = None) -> Any:
    """From the list of exhibits to what is linked with each."""
    if isinstance(snippet, Exhibit) and policy_of(Exhibit).user_has_permission_for_instance(user, "change", snippet):
        yield ListingButton(
            _("Sessions and articles about it"), reverse("exhibit_about", args=[snippet.pk]), icon_name="link", priority=40
        )


@hooks.register("construct_homepage_panels")
def home_panels(request: Any, panels: list[Any]) -> None:
    panels.append(WaitingPanel())
