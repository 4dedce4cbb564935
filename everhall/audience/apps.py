"""Taking part in a session."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AudienceConfig(AppConfig):
    name = "everhall.audience"
    label = "audience"
    verbose_name = _("Taking part")
