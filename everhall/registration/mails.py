"""What a mail of a registration says: subject, text, its calendar entry and its pass. In the person's language.

In: a letter of the outbox. Out: a mail, or None where what it would tell is not so any more. What must stay true: it goes
to the address that the letter names, and tells only that person's own registration.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import override, pgettext, pgettext_lazy

from everhall.registration import passes, queries, rules
from everhall.registration.models import Letter, Registration
from everhall.registration.services.accounts import path_of

SUBJECTS: Final[Mapping[str, Any]] = {
    rules.CONFIRMED: pgettext_lazy("registration", "You have a place: %(name)s"),
    rules.WAITING: pgettext_lazy("registration", "You are on the waiting list: %(name)s"),
    rules.ASKED: pgettext_lazy("registration", "The host will decide on your registration: %(name)s"),
    rules.OFFERED: pgettext_lazy("registration", "A seat is kept for you, please take it: %(name)s"),
    rules.LAPSED: pgettext_lazy("registration", "The seat that was kept for you has gone to others: %(name)s"),
    rules.CANCELLED: pgettext_lazy("registration", "You have given up your place: %(name)s"),
    rules.DECLINED: pgettext_lazy("registration", "The host could not give you a place: %(name)s"),
    rules.TRANSFERRED: pgettext_lazy("registration", "You have handed your place on: %(name)s"),
    "received": pgettext_lazy("registration", "A place was handed on to you: %(name)s"),
    "again": pgettext_lazy("registration", "The link to your registration: %(name)s"),
    "way": pgettext_lazy("registration", "You take part in another way: %(name)s"),
    "changed": pgettext_lazy("registration", "Something has changed: %(name)s"),
    "reminder": pgettext_lazy("registration", "It begins soon: %(name)s"),
}
#: Told only while it is so; the others tell of something that has happened.
WHILE: Final[Mapping[str, frozenset[str]]] = {
    rules.CONFIRMED: frozenset({rules.CONFIRMED}), rules.WAITING: frozenset({rules.WAITING}),
    rules.ASKED: frozenset({rules.ASKED}), rules.OFFERED: frozenset({rules.OFFERED}), "again": rules.LIVE,
    "way": rules.LIVE, "changed": rules.LIVE, "reminder": frozenset({rules.CONFIRMED}), "received": rules.LIVE,
}  # fmt: skip


def mail_of(letter: Letter) -> EmailMultiAlternatives | None:
    registration: Registration = queries.registrations().get(pk=letter.registration_id)
    if not letter.email or registration.state not in WHILE.get(letter.kind, {registration.state}):
        return None
    with override(registration.language):
        link = passes.absolute(path_of(registration))
        name = registration.admission.name
        mine = registration.email == letter.email
        context = {
            "registration": registration, "kind": letter.kind, "link": link if mine else "", "name": name,
            "sessions": queries.sessions_of(registration.admission), "edition": registration.admission.edition,
        }  # fmt: skip
        text = render_to_string("registration/mail/letter.txt", context)
        subject = str(SUBJECTS[letter.kind]) % {"name": name}
        mail = EmailMultiAlternatives(" ".join(subject.split()), tidied(text), to=[letter.email])
        # No answer of a machine should come back to it (RFC 3834).
        mail.extra_headers["Auto-Submitted"] = "auto-generated"
        if mine:
            mail.attach("everhall.ics", passes.calendar_of(registration, link).decode(), "text/calendar")
        if mine and passes.text_of(registration) and registration.way == "onsite":
            mail.attach(f"{pgettext('registration', 'pass')}.pdf", passes.pdf_of(registration), "application/pdf")
    return mail


def tidied(text: str) -> str:
    """Templates leave empty lines where nothing was said."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.strip())
    return "\n".join(lines) + "\n"
