"""Taking part in the desk's menu, and its words in the audit log. Its pages stand in `urls.desk_patterns`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from everhall.audience import rules
from everhall.editions import log_words
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


#: What moderators do (`services.note`) -> words as in `log_words`; %(label)s names session or channel.
LOGGED = {
    "open": (_("Open room"), _("Opened the room of “%(label)s”")),
    "delete": (_("Delete messages"), _("Deleted messages of “%(label)s”: %(about)s")),
    "show": (_("Show messages"), _("Showed messages that waited in “%(label)s”: %(about)s")),
    "settle": (_("Settle reports"), _("Left reported messages of “%(label)s” as they are")),
    "mute": (_("Mute"), _("Muted %(about)s in “%(label)s”")),
    "unmute": (_("Unmute"), _("Let %(about)s write again in “%(label)s”")),
    "question": (_("Decide on question"), _("Moved a question of “%(label)s” to: %(about)s")),
    "draft": (_("Draft poll"), _("Drafted a poll in “%(label)s”")),
    "open_poll": (_("Open poll"), _("Opened a poll in “%(label)s”")),
    "close_poll": (_("Close poll"), _("Closed a poll in “%(label)s”")),
    "drop_draft": (_("Drop draft"), _("Dropped the draft of a poll in “%(label)s”")),
    "change": (_("Change room"), _("Changed the room of “%(label)s”: %(about)s")),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, {f"everhall.talk_{verb}": words for verb, words in LOGGED.items()})
