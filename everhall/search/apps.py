"""Search: one index over everything, on SQLite and on PostgreSQL."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "everhall.search"
    label = "search"
    verbose_name = _("Search")
