"""What somebody sent, made into what they wish, or refused with a word of what is wrong.

In: an admission with its questions and tickets, a mapping of texts (JSON of a page or fields of a form), who is logged in.
Out: a `Wish`. What must stay true: nothing in a wish is longer or other than its columns; nothing here looks at who else
has come, so it can be done before any lock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from everhall.engines import seats
from everhall.registration import queries, rules
from everhall.registration.models import Admission, Question, SeatQuota, Ticket
from everhall.registration.services.refusals import Refused


@dataclass(frozen=True, slots=True)
class Person:
    """Who wishes: `user` is the account, if there is one."""

    name: str
    email: str
    user: int | None = None
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class Wish:
    """See the module."""

    request: str
    person: Person
    ask: seats.Ask
    group: str = ""
    companions: tuple[str, ...] = ()
    answers: tuple[tuple[int, str], ...] = ()
    real_name: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an admission asks; read once for many wishes."""

    admission: Admission
    ways: tuple[str, ...]
    tickets: frozenset[int]
    questions: tuple[Question, ...]
    organisations: frozenset[int]


def asked_by(admission: Admission) -> Asked:
    shares = SeatQuota.objects.filter(admission=admission, organisation__isnull=False)
    return Asked(
        admission, queries.ways_of(admission),
        frozenset(Ticket.objects.filter(admission=admission).values_list("pk", flat=True)),
        tuple(Question.objects.filter(admission=admission)),
        frozenset(shares.values_list("organisation", flat=True)),
    )  # fmt: skip


def wish_of(asked: Asked, body: Mapping[str, Any], account: Person | None) -> Wish:
    """Refused with the first thing that is wrong. An account's own address counts, whatever the body says."""
    request = rules.request_key(body.get("request"))
    if request is None:
        raise Refused("malformed")
    group, companions, ask = party(asked, body)
    real_name, document = real_names(asked.admission, body)
    return Wish(
        request, person_of(body, account), ask, group, companions, answers_of(asked.questions, body.get("answers")),
        real_name, document,
    )  # fmt: skip


def person_of(body: Mapping[str, Any], account: Person | None) -> Person:
    language = "en" if body.get("language") == "en" else "zh-hans"
    name = rules.tidy(body.get("name") or (account.name if account else ""), rules.LONGEST_NAME)
    email = account.email.lower() if account is not None else rules.mail_address(body.get("email"))
    if not name:
        raise Refused("name")
    if not email:
        raise Refused("email")
    return Person(name, email, account.user if account is not None else None, language)


def party(asked: Asked, body: Mapping[str, Any]) -> tuple[str, tuple[str, ...], seats.Ask]:
    """Group, companions, and the seats they need together."""
    admission = asked.admission
    way = body.get("way") or asked.ways[0]
    if way not in asked.ways:
        raise Refused("way")
    ticket = number_of(body.get("ticket"))
    if asked.tickets and ticket not in asked.tickets:
        raise Refused("ticket")
    organisation = number_of(body.get("organisation"))
    if organisation is not None and organisation not in asked.organisations:
        raise Refused("organisation")
    names = names_of(body.get("companions"))
    group = rules.tidy(body.get("group") or "", rules.LONGEST_NAME)
    if group is None:
        raise Refused("group")
    least = 1 + len(names)
    if group:
        size = number_of(body.get("size")) or 0
        if not 2 <= size <= admission.most_group or len(names) > size:
            raise Refused("group")
        least = size if admission.group_rule == Admission.Group.WHOLE else 1
    else:
        size = 1 + len(names)
        if len(names) > admission.most_companions:
            raise Refused("people")
    return group, names, seats.Ask(size, way, ticket if asked.tickets else None, organisation, least)


def names_of(told: object) -> tuple[str, ...]:
    """A list of names, or a text with one on each line."""
    lines = told.splitlines() if isinstance(told, str) else told if isinstance(told, list) else []
    if len(lines) > 2 * rules.MOST_SEATS:
        raise Refused("people")
    found = [rules.tidy(line, rules.LONGEST_NAME) for line in lines]
    if any(name is None for name in found) or len(found) > rules.MOST_SEATS:
        raise Refused("people")
    return tuple(name for name in found if name)


def number_of(told: object) -> int | None:
    """A whole number that somebody sent, as such or as text."""
    if type(told) is int and 0 <= told < 2**31:
        return told
    return int(told) if isinstance(told, str) and told.isdecimal() and len(told) < 10 else None


def answers_of(questions: tuple[Question, ...], told: object) -> tuple[tuple[int, str], ...]:
    given = told if isinstance(told, Mapping) else {}
    found = []
    for question in questions:
        text = rules.answer_to(question.kind, question.choices, question.required, given.get(str(question.pk)))
        if text is None:
            raise Refused("answers")
        if text:
            found.append((question.pk, text))
    return tuple(found)


def real_names(admission: Admission, body: Mapping[str, Any]) -> tuple[str, str]:
    """Only what is asked for is kept, whatever was sent."""
    if admission.real_names == rules.NO_NAMES:
        return "", ""
    name = rules.tidy(body.get("real_name") or "", rules.LONGEST_NAME)
    if not name:
        raise Refused("real_name")
    if admission.real_names != rules.DOCUMENT:
        return name, ""
    document = rules.document(body.get("document"))
    if document is None:
        raise Refused("document")
    return name, document
