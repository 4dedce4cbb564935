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
from everhall.notices import keys, queries, rules, services
from everhall.notices.addresses import link_of
from everhall.notices.models import Push
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
def payload(push: Push) -> bytes:
    """What the worker in the browser shows, in the language of the subscription."""
    notice, language = push.notice, push.subscription.language
    told = {
        "title": pick(notice.title_zh, notice.title_en, language), "body": pick(notice.text_zh, notice.text_en, language),
        "url": link_of(notice, language), "tag": topic(push), "lang": "en" if language == "en" else "zh-Hans",
        "urgent": notice.weight == rules.URGENT,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def topic(push: Push) -> str:
    """At most 32 letters of base64url (RFC 8030 §5.4). A newer change of a session takes the place of the older one."""
    notice = push.notice
    return f"session-{notice.session_id}" if notice.automatic else f"notice-{notice.pk}"


def request_of(push: Push, key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> tuple[bytes, dict[str, str]]:
    """Body and headers."""
    row, notice = push.subscription, push.notice
    parts = urllib.parse.urlsplit(row.endpoint)
    body = webpush.sealed(
        payload(push), row.p256dh, row.auth, salt=secrets.token_bytes(16), once=ec.generate_private_key(ec.SECP256R1())
    )
    until = notice.until or now + rules.STANDS
    return body, {
        "Authorization": webpush.proof(key, f"{parts.scheme}://{parts.netloc}", keys.subject(), now.timestamp()),
        "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream", "TTL": str(rules.ttl(until, now)),
        "Urgency": rules.URGENCY[notice.weight], "Topic": topic(push),
    }  # fmt: skip


def outcome_of(answer: Answer) -> str:
    """As `services.settle` has it."""
    if 200 <= answer.status < 300:
        return "sent"
    if answer.status in CLOSED:
        return "gone"
    return "again" if answer.status == 0 or answer.status == 429 or answer.status >= 500 else "never"


def send(push: Push, key: ec.EllipticCurvePrivateKey, now: dt.datetime, post: Post) -> Answer:
    """One message; an answer with status 400 for what cannot be sealed."""
    try:
        body, headers = request_of(push, key, now)
    except ValueError:
        return Answer(400)
    return post(push.subscription.endpoint, body, headers)


# ---------------------------------------------------------------- all that are due
def send_due(now: dt.datetime, post: Post = post) -> int:
    """Send what is due, up to `AT_ONCE`; how many were tried. The sender asks each second, and again while there is more."""
    claimed = services.claim(now, AT_ONCE)
    wanted: list[Push] = []
    stale: list[Push] = []
    for push in claimed:
        fresh = queries.is_public(push.notice, now) and queries.is_current(push.notice, now)
        (wanted if fresh else stale).append(push)
    for push in stale:
        services.settle(push, "never", now)
    for push, answer in zip(wanted, asked(wanted, now, post), strict=True):
        outcome = outcome_of(answer)
        if outcome in {"again", "never"}:
            log.warning("a push was not taken", extra={"push": push.pk, "status": answer.status, "tries": push.tries + 1})
        services.settle(push, outcome, now, answer.retry_after)
    return len(claimed)


def asked(pushes: Sequence[Push], now: dt.datetime, post: Post) -> list[Answer]:
    """What each service says; none of these threads looks at the database."""
    if not pushes:
        return []
    key = keys.key()
    with ThreadPoolExecutor(min(TOGETHER, len(pushes)), "push") as pool:
        return list(pool.map(lambda push: send(push, key, now, post), pushes))
