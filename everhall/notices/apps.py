"""Notices of an edition, a venue or a session."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "everhall.notices"
    label = "notices"
    verbose_name = _("Notices")
