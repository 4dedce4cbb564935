"""What was imported, when, by whom, and how to take it back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from everhall.editions.models.edition import Edition
from everhall.editions.models.venue import Venue
from everhall.engines.personal import ACCOUNT, IMPORT, NotPersonal, Personal


class ImportBatch(models.Model):
    """One sheet with its pictures. Files and progress lie in the data folder under `imports/<id>/`."""

    PERSONAL: ClassVar[Personal] = {
        "user": ("to say who imported", ACCOUNT),
        "problems": ("to say what is wrong in a sheet, with its words", IMPORT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {
        "*": "about a sheet",
        "sheet_name": "of a file",
        "pictures_name": "of a file",
    }

    class State(models.TextChoices):
        CHECKED = "checked", pgettext_lazy("import", "checked, ready")
        REFUSED = "refused", pgettext_lazy("import", "has errors")
        RUNNING = "running", pgettext_lazy("import", "running")
        APPLIED = "applied", pgettext_lazy("import", "imported")
        STOPPED = "stopped", pgettext_lazy("import", "stopped, nothing written")
        FAILED = "failed", pgettext_lazy("import", "failed, nothing written")
        UNDOING = "undoing", pgettext_lazy("import", "being undone")
        UNDONE = "undone", pgettext_lazy("import", "undone")

    kind = models.CharField(_("kind"), max_length=40)
    edition = models.ForeignKey(
        Edition, null=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("edition")
    )
    venue = models.ForeignKey(
        Venue, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("venue"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+", verbose_name=_("user"),
    )
    sheet_name = models.CharField(_("sheet"), max_length=255)
    pictures_name = models.CharField(_("pictures"), max_length=255, blank=True)
    sheet_path = models.CharField(max_length=1000)
    pictures_path = models.CharField(max_length=1000, blank=True)
    publish = models.BooleanField(_("publish at once"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.CHECKED)
    created_at = models.DateTimeField(_("begun"), db_index=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    updated = models.PositiveIntegerField(_("changed"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    warnings = models.PositiveIntegerField(_("notes"), default=0)
    problems = models.JSONField(default=list)
    files = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.kind} · {self.sheet_name}"


class ImportedRow(models.Model):
    """A row that made or changed something: enough to take it back unless it was changed since."""

    PERSONAL: ClassVar[Personal] = {
        "before": ("to take an import back", IMPORT),
        "extra": ("to take an import back", IMPORT),
    }
    NOT_PERSONAL: ClassVar[NotPersonal] = {"*": "names the row"}

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="imported")
    row = models.PositiveIntegerField()
    code = models.CharField(max_length=100)
    object_id = models.BigIntegerField()
    created = models.BooleanField()
    before = models.JSONField(null=True)
    extra = models.JSONField(null=True)
    after = models.CharField(max_length=32)

    class Meta:
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "code"], name="code_once_in_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.code}"
