"""Notices in the demo: one of the edition, one of a venue, one of a session, all marked as sample."""

import datetime as dt
from typing import Final

from django.utils import timezone

from everhall.config.demo.frame import DEMO_EDITION
from everhall.editions.models import Edition, Venue
from everhall.notices import services
from everhall.notices.models import Notice

#: Venue's code ("" for the edition), weight, title and text in both languages.
ROWS: Final = (
    ("", "important", "示例：主会场周末延长开放至 19:00", "Sample: the main venue stays open until 19:00 at the weekend",
     "周六、周日 18:30 停止入场。", "Last entry on Saturday and Sunday is at 18:30."),
    ("zhengzhou", "important", "示例：2 号门临时关闭，请走 3 号门", "Sample: gate 2 is closed for now; please use gate 3",
     "从地铁站出来向右步行约三分钟。", "Turn right from the metro; it is a walk of three minutes."),
    ("", "info", "示例：云展厅新增手语讲解", "Sample: tours in sign language have come to the cloud exhibition",
     "可在展项页面选择。", "Choose them on the pages of exhibits."),
)  # fmt: skip


def load_notices() -> None:
    """Publish them; what is there already is left as it is."""
    edition = Edition.objects.filter(code=DEMO_EDITION).first()
    if edition is None or Notice.objects.filter(edition=edition, is_sample=True).exists():
        return
    now = timezone.now()
    for code, weight, zh, en, text_zh, text_en in ROWS:
        venue = Venue.objects.filter(edition=edition, code=code).first() if code else None
        if code and venue is None:
            continue
        services.publish(
            Notice(
                edition=edition, venue=venue, weight=weight, title_zh=zh, title_en=en, text_zh=text_zh, text_en=text_en,
                until=now + dt.timedelta(days=30), is_sample=True,
            ),
            None, now,
        )  # fmt: skip
