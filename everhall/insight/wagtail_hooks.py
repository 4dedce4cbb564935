"""Figures in the desk's menu, and their words in the audit log. Their pages stand in `urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from everhall.editions import log_words
from everhall.editions import queries as editions
from everhall.insight import queries


class FiguresItem(MenuItem):
    """For whoever publishes or directs somewhere."""

    def is_shown(self, request: Any) -> bool:
        return any(editions.may_somewhere(request.user, action) for action in queries.READING)


@hooks.register("register_admin_menu_item")
def menu_item() -> FiguresItem:
    return FiguresItem(pgettext_lazy("figures", "Figures"), reverse("figures_home"), name="everhall-figures", icon_name="history", order=229)


LOGGED = {
    "show": (pgettext_lazy("figures", "Show figures"), pgettext_lazy("figures", "Showed the figures of the edition to the public")),
    "hide": (pgettext_lazy("figures", "Hide figures"), pgettext_lazy("figures", "Hid the figures of the edition from the public")),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, {f"everhall.figures_{verb}": words for verb, words in LOGGED.items()})
