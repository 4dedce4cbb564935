"""Letters to those who submitted: texts with placeholders, and what was sent to whom.

Personal data: addresses (purpose: to send a letter once and to tell what became of it); they are blanked ninety days after
the mailing (`services.forget_old`).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.calls import rules
from everhall.calls.models.call import Call
from everhall.calls.models.submission import Submission
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import ACCOUNT, CALL_LETTER, NotPersonal, Personal


class MailTemplate(models.Model):
    """A letter in two languages, sent as one: Chinese, then English where there is any. `{name}` stands for what
    `engines.letters` knows."""

    NOT_PERSONAL: ClassVar[NotPersonal] = {"name": "of a letter", "*": "a letter to many"}

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="templates")
    name = models.CharField(pgettext_lazy("mail", "name"), max_length=100)
    subject_zh = models.CharField(pgettext_lazy("mail", "subject (Chinese)"), max_length=200)
    subject_en = models.CharField(pgettext_lazy("mail", "subject (English)"), max_length=200, blank=True)
    text_zh = models.TextField(_("text (Chinese)"), max_length=6000)
    text_en = models.TextField(_("text (English)"), max_length=9000, blank=True)
    changed_at = models.DateTimeField()

    subject = Bilingual("subject", get_language)
    text = Bilingual("text", get_language)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return self.name


class Mailing(models.Model):
    """One letter sent to many. Its texts are those at the moment of sending; changing the template changes nothing."""

    PERSONAL: ClassVar[Personal] = {
        "by": ("to say who sent it", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {
        "name": "of a letter",
        "*": "about sending",
    }

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="mailings")
    name = models.CharField(max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    subject_zh = models.CharField(max_length=200)
    subject_en = models.CharField(max_length=200, blank=True)
    text_zh = models.TextField()
    text_en = models.TextField(blank=True)
    stopped_at = models.DateTimeField(null=True)
    #: What the mail server said last, where it did not take a letter.
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")

    def __str__(self) -> str:
        return self.name


class MailingRow(models.Model):
    """One letter to one address about one submission. `unknown`: the process died while it was sent; it is not sent again by
    itself, because nobody must get it twice."""

    PERSONAL: ClassVar[Personal] = {
        "address": ("to send the letter", CALL_LETTER),
        "said": ("what the mail server said of the address", CALL_LETTER),
    }

    class State(models.TextChoices):
        WAITING = rules.WAITING, pgettext_lazy("mail", "waiting")
        SENDING = rules.SENDING, pgettext_lazy("mail", "being sent")
        SENT = rules.SENT, pgettext_lazy("mail", "sent")
        GIVEN_UP = rules.GIVEN_UP, pgettext_lazy("mail", "given up")
        UNKNOWN = rules.UNKNOWN, pgettext_lazy("mail", "not known")

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="rows")
    submission = models.ForeignKey(Submission, null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("letter on its way")
        verbose_name_plural = _("letters on their way")
        constraints = [
            models.UniqueConstraint(fields=["mailing", "submission", "address"], name="one_letter_each"),
        ]
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.state}"
