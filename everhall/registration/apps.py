"""Registration for sessions and activities."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class RegistrationConfig(AppConfig):
    name = "everhall.registration"
    label = "registration"
    verbose_name = pgettext_lazy("registration", "Registration")
