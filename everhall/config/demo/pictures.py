"""Sample pictures of the demo, drawn by code: covers of exhibits and articles, heroes of editions and venues.

Drawing runs on all cores; a drawing that lies there from an earlier start is kept.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from django.core.files.images import ImageFile

from everhall.config.demo import covers
from everhall.config.demo.frame import DEMO_EDITION, document, rows
from everhall.editions.models import Edition, Venue
from everhall.media.models import Picture

LICENCE = "CC0-1.0"
CREDIT = "Everhall 示例图像 · sample image"
SOURCE = "everhall/config/demo/covers.py"
QUALITY = 82
#: Folder of what belongs to no sheet.
OTHERS = "others"

Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What to draw: `kind` names a function of `covers`, `group` the folder below the demo's pictures."""

    group: str
    name: str
    kind: str
    arguments: tuple[str, ...]


def drawings() -> Iterator[Drawing]:
    """Everything the demo shows."""
    for sheet in ("exhibits-beijing.csv", "exhibits-venues.csv"):
        for row in rows(sheet):
            field = row["fields"].split(";")[0].strip()
            yield Drawing(Path(sheet).stem, f"cover-{row['code']}", "cover", (row["code"], field))
    for article in document("articles.json"):
        slug = article["slug"]
        yield Drawing(OTHERS, f"article-{slug}", "article", (slug, article["cover_field"]))
    for row in rows("venues.csv"):
        if not row["parent"]:
            yield Drawing(OTHERS, f"venue-{row['code']}", "venue", (row["code"],))
    for code, look in document("look.json").items():
        colours = (look["primary_colour"], look["accent_colour"])
        yield Drawing(OTHERS, f"hero-{code}", "hero", (code, *colours))


def draw(drawing: Drawing, folder: str) -> str:
    """Draw one picture to a file, whole or not at all."""
    target = Path(folder) / drawing.group / f"{drawing.name}.webp"
    if target.exists():
        return drawing.name
    match drawing.kind, drawing.arguments:
        case "cover", (code, field):
            picture = covers.draw_cover(code, field)
        case "article", (slug, field):
            picture = covers.draw_article(slug, field)
        case "venue", (code,):
            picture = covers.draw_venue(code)
        case _, (code, primary, accent):
            picture = covers.draw_hero(code, (primary, accent))
        case _:
            raise ValueError(drawing.kind)
    beside = target.with_suffix(".part")
    picture.convert("RGB").save(beside, "WEBP", quality=QUALITY, method=3)
    beside.rename(target)
    return drawing.name


class Drawings:
    """Everything that is missing, being drawn on all cores from now on, while the caller does something else."""

    def __init__(self, folder: Path) -> None:
        wanted = list(drawings())
        for group in {drawing.group for drawing in wanted}:
            (folder / group).mkdir(parents=True, exist_ok=True)
        self._pool = ProcessPoolExecutor(max_workers=os.cpu_count())
        self._running = [self._pool.submit(draw, drawing, str(folder)) for drawing in wanted]

    def wait(self, step: Step) -> None:
        """Until all are there; what could not be drawn is raised."""
        for done, future in enumerate(as_completed(self._running), 1):
            future.result()
            step(done, len(self._running))
        self.stop()

    def stop(self) -> None:
        """Begin no more; what is being drawn is drawn to its end."""
        self._pool.shutdown(cancel_futures=True)


def keep(folder: Path, name: str, title: str, alt_zh: str, alt_en: str) -> Picture:
    """The drawing as a picture of the media library."""
    picture = Picture.objects.filter(code=name).first()
    if picture is not None:
        return picture
    path = folder / f"{name}.webp"
    with path.open("rb") as file:
        picture = Picture(
            code=name, title=title, alt_zh=alt_zh, alt_en=alt_en, credit=CREDIT, licence=LICENCE,
            source=SOURCE, is_sample=True, file=ImageFile(file, name=path.name),
        )
        picture.save()
    return picture


def hang(folder: Path) -> None:
    """Heroes of editions and venues, covers of articles."""
    folder = folder / OTHERS
    for edition in Edition.objects.filter(hero=None):
        if (folder / f"hero-{edition.code}.webp").exists():
            edition.hero = keep(
                folder, f"hero-{edition.code}", f"{edition.year} 主视觉 hero",
                "抽象的拱廊通向远处的光", "Abstract arches leading towards a distant light",
            )
            edition.save()
    for venue in Venue.objects.filter(edition__code=DEMO_EDITION, parent=None, hero=None):
        venue.hero = keep(
            folder, f"venue-{venue.code}", f"{venue.name_zh} 示意",
            "抽象的展馆建筑示意，非实景", "Abstract drawing of an exhibition building, not the real one",
        )
        venue.save()
    for article in document("articles.json"):
        keep(
            folder, f"article-{article['slug']}", article["title_zh"],
            "抽象示例封面", "Abstract sample cover",
        )
