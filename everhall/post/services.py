"""Letters: put in line in the transaction of what they tell of, sent in the background, each once.

In: what a letter is for, whom it is to; who writes texts of a kind when they are sent. Out: rows; claims and outcomes. Must stay true: what was claimed by a process that died is
sent by another one, with the same Message-ID, so that a mailbox that got it already can tell; address and text are emptied as
soon as they are of no use; a server that is away delays letters and loses none for three days.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q

from everhall.post import rules, server
from everhall.post.models import Letter

log = structlog.get_logger("everhall.post")

State = Letter.State


@dataclass(frozen=True, slots=True)
class Late:
    """A letter whose text is made when it is sent: by `writer`, from what it is `about`."""

    key: str
    to: str
    writer: str
    about: Mapping[str, Any]
    language: str


@dataclass(frozen=True, slots=True)
class Text:
    """What a writer writes. `files`: name, media type, text or bytes."""

    subject: str
    body: str
    files: Sequence[tuple[str, str, str | bytes]] = ()


#: From what a letter is about and the address it goes to; None: there is nothing to tell any more, and it is not sent.
Writer = Callable[[Mapping[str, Any], str], Text | None]
_writers: Final[dict[str, Writer]] = {}

#: Sent in one turn over one connection.
AT_ONCE: Final = 20


def write(
    key: str, to: str, subject: str, body: str, language: str, now: dt.datetime, *, files: Sequence[tuple[str, str, str]] = ()
) -> None:
    """Put a letter in line; one that was written before is not written again. `files`: name, media type, text."""
    line = rules.one_line(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}")
    letter = Letter(
        key=key, to=to, subject=line, body=body, files=[list(file) for file in files], language=language, made_at=now, due_at=now
    )
    Letter.objects.bulk_create([letter], ignore_conflicts=True)


def written_by(name: str, writer: Writer) -> None:
    """Who writes the letters of this name. Called once, at start-up."""
    _writers[name] = writer


def write_late(letters: Iterable[Late], now: dt.datetime) -> None:
    """Put many in line at once; those that were put there before are not put there again."""
    rows = [
        Letter(key=one.key, to=one.to, writer=one.writer, about=dict(one.about), language=one.language, made_at=now, due_at=now)
        for one in letters
    ]
    Letter.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def take_back(*keys: str, before: str = "") -> None:
    """Letters that nobody has sent yet are not sent: these, and those whose key begins with `before`."""
    wanted = Q(key__in=keys) | (Q(key__startswith=before) if before else Q(pk__in=[]))
    Letter.objects.filter(wanted, state=State.WAITING).delete()


def written(before: str) -> int:
    """How many letters whose key begins so were written lately, sent ones too."""
    return Letter.objects.filter(key__startswith=before).count()


@transaction.atomic
def claim(now: dt.datetime, most: int = AT_ONCE) -> list[Letter]:
    """Take up to `most` that are due. Of two who claim at once each gets other rows."""
    left = Q(state=State.SENDING, taken_at__lte=now - rules.CLAIMED)
    due = Letter.objects.filter(Q(state=State.WAITING, due_at__lte=now) | left).order_by("due_at", "pk")
    pks = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
    if pks:
        Letter.objects.filter(pk__in=pks).update(state=State.SENDING, taken_at=now)
    return list(Letter.objects.filter(pk__in=pks).order_by("due_at", "pk"))


def settle(letter: Letter, kind: server.Kind, now: dt.datetime) -> None:
    """Write down what became of one that was claimed."""
    mine = Letter.objects.filter(pk=letter.pk, state=State.SENDING)
    if kind in {"later", "away"} and now - letter.made_at < rules.TRIED:
        tries = letter.tries + 1
        mine.update(state=State.WAITING, tries=tries, trouble=kind, taken_at=None, due_at=now + rules.pause(tries))
        return
    state = State.SENT if kind == "sent" else State.GIVEN_UP
    mine.update(state=state, to="", subject="", body="", files=[], about={}, trouble="", taken_at=None)


def text_of(letter: Letter) -> Text | None:
    """As it stands in the row, or as its writer writes it now."""
    if not letter.writer:
        return Text(letter.subject, letter.body, [(name, kind, text) for name, kind, text in letter.files])
    text = _writers[letter.writer](letter.about, letter.to)
    if text is None:
        return None
    return Text(rules.one_line(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{text.subject}"), text.body, text.files)


def message_of(letter: Letter, text: Text) -> EmailMessage:
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    mark = hashlib.sha256(f"{letter.key} {settings.SECRET_KEY}".encode()).hexdigest()[:32]
    message = EmailMessage(
        text.subject, text.body, settings.DEFAULT_FROM_EMAIL, [letter.to],
        headers={"Message-ID": f"<{mark}@{host}>", "Auto-Submitted": "auto-generated", "Content-Language": letter.language},
    )
    for name, kind, content in text.files:
        message.attach(name, content, kind)
    return message


def handed_over(letter: Letter, connection: Any) -> server.Outcome | None:
    """What became of one; None where there was nothing to tell any more."""
    try:
        text = text_of(letter)
    except Exception:
        # Whatever it was: it waits, and the others go on.
        log.exception("letter not written", letter=letter.pk, writer=letter.writer)
        return server.Outcome("later", "not written")
    return None if text is None else server.hand_over(message_of(letter, text), connection)


def send_due(now: dt.datetime) -> int:
    """Send what is due, up to `AT_ONCE`; how many were tried. The postman asks each second, and again while there is more."""
    letters = claim(now)
    if not letters:
        return 0
    away = False
    with server.connected() as connection:
        for letter in letters:
            # A server that is away is not asked for each letter.
            outcome = server.Outcome("away") if away else handed_over(letter, connection)
            if outcome is None:
                Letter.objects.filter(pk=letter.pk, state=State.SENDING).delete()
                continue
            away = away or outcome.kind == "away"
            if outcome.kind != "sent":
                log.warning("letter not handed over", letter=letter.pk, kind=outcome.kind, said=outcome.said, tries=letter.tries + 1)
            settle(letter, outcome.kind, now)
    return len(letters)


def forget_old(now: dt.datetime) -> int:
    """What was sent or given up is of no use after a week."""
    return Letter.objects.filter(state__in=[State.SENT, State.GIVEN_UP], made_at__lt=now - rules.KEPT).delete()[0]
