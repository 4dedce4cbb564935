"""Words of the audit log: an activity tells that it was made of a proposal, and whose."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from everhall.editions import log_words

LOGGED = {"everhall.proposed": (_("Make of a proposal"), _("Made of the proposal “%(name)s” of %(who)s"))}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, LOGGED)
