"""The cloud exhibition in the desk: its kinds, plans, labels and scenes in the menu, and their words in the audit log. Their
pages stand in `urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from everhall.editions import log_words
from everhall.editions.models import Hall
from everhall.editions.policies import policy_of
from everhall.exhibition.models import Exhibit, Placement
from everhall.exhibition.preview import preview
from everhall.exhibition.viewsets import ExhibitionGroup

Exhibit.previewed_by = staticmethod(preview)
register_snippet(ExhibitionGroup)

#: As in `log_words`.
LOGGED = {
    "everhall.draw_plan": (_("Draw plan"), _("Drew the plan of the hall: %(count)s booths")),
    "everhall.import_plan": (_("Import plan"), _("Uploaded a plan of the hall: %(count)s booths")),
    "everhall.give_booth": (_("Give booth"), _("Gave booth %(booth)s")),
    "everhall.free_booth": (_("Take booth away"), _("Took booth %(booth)s away")),
    "everhall.make_labels": (_("Make labels"), _("Made %(count)s labels")),
    "everhall.print_labels": (_("Print labels"), _("Took %(count)s labels as a PDF (%(size)s)")),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, LOGGED)


class OfHalls(MenuItem):
    """For whoever may change a hall."""

    def is_shown(self, request: Any) -> bool:
        return bool(policy_of(Hall).instances_user_has_any_permission_for(request.user, ["change"]).exists())


@hooks.register("register_admin_menu_item")
def plans_item() -> MenuItem:
    return OfHalls(
        _("Plans and labels"), reverse("exhibition_plans_home"), name="everhall-plans", icon_name="map", order=212
    )


class OfPlacements(MenuItem):
    """For whoever may change the place of an exhibit."""

    def is_shown(self, request: Any) -> bool:
        return bool(policy_of(Placement).instances_user_has_any_permission_for(request.user, ["change"]).exists())


@hooks.register("register_admin_menu_item")
def booths_item() -> MenuItem:
    return OfPlacements(
        _("Give booths"), reverse("exhibition_booths_home"), name="everhall-booths", icon_name="map", order=213
    )


@hooks.register("register_icons")
def icons(found: list[str]) -> list[str]:
    return [*found, "exhibition/icons/map.svg"]


@hooks.register("register_admin_menu_item")
def walk_item() -> MenuItem:
    return OfHalls(_("Free walk"), reverse("scenes_halls"), name="everhall-walk", icon_name="view", order=211)
