"""A launch ceremony of the demo: five venues of the sample edition, ready to be rehearsed and launched."""

from typing import Any

from django.utils import timezone

from everhall.config.demo.frame import DEMO_EDITION, document
from everhall.config.plainly import RefusedError
from everhall.editions.models import Edition, Venue
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


def ceremony_to_play(*, again: bool) -> Ceremony:
    """The demo's ceremony, ready to be rehearsed or launched. `again`: one that has launched is made anew.
    RefusedError where there is no demo to make it of, or it has launched."""
    found: dict[str, Any] = document("live.json")["ceremony"]
    edition = Edition.objects.filter(code=DEMO_EDITION).first()
    if edition is None:
        raise RefusedError(
            "no-edition",
            zh=f"这个数据库里没有示例届次 {DEMO_EDITION}。请先运行 everhall demo 载入示例。",
            en=f"edition {DEMO_EDITION} of the demo is not in this database. Load it first: everhall demo.",
        )
    row = Ceremony.objects.filter(edition=edition, code=found["code"]).first()
    if row is None:
        wanted = [code for code, _required in found["venues"]]
        known = set(Venue.objects.filter(edition=edition, code__in=wanted).values_list("code", flat=True))
        if lacking := [code for code in wanted if code not in known]:
            raise RefusedError(
                "no-ceremony",
                zh=f"没有启动仪式，也无法新建：{DEMO_EDITION} 届没有会场 {'、'.join(lacking)}。请先运行 everhall demo --again。",
                en=f"there is no launch ceremony, and none can be made: edition {DEMO_EDITION} has no venue"
                f" {', '.join(lacking)}. Load the demo again: everhall demo --again.",
            )
    elif has_launched(row):
        if not again:
            raise RefusedError(
                "launched",
                zh=f"{row.name_zh} 已经启动过。请用 everhall demo ceremony --again 重新准备一场。",
                en=f"“{row.name_en}” has launched already. Make it anew: everhall demo ceremony --again.",
            )
        row.delete()
    return load_ceremony()


def has_launched(row: Ceremony) -> bool:
    """In earnest: after a rehearsal it can be launched still."""
    return row.known.state == "launched" and not row.known.rehearsal
