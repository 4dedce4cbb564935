"""`everhall scenes EDITION [--hall VENUE.HALL] [--again]`: draw walkable scenes of halls. `--due`: what waits, of all editions
(the clerk's own way). `--photograph FILE --code CODE --at X,Y`: bring a panorama. Stopped half-way, it goes on where it was."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from everhall.editions.models import Edition, Hall
from everhall.exhibition import scene_drawing, scenes
from everhall.exhibition.models import Scene
from everhall.media import services as media
from everhall.media.models import Picture


class Command(BaseCommand):
    help = "由展馆平面图生成可游览的场景。 Draw walkable scenes of halls from their plans."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("edition", nargs="?", help="code of the edition")
        parser.add_argument("--hall", action="append", default=[], metavar="VENUE.HALL", help="only this hall; may be repeated")
        parser.add_argument("--again", action="store_true", help="make all anew, also what is up to date")
        parser.add_argument("--limit", type=int, default=0, help="so many scenes in all, the rest waits for the running site")
        parser.add_argument("--due", action="store_true", help="only what waits, of all editions, quietly")
        parser.add_argument("--photograph", type=Path, help="a panorama of all directions, twice as wide as high; or a folder with six faces")
        parser.add_argument("--code", help="of the photograph's scene")
        parser.add_argument("--name", default="", help="of the photograph's scene, in Chinese")
        parser.add_argument("--name-en", default="", help="of the photograph's scene, in English")
        parser.add_argument("--at", default="0,0", help="metres on the plan, X,Y")
        parser.add_argument("--front", type=float, default=0.0, help="compass direction on the plan of the picture's middle")
        parser.add_argument("--credit", default="")
        parser.add_argument("--licence", default="")
        parser.add_argument("--source", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["due"]:
            self.make(None, 0, quiet=True)
            return
        halls = self.halls(options["edition"], options["hall"])
        if options["photograph"]:
            self.photograph(halls, options)
        now = timezone.now()
        for hall in halls:
            planned = scenes.plan_scenes(hall, now) if not options["photograph"] else None
            if planned is not None and not planned.stations:
                self.stderr.write(f"{hall.venue.code}.{hall.code}: no booths, nothing to walk 没有展位")
        if options["again"]:
            Scene.objects.filter(hall__in=halls).update(state=Scene.State.WAITING, progress=0, made="")
        if not scene_drawing.has_chinese():
            self.stderr.write("no font with Chinese on this machine: signs carry codes only 没有中文字体,招牌只写展位号")
        self.make([hall.pk for hall in halls], options["limit"], quiet=False)

    def halls(self, edition: str | None, wanted: Sequence[str]) -> list[Hall]:
        found = Edition.objects.filter(code=edition or "").first()
        if found is None:
            raise CommandError(f"没有这一届。 There is no edition “{edition or ''}”.")
        rows = Hall.objects.filter(venue__edition=found).select_related("venue__edition").order_by("venue__order", "order", "pk")
        if not wanted:
            return list(rows)
        chosen = []
        for name in wanted:
            venue, _, code = name.partition(".")
            hall = rows.filter(venue__code=venue, code=code).first()
            if hall is None:
                raise CommandError(f"没有这个展馆。 There is no hall “{name}”; write VENUE.HALL, such as beijing.indoor.")
            chosen.append(hall)
        return chosen

    def photograph(self, halls: Sequence[Hall], options: dict[str, Any]) -> None:
        """A panorama becomes a picture of the media library and a scene that waits."""
        if len(halls) != 1 or not options["code"]:
            raise CommandError("全景照片需要 --hall 和 --code。 A photograph needs one --hall and a --code.")
        try:
            x, y = (float(part) for part in options["at"].split(","))
        except ValueError as wrong:
            raise CommandError("--at 应为 X,Y(米)。 --at is X,Y in metres.") from wrong
        path: Path = options["photograph"]
        try:
            with scenes.unfolded(path) if path.is_dir() else path.open("rb") as file:
                picture = Picture(
                    title=options["name"] or options["code"], file=ImageFile(file, name=f"{path.stem}{path.suffix or '.png'}"),
                    credit=options["credit"], licence=options["licence"], source=options["source"],
                )
                picture.save()
        except scenes.SceneFaultError as fault:
            raise CommandError(str(fault)) from fault
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror or problem}") from problem
        scene = Scene.objects.filter(hall=halls[0], code=options["code"]).first() or Scene(hall=halls[0], code=options["code"])
        scene.kind, scene.picture, (scene.x, scene.y), scene.front = Scene.Kind.PHOTOGRAPH, picture, (x, y), options["front"]
        scene.name_zh, scene.name_en = options["name"] or options["code"], options["name_en"]
        scene.credit, scene.licence, scene.source = options["credit"], options["licence"], options["source"]
        scenes.want_photograph(scene)
        media.use(f"scene:{scene.pk}", pictures=[picture.pk], released_at=None)

    def make(self, halls: Sequence[int] | None, limit: int, *, quiet: bool) -> None:
        with scenes.making() as ours:
            if not ours:
                if not quiet:
                    self.stderr.write("another process makes scenes at the moment; it will make these too 另一个进程正在生成")
                return
            console = Console(stderr=True)
            columns = (
                TextColumn("[bold]scenes 场景"), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                TimeElapsedColumn(), TimeRemainingColumn(),
            )  # fmt: skip
            maker, made, failed = scenes.Maker(), 0, 0
            with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as progress:
                left = self.waiting(halls)
                task = progress.add_task("", total=min(left, limit) if limit else left)
                while (scene := scenes.next_waiting(halls)) is not None and not (limit and made >= limit):
                    progress.update(task, description=f"{scene.hall.venue.code}.{scene.hall.code} {scene.code}")
                    if maker.make(scene, timezone.now()):
                        made += 1
                        progress.update(task, completed=made)
                    else:
                        scene.refresh_from_db()
                        failed += scene.state == Scene.State.FAILED
            if not quiet:
                self.stdout.write(f"{made} made, {failed} could not be made, {self.waiting(halls)} wait · 已生成 {made}")
        if failed and not quiet:
            faults = Scene.objects.filter(state=Scene.State.FAILED).values_list("code", "fault")
            raise CommandError("; ".join(f"{code}: {fault}" for code, fault in faults))

    def waiting(self, halls: Sequence[int] | None) -> int:
        rows = Scene.objects.filter(state=Scene.State.WAITING)
        return (rows if halls is None else rows.filter(hall__in=halls)).count()
