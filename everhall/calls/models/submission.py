"""An answer to a call (申报): what was handed in, what was answered, decided and said about it.

Personal data: who began and who wrote (purpose: to answer them), kept while the account is; what was not accepted is
deleted a year after the call has closed (`services.forget_old`), with all that hangs on it.
"""

import datetime as dt
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import Organisation
from everhall.calls import rules
from everhall.calls.models.call import Call, Question
from everhall.editions.models import Venue
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import ACCOUNT, SUBMISSION, NotPersonal, Personal


def new_public_id() -> str:
    """Twelve letters that nobody guesses."""
    return secrets.token_urlsafe(9)


class Submission(models.Model):
    """What an organisation hands in at a venue.

    What it is about stands floors above and is known by `subject_kind` and `subject_id` (`calls.subjects`); its title is
    noted here, so that lists need not ask. `subject_version` is the version that was handed in and is reviewed. `version`
    grows with every move: of two who decide at once the second is told.
    """

    PERSONAL: ClassVar[Personal] = {
        "by": ("to ask whoever handed it in", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "about a thing that an organisation shows"}

    class State(models.TextChoices):
        DRAFT = rules.DRAFT, pgettext_lazy("submission", "draft")
        SUBMITTED = rules.SUBMITTED, pgettext_lazy("submission", "under review")
        CHANGES = rules.CHANGES, pgettext_lazy("submission", "changes asked for")
        WAITLISTED = rules.WAITLISTED, pgettext_lazy("submission", "on the waiting list")
        ACCEPTED = rules.ACCEPTED, pgettext_lazy("submission", "accepted")
        DECLINED = rules.DECLINED, pgettext_lazy("submission", "declined")
        WITHDRAWN = rules.WITHDRAWN, pgettext_lazy("submission", "withdrawn")

    class Round(models.TextChoices):
        VENUE = rules.VENUE_ROUND, pgettext_lazy("submission", "venue")
        NATIONAL = rules.NATIONAL_ROUND, pgettext_lazy("submission", "nation")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="submissions")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("venue"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("organisation")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("begun by")
    )
    subject_kind = models.CharField(max_length=20)
    subject_id = models.PositiveBigIntegerField()
    subject_version = models.PositiveBigIntegerField(null=True)
    #: The version that was handed in before, for what has changed since.
    reviewed_version = models.PositiveBigIntegerField(null=True)
    title_zh = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    #: Names of what it is about, such as codes of fields, for filters and wishes of reviewers.
    topics = models.JSONField(default=list, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    round = models.CharField(pgettext_lazy("submission", "round"), max_length=10, choices=Round, default=Round.VENUE)
    waitlist_order = models.PositiveIntegerField(null=True)
    extended_until = models.DateTimeField(_("deadline extended until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    title = Bilingual("title", get_language)

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["call", "subject_kind", "subject_id"],
                condition=~models.Q(state=rules.WITHDRAWN), name="subject_once_in_call",
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state"]),
            models.Index(fields=["organisation", "-changed_at"]),
            models.Index(fields=["subject_kind", "subject_id"]),
        ]

    def __str__(self) -> str:
        return self.title or self.public_id

    @property
    def deadline(self) -> dt.datetime:
        return rules.deadline(self.call.closes_at_venue(self.venue_id), self.extended_until)

    def is_editable(self, now: dt.datetime) -> bool:
        """Whether whoever submitted may still change it and hand it in."""
        phase = self.call.phase(now)
        if self.state not in rules.EDITABLE:
            return False
        return rules.may_edit(self.state, phase, self.call.closes_at_venue(self.venue_id), self.extended_until, now)


class Answer(models.Model):
    """To one question; `value` is text, number, true or false, or a list of keys, by the kind of the question."""

    PERSONAL: ClassVar[Personal] = {
        "value": ("to decide on the submission", SUBMISSION),
    }

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    value = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["question__order", "question_id"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["submission", "question"], name="one_answer")]

    def __str__(self) -> str:
        return f"{self.submission_id} / {self.question_id}"


class Decision(models.Model):
    """Who decided what, when and with which words; also what whoever submitted did. Never changed."""

    PERSONAL: ClassVar[Personal] = {
        "by": ("to say who decided", ACCOUNT),
        "words": ("to decide on the submission", SUBMISSION),
    }

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    before = models.CharField(max_length=12, choices=Submission.State)
    state = models.CharField(max_length=12, choices=Submission.State)
    round = models.CharField(max_length=10, choices=Submission.Round)
    #: For whoever submitted.
    words = models.TextField(blank=True, max_length=4000)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.before} → {self.state}"


class Remark(models.Model):
    """Something said about a submission: to whoever submitted and by them, or (`internal`) within the desk."""

    PERSONAL: ClassVar[Personal] = {
        "by": ("to say who wrote it", ACCOUNT),
        "text": ("to decide on the submission", SUBMISSION),
    }

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="remarks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    #: Whether the desk wrote it; who at the desk is nobody's business outside.
    from_desk = models.BooleanField(default=False)
    internal = models.BooleanField(_("internal note"), default=False)
    text = models.TextField(_("text"), max_length=4000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.text[:40]}"
