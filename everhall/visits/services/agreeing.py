"""Contacts that are given to an exhibitor, and consents that are withdrawn.

In: what somebody filled in and the words they agreed to. Out: a `Consent` with its `Contact`. Must stay true: an organisation sees a
contact only between confirmation and withdrawal; withdrawing is one act, takes effect in the same transaction, and those who
had seen the contact are told.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from everhall.accounts.models import User
from everhall.editions.models import Edition
from everhall.exhibition.models import Placement
from everhall.realtime import news
from everhall.visits import rules
from everhall.visits.events import QuestionsChanged
from everhall.visits.models import Consent, Contact, ExhibitQuestion, Visitor
from everhall.visits.services import letters
from everhall.visits.services.asking import address_in, confirmed, is_theirs, not_too_often
from everhall.visits.services.refusals import Refused

_PHONE = re.compile(r"[0-9+() .\-–—/]*")


#: What apps above do in the transaction in which a consent is withdrawn.
AtWithdrawal = Callable[[Consent], object]
_at_withdrawal: Final[list[AtWithdrawal]] = []


def withdrawn_too(task: AtWithdrawal) -> None:
    """Called once, at start-up."""
    if task not in _at_withdrawal:
        _at_withdrawal.append(task)


@dataclass(frozen=True, slots=True)
class Given:
    """A form as it came."""

    name: str
    works_at: str
    email: str
    phone: str
    remark: str
    language: str
    agreed_text: str


def checked(given: Given) -> dict[str, str]:
    """The columns of a contact. Refused by the name of the field that does not fit."""
    name = rules.line(given.name, rules.LONGEST_NAME)
    if not name:
        raise Refused("name")
    works_at, phone = rules.line(given.works_at, 120), rules.line(given.phone, rules.LONGEST_PHONE)
    if works_at is None:
        raise Refused("works_at")
    if phone is None or not _PHONE.fullmatch(phone):
        raise Refused("phone")
    remark = rules.tidy(given.remark, 500)
    if remark is None:
        raise Refused("remark")
    return {"name": name, "works_at": works_at, "email": address_in(given.email), "phone": phone, "remark": remark}


def agree(visitor: Visitor, kind: str, edition: Edition, text: str, language: str, now: dt.datetime, until: dt.datetime) -> Consent:
    """To something that concerns nobody else, in the words that were seen."""
    return Consent.objects.create(
        visitor=visitor, kind=kind, edition=edition, text=text, language=language, given_at=now, confirmed_at=now, until=until,
    )  # fmt: skip


@transaction.atomic
def give_contact(placement: Placement, given: Given, visitor: Visitor, user: Any, now: dt.datetime) -> Consent:
    """Take a contact. It is passed on at once if the address is known to be theirs, else when they confirm it."""
    columns, exhibit = checked(given), placement.exhibit
    if exhibit.organisation_id is None:
        raise Refused("nobody")
    standing = Consent.objects.filter(
        visitor=visitor, kind=Consent.Kind.CONTACT, edition=placement.edition, organisation_id=exhibit.organisation_id,
        withdrawn_at=None, until__gt=now, contact__email__iexact=columns["email"], confirmed_at__isnull=False,
    )
    if standing.exists():
        raise Refused("already")
    theirs = is_theirs(user, columns["email"])
    if not theirs:
        not_too_often(columns["email"], now)
    consent = Consent.objects.create(
        visitor=visitor, kind=Consent.Kind.CONTACT, edition=placement.edition, organisation_id=exhibit.organisation_id,
        exhibit=exhibit, language=given.language, text=given.agreed_text, given_at=now, until=now + rules.CONTACT_KEPT,
    )
    Contact.objects.create(consent=consent, **columns)
    if theirs:
        pass_contact_on(consent, now)
    else:
        letters.ask_to_confirm(consent, columns["email"], now)
    return consent


def members_of(consent: Consent) -> list[User]:
    if consent.organisation_id is None:
        return []
    return list(User.objects.filter(is_active=True, memberships__organisation_id=consent.organisation_id).order_by("pk")[:20])


@transaction.atomic
def pass_contact_on(consent: Consent, now: dt.datetime) -> None:
    """The address is theirs; twice is once."""
    if not Consent.objects.filter(pk=consent.pk, confirmed_at=None, withdrawn_at=None).update(confirmed_at=now):
        return
    consent.confirmed_at = now
    contact = Contact.objects.filter(consent=consent).select_related("consent__organisation", "consent__exhibit").first()
    if contact is not None:
        letters.tell_contact(contact, members_of(consent), now)
        letters.exchanged(contact, now)


@transaction.atomic
def confirm(consent: Consent, now: dt.datetime) -> None:
    """Somebody opened the link in the letter and said that it was them. Refused "gone" if they have withdrawn since."""
    if consent.withdrawn_at is not None:
        raise Refused("gone")
    if consent.kind == Consent.Kind.CONTACT:
        pass_contact_on(consent, now)
        return
    question = ExhibitQuestion.objects.filter(consent=consent).first()
    if question is None or question.forgotten_at is not None:
        raise Refused("gone")
    confirmed(question, now)


@transaction.atomic
def withdraw(consent: Consent, now: dt.datetime) -> None:
    """Take back what was agreed to: what was passed on leaves the exhibitor's list at once, and they are told; twice is once."""
    row = Consent.objects.select_for_update().get(pk=consent.pk)
    if row.withdrawn_at is not None:
        consent.withdrawn_at = row.withdrawn_at
        return
    row.withdrawn_at = consent.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    contact = Contact.objects.filter(consent=row).first()
    if contact is not None:
        letters.take_back_contact(row)
        if row.confirmed_at is not None:
            letters.tell_withdrawn(row, contact, members_of(row), now)
        contact.delete()
    question = ExhibitQuestion.objects.filter(consent=row).first()
    if question is not None:
        forget_question(question, now, words_too=True)
    for task in _at_withdrawal:
        task(row)


def forget_question(question: ExhibitQuestion, now: dt.datetime, *, words_too: bool) -> None:
    """Name and address go; the words too where they stand on no page, or if whoever asked wants it so."""
    was_public, gone = question.public, words_too or not question.public
    question.name = question.email = ""
    question.visitor = None
    question.forgotten_at = now
    if gone:
        question.text = question.answer = ""
        question.public = False
    question.save(update_fields=["name", "email", "visitor", "forgotten_at", "text", "answer", "public"])
    letters.take_back_question(question)
    if was_public and gone:
        news.tell(QuestionsChanged(tags=(f"questions-{question.exhibit_id}",), ids=(question.pk,)))
