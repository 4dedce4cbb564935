"""What a mail of a registration says: subject, text, its calendar entry and its pass. In the person's language.

In: what a letter is about, the address it goes to. Out: its text, or None where what it would tell is not so any more. What must stay true: it goes
to the address that the letter names, and tells only that person's own registration.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override, pgettext, pgettext_lazy

from everhall.post.services import Text
from everhall.programme.models import Session
from everhall.registration import passes, queries, rules
from everhall.registration.models import Registration
from everhall.registration.services.accounts import letter_token, path_of

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
    "off": pgettext_lazy("registration", "It is cancelled: %(name)s"),
    "reminder": pgettext_lazy("registration", "It begins soon: %(name)s"),
}
#: Told only while it is so; the others tell of something that has happened.
WHILE: Final[Mapping[str, frozenset[str]]] = {
    rules.CONFIRMED: frozenset({rules.CONFIRMED}), rules.WAITING: frozenset({rules.WAITING}),
    rules.ASKED: frozenset({rules.ASKED}), rules.OFFERED: frozenset({rules.OFFERED}), "again": rules.LIVE,
    "way": rules.LIVE, "changed": rules.LIVE, "reminder": frozenset({rules.CONFIRMED}), "received": rules.LIVE,
}  # fmt: skip


def text_for(about: Mapping[str, Any], to: str) -> Text | None:
    """For `post.written_by`."""
    row = queries.registrations().filter(pk=about["registration"]).first()
    # Whoever was forgotten meanwhile has no address any more.
    if row is None or row.email != to or not is_so(row, about["kind"], about["which"]):
        return None
    if about["kind"] == "links":
        with override(about["language"]):
            return links_for(row, int(about["which"]))
    with override(row.language):
        return text_of(row, about["kind"])


def links_for(row: Registration, until: int) -> Text:
    """The link to all registrations of its address. In the active language."""
    link = passes.absolute(reverse("registration:of", args=[letter_token(row, until)]))
    return Text(pgettext("registration", "The link to your registrations"), tidied(render_to_string("registration/mail/links.txt", {"link": link})))


def is_so(row: Registration, kind: str, which: str) -> bool:
    """Whether what it would tell still holds."""
    if row.state not in WHILE.get(kind, {row.state}):
        return False
    # Of several changes that were not sent yet the last one tells everything.
    return kind != "changed" or which.startswith(row.admission.told[:12])


def text_of(row: Registration, kind: str) -> Text:
    """In the active language."""
    name, link = row.admission.name, passes.absolute(path_of(row))
    sessions = queries.sessions_of(row.admission)
    if kind == "changed" and all(one.status == Session.Status.CANCELLED for one in sessions):
        kind = "off"
    context = {
        "registration": row, "kind": kind, "link": link, "name": name,
        "sessions": sessions, "edition": row.admission.edition,
    }  # fmt: skip
    files: list[tuple[str, str, str | bytes]] = [
        ("everhall.ics", "text/calendar", passes.calendar_of(row, link).decode())
    ]
    if passes.text_of(row) and row.way == "onsite":
        files.append((f"{pgettext('registration', 'pass')}.pdf", "application/pdf", passes.pdf_of(row)))
    return Text(str(SUBJECTS[kind]) % {"name": name}, tidied(render_to_string("registration/mail/letter.txt", context)), files)


def tidied(text: str) -> str:
    """Templates leave empty lines where nothing was said."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.strip())
    return "\n".join(lines) + "\n"
