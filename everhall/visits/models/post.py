"""Letters: e-mails on their way, each once; and how members of organisations want to get them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.accounts.models import User


class Letter(models.Model):
    """One e-mail. `key` says what it is for ("question-12-asked"): written twice, it is one letter.

    Personal data: address and text. Purpose: to send it. Both are emptied in the moment in which it is handed to the mail server,
    or given up after three days; the row is deleted a week later.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("letter", "waiting")
        SENDING = "sending", pgettext_lazy("letter", "being sent")
        SENT = "sent", pgettext_lazy("letter", "sent")
        GIVEN_UP = "given_up", pgettext_lazy("letter", "given up")

    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField(blank=True)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return self.key


class PostWish(models.Model):
    """How somebody with a login wants to hear of what visitors ask their organisation.

    Personal data: their wish. Deleted with the account.
    """

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", pgettext_lazy("rhythm", "at once")
        DAILY = "daily", pgettext_lazy("rhythm", "once a day")
        NEVER = "never", pgettext_lazy("rhythm", "never")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="post_wish")
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm, default=Rhythm.AT_ONCE)
    digested_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.rhythm}"
