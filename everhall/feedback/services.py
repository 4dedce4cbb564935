"""Give feedback, once; forget what has to be forgotten.

In: a session, who gives (an account, or a browser's token), what they say, moments. Out: a row, or `Refused`. Must stay true: of two
answers of one person the first counts, also when they come at once; nobody can be found by what is kept.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from everhall.editions.public import real_time, week_time
from everhall.engines.refusal import Refusal
from everhall.feedback import rules
from everhall.feedback.models import Feedback
from everhall.programme.models import Session

COOKIE: Final = "everhall_feedback"
COOKIE_SECONDS: Final = 60 * 86_400
#: Sessions that are closed in one turn.
AT_ONCE: Final = 200

WORDS: Final = {
    "soon": gettext_lazy("This session has not begun. Come back when it is on."),
    "over": gettext_lazy("Answers are taken for a week after the session; that week is over."),
    "none": gettext_lazy("This session is cancelled."),
    "twice": gettext_lazy("You have told us already. Thank you: the first answer counts."),
    "too_fast": gettext_lazy("Too much comes from your connection at once. Wait a moment, then send it again; what you wrote still stands here."),
    "elsewhere": gettext_lazy("This form did not come from a page of ours. Open the session's page and send it from there."),
}


class Refused(Refusal):
    """`code` is one of `WORDS`."""

    table = WORDS


def new_token() -> str:
    return secrets.token_urlsafe(24)


def giver_of(session: Session, user: Any, token: str | None) -> str:
    """A digest that is another one for each session, so that nobody is followed from one to the next; "" for a browser without a token."""
    who = f"account {user.pk}" if user is not None and user.is_authenticated else f"browser {token}" if token else ""
    if not who:
        return ""
    key = f"feedback {settings.SECRET_KEY}".encode()
    return hmac.new(key, f"{session.pk} {who}".encode(), hashlib.sha256).hexdigest()


def givers_of(session: Session, user: Any, token: str | None) -> list[str]:
    """All by which somebody may have answered: logged in since, they are still the same person."""
    found = [giver_of(session, user, None), giver_of(session, None, token)]
    return [one for one in found if one]


def phase_of(session: Session, now: dt.datetime) -> str:
    cancelled = session.status == Session.Status.CANCELLED
    return rules.phase(session.starts_at, session.ends_at, week_time(now), cancelled=cancelled)


def closes_of(ends_at: dt.datetime) -> dt.datetime:
    """The real moment from which answers are taken no more."""
    return real_time(ends_at + rules.OPEN_FOR) or ends_at


def give(session: Session, user: Any, token: str | None, said: dict[str, Any], now: dt.datetime) -> Feedback:
    """`said`: cleaned data of `FeedbackForm`; `token` is there unless somebody is logged in."""
    where = phase_of(session, now)
    if where != "open":
        raise Refused(where)
    givers = givers_of(session, user, token)
    if Feedback.objects.filter(session=session, giver__in=givers).exists():
        raise Refused("twice")
    closes = closes_of(session.ends_at)
    try:
        with transaction.atomic():
            return Feedback.objects.create(
                session=session, giver=givers[0], rating=said["rating"], useful=said.get("useful", ""), again=said.get("again", ""),
                words=said.get("words", "").strip(), closes_at=closes, words_until=(closes + rules.WORDS_FOR).date(),
            )  # fmt: skip
    except IntegrityError as twice:
        raise Refused("twice") from twice


def forget_due(now: dt.datetime) -> int:
    """Who has answered, once nobody may answer any more; words, once their time is over. A session that was moved meanwhile closes later."""
    due = Feedback.objects.filter(closes_at__lte=now, giver__isnull=False).order_by()
    count = 0
    for session, ends_at in due.values_list("session_id", "session__ends_at").distinct()[:AT_ONCE]:
        rows, closes = Feedback.objects.filter(session_id=session), closes_of(ends_at)
        if closes > now:
            rows.update(closes_at=closes, words_until=(closes + rules.WORDS_FOR).date())
        else:
            count += rows.filter(giver__isnull=False).update(giver=None)
    return count + Feedback.objects.filter(words_until__lte=now.date(), is_sample=False).exclude(words="").update(words="")
