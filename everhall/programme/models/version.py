"""Numbered versions of a programme: what was promised when, and what has changed since."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from everhall.editions.models import Edition
from everhall.engines.bilingual import Bilingual
from everhall.engines.personal import ACCOUNT, NotPersonal, Personal


class ProgrammeVersion(models.Model):
    """Frozen when it is published. `snapshot`: facts of each session by guid (`rules.Facts`); `changes`: what is different
    from the version before (`rules.Change`). Who reads them shows only what is public at that moment."""

    PERSONAL: ClassVar[Personal] = {
        "published_by": ("to say who decided", ACCOUNT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "the public programme, with its speakers as they were announced"}

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="versions", verbose_name=_("edition"))
    number = models.PositiveIntegerField(_("number"))
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("published by")
    )
    note_zh = models.CharField(_("note (Chinese)"), max_length=500, blank=True)
    note_en = models.CharField(_("note (English)"), max_length=500, blank=True)
    snapshot: Any = models.JSONField(default=dict)
    changes: Any = models.JSONField(default=list)

    note = Bilingual("note", get_language)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of the programme")
        verbose_name_plural = _("versions of the programme")
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="version_number_in_edition")]

    def __str__(self) -> str:
        return f"{self.edition} · {self.number}"
