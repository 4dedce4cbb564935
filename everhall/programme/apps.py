"""The programme."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    name = "everhall.programme"
    label = "programme"
    verbose_name = _("Programme")

    def ready(self) -> None:
        # Imported here because policies need models, which exist only now.
        from everhall.programme import policies  # noqa: PLC0415

        policies.register()
