"""The identifier of an exhibit for good."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from everhall.exhibition.models.exhibit import Exhibit


class PersistentId(models.Model):
    """An ARK's name (`engines.persistent_ids`). Minted once, never changed or given again: the row stays when the exhibit goes."""

    only_notes = True

    naan = models.CharField(max_length=9, editable=False)
    name = models.CharField(max_length=40, unique=True, editable=False)
    exhibit = models.OneToOneField(Exhibit, null=True, on_delete=models.SET_NULL, related_name="persistent_id")
    minted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("persistent identifier")
        verbose_name_plural = _("persistent identifiers")

    def __str__(self) -> str:
        return self.name
