"""Registration in the desk's menu, and its words in the audit log. Its pages stand in `urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from everhall.editions import log_words
from everhall.editions import queries as editions
from everhall.registration import queries


class RegistrationItem(MenuItem):
    """For whoever answers for a session somewhere."""

    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, queries.MANAGING, own=False)


@hooks.register("register_admin_menu_item")
def menu_item() -> RegistrationItem:
    return RegistrationItem(
        pgettext_lazy("registration", "Registration"), reverse("registration_home"), name="everhall-registration",
        icon_name="clipboard-list", order=223,
    )  # fmt: skip


#: What the desk did -> words as in `log_words`; %(label)s names what one registers for, %(about)s the number.
LOGGED = {
    "settings": (pgettext_lazy("registration", "Set up registration"), pgettext_lazy("registration", "Changed how one registers for “%(label)s”")),
    "approve": (pgettext_lazy("registration", "Approve"), pgettext_lazy("registration", "Approved registration %(about)s of “%(label)s”")),
    "decline": (pgettext_lazy("registration", "Decline"), pgettext_lazy("registration", "Declined registration %(about)s of “%(label)s”")),
    "cancel": (pgettext_lazy("registration", "Cancel"), pgettext_lazy("registration", "Cancelled registration %(about)s of “%(label)s”")),
    "came": (pgettext_lazy("registration", "Note who came"), pgettext_lazy("registration", "Noted that %(about)s came to “%(label)s”")),
    "walk_in": (pgettext_lazy("registration", "Write in"), pgettext_lazy("registration", "Wrote %(about)s in by hand for “%(label)s”")),
    "venue_seats": (pgettext_lazy("registration", "Set seats of a venue"), pgettext_lazy("registration", "Set the seats of “%(label)s”: %(about)s")),
    "export": (pgettext_lazy("registration", "Export registrations"), pgettext_lazy("registration", "Exported registrations of “%(label)s”: %(about)s")),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, {f"everhall.registration_{verb}": words for verb, words in LOGGED.items()})
