"""What organisers tell people: of an edition, of a venue and all below it, or of one session."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import User
from everhall.editions.models import Edition, Venue
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import ACCOUNT, NotPersonal, Personal
from everhall.notices import rules
from everhall.programme.models import Session


class Notice(models.Model):
    """`published_at` None: a draft. `told_at`: when pages and devices were told; from `published_at` on it is in the list,
    until `until` at the top of pages. Only `services` write here."""

    PERSONAL: ClassVar[Personal] = {
        "by": ("to say who decided", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "told to the public"}

    class Weight(models.TextChoices):
        INFO = rules.INFO, pgettext_lazy("notice", "for information")
        IMPORTANT = rules.IMPORTANT, pgettext_lazy("notice", "important")
        URGENT = rules.URGENT, pgettext_lazy("notice", "urgent")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="notices", verbose_name=_("edition"))
    venue = models.ForeignKey(
        Venue, null=True, blank=True, on_delete=models.CASCADE, related_name="notices", verbose_name=_("venue")
    )
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.CASCADE, related_name="notices", verbose_name=_("session")
    )
    title_zh = models.CharField(pgettext_lazy("notice", "title (Chinese)"), max_length=rules.LONGEST_TITLE)
    title_en = models.CharField(pgettext_lazy("notice", "title (English)"), max_length=rules.LONGEST_TITLE, blank=True)
    text_zh = models.TextField(pgettext_lazy("notice", "text (Chinese)"), max_length=rules.LONGEST_TEXT, blank=True)
    text_en = models.TextField(pgettext_lazy("notice", "text (English)"), max_length=rules.LONGEST_TEXT, blank=True)
    weight = models.CharField(pgettext_lazy("notice", "weight"), max_length=10, choices=Weight, default=Weight.INFO)
    link = models.CharField(pgettext_lazy("notice", "link"), max_length=rules.LONGEST_LINK, blank=True)
    published_at = models.DateTimeField(pgettext_lazy("notice", "published"), null=True, blank=True)
    until = models.DateTimeField(pgettext_lazy("notice", "until"), null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended = models.BooleanField(default=False, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    corrected_at = models.DateTimeField(null=True, blank=True, editable=False)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False)
    #: What the session was before its changes, where a change of the programme wrote this; else null.
    before: Any = models.JSONField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    title = Bilingual("title", get_language)
    text = Bilingual("text", get_language)

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(venue__isnull=True) | models.Q(session__isnull=True), name="notice_has_one_reach"
            ),
        ]
        indexes = [models.Index(fields=["edition", "published_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def automatic(self) -> bool:
        """Whether a change of the programme wrote it."""
        return self.before is not None

    def clean(self) -> None:
        if self.venue is not None and self.session is not None:
            raise ValidationError({"session": _("Choose a venue or a session, not both.")})
        if self.venue is not None and self.venue.edition_id != self.edition_id:
            raise ValidationError({"venue": _("This venue belongs to another edition.")})
        if self.session is not None and self.session.edition_id != self.edition_id:
            raise ValidationError({"session": _("This session belongs to another edition.")})
        if self.link and not rules.fair_link(self.link):
            raise ValidationError({"link": _("An address of this site (/…) or one with https://.")})
        if self.published_at and self.until and self.until <= self.published_at:
            raise ValidationError({"until": _("The end is not after the beginning.")})
