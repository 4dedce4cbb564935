"""Scale: list, facets, plan and search in one edition of 10,000 booths and 100,000 exhibits, by the limits of `pages`.

`everhall demo --scale` fills a data folder of its own (two to four minutes), `everhall serve` serves it; then each page is asked one at
a time with a session's cookie, which the door lets through, its queries are counted, and pages that the door keeps are asked for by
`wrk` beside nginx's `proxy_cache`, as in `pages`. `--data` uses a folder that is filled already. `first_ms` is the very first page
after a start, which reads the catalogue.
"""

import argparse
import contextlib
import http.client
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from benchmarks import Report, report
from benchmarks.pages import Place, cached, get, nginx, queries, served, tool, uncached

KEPT = {
    "list": "/large/exhibition/",
    "facet": "/large/exhibition/?field=ai&seeks=capital",
    "venue": "/large/exhibition/?venue=venue-03&field=5g",
    "far": "/large/exhibition/?page=4000",
    "exhibit": "/large/exhibits/large-050000/",
    "plans": "/large/plan/",
    "plan": "/large/plan/venue-03/hall-2/",
    "way": "/large/plan/venue-03/hall-2/?from=door&to=2A05",
}
SOUGHT = {
    "plan_search": f"/large/plan/venue-03/hall-2/?q={quote('传感')}",
    "search": f"/large/search/?q={quote('传感芯片')}",
    "search_facet": f"/large/search/?q={quote('语音助手')}&field=ai",
}
PAGES = KEPT | SOUGHT
LIMITS: dict[str, tuple[str, float]] = {
    **{f"{name}_uncached_p95_ms": ("<=", 60.0) for name in PAGES},
    **{f"{name}_queries": ("<=", 15.0) for name in PAGES},
    **{f"{name}_cached_per_s": (">=", 20_000.0) for name in KEPT},
    **{f"{name}_ratio_to_nginx": (">=", 0.4) for name in KEPT},
    "exhibits": (">=", 100_000.0),
}


def run(argv: list[str]) -> Report:
    """The whole bench; needs `wrk`, and `nginx` for the ratios."""
    options = parse(argv)
    missing = [name for name in ("wrk", "nginx") if not tool(name)]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="everhall-scale-")))
        place = Place(options.data or folder / "data", options.port)
        figures = fill(place, options.data is None)
        stack.enter_context(served(place, folder / "serve.log"))
        figures["first_ms"] = first(place)
        say("uncached …")
        figures |= uncached(place, options.uncached, PAGES)
        say("queries …")
        figures |= queries(place, PAGES)
        if "wrk" not in missing:
            peer = stack.enter_context(nginx(folder / "nginx", place.port)) if "nginx" not in missing else None
            say("cached …")
            figures |= cached(place.port, peer, options.runs, options.seconds, KEPT)
    return report("scale", runs=options.runs, figures=figures, limits=LIMITS, missing=missing)


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench scale")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2, help="of each load")
    parser.add_argument("--uncached", type=int, default=60, help="requests per page, one at a time")
    parser.add_argument("--port", type=int, default=18250)
    parser.add_argument("--data", type=Path, help="a data folder that `everhall demo --scale` has filled")
    return parser.parse_args(argv)


def say(text: str) -> None:
    sys.stderr.write(f"scale: {text}\n")


COUNT = """
import django
django.setup()
from everhall.exhibition.models import Placement
print(Placement.objects.filter(edition__code="large", exhibit__live=True).count())
"""


def fill(place: Place, empty: bool) -> dict[str, float]:
    """The edition, made where it is not there; how many exhibits it has."""
    figures = {}
    if empty:
        say("making 100,000 exhibits …")
        place.folder.mkdir()
        started = time.perf_counter()
        place.run("everhall.config.cli", "demo", "--scale", EVERHALL_DEMO="yes")
        figures["fill_s"] = time.perf_counter() - started
    figures["exhibits"] = float(place.code(COUNT))
    return figures


def first(place: Place) -> float:
    """Milliseconds of the first page after the start."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", place.port, timeout=60)) as wire:
        # The port is open before the site answers.
        get(wire, "/healthz")
        started = time.perf_counter()
        get(wire, KEPT["list"], Accept_Encoding="br")
        return (time.perf_counter() - started) * 1000
