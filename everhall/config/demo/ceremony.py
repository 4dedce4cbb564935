"""A launch ceremony of the demo: five venues of the sample edition, ready to be rehearsed and launched."""

from typing import Any

from django.utils import timezone

from everhall.config.demo.frame import DEMO_EDITION, document
from everhall.editions.models import Edition
from everhall.engines.ceremony_commands import AddParty, ShowParties
from everhall.live.models import Ceremony, Channel
from everhall.live.services import ceremonies

#: Who the log says has put the venues together.
BY = "everhall demo"


def load_ceremony() -> Ceremony:
    """Make the ceremony. One that is there already is left as it is: somebody may be rehearsing."""
    found: dict[str, Any] = document("live.json")["ceremony"]
    edition = Edition.objects.get(code=DEMO_EDITION)
    row = Ceremony.objects.filter(edition=edition, code=found["code"]).first()
    if row is None:
        channel = Channel.objects.filter(edition=edition, code=found["channel"]).first()
        row = ceremonies.set_up(
            Ceremony(
                edition=edition, code=found["code"], name_zh=found["name_zh"], name_en=found["name_en"], channel=channel,
                is_sample=True,
            ),
            by=None,
        )  # fmt: skip
        for venue, required in found["venues"]:
            ceremonies.command(row.pk, AddParty(BY, venue, required), timezone.now())
        ceremonies.command(row.pk, ShowParties(BY, True), timezone.now())
    return row
