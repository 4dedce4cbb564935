"""The editorial tree: home per edition, columns, articles, standing pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "everhall.pages"
    label = "pages"
    verbose_name = _("Pages")
