"""The cloud exhibition."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExhibitionConfig(AppConfig):
    name = "everhall.exhibition"
    label = "exhibition"
    verbose_name = _("Cloud exhibition")

    def ready(self) -> None:
        # Imported here because policies need models, which exist only now.
        from everhall.calls import subjects  # noqa: PLC0415
        from everhall.exhibition import policies  # noqa: PLC0415
        from everhall.exhibition.submitted import Exhibits  # noqa: PLC0415

        policies.register()
        subjects.register("exhibit", Exhibits())
