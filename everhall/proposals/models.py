"""An activity that a host proposes, and what was handed in of it.

Personal data: names and posts of speakers (purpose: to announce them with the activity), who wrote a version (to ask them). What came to
nothing is deleted with its submission, a year after its call has closed (`services.forget_old`); what became an activity stays with it.
"""

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import Organisation
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import ACCOUNT, SUBMISSION, NotPersonal, Personal
from everhall.programme.models import Activity

#: Letters and figures that are not taken for each other when read aloud.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_key() -> str:
    """Part of the address of the activity that comes of it."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


class Proposal(models.Model):
    """What is written now. `data` holds `rules.SPECS` by name; `activity` is what it became, from which it is found by `activity.proposal`."""

    PERSONAL: ClassVar[Personal] = {
        "data": ("to decide on the activity, with the names of its speakers", SUBMISSION),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "about an activity"}

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("organisation")
    )
    data: Any = models.JSONField(default=dict)
    #: Taken out of `data`, for lists.
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=300, blank=True)
    picture = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("picture")
    )
    activity = models.OneToOneField(
        Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposal", verbose_name=_("activity")
    )
    is_sample = models.BooleanField(_("sample"), default=False)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    name = Bilingual("name", get_language)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("proposed activity")
        verbose_name_plural = _("proposed activities")

    def __str__(self) -> str:
        return self.name or self.key


class ProposalVersion(models.Model):
    """What was handed in, never changed: reviewers judge it, and acceptance makes the activity of it."""

    PERSONAL: ClassVar[Personal] = {
        "data": ("to decide on the activity, with the names of its speakers", SUBMISSION),
        "by": ("to ask whoever wrote it", ACCOUNT),
    }

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    data: Any = models.JSONField()
    picture = models.ForeignKey("media.Picture", null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("version of a proposed activity")
        verbose_name_plural = _("versions of a proposed activity")

    def __str__(self) -> str:
        return f"{self.proposal_id} / {self.pk}"
