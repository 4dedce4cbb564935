"""Judging (评审): who is to review what, what they found, who must not.

Personal data: who reviewed (purpose: to ask back and to balance), seen by the desk only, deleted with the submission or
with the account.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.accounts.models import Organisation
from everhall.calls.models.call import Call, Criterion
from everhall.calls.models.submission import Submission
from everhall.engines.personal import ACCOUNT, SUBMISSION, NotPersonal, Personal


class Assignment(models.Model):
    """Somebody is to review a submission in one round."""

    PERSONAL: ClassVar[Personal] = {
        "reviewer": ("to share out what is to be judged", ACCOUNT),
    }

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments")
    round = models.CharField(max_length=10, choices=Submission.Round, default=Submission.Round.VENUE)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["submission", "reviewer", "round"], name="assigned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} → {self.reviewer_id}"


class Review(models.Model):
    """What one reviewer found in one round. Saved as it is typed; it counts once it is `done_at`."""

    PERSONAL: ClassVar[Personal] = {
        "reviewer": ("to ask back", ACCOUNT),
        "comment": ("to decide on the submission", SUBMISSION),
    }

    class Recommendation(models.TextChoices):
        ACCEPT = "accept", pgettext_lazy("review", "accept")
        MAYBE = "maybe", pgettext_lazy("review", "perhaps")
        DECLINE = "decline", pgettext_lazy("review", "decline")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviews")
    round = models.CharField(max_length=10, choices=Submission.Round, default=Submission.Round.VENUE)
    comment = models.TextField(_("comment for the committee"), blank=True, max_length=4000)
    recommendation = models.CharField(
        pgettext_lazy("review", "recommendation"), max_length=10, choices=Recommendation, blank=True
    )
    #: The version of the subject that was judged.
    subject_version = models.PositiveBigIntegerField(null=True)
    changed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["submission", "reviewer", "round"], name="one_review"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} / {self.reviewer_id}"


class Score(models.Model):
    """Of one criterion, from 0 to its scale."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="scores")
    value = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["criterion__order", "criterion_id"]
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [models.UniqueConstraint(fields=["review", "criterion"], name="one_score")]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.value}"


class Conflict(models.Model):
    """A reviewer must not judge this submission, or nothing of this organisation. Members of an organisation need no row."""

    PERSONAL: ClassVar[Personal] = {
        "reviewer": ("so that nobody judges their own", ACCOUNT),
        "why": ("so that nobody judges their own", ACCOUNT),
    }

    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conflicts")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.CASCADE, related_name="conflicts"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    why = models.CharField(pgettext_lazy("conflict", "why"), max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(submission__isnull=False, organisation__isnull=True)
                | models.Q(submission__isnull=True, organisation__isnull=False),
                name="conflict_about_one_thing",
            ),
            models.UniqueConstraint(fields=["reviewer", "submission"], name="conflict_once_with_submission"),
            models.UniqueConstraint(fields=["reviewer", "organisation"], name="conflict_once_with_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} × {self.submission_id or self.organisation_id}"


class Expertise(models.Model):
    """What a reviewer would rather judge in a call: topics as in `Submission.topics`, and how many at the most."""

    PERSONAL: ClassVar[Personal] = {
        "reviewer": ("to share out what is to be judged", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "names of topics"}

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="expertise")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="expertise")
    topics: Any = models.JSONField(default=list, blank=True)
    most = models.PositiveSmallIntegerField(pgettext_lazy("review", "at most"), null=True, blank=True)

    class Meta:
        verbose_name = _("expertise")
        verbose_name_plural = _("expertise")
        constraints = [models.UniqueConstraint(fields=["call", "reviewer"], name="expertise_once_in_call")]

    def __str__(self) -> str:
        return f"{self.reviewer_id} in {self.call_id}"
