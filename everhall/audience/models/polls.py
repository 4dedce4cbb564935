"""Polls, and what each person chose."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import get_language, pgettext_lazy

from everhall.audience import rules
from everhall.audience.models.room import Guest, Room
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import TALK, NotPersonal, Personal


class Poll(models.Model):
    """`choices`: a list of {"zh", "en"}; `counts`: for each of them how many chose it; `voters`: how many people did."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "what moderators ask, and counts"}

    class Kind(models.TextChoices):
        SINGLE = rules.SINGLE, pgettext_lazy("poll", "one choice")
        SEVERAL = rules.SEVERAL, pgettext_lazy("poll", "several choices")
        SCALE = rules.OF_SCALE, pgettext_lazy("poll", "scale from 1 to 5")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("poll", "draft")
        OPEN = "open", pgettext_lazy("poll", "open")
        CLOSED = "closed", pgettext_lazy("poll", "closed")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="asked_polls")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.SINGLE)
    text_zh = models.CharField(max_length=rules.LONGEST_QUESTION)
    text_en = models.CharField(max_length=rules.LONGEST_QUESTION, blank=True)
    choices: Any = models.JSONField(default=list)
    counts: Any = models.JSONField(default=list)
    voters = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False, editable=False)

    text = Bilingual("text", get_language)

    class Meta:
        indexes = [models.Index(fields=["room", "state"])]

    def __str__(self) -> str:
        return self.text


class PollVote(models.Model):
    """What one person chose last; `choices` are places in the poll's list."""

    PERSONAL: ClassVar[Personal] = {
        "guest": ("so that each votes once", TALK),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "a choice of a list"}

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="voted")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="poll_votes")
    choices: Any = models.JSONField(default=list)
    voted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "guest"], name="one_poll_vote")]

    def __str__(self) -> str:
        return str(self.poll)
