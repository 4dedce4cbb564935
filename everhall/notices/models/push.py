"""Browsers that asked to be told, what of, and what is on its way to them. No account, no name, no address is kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from everhall.editions.models import Edition, Venue
from everhall.engines.personal import BROWSER, PUSHED, NotPersonal, Personal
from everhall.notices import rules
from everhall.notices.models.notice import Notice
from everhall.programme.models import Session


class Subscription(models.Model):
    """One browser. Whoever knows its endpoint and keys can write to it: neither is ever logged or shown."""

    PERSONAL: ClassVar[Personal] = {
        "endpoint": ("to ring on this device", BROWSER),
        "endpoint_hash": ("to ring on this device", BROWSER),
        "p256dh": ("to ring on this device", BROWSER),
        "auth": ("to ring on this device", BROWSER),
        "language": ("to ring on this device", BROWSER),
    }

    endpoint = models.CharField(max_length=rules.LONGEST_ENDPOINT)
    #: SHA-256 of the endpoint, because not every database can keep an index of a text as long.
    endpoint_hash = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.pk}"


class Follow(models.Model):
    """What a browser wants to hear of: an edition, a venue with all below it, or a session."""

    PERSONAL: ClassVar[Personal] = {
        "subscription": ("what to ring for", BROWSER),
    }

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="follows")
    edition = models.ForeignKey(Edition, null=True, on_delete=models.CASCADE, related_name="+")
    venue = models.ForeignKey(Venue, null=True, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(edition__isnull=False, venue__isnull=True, session__isnull=True)
                    | Q(edition__isnull=True, venue__isnull=False, session__isnull=True)
                    | Q(edition__isnull=True, venue__isnull=True, session__isnull=False)
                ),
                name="follows_one_thing",
            ),
            models.UniqueConstraint(fields=["subscription", "edition"], name="follows_edition_once"),
            models.UniqueConstraint(fields=["subscription", "venue"], name="follows_venue_once"),
            models.UniqueConstraint(fields=["subscription", "session"], name="follows_session_once"),
        ]

    def __str__(self) -> str:
        return str(self.edition or self.venue or self.session)


class Push(models.Model):
    """One notice on its way to one browser; or a message for it alone, with a `key` by which it is sent once and a `writer` who writes it
    when it leaves (`notices.spoken`), from what it is `about` (numbers of rows)."""

    PERSONAL: ClassVar[Personal] = {
        "subscription": ("to ring on this device", PUSHED),
        "about": ("to ring on this device", PUSHED),
        "key": ("to ring on this device", PUSHED),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"writer": "which part of the house writes it"}

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("push", "waiting")
        SENDING = "sending", pgettext_lazy("push", "being sent")
        SENT = "sent", pgettext_lazy("push", "sent")
        GIVEN_UP = "given_up", pgettext_lazy("push", "given up")

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="pushes")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="pushes")
    key = models.CharField(max_length=80, null=True, editable=False)
    writer = models.CharField(max_length=30, blank=True, editable=False)
    about = models.JSONField(default=dict, blank=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    #: The notice's version that is to be sent, or was.
    version = models.PositiveIntegerField(default=1)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "notice"], name="one_push_per_browser"),
            models.UniqueConstraint(fields=["subscription", "key"], name="one_message_per_browser"),
        ]
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return f"{self.notice_id or self.writer} {self.state}"
