"""The cloud exhibition in the desk. The pages of scenes stand in `urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from everhall.editions.models import Hall
from everhall.editions.policies import policy_of
from everhall.exhibition.models import Exhibit
from everhall.exhibition.preview import preview
from everhall.exhibition.viewsets import ExhibitionGroup

Exhibit.previewed_by = staticmethod(preview)
register_snippet(ExhibitionGroup)


class WalkItem(MenuItem):
    """For whoever may change a hall."""

    def is_shown(self, request: Any) -> bool:
        return policy_of(Hall).instances_user_has_any_permission_for(request.user, ["change"]).exists()


@hooks.register("register_admin_menu_item")
def menu_item() -> WalkItem:
    return WalkItem(_("Free walk"), reverse("scenes_halls"), name="everhall-walk", icon_name="view", order=211)
