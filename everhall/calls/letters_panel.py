"""Letters that wait, told on the desk: on its first page and where letters are sent.

In: who reads. Out: a panel, for those who organise (who may publish at some venue); others learn nothing of it. Must stay true: it
says how many, since when and why, and no address and none of the server's words.
"""

import datetime as dt
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from everhall.calls.models import MailingRow
from everhall.editions import queries
from everhall.post import queries as post

WORDS = {
    "away": _("The mail server cannot be reached, or does not let us in."),
    "later": _("The mail server asks to come again later."),
    "tried": _("The mail server did not take them at the last try."),
    "": _("Nobody has tried to send them: the process that sends letters does not run, or has much to do."),
}


def waiting(now: dt.datetime) -> post.Waiting | None:
    """Letters of all kinds; those of a call that somebody has stopped do not wait."""
    found = post.waiting(now)
    rows = MailingRow.objects.filter(state=MailingRow.State.WAITING, tries__gt=0, mailing__stopped_at=None)
    ours = rows.aggregate(count=Count("pk"), since=Min("mailing__at"), next_try=Min("due_at"))
    if not ours["count"]:
        return found
    mine = post.Waiting(ours["count"], ours["since"], "tried", ours["next_try"])
    if found is None:
        return mine
    return post.Waiting(
        found.count + mine.count, min(found.since, mine.since), found.why or mine.why, min(found.next_try, mine.next_try)
    )


def letters_told(user: Any) -> dict[str, Any]:
    """Empty where nothing waits, or it is not for this person."""
    if not queries.may_somewhere(user, "publish", own=False):
        return {}
    now = timezone.now()
    found = waiting(now)
    if found is None:
        return {}
    return {"waiting": found, "why": WORDS[found.why], "next_try": found.next_try if found.next_try > now else None}


class LettersWait(Component):
    """What the mail server keeps waiting."""

    name, order = "everhall_letters", 90
    template_name = "calls/desk/letters_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return letters_told(parent_context["request"].user)
