"""Load the demo: frame, pictures, sheets through the importer, pages, accounts. Run again, it changes nothing;
stopped half-way, it goes on where it was."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from everhall.config.demo import (
    calls,
    ceremony,
    checkin,
    editorial,
    figures,
    frame,
    hosts,
    live,
    masters,
    notices,
    objects,
    office,
    people,
    pictures,
    plans,
    registration,
    talk,
    tours,
    visits,
    week,
)
from everhall.config.progress import Bars
from everhall.editions.models import Edition, Hall
from everhall.exhibition import scenes

#: (kind of sheet, file)
SHEETS = (
    ("organisations", "organisations.csv"),
    ("organisations", "organisations-hosts.csv"),
    ("exhibits", "exhibits-beijing.csv"),
    ("exhibits", "exhibits-venues.csv"),
    ("activities", "activities.csv"),
    ("equipment", "equipment.csv"),
    ("travel-times", "travel-times.csv"),
    ("sessions", "sessions.csv"),
)

Say = Callable[[str], None]


def fingerprint() -> str:
    """Changes when the demo's data does, and when sample models could be fetched at last."""
    digest = hashlib.sha256(str((objects.samples() is not None, masters.samples().exists())).encode())
    made_by_code = [
        frame.DATA.parent / name for name in ("objects.py", "robots.py", "board_drawing.py", "masters.py", "office.py", "hosts.py")
    ]
    for path in (*sorted(frame.DATA.iterdir()), *made_by_code):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def folder() -> Path:
    return Path(settings.DATA_DIR) / "demo"


def is_marked() -> bool:
    """Whether this very demo was loaded into this database, as far as can be told without asking it."""
    try:
        mark = json.loads((folder() / "loaded.json").read_text())
    except (OSError, ValueError):
        return False
    return bool(
        mark.get("fingerprint") == fingerprint()
        and mark.get("database") == str(settings.DATABASES["default"]["NAME"])
    )


def is_loaded() -> bool:
    """Whether this very demo is there."""
    return is_marked() and Edition.objects.filter(code=frame.DEMO_EDITION).exists()


def begin_drawing() -> pictures.Drawings:
    """Pictures take longest and need no database: to be called before it is made ready."""
    return pictures.Drawings(folder() / "pictures")


def load(say: Say, drawing: pictures.Drawings | None = None) -> None:
    """Everything, in an order in which each step finds what it needs."""
    drawing = drawing or begin_drawing()
    say("editions, venues, fields … 各届、会场、领域")
    frame.load_fields()
    frame.load_editions()
    frame.load_venues()
    say("sample pictures, drawn by code … 绘制示例图像")
    place = folder() / "pictures"
    with Bars("drawing 绘制") as bars:
        drawing.wait(lambda done, total: bars.step("pictures", done, total))
    pictures.hang(place)
    for kind, name in SHEETS:
        say(f"importing {name} … 导入")
        call_command(
            "import", kind, str(frame.DATA / name), edition=frame.DEMO_EDITION, publish=True,
            **({"pictures": place / Path(name).stem} if kind == "exhibits" else {}),
        )
    say("3D models and boards … 三维模型与展板")
    objects.load_objects(place, say)
    say("films, sounds and panoramas … 视频、音频与全景")
    masters.load_masters(place, say)
    say("plans and labels … 平面图与展签")
    plans.load_plans()
    say("columns and articles … 栏目与文章")
    editorial.load_pages()
    say("halls to walk through … 展馆场景")
    load_scenes()
    say("tours and screens … 导览与展屏")
    tours.load_tours()
    say("cloud video … 云视频")
    live.load_live(place)
    ceremony.load_ceremony()
    say("a room in which people take part … 互动示例")
    talk.load_talk()
    talk.load_channel_talk()
    notices.load_notices()
    registration.load_registration()
    checkin.load_door()
    say("visits, questions and links … 参观、提问与关联")
    visits.load_visits()
    say("accounts … 账号")
    people.load_people()
    week.load_week()
    say("calls and submissions … 征集与申报")
    calls.load_calls(place)
    office.load_office()
    hosts.load_hosts()
    say("figures of the week … 统计")
    figures.load_figures()
    (folder() / "loaded.json").write_text(
        json.dumps(
            {"fingerprint": fingerprint(), "database": str(settings.DATABASES["default"]["NAME"])}
        )
    )


#: Halls of the demo that can be walked: one indoors, one outdoors.
WALKED = ("indoor", "outdoor")


def load_scenes() -> None:
    """Plan the scenes of Beijing's halls. The running site draws them in the background, those at the doors first."""
    halls = Hall.objects.filter(venue__edition__code=frame.DEMO_EDITION, venue__code="beijing", code__in=WALKED)
    for hall in halls.select_related("venue__edition"):
        scenes.plan_scenes(hall, timezone.now())
