"""What letters say, in the language of whoever gets them. Templates stand in `visits/mail/`.

In: a question, a contact, a consent. Out: letters in line (`post`). Must stay true: an exhibitor never gets the address of who asked;
a link in a letter opens one thing and ends.
"""

import datetime as dt
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from everhall.accounts.models import User
from everhall.engines import tokens
from everhall.engines.bilingual import pick
from everhall.post import services as post
from everhall.visits import rules
from everhall.visits.models import Consent, Contact, ExhibitQuestion, PostWish

#: What a link in a letter may do: `confirm/<consent>` shows that an address is theirs, `agreed/<consent>` shows and withdraws.
CONFIRM: Final = "visits-confirm"
AGREED: Final = "visits-agreed"
#: Before the keys of our letters.
KEY: Final = "visit-"


def secret() -> bytes:
    return tokens.secret_of(settings.SECRET_KEY)


def opened_by(token: str, kind: str, now: dt.datetime) -> int | None:
    """The consent that a link is for; None if it is not good (any more)."""
    name, _slash, number = (tokens.scope_of(secret(), token, now.timestamp()) or "").partition("/")
    return int(number) if name == kind and number.isdecimal() else None


def address(view: str, *args: Any) -> str:
    return f"{settings.BASE_URL}{reverse(view, args=args)}"


def agreed_address(consent: Consent) -> str:
    """Where what was agreed to is read and withdrawn without a login: as long as the consent, and a month longer."""
    token = tokens.make(secret(), f"{AGREED}/{consent.pk}", (consent.until + dt.timedelta(days=30)).timestamp())
    return address("visits:agreed-by-mail", token)


def written(key: str, to: str, language: str, template: str, subject: str, now: dt.datetime, **context: Any) -> None:
    """A letter from a template; `subject` is already in the language."""
    with override(language):
        body = render_to_string(f"visits/mail/{template}.txt", {"base_url": settings.BASE_URL, **context}).strip() + "\n"
    post.write(f"{KEY}{key}", to, subject, body, language, now)


# ---------------------------------------------------------------- to who asked or gave
def ask_to_confirm(consent: Consent, email: str, now: dt.datetime, **context: Any) -> None:
    """Before anything is passed on, whoever owns the address says that it was them."""
    token = tokens.make(secret(), f"{CONFIRM}/{consent.pk}", (now + rules.CONFIRMED_WITHIN).timestamp())
    with override(consent.language):
        link, name = address("visits:confirm", token), named(consent)
        subject = _("Please confirm: %(exhibit)s") % {"exhibit": name}
        written(f"confirm-{consent.pk}", email, consent.language, "confirm", subject, now, consent=consent, link=link, name=name,
                days=rules.CONFIRMED_WITHIN.days, **context)


def answered(question: ExhibitQuestion, version: int, now: dt.datetime) -> None:
    """The answer goes to who asked; one that was put right goes again."""
    if not question.email:
        return
    with override(question.language):
        name = name_of(question)
        subject = _("Answer to your question on %(exhibit)s") % {"exhibit": name}
        written(
            f"answer-{question.pk}-{version}", question.email, question.language, "answer", subject, now, question=question,
            name=name, link=address("exhibition:exhibit", question.edition.code, question.exhibit.code),
            agreed=agreed_address(question.consent) if question.consent is not None else "",
        )


def refused(question: ExhibitQuestion, now: dt.datetime) -> None:
    if not question.email:
        return
    with override(question.language):
        name = name_of(question)
        subject = _("Your question on %(exhibit)s was not passed on") % {"exhibit": name}
        written(f"refused-{question.pk}", question.email, question.language, "refused", subject, now, question=question, name=name)


def exchanged(contact: Contact, now: dt.datetime) -> None:
    """What was passed on, and how to take it back; and how to reach the exhibitor."""
    consent = contact.consent
    with override(consent.language):
        name = named(consent)
        subject = _("Your contact details were passed on: %(organisation)s") % {"organisation": organisation_of(consent)}
        written(
            f"exchanged-{consent.pk}", contact.email, consent.language, "exchanged", subject, now, contact=contact,
            consent=consent, name=name, organisation=organisation_of(consent), agreed=agreed_address(consent),
            website=consent.organisation.website if consent.organisation else "",
        )


