"""What is refused, by a code that pages have words for."""

from django.utils.translation import gettext as _


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """`code` as in `words`; `wait`: seconds after which it may be tried again."""

    def __init__(self, code: str, wait: float = 0.0) -> None:
        super().__init__(code)
        self.code, self.wait = code, wait

    @property
    def words(self) -> str:
        """What was wrong and what to do, in the active language."""
        return words_for(self.code)


def words_for(code: str) -> str:
    known = {
        "malformed": _("This could not be understood. Please reload the page and try again."),
        "elsewhere": _("This form was sent from another site. Please use the form on this page."),
        "too_fast": _("That was a little too often. Please wait a minute and try again."),
        "too_many": _("There are 500 favourites in this edition already, which is as many as can be kept. Remove some first."),
        "too_many_letters": _("This address was written to several times today already. Open the link in one of those mails, or try again tomorrow."),
        "unknown": _("This exhibit cannot be seen at the moment."),
        "note": _("A note may have 2,000 characters at most. Please shorten it."),
        "text": _("Write your question, in 2,000 characters at most."),
        "answer": _("Write an answer, in 4,000 characters at most."),
        "name": _("Tell us your name, in 80 characters at most."),
        "email": _("This is no complete e-mail address. It looks like name@example.org."),
        "phone": _("A telephone number has digits, spaces and + ( ) -, 40 characters at most."),
        "works_at": _("The name of your organisation may have 120 characters at most."),
        "remark": _("A remark may have 500 characters at most."),
        "agree": _("Nothing is passed on without your consent: tick the box below the text, or leave it."),
        "changed": _("The text of the consent has changed since you opened the page. Please read it again."),
        "already": _("You gave this exhibitor your contact details already. See what you agreed to."),
        "nobody": _("Nobody can be asked about this exhibit: it has no exhibitor."),
        "late": _("This link is not good any more. Links in mails are good for three days; please send the form again."),
        "gone": _("This is not here any more."),
    }
    return known[code]
