"""Taking part in the desk's menu. Its pages stand in `urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from everhall.audience import rules
from everhall.editions import queries as editions


class TalkItem(MenuItem):
    """For whoever moderates somewhere."""

    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, rules.MODERATING)


@hooks.register("register_admin_menu_item")
def menu_item() -> TalkItem:
    return TalkItem(
        pgettext_lazy("audience", "Taking part"), reverse("audience_home"), name="everhall-audience", icon_name="comment", order=226,
    )
