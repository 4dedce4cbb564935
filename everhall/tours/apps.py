"""Tours (导览) and the screens of a hall."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ToursConfig(AppConfig):
    name = "everhall.tours"
    label = "tours"
    verbose_name = _("Tours and screens")

    def ready(self) -> None:
        # Imported here because policies need models, which exist only now.
        from everhall.tours import policies  # noqa: PLC0415

        policies.register()
