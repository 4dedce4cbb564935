"""Files: masters, renditions, release."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "everhall.media"
    label = "media"
    verbose_name = _("Media")
