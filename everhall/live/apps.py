"""Cloud video: feeds, channels and recordings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiveConfig(AppConfig):
    name = "everhall.live"
    label = "live"
    verbose_name = _("Cloud video")

    def ready(self) -> None:
        # Imported here because policies need models, which exist only now.
        from everhall.live import policies  # noqa: PLC0415

        policies.register()
