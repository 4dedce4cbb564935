"""What somebody thought of a session.

Personal data: free words may tell who wrote them (purpose: the host learns what to do better); they are blanked half a year after answers
are taken no more. `giver` says that somebody has answered this session and nothing else: a keyed digest of account or browser and
session, of which neither can be found again; it is blanked when answers are taken no more. `services.forget_due` does both.
"""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.engines.personal import GIVER, WORDS, Personal
from everhall.feedback import rules
from everhall.programme.models import Session


class Feedback(models.Model):
    """One answer of one person."""

    PERSONAL: ClassVar[Personal] = {
        "giver": ("so that each answers once", GIVER),
        "words": ("so that the host learns what to do better", WORDS),
    }

    class Answer(models.TextChoices):
        YES = "yes", pgettext_lazy("feedback", "yes")
        PARTLY = "partly", pgettext_lazy("feedback", "partly")
        NO = "no", pgettext_lazy("feedback", "no")

    #: Notes about a session; they keep nobody from deleting it.
    only_notes: Any = True

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="feedback")
    giver = models.CharField(max_length=64, null=True, editable=False)
    rating = models.PositiveSmallIntegerField(_("rating"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    useful = models.CharField(max_length=8, choices=Answer, blank=True)
    again = models.CharField(max_length=8, choices=Answer, blank=True)
    words = models.TextField(blank=True, max_length=rules.LONGEST)
    #: The day from which the words are gone.
    words_until = models.DateField(db_index=True)
    #: The moment from which nobody needs to know who has answered.
    closes_at = models.DateTimeField(db_index=True)
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(fields=["session", "giver"], name="one_feedback"),
            models.CheckConstraint(condition=models.Q(rating__gte=1, rating__lte=5), name="rating_of_five"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.rating}"
