"""3D models and boards of the demo's exhibits: real robots from a package with clear licences, boards drawn by code.

In: `build/samples/` (laid there by set-up) and the pictures already drawn. Out: attachments with licence and source, each on an
exhibit's stage. What must stay true: everything says that it is a sample; a robot says whose it is and that it does not
belong to the exhibit; without the package the demo has boards only and says so.
"""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File

from everhall.config.demo import board_drawing, robots
from everhall.config.demo.frame import rows
from everhall.exhibition.models import Exhibit, ExhibitAttachment
from everhall.media.models import Attachment

Say = Callable[[str], None]
#: robot -> exhibit on whose stage it stands
ROBOTS = {
    "xarm7": "bj-k-003", "g1": "bj-k-013", "talos": "bj-k-002", "so100": "bj-e-010", "so101": "bj-e-008", "allegro": "bj-g-017",
    "solo12": "bj-k-019", "tiago-pro": "bj-k-006", "bolt": "bj-c-022", "finger": "bj-k-001",
}  # fmt: skip
#: exhibit -> width and height of its board in pixels
BOARDS = {"bj-k-003": (8000, 6000), "bj-a-003": (12_000, 8000), "bj-k-015": (6000, 9000), "bj-j-019": (6000, 4000)}


def samples() -> Path | None:
    """The package of robots, if set-up could fetch it."""
    return next(iter(sorted((Path(settings.PACKAGE).parent / "build" / "samples").glob("example_robot_data-*.whl"))), None)


def load_objects(place: Path, say: Say) -> None:
    """Put models and boards on the stages; what is there stays."""
    wheel = samples()
    if wheel is None:
        say("no sample robots (set-up could not fetch them): boards only · 未能下载示例机器人模型，仅生成展板")
    for robot in robots.ROBOTS if wheel is not None else ():
        code = ROBOTS[robot.code]
        if wheel is None or is_there(f"demo-model-{robot.code}"):
            continue
        attachment = Attachment(
            code=f"demo-model-{robot.code}", kind=Attachment.Kind.MODEL, title=f"示例模型：{robot.zh}", title_en=f"Sample model: {robot.en}",
            alt_zh=f"{robot.zh}的三维模型（真实机器人，作示例用，与本展项无关）", alt_en=f"3D model of the {robot.en}: a real robot, here as a sample, not part of this exhibit",
            credit=robot.credit, licence=robot.licence, source=robots.SOURCE, is_sample=True,
        )  # fmt: skip
        attachment.file.save(f"{robot.code}.glb", ContentFile(robots.as_glb(wheel, robot)), save=False)
        hang(attachment, code)
    known = {row["code"]: row for row in rows("exhibits-beijing.csv")}
    for code, size in BOARDS.items():
        if is_there(f"demo-board-{code}"):
            continue
        row = known[code]
        drawn = board_drawing.draw(row, place / "exhibits-beijing" / f"cover-{code}.webp", size, place / f"board-{code}.jpg")
        attachment = Attachment(
            code=f"demo-board-{code}", kind=Attachment.Kind.BOARD, title=f"示例展板：{row['name_zh']}", title_en=f"Sample board: {row['name_en']}",
            alt_zh=f"展板：{row['name_zh']}。{row['summary_zh']}", alt_en=f"Board: {row['name_en']}. {row['summary_en']}"[:300],
            credit="Everhall", licence="CC0-1.0", source="everhall/config/demo/board_drawing.py", is_sample=True,
        )  # fmt: skip
        with drawn.open("rb") as file:
            attachment.file.save(f"board-{code}.jpg", File(file), save=False)
        hang(attachment, code)
        drawn.unlink()


def is_there(code: str) -> bool:
    return Attachment.objects.filter(code=code).exists()


def hang(attachment: Attachment, exhibit: str) -> None:
    """On the stage of its exhibit, published with it."""
    attachment.save()
    found = Exhibit.objects.get(code=exhibit)
    ExhibitAttachment.objects.create(exhibit=found, attachment=attachment, sort_order=found.attachments.count())
    found.tell_changed()
