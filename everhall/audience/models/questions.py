"""Questions to those on the stage, and who wants to hear an answer."""

from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from everhall.accounts.models import User
from everhall.audience import rules
from everhall.audience.models.room import Guest, Room
from everhall.engines.personal import ACCOUNT, TALK, NotPersonal, Personal


class Question(models.Model):
    """`votes` counts the rows of `QuestionVote`."""

    PERSONAL: ClassVar[Personal] = {
        "guest": ("to know the author again while the talk goes on", TALK),
        "name": ("to say who asks", TALK),
        "decided_by": ("to say who decided", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {
        "text": "asked in public: it stands in the record without a name; what was never shown is deleted",
        "answer": "said by the stage, in public",
    }

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("question", "waits for a moderator")
        OPEN = "open", pgettext_lazy("question", "open")
        ANSWERING = "answering", pgettext_lazy("question", "being answered")
        ANSWERED = "answered", pgettext_lazy("question", "answered")
        HIDDEN = "hidden", pgettext_lazy("question", "hidden")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="asked")
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="questions")
    name = models.CharField(max_length=rules.LONGEST_NAME)
    text = models.CharField(max_length=rules.LONGEST_QUESTION)
    answer = models.CharField(max_length=rules.LONGEST_ANSWER, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    votes = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["room", "state"])]

    def __str__(self) -> str:
        return self.text


class QuestionVote(models.Model):
    """One of one person."""

    PERSONAL: ClassVar[Personal] = {
        "guest": ("so that each votes once", TALK),
    }

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="voted")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="question_votes")
    voted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "guest"], name="one_question_vote")]

    def __str__(self) -> str:
        return str(self.question)
