"""Proposals of activities."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    name = "everhall.proposals"
    label = "proposals"
    verbose_name = _("Proposed activities")

    def ready(self) -> None:
        # Imported here because subjects need models, which exist only now.
        from everhall.calls import subjects  # noqa: PLC0415
        from everhall.proposals.submitted import Proposals  # noqa: PLC0415

        subjects.register("activity", Proposals())
