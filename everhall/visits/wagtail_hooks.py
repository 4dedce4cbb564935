"""Questions to exhibitors in the desk's menu. Their pages stand in `urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from everhall.editions.policies import policy_of
from everhall.exhibition.models import Exhibit


class QuestionsItem(MenuItem):
    """For whoever may change some exhibit."""

    def is_shown(self, request: Any) -> bool:
        return bool(policy_of(Exhibit).user_has_permission(request.user, "change"))


@hooks.register("register_admin_menu_item")
def menu_item() -> QuestionsItem:
    return QuestionsItem(
        pgettext_lazy("exhibit question", "Questions to exhibitors"), reverse("visits_home"), name="everhall-visits",
        icon_name="help", order=213,
    )
