"""Why something was not taken, as a code for pages and a sentence for people."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import pgettext_lazy

from everhall.engines.refusal import Refusal

WORDS: Final[Mapping[str, Any]] = {
    "no_room": pgettext_lazy("audience", "There is nothing to take part in here."),
    "over": pgettext_lazy("audience", "The week is over; everything can still be read."),
    "off": pgettext_lazy("audience", "The moderators have switched this off."),
    "muted": pgettext_lazy("audience", "The moderators have asked you to pause. You can still read and vote."),
    "too_fast": pgettext_lazy("audience", "A little slower, please. Try again in a moment."),
    "slow": pgettext_lazy("audience", "Slow mode is on. You can write again in a moment."),
    "busy": pgettext_lazy("audience", "Very many people write just now. Please try again in a moment."),
    "length": pgettext_lazy("audience", "Write something, and not too much."),
    "name": pgettext_lazy("audience", "Please choose another name."),
    "join": pgettext_lazy("audience", "Join first."),
    "unknown": pgettext_lazy("audience", "It is not there any more."),
    "closed": pgettext_lazy("audience", "This poll is closed."),
    "choice": pgettext_lazy("audience", "This cannot be chosen here."),
    "malformed": pgettext_lazy("audience", "This was not understood."),
}


class Refused(Refusal):
    """`code` is one of `WORDS`."""

    table = WORDS
