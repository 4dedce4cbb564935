"""The door: entry lists, gates, devices, passages."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class CheckinConfig(AppConfig):
    name = "everhall.checkin"
    label = "checkin"
    verbose_name = pgettext_lazy("door", "Door")
