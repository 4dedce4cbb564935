"""The words of the office in the desk's log: answers of an organisation stand in the history of its exhibit."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from everhall.editions import log_words
from everhall.office.queries import REPLY


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, {REPLY: (_("Answer of the exhibitor"), _("The exhibitor answered: %(text)s"))})
