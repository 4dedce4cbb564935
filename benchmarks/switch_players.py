"""hls.js and shaka-player in real Chromium, on a page with nothing else; what they went through.

In: addresses. Out: per player fatal errors, the longest stall, whether it still played at the end. A stall is time in
which the position does not move although playing was wanted; what was skipped is told beside it.
"""

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = """<!doctype html><meta charset="utf-8"><title>bench</title>
<video muted playsinline style="width:640px"></video>
<script src="{library}"></script>
<script>
const video = document.querySelector("video");
const seen = window.seen = { fatal: [], faults: {}, stall: 0, stalls: [], skipped: 0, began: 0, played: 0 };
let last = -1, moved = 0, tick = 0;
setInterval(() => {
  const now = performance.now() / 1000, at = video.currentTime;
  if (!seen.began) { if (at > 0 && at !== last && last >= 0) seen.began = moved = now; }
  else if (at !== last) {
    const still = now - moved;
    seen.stall = Math.max(seen.stall, still);
    if (still > 0.5) seen.stalls.push([+(Date.now() / 1000).toFixed(1), +still.toFixed(2)]);
    if (at - last > 1 + 2 * (now - tick)) seen.skipped += at - last;
    else seen.played += Math.max(0, at - last);
    moved = now;
  }
  if (seen.began) seen.stall = Math.max(seen.stall, now - moved);
  seen.still = seen.began ? now - moved : -1;
  last = at; tick = now;
}, 50);
const fault = (name, fatal) => {
  seen.faults[name] = (seen.faults[name] ?? 0) + 1;
  if (fatal) seen.fatal.push(name);
};
const src = new URLSearchParams(location.search).get("src");
%s
video.play().catch(() => {});
setInterval(() => { if (video.paused) video.play().catch(() => {}); }, 500);
</script>"""
SCRIPTS = {
    "hls_js": (
        "/modules/hls.js/dist/hls.js",
        """
const hls = new Hls({ lowLatencyMode: true });
hls.on(Hls.Events.ERROR, (_e, f) => fault(`${f.type}/${f.details}`, f.fatal));
hls.loadSource(src); hls.attachMedia(video);
seen.latency = () => hls.latency;""",
    ),
    "shaka": (
        "/modules/shaka-player/dist/shaka-player.compiled.js",
        """
(async () => {
  shaka.polyfill.installAll();
  const player = new shaka.Player();
  await player.attach(video);
  player.addEventListener("error", (e) => told(e.detail));
  await player.load(src);
})().catch((e) => fault(`load/${e.code ?? e}`, true));
// Its own answer to a fault (try again, or not) shows in the severity after the page was told.
const told = (e) => setTimeout(() => fault([e.category, e.code, e.data?.[1], e.category === 3 ? e.data?.[2] : "", String(e.data?.[0]).split("/").slice(-2).join("/").replace(/[0-9a-f]{16,}/g, "…")].join(" "), e.severity === 2));""",
    ),
}
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--autoplay-policy=no-user-gesture-required", "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
]  # fmt: skip


def missing() -> list[str]:
    found = []
    if chromium() is None:
        found.append("chromium")
    modules = Path(__file__).resolve().parent.parent / "node_modules"
    return found + [name for name in ("hls.js", "shaka-player") if not (modules / name).is_dir()]


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("google-chrome")


def pages(folder: Path) -> None:
    """Lay the pages where the site finds them."""
    for name, (library, script) in SCRIPTS.items():
        page = PAGE.replace("{library}", library).replace("%s", script)
        (folder / f"{name}.html").write_text(page)


@contextlib.contextmanager
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a tool of tests, not there on every machine

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            yield found
        finally:
            found.close()


@dataclass(slots=True)
class Player:
    """A page that plays."""

    name: str
    page: Any

    def seen(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("({...seen, latency: undefined})")
        return found


def play(opened: Any, name: str, site: str, src: str) -> Player:
    """In a window of its own, so that it is the one that is seen."""
    page = opened.new_context(viewport={"width": 660, "height": 400}).new_page()
    page.goto(f"{site}/{name}.html?src={src}")
    return Player(name, page)


def figures(name: str, seen: Mapping[str, Any]) -> dict[str, float]:
    """`played_to_end`: 1 if the position still moved when the bench ended."""
    return {
        f"{name}_fatal_errors": float(len(seen["fatal"])),
        f"{name}_longest_stall_s": round(float(seen["stall"]), 2),
        f"{name}_stalls": float(len(seen["stalls"])),
        f"{name}_skipped_s": round(float(seen["skipped"]), 1),
        f"{name}_played_s": round(float(seen["played"]), 1),
        f"{name}_played_to_end": float(bool(seen["began"]) and 0 <= seen["still"] < 3.0),
    }
