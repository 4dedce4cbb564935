"""Tours and screens in the desk: their kinds and pages in the menu, and their words in the audit log. Their pages stand in
`urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from everhall.editions import log_words
from everhall.editions import queries as editions
from everhall.tours.models import Tour
from everhall.tours.preview import preview
from everhall.tours.viewsets import ToursGroup

Tour.previewed_by = staticmethod(preview)
register_snippet(ToursGroup)

#: As in `log_words`.
LOGGED = {
    "everhall.open_walk": (_("Open group walk"), _("Opened a group walk on the tour")),
    "everhall.end_walk": (_("End group walk"), _("Ended a group walk on the tour")),
    "everhall.sort_stops": (_("Sort stops"), _("Sorted the stops of the tour as a walk")),
    "everhall.take_down": (_("Take a visitor's tour down"), _("Took the tour of a visitor down")),
    "everhall.leave_made": (_("Leave a visitor's tour"), _("Left the reported tour of a visitor as it is")),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, LOGGED)


@hooks.register("register_icons")
def icons(found: list[str]) -> list[str]:
    return [*found, "tours/icons/tour.svg"]


class WithDesk(MenuItem):
    """For whoever may look at tours somewhere."""

    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, "add")


class Deciding(MenuItem):
    """For whoever decides for a whole edition."""

    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, "publish")


@hooks.register("register_admin_menu_item")
def walks_item() -> MenuItem:
    return WithDesk(pgettext_lazy("tour", "Group walks"), reverse("tours_walks"), name="everhall-walks", icon_name="group", order=214)


@hooks.register("register_admin_menu_item")
def screens_item() -> MenuItem:
    return WithDesk(_("Screens of the halls"), reverse("tours_screens"), name="everhall-screens", icon_name="desktop", order=215)


@hooks.register("register_admin_menu_item")
def reported_item() -> MenuItem:
    return Deciding(_("Tours of visitors"), reverse("tours_reported"), name="everhall-made-tours", icon_name="user", order=216)
