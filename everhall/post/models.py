"""A letter on its way."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.engines.personal import LETTER, NotPersonal, Personal


class Letter(models.Model):
    """One e-mail to one address. `key` says what it is for ("question-12-asked"): written twice, it is one letter.

    Most are written whole. One with a `writer` gets its text when it is sent, from that writer and what it is `about` (numbers of
    rows, not a person): it then tells what is so by then, and putting thousands in line costs a row each.

    Personal data: address, text and files. Purpose: to send them. All are emptied in the moment in which the letter is handed to
    the mail server, or given up after three days; the row is deleted a week after it was written.
    """

    PERSONAL: ClassVar[Personal] = {
        "to": ("to send the letter", LETTER),
        "subject": ("to send the letter", LETTER),
        "body": ("to send the letter", LETTER),
        "files": ("to send the letter", LETTER),
        "about": ("to send the letter", LETTER),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "says what it is for, in numbers"}

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("letter", "waiting")
        SENDING = "sending", pgettext_lazy("letter", "being sent")
        SENT = "sent", pgettext_lazy("letter", "sent")
        GIVEN_UP = "given_up", pgettext_lazy("letter", "given up")

    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField(blank=True)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    #: [[name, media type, text]], such as an entry of a calendar.
    files = models.JSONField(default=list, blank=True)
    #: Who writes its text when it is sent (`services.written_by`); "": it is written.
    writer = models.CharField(max_length=30, blank=True)
    about = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    #: What kept it from being sent at the last try ("away", "later", as `server.Kind`); "": nothing.
    trouble = models.CharField(max_length=5, blank=True, default="")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return self.key