# ---------------------------------------------------------------- to exhibitors
def wish_of(user: User) -> PostWish:
    """How somebody wants their letters; as it is until they say otherwise."""
    found = PostWish.objects.filter(user=user).first()
    return found or PostWish(user=user)


def tell_question(question: ExhibitQuestion, people: list[User], now: dt.datetime, *, held: bool = False) -> None:
    """To those who want letters at once; others find it in their collected letter. Members answer on the site, the venue's
    team in the desk."""
    members = set(
        User.objects.filter(memberships__organisation_id=question.organisation_id).values_list("pk", flat=True)
    ) if question.organisation_id is not None else set()  # fmt: skip
    for user in people:
        wish = wish_of(user)
        if wish.rhythm != PostWish.Rhythm.AT_ONCE:
            continue
        with override(wish.language):
            name = name_of(question)
            subject = (
                _("A question on %(exhibit)s waits for your look") if held else _("A visitor asks about %(exhibit)s")
            ) % {"exhibit": name}
            written(
                f"{'held' if held else 'asked'}-{question.pk}-{user.pk}", user.email, wish.language, "asked", subject, now,
                question=question, name=name, held=held, wishes=address("visits:post"),
                link=address("visits:answer" if user.pk in members and not held else "visits_question", question.pk),
            )


def tell_contact(contact: Contact, people: list[User], now: dt.datetime) -> None:
    for user in people:
        wish = wish_of(user)
        if wish.rhythm == PostWish.Rhythm.NEVER:
            continue
        with override(wish.language):
            subject = _("A visitor gave you their contact details")
            written(
                f"contact-{contact.consent_id}-{user.pk}", user.email, wish.language, "contact", subject, now, contact=contact,
                consent=contact.consent, name=named(contact.consent), wishes=address("visits:post"),
            )


def tell_withdrawn(consent: Consent, contact: Contact, people: list[User], now: dt.datetime) -> None:
    """Whatever they wish of letters: they must delete what they wrote down."""
    for user in people:
        wish = wish_of(user)
        with override(wish.language):
            subject = _("A visitor withdrew their consent: please delete their contact details")
            written(
                f"withdrawn-{consent.pk}-{user.pk}", user.email, wish.language, "withdrawn", subject, now, contact=contact,
                consent=consent, name=named(consent),
            )


def tell_digest(user: User, wish: PostWish, questions: list[ExhibitQuestion], now: dt.datetime) -> None:
    """What was asked since the last collected letter and still waits."""
    with override(wish.language):
        subject = _("Questions from visitors: %(n)s") % {"n": len(questions)}
        rows = [
            {"name": name_of(question), "question": question, "link": address("visits:answer", question.pk)}
            for question in questions
        ]
        written(
            f"digest-{user.pk}-{now:%Y-%m-%d}", user.email, wish.language, "digest", subject, now, rows=rows,
            wishes=address("visits:post"),
        )


# ---------------------------------------------------------------- names
def name_of(question: ExhibitQuestion) -> str:
    return str(question.exhibit.name)


def named(consent: Consent) -> str:
    return str(consent.exhibit.name) if consent.exhibit is not None else organisation_of(consent)


def organisation_of(consent: Consent) -> str:
    found = consent.organisation
    return str(found.name) if found is not None else pick("参展单位", "the exhibitor", consent.language)


# ---------------------------------------------------------------- on their way
def answers(question: ExhibitQuestion) -> int:
    """How many answers to it were written lately."""
    return post.written(f"{KEY}answer-{question.pk}-")


def take_back_contact(consent: Consent) -> None:
    """What is on its way to an exhibitor must not arrive after the letter that asks to delete it."""
    post.take_back(before=f"{KEY}contact-{consent.pk}-")


def take_back_question(question: ExhibitQuestion) -> None:
    post.take_back(f"{KEY}confirm-{question.consent_id}", before=f"{KEY}answer-{question.pk}-")
