"""What an organisation has brought: pictures and attachments that its members may see and use before anybody else may."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import Organisation
from everhall.engines.personal import ACCOUNT, Personal
from everhall.media.models import Attachment, Picture


class Material(models.Model):
    """A file of an organisation. Who was a member and is none any more loses it at once; the organisation keeps it.

    Personal data: who brought it. Purpose: to ask them about it. Kept as long as the file.
    """

    PERSONAL: ClassVar[Personal] = {
        "brought_by": ("to ask about the file", ACCOUNT),
    }

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="materials")
    picture = models.ForeignKey(Picture, null=True, on_delete=models.CASCADE, related_name="+")
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.CASCADE, related_name="+")
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    brought_at = models.DateTimeField()

    class Meta:
        ordering = ["-brought_at", "-pk"]
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "picture"], name="material_picture_once"),
            models.UniqueConstraint(fields=["organisation", "attachment"], name="material_attachment_once"),
            models.CheckConstraint(
                condition=models.Q(picture__isnull=False) ^ models.Q(attachment__isnull=False), name="material_is_one_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.picture_id or self.attachment_id}"
