"""Notices in the desk's menu. Their pages stand in `urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from everhall.notices import queries


class NoticesItem(MenuItem):
    """For whoever may tell somebody something."""

    def is_shown(self, request: Any) -> bool:
        return queries.may_somewhere(request.user)


@hooks.register("register_admin_menu_item")
def menu_item() -> NoticesItem:
    return NoticesItem(
        pgettext_lazy("notice", "Notices"), reverse("notices_home"), name="everhall-notices", icon_name="info-circle", order=224,
    )
