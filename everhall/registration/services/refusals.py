"""Why something was not taken, as a code for pages and a sentence for people."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import pgettext_lazy

from everhall.engines.refusal import Refusal

WORDS: Final[Mapping[str, Any]] = {
    "gone": pgettext_lazy("registration", "There is nothing to register for here."),
    "not_open": pgettext_lazy("registration", "Registration has not opened yet. Come back when it opens; the time stands on the page."),
    "closed": pgettext_lazy("registration", "Registration is closed."),
    "full": pgettext_lazy("registration", "No seats are left, and there is no waiting list."),
    "full_way": pgettext_lazy("registration", "No seats are left in that way of taking part. You keep what you have."),
    "already": pgettext_lazy("registration", "This e-mail address is registered already. Its link has been sent to it again."),
    "taken_by": pgettext_lazy("registration", "Whoever uses this e-mail address is registered already. Name somebody else."),
    "name": pgettext_lazy("registration", "Write your name, at most 60 characters."),
    "email": pgettext_lazy("registration", "Write an e-mail address, such as name@example.org."),
    "way": pgettext_lazy("registration", "Choose how you take part: this is not offered here."),
    "ticket": pgettext_lazy("registration", "Choose one of the kinds of tickets."),
    "organisation": pgettext_lazy("registration", "Choose one of the organisations, or none."),
    "people": pgettext_lazy("registration", "So many people cannot register together here. Write each name on a line of its own."),
    "group": pgettext_lazy("registration", "Write the name of the group and how many people come, within the limit."),
    "answers": pgettext_lazy("registration", "A question is not answered, or in a way that cannot be taken."),
    "real_name": pgettext_lazy("registration", "The host needs your real name, as it stands in your document."),
    "document": pgettext_lazy("registration", "Write the number of your document: 5 to 20 letters and digits."),
    "lapsed": pgettext_lazy("registration", "The seat was kept for you until a moment that has passed. Others have it now."),
    "state": pgettext_lazy("registration", "This cannot be done with the registration as it is now."),
    "begun": pgettext_lazy("registration", "It has begun; nothing can be changed any more."),
    "host_decides": pgettext_lazy("registration", "The host decides on each person here. Give your place up, and let the other person ask for one."),
    "too_fast": pgettext_lazy("registration", "A little slower, please. Try again in a moment."),
    "busy": pgettext_lazy("registration", "Very many people register just now. Your place is kept; please try again in a moment."),
    "malformed": pgettext_lazy("registration", "This was not understood. Load the page anew and try again."),
}


class Refused(Refusal):
    """`code` is one of `WORDS`."""

    table = WORDS
