"""Telling pages: what services say to every open page, after the change is committed.

In: a topic (`realtime.topics`), a JSON-able value. Out: a message on the bus. What must stay true: nothing is told of a
change that was rolled back; telling never fails the change it tells of.
"""

import json
import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from everhall.engines import tokens
from everhall.realtime import bus
from everhall.realtime.topics import kind_of

log = logging.getLogger(__name__)


def tell_pages(topic: str, value: Any, *, urgent: bool = False) -> None:
    """When this transaction commits (at once where there is none). `urgent`: does not wait for the topic's tick.
    ValueError for a name that is no topic, TypeError for a value that is no JSON."""
    if kind_of(topic) is None:
        msg = f"{topic!r} is not a topic; kinds stand in everhall/realtime/topics.py"
        raise ValueError(msg)
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    transaction.on_commit(lambda: bus.here().post(topic, body, urgent=urgent))


def ticket_for(topic: str, seconds: float = 43_200.0) -> str:
    """What lets a page follow a private topic for a while (seconds). Whoever makes one has asked who may."""
    until = timezone.now().timestamp() + seconds
    return tokens.make(tokens.secret_of(settings.SECRET_KEY), f"news/{topic}", until)
