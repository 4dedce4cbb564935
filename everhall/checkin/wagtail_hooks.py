"""The door in the desk's menu, and its words in the audit log. Its pages stand in `urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from everhall.checkin import queries
from everhall.editions import log_words
from everhall.editions import queries as editions


class DoorItem(MenuItem):
    """For whoever answers for a venue's sessions somewhere."""

    def is_shown(self, request: Any) -> bool:
        return editions.may_somewhere(request.user, queries.MANAGING, own=False)


@hooks.register("register_admin_menu_item")
def menu_item() -> DoorItem:
    return DoorItem(pgettext_lazy("door", "Door"), reverse("door_home"), name="everhall-door", icon_name="lock-open", order=224)


#: What the desk did -> words as in `log_words`; %(label)s names a list, gate or venue, %(about)s the device.
LOGGED = {
    "settings": (pgettext_lazy("door", "Set up a door"), pgettext_lazy("door", "Changed “%(label)s” of the door")),
    "invite": (pgettext_lazy("door", "Make a link for a device"), pgettext_lazy("door", "Made a link for a device at “%(label)s”")),
    "revoke": (pgettext_lazy("door", "Take a device out of service"), pgettext_lazy("door", "Took device %(about)s at “%(label)s” out of service")),
    "export": (pgettext_lazy("door", "Export the log of the door"), pgettext_lazy("door", "Exported the log of the door of “%(label)s”")),
    "badges": (pgettext_lazy("door", "Print badges"), pgettext_lazy("door", "Printed badges of “%(label)s”")),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, {f"everhall.door_{verb}": words for verb, words in LOGGED.items()})
