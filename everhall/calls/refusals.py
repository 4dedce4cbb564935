"""Why something about a call was not done, as a code for programmes and a sentence for people."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy

from everhall.engines.refusal import Refusal

WORDS: Final[Mapping[str, Any]] = {
    "not_open": gettext_lazy("This call takes nothing in at the moment."),
    "too_late": gettext_lazy("The call closed on %(at)s; it cannot be handed in any more. Write to the organiser if you need more time."),
    "not_asked": gettext_lazy("%(venue)s does not take part in this call; choose one of its venues."),
    "not_yours": gettext_lazy("What is handed in must belong to the organisation that hands it in."),
    "gone": gettext_lazy("What this submission is about does not exist any more."),
    "wrong_kind": gettext_lazy("This call asks for something else."),
    "already": gettext_lazy("It has been handed in to this call already, or begun. Go on with that one."),
    "quota": gettext_lazy("An organisation may hand in %(most)s submissions to this call, and yours has. Withdraw one first."),
    "too_many": gettext_lazy("There are very many drafts. Hand one in or withdraw one first."),
    "incomplete": gettext_lazy("It is not complete yet."),
    "wrong_state": gettext_lazy("It is %(state)s now; this cannot be done with it."),
    "changed": gettext_lazy("%(who)s has changed it meanwhile: it is %(state)s now. Look at it again, then decide."),
    "conflict": gettext_lazy("You have a conflict of interest with this submission."),
    "conflict_in_line": gettext_lazy("It would pass a submission with which you have a conflict of interest. Somebody else has to move it."),
    "conflict_of": gettext_lazy("%(who)s has a conflict of interest with this submission."),
    "no_reviewer": gettext_lazy("%(who)s reviews nothing here: appoint them as a reviewer of the venue first."),
    "not_yours_to_decide": gettext_lazy("You do not decide on this submission as it stands now."),
    "no_date": gettext_lazy("Write the moment as a date and a time."),
    "choose_reviewer": gettext_lazy("Choose somebody who is to review it."),
    "not_assigned": gettext_lazy("You are not asked to review this submission."),
    "no_words": gettext_lazy("Write something first."),
    "say_what": gettext_lazy("Say what has to be changed."),
    "not_all_scored": gettext_lazy("Give a score for each criterion before you hand the review in. Missing: %(criteria)s."),
    "no_score": gettext_lazy("A score of “%(criterion)s” lies between 0 and %(scale)s."),
    "shown_elsewhere": gettext_lazy("It is shown at %(venue)s in this edition already; move it there first."),
    "no_room": gettext_lazy("%(venue)s has %(places)s places, and all are taken. Put it on the waiting list, or give the venue more places."),
    "cannot_publish": gettext_lazy("Accepting publishes it, and you may not publish at %(venue)s."),
    "sent_already": gettext_lazy("This letter has gone out already."),
    "nobody": gettext_lazy("There is nobody to write to."),
}


class Refused(Refusal):
    """`code` is one of `WORDS`; `missing` lists what is not there yet, as sentences."""

    table = WORDS

    def __init__(self, code: str, missing: Sequence[str] = (), **values: Any) -> None:
        super().__init__(code, **values)
        self.missing = tuple(missing)

    @property
    def words(self) -> str:
        """In the active language, with what is missing."""
        return " ".join([super().words, *self.missing])

    def __str__(self) -> str:
        return self.words
