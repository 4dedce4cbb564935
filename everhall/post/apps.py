"""The room of letters as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PostConfig(AppConfig):
    name = "everhall.post"
    label = "post"
    verbose_name = _("Letters")
    default_auto_field = "django.db.models.BigAutoField"
