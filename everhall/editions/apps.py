"""Editions and venues."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditionsConfig(AppConfig):
    name = "everhall.editions"
    label = "editions"
    verbose_name = _("Editions")

    def ready(self) -> None:
        # Imported here because policies need models, which exist only now.
        from everhall.editions import policies  # noqa: PLC0415

        policies.register()
