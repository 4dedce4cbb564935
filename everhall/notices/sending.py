"""From the line to the push services: a few at a time, each bounded, none of them trusted.

In: rows that `services.claim` hands out. Out: what became of each. Must stay true: an endpoint is an address that a stranger
named, so it is https on its own port, its name is resolved here and asked at an address that is not of our network
(the very one that is then connected to), no redirect is followed and the answer is not read beyond its head; neither
endpoint nor keys come into a log.
"""

import datetime as dt
import json
import logging
import secrets
import urllib.parse
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from everhall.engines import webpush
from everhall.engines.bilingual import pick
from everhall.notices import keys, queries, rules, services, spoken
from everhall.notices.addresses import link_of
from everhall.notices.models import Notice, Push
from everhall.notices.spoken import Told
from everhall.outgoing import asking

log = logging.getLogger(__name__)

#: Sent at the same time, and claimed at once: what is claimed is sent well before another process may claim it.
TOGETHER = 8
AT_ONCE = 32
CLOSED = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Answer:
    """Of a push service. `status` 0: it could not be asked."""

    status: int
    retry_after: str = ""


Post = Callable[[str, bytes, dict[str, str]], Answer]


def post(endpoint: str, body: bytes, headers: dict[str, str], *, near: bool = False, whole: float = asking.WHOLE) -> Answer:
    """Ask a push service (`outgoing.asking`). `near`: for tests, by http on this machine; nothing on a site sets it. Never raises."""
    if not near and not rules.fair_endpoint(endpoint):
        return Answer(0)
    told = asking.ask("POST", endpoint, body, headers, near=near, whole=whole)
    return Answer(told.status, told.headers.get("retry-after", ""))


# ---------------------------------------------------------------- one message
def told_of(push: Push, now: dt.datetime) -> Told | None:
    """What is to be sent, in the language of the subscription; None for what is not so any more."""
    notice, language = push.notice, push.subscription.language
    if notice is None:
        return spoken.written(push.writer, push.about, language, now)
    if not queries.is_public(notice, now) or not queries.is_current(notice, now):
        return None
    return Told(
        pick(notice.title_zh, notice.title_en, language), pick(notice.text_zh, notice.text_en, language), link_of(notice, language),
        topic(notice), rules.URGENCY[notice.weight], notice.until or now + rules.STANDS, notice.weight == rules.URGENT,
    )  # fmt: skip


def topic(notice: Notice) -> str:
    """At most 32 letters of base64url (RFC 8030 §5.4). A newer change of a session takes the place of the older one."""
    return f"session-{notice.session_id}" if notice.automatic else f"notice-{notice.pk}"


def payload(told: Told, language: str) -> bytes:
    """As the worker in the browser reads it."""
    body = {
        "title": told.title, "body": told.body, "url": told.url, "tag": told.tag, "lang": "en" if language == "en" else "zh-Hans",
        "urgent": told.stays,
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def request_of(push: Push, told: Told, key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> tuple[bytes, dict[str, str]]:
    """Body and headers."""
    row = push.subscription
    parts = urllib.parse.urlsplit(row.endpoint)
    body = webpush.sealed(
        payload(told, row.language), row.p256dh, row.auth, salt=secrets.token_bytes(16), once=ec.generate_private_key(ec.SECP256R1())
    )
    return body, {
        "Authorization": webpush.proof(key, f"{parts.scheme}://{parts.netloc}", keys.subject(), now.timestamp()),
        "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream", "TTL": str(rules.ttl(told.until, now)),
        "Urgency": told.urgency, "Topic": told.tag,
    }  # fmt: skip


def outcome_of(answer: Answer) -> str:
    """As `services.settle` has it."""
    if 200 <= answer.status < 300:
        return "sent"
    if answer.status in CLOSED:
        return "gone"
    return "again" if answer.status == 0 or answer.status == 429 or answer.status >= 500 else "never"


def send(push: Push, told: Told, key: ec.EllipticCurvePrivateKey, now: dt.datetime, post: Post) -> Answer:
    """One message; an answer with status 400 for what cannot be sealed."""
    try:
        body, headers = request_of(push, told, key, now)
    except ValueError:
        return Answer(400)
    return post(push.subscription.endpoint, body, headers)


# ---------------------------------------------------------------- all that are due
def send_due(now: dt.datetime, post: Post = post) -> int:
    """Send what is due, up to `AT_ONCE`; how many were tried. The sender asks each second, and again while there is more."""
    claimed = services.claim(now, AT_ONCE)
    wanted: list[tuple[Push, Told]] = []
    for push in claimed:
        told = told_of(push, now)
        if told is None:
            services.settle(push, "never", now)
        else:
            wanted.append((push, told))
    for (push, _told), answer in zip(wanted, asked(wanted, now, post), strict=True):
        outcome = outcome_of(answer)
        if outcome in {"again", "never"}:
            log.warning("a push was not taken", extra={"push": push.pk, "status": answer.status, "tries": push.tries + 1})
        services.settle(push, outcome, now, answer.retry_after)
    return len(claimed)


def asked(pushes: Sequence[tuple[Push, Told]], now: dt.datetime, post: Post) -> list[Answer]:
    """What each service says; none of these threads looks at the database."""
    if not pushes:
        return []
    key = keys.key()
    with ThreadPoolExecutor(min(TOGETHER, len(pushes)), "push") as pool:
        return list(pool.map(lambda one: send(one[0], one[1], key, now, post), pushes))
