"""What a browser asks to be told of. The endpoint is what it knows and nobody else: whoever names it, may change it.

In: values of strangers. Out: what is followed, or `Refused` with a code. What must stay true: only what is public can be
followed; a browser that follows nothing any more is forgotten.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from everhall.editions import queries as editions
from everhall.editions.models import Venue
from everhall.engines import webpush
from everhall.notices import rules, spoken
from everhall.notices.models import Follow, Subscription
from everhall.programme.queries import public_sessions


class Refused(Exception):  # noqa: N818 - not an accident
    """"malformed", "unknown" (no such thing), "too_many"."""

    def __init__(self, code: str, wait: float = 0.0) -> None:
        super().__init__(code)
        self.code, self.wait = code, wait


def hash_of(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def thing_of(named: object, now: dt.datetime) -> dict[str, Any]:
    """{"edition"|"venue"|"session": row} of "edition/2021", "venue/2021/beijing", "session/2021/opening"."""
    kind, code, *rest = named.split("/") if isinstance(named, str) and named.count("/") in {1, 2} else ("", "")
    edition = editions.public_edition(code) if code else None
    if edition is None or edition.state == edition.State.ARCHIVED:
        raise Refused("unknown")
    found: Any = None
    if kind == "edition" and not rest:
        found = edition
    elif kind == "venue" and rest:
        found = Venue.objects.filter(edition=edition, code=rest[0]).first()
    elif kind == "session" and rest:
        found = public_sessions(edition, now).filter(code=rest[0]).first()
    if found is None:
        raise Refused("unknown")
    return {kind: found}


def keys_of(given: object) -> tuple[str, str, str]:
    """Endpoint and keys of a browser's subscription as its `toJSON` has it."""
    keys = given.get("keys") if isinstance(given, Mapping) else None
    if not isinstance(given, Mapping) or not isinstance(keys, Mapping):
        raise Refused("malformed")
    told = (given.get("endpoint"), keys.get("p256dh"), keys.get("auth"))
    if not all(isinstance(each, str) for each in told):
        raise Refused("malformed")
    endpoint, p256dh, auth = (str(each) for each in told)
    if not rules.fair_endpoint(endpoint) or len(p256dh) > 120 or len(auth) > 40 or not webpush.fair_keys(p256dh, auth):
        raise Refused("malformed")
    return endpoint, p256dh, auth


@transaction.atomic
def follow(given: object, language: object, named: object, now: dt.datetime) -> list[str]:
    """From now on tell this browser of it; all that it follows."""
    row = browser_of(given, language, now)
    thing = thing_of(named, now)
    if row.follows.count() >= rules.MOST_FOLLOWED:
        raise Refused("too_many")
    Follow.objects.get_or_create(subscription=row, **thing)
    return names_of(row)


def browser_of(given: object, language: object, now: dt.datetime) -> Subscription:
    """The row of a browser that asks to be told something; made if there is none. In the caller's transaction."""
    endpoint, p256dh, auth = keys_of(given)
    row, _ = Subscription.objects.update_or_create(
        endpoint_hash=hash_of(endpoint),
        defaults={"endpoint": endpoint, "p256dh": p256dh, "auth": auth, "language": "en" if language == "en" else "zh-hans"},
        create_defaults={
            "endpoint": endpoint, "p256dh": p256dh, "auth": auth, "created_at": now,
            "language": "en" if language == "en" else "zh-hans",
        },
    )  # fmt: skip
    return row


@transaction.atomic
def unfollow(endpoint: object, named: object, now: dt.datetime) -> list[str]:
    """No more of it; what is left. Without anything left the browser is forgotten."""
    row = subscription(endpoint)
    if row is None:
        return []
    row.follows.filter(pk__in=[each.pk for each in rows_of(row) if name_of(each) == named]).delete()
    return let_go(row)


def let_go(row: Subscription) -> list[str]:
    """What is left; without anything left the browser is forgotten."""
    left = names_of(row)
    if not left:
        row.delete()
    return left


@transaction.atomic
def renew(old: object, given: object) -> list[str]:
    """The browser has another endpoint now and takes along what it follows."""
    row = subscription(old)
    endpoint, p256dh, auth = keys_of(given)
    if row is None:
        raise Refused("unknown")
    twin = subscription(endpoint)
    if twin is not None and twin.pk != row.pk:
        twin.delete()
    row.endpoint, row.endpoint_hash, row.p256dh, row.auth = endpoint, hash_of(endpoint), p256dh, auth
    row.save()
    return names_of(row)


def follows_of(endpoint: object) -> list[str]:
    """What this browser follows."""
    row = subscription(endpoint)
    return names_of(row) if row is not None else []


def subscription(endpoint: object) -> Subscription | None:
    if not isinstance(endpoint, str) or len(endpoint) > rules.LONGEST_ENDPOINT:
        raise Refused("malformed")
    return Subscription.objects.filter(endpoint_hash=hash_of(endpoint)).first()


def rows_of(row: Subscription) -> list[Follow]:
    return list(row.follows.select_related("edition", "venue__edition", "session__edition"))


def names_of(row: Subscription) -> list[str]:
    """All that it is told of."""
    return [name_of(each) for each in rows_of(row)] + spoken.more_names(row)


def name_of(row: Follow) -> str:
    if row.edition is not None:
        return f"edition/{row.edition.code}"
    kind, thing = ("venue", row.venue) if row.venue is not None else ("session", row.session)
    return f"{kind}/{thing.edition.code}/{thing.code}" if thing is not None else ""
