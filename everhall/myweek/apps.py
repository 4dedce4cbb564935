"""My week: registrations and kept sessions of one person, their calendar, certificates, and all that is kept of them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MyWeekConfig(AppConfig):
    name = "everhall.myweek"
    label = "myweek"
    verbose_name = _("My week")
