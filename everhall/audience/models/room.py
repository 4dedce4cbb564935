"""The room of a session or of something else (`audience.places`), the people in it, and who may not speak there for now."""

import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.accounts.models import User
from everhall.audience import rules
from everhall.editions.models import Edition
from everhall.engines.personal import ACCOUNT, TALK, NotPersonal, Personal
from everhall.programme.models import Session

#: Letters and figures that are not taken for each other when read aloud.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_key() -> str:
    """A public name that tells nothing and cannot be guessed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


class Room(models.Model):
    """What may be done in a session or on a channel, and how it is moderated. There is one from the moment a moderator
    opens it. Either `session` or `place` says where it is."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {
        "*": "settings of a room",
        "words": "a list of words that moderators made",
    }

    class Moderation(models.TextChoices):
        POST = rules.POST, pgettext_lazy("moderation", "shown at once, taken away if need be")
        PRE = rules.PRE, pgettext_lazy("moderation", "shown once a moderator has seen it")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("edition"))
    session = models.OneToOneField(
        Session, null=True, blank=True, on_delete=models.CASCADE, related_name="room", verbose_name=_("session")
    )
    #: What else it is for: "<kind>/<key>" (`audience.places`), such as "channel/12"; empty for a session's.
    place = models.CharField(max_length=60, blank=True, editable=False)
    #: In topics and addresses.
    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    chat = models.BooleanField(pgettext_lazy("audience", "Chat"), default=True)
    questions = models.BooleanField(pgettext_lazy("audience", "Questions"), default=True)
    polls = models.BooleanField(pgettext_lazy("audience", "Polls"), default=True)
    reactions = models.BooleanField(pgettext_lazy("audience", "Reactions"), default=True)
    moderation = models.CharField(
        pgettext_lazy("audience", "Moderation"), max_length=4, choices=Moderation, default=Moderation.POST
    )
    slow_seconds = models.PositiveIntegerField(
        pgettext_lazy("audience", "Slow mode"), default=0,
        help_text=_("Seconds that somebody waits between two messages; 0: no more than everybody's limit."),
    )
    words = models.TextField(
        pgettext_lazy("audience", "Word list"), blank=True,
        help_text=_("What contains one of these waits for a moderator. One a line; width, case and Traditional characters make no difference."),
    )
    archived = models.BooleanField(
        pgettext_lazy("audience", "Shown after the week"), default=True,
        help_text=_("After the week the session's page shows what was said, asked and voted."),
    )
    #: Each grows by one with each message on its topic.
    questions_version = models.PositiveBigIntegerField(default=0, editable=False)
    polls_version = models.PositiveBigIntegerField(default=0, editable=False)
    desk_version = models.PositiveBigIntegerField(default=0, editable=False)
    opened_at = models.DateTimeField(auto_now_add=True)
    #: The demo's, where sample guests write.
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("audience", "room")
        verbose_name_plural = pgettext_lazy("audience", "rooms")
        constraints = [
            models.UniqueConstraint(fields=["place"], condition=~models.Q(place=""), name="one_room_in_a_place"),
            models.CheckConstraint(
                condition=models.Q(session__isnull=True) ^ models.Q(place=""), name="room_in_one_place"
            ),
        ]

    def __str__(self) -> str:
        return str(self.session or self.place)

    def topic(self, kind: str) -> str:
        """Its topic of this kind (`realtime.topics`)."""
        return f"{kind}.{self.key}"

    def tags(self) -> tuple[str, str]:
        """What pages are marked with that show what was said here, and those that would show that there is a room."""
        return f"room-{self.key}", f"talk-{self.edition.code}"


class Guest(models.Model):
    """Somebody who takes part: an account, or a name and a cookie of this browser."""

    PERSONAL: ClassVar[Personal] = {
        "user": ("to know you again in a talk", TALK),
        "token_hash": ("to know this browser again in a talk", TALK),
        "name": ("to say who speaks", TALK),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "made by chance"}

    #: Public, and opaque: says that two messages are of the same person, and not which.
    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="audience_guest")
    #: SHA-256 of the cookie; null for an account.
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    name = models.CharField(max_length=rules.LONGEST_NAME)
    created_at = models.DateTimeField()
    #: Nobody: the demo writes under this name, and all that it writes is marked so.
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("audience", "guest")
        verbose_name_plural = pgettext_lazy("audience", "guests")

    def __str__(self) -> str:
        return self.name


class Mute(models.Model):
    """Somebody may not write here for now. They are told so."""

    PERSONAL: ClassVar[Personal] = {
        "guest": ("so that somebody does not speak for a while", TALK),
        "by": ("to say who decided", ACCOUNT),
    }

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="mutes")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="mutes")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    muted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "guest"], name="one_mute")]

    def __str__(self) -> str:
        return str(self.guest)
