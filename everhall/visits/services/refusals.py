"""What is refused, by a code that pages have words for."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy

from everhall.engines.refusal import Refusal

WORDS: Final[Mapping[str, Any]] = {
    "malformed": gettext_lazy("This could not be understood. Please reload the page and try again."),
    "elsewhere": gettext_lazy("This form was sent from another site. Please use the form on this page."),
    "too_fast": gettext_lazy("That was a little too often. Please wait a minute and try again."),
    "too_many": gettext_lazy("There are 500 favourites in this edition already, which is as many as can be kept. Remove some first."),
    "too_many_letters": gettext_lazy("This address was written to several times today already. Open the link in one of those mails, or try again tomorrow."),
    "unknown": gettext_lazy("This exhibit cannot be seen at the moment."),
    "note": gettext_lazy("A note may have 2,000 characters at most. Please shorten it."),
    "text": gettext_lazy("Write your question, in 2,000 characters at most."),
    "answer": gettext_lazy("Write an answer, in 4,000 characters at most."),
    "name": gettext_lazy("Tell us your name, in 80 characters at most."),
    "email": gettext_lazy("This is no complete e-mail address. It looks like name@example.org."),
    "phone": gettext_lazy("A telephone number has digits, spaces and + ( ) -, 40 characters at most."),
    "works_at": gettext_lazy("The name of your organisation may have 120 characters at most."),
    "remark": gettext_lazy("A remark may have 500 characters at most."),
    "agree": gettext_lazy("Nothing is passed on without your consent: tick the box below the text, or leave it."),
    "changed": gettext_lazy("The text of the consent has changed since you opened the page. Please read it again."),
    "already": gettext_lazy("You gave this exhibitor your contact details already. See what you agreed to."),
    "nobody": gettext_lazy("Nobody can be asked about this exhibit: it has no exhibitor."),
    "late": gettext_lazy("This link is not good any more. Links in mails are good for three days; please send the form again."),
    "gone": gettext_lazy("This is not here any more."),
}


class Refused(Refusal):
    """`code` is one of `WORDS`."""

    table = WORDS
