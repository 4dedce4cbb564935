"""Feedback in the desk's menu. Its pages stand in `urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from everhall.editions import queries as editions


class FeedbackItem(MenuItem):
    """For whoever publishes or directs somewhere."""

    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, "publish") or editions.may_somewhere(request.user, "direct")


@hooks.register("register_admin_menu_item")
def menu_item() -> FeedbackItem:
    return FeedbackItem(_("Feedback"), reverse("feedback_home"), name="everhall-feedback", icon_name="form", order=228)
