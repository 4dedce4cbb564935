"""Talking with the mail server: a connection with patience, and what came of a message.

In: messages. Out: `Outcome`s. Must stay true: a refusal of one address is not taken for a server that is away, nor the other way
round; no address comes into a log or onto a page.
"""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

log = structlog.get_logger("everhall.post")

#: Seconds for the server to answer.
PATIENCE: Final = 15
#: Words of the server that are kept.
SAID: Final = 180

#: "never": the server refuses this address or letter for good; "later": it asks to come again with this one; "away": it is not
#: there, so others need not be tried now.
Kind = Literal["sent", "never", "later", "away"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message, and what the server said, without addresses."""

    kind: Kind
    said: str = ""


@contextmanager
def connected() -> Iterator[Any]:
    """A connection for some messages; a server that does not say goodbye is no trouble."""
    patience: dict[str, Any] = {"timeout": PATIENCE} if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") else {}
    connection = get_connection(**patience)
    try:
        yield connection
    finally:
        try:
            connection.close()
        except (OSError, smtplib.SMTPException):
            log.warning("the mail server did not say goodbye")


def hand_over(message: EmailMessage, connection: Any) -> Outcome:
    """Give one message to the server."""
    message.connection = connection
    try:
        message.send()
    except ValueError as trouble:
        # A header that cannot be written: no other try makes it better.
        return Outcome("never", said_by(trouble))
    except (OSError, smtplib.SMTPException) as trouble:
        return Outcome(kind_of(trouble), said_by(trouble))
    return Outcome("sent")


def kind_of(trouble: Exception) -> Kind:
    """RFC 5321 §4.2.1: 5yz is a refusal for good, 4yz one for now."""
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in trouble.recipients.values()]
        return "never" if codes and all(code >= 500 for code in codes) else "later"
    if isinstance(trouble, smtplib.SMTPDataError):
        return "never" if trouble.smtp_code >= 500 else "later"
    return "away"


def said_by(trouble: Exception) -> str:
    """What happened, without addresses."""
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in trouble.recipients.values()})
        return f"{', '.join(map(str, codes))} recipient refused"
    if isinstance(trouble, smtplib.SMTPResponseException):
        raw = trouble.smtp_error
        words = raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw)
        return unaddressed(f"{trouble.smtp_code} {words}")
    return unaddressed(f"{type(trouble).__name__}: {trouble}")


def unaddressed(text: str) -> str:
    return " ".join(word for word in text.split() if "@" not in word)[:SAID]
