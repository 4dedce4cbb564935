"""Why something was not done, in words for whoever asked."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from everhall.engines.refusal import Refusal
from everhall.tours import rules

WORDS: Final[Mapping[str, Any]] = {
    "empty": _("None of these exhibits can be seen in this edition, so there is no tour to make. Choose some in the exhibition and try again."),
    "too_many": _("A tour has at most %(most)s stops. Leave some out and try again."),
    "held_back": _("This text contains a word that is not shown here. Please put it differently."),
    "too_fast": _("That was too often from here. Please wait %(wait)s seconds and try again."),
    "elsewhere": _("This was asked from another site. Please go on from a page of this site."),
    "gone": _("There is no such tour any more."),
    "ended": _("This group walk has ended. Open a new one if you want to go on."),
    "no_stop": _("There is no such stop on this tour any more. Please choose another one."),
    "malformed": _("This cannot be read. Please reload the page and try again."),
}


class Refused(Refusal):
    """`code` is one of `WORDS`, which may name the limit and the seconds to wait."""

    table = WORDS

    @property
    def words(self) -> str:
        """See above."""
        return str(WORDS[self.code]) % {"most": rules.MOST_STOPS, "wait": round(self.wait + 0.5)}
