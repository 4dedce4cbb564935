"""Calls and reviews in the desk's menu, and their words in the audit log. Their pages stand in `urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from everhall.calls.letters_panel import LettersWait
from everhall.calls.models import Assignment
from everhall.editions import log_words
from everhall.editions import queries as editions
from everhall.editions import rules as roles


class CallsItem(MenuItem):
    """For whoever has a desk at a venue."""

    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, "add")


class ReviewsItem(MenuItem):
    """For reviewers, and for whoever was asked to review something."""

    def is_shown(self, request: Any) -> bool:
        held = {grant.role for grant in editions.grants_of(request.user)}
        return roles.REVIEWER in held or Assignment.objects.filter(reviewer_id=request.user.pk).exists()


@hooks.register("register_admin_menu_item")
def calls_item() -> MenuItem:
    return CallsItem(
        pgettext_lazy("calls", "Calls"), reverse("calls_home"), name="everhall-calls", icon_name="clipboard-list", order=214
    )


@hooks.register("register_admin_menu_item")
def reviews_item() -> MenuItem:
    return ReviewsItem(
        _("My reviews"), reverse("calls_reviews"), name="everhall-reviews", icon_name="tasks", order=215
    )


@hooks.register("construct_homepage_panels")
def home_panels(request: Any, panels: list[Any]) -> None:
    panels.append(LettersWait())


#: As in `log_words`.
LOGGED = {
    "everhall.decide": (_("Decide on submission"), _("Decided on the submission: %(state)s")),
    "everhall.extend": (_("Extend deadline"), _("Extended the deadline of the submission: %(until)s")),
    "everhall.assign": (_("Ask for review"), _("Asked %(who)s for a review")),
    "everhall.unassign": (_("Ask no more"), _("Asked %(who)s for no review any more")),
    "everhall.conflict": (_("Declare conflict"), _("Declared a conflict of interest")),
    "everhall.letter": (_("Send letters"), _("Sent the letter “%(name)s” to %(count)s addresses")),
    "everhall.letter_stop": (_("Stop letters"), _("Stopped the letter “%(name)s”")),
    "everhall.letter_go_on": (_("Go on with letters"), _("Went on with the letter “%(name)s”: %(count)s wait")),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, LOGGED)
