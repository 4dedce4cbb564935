"""What of an uploaded SVG is kept as the ground of a plan, and what makes us refuse it.

Kept are shapes and words, with attributes that are numbers and nothing else; colours, styles, links, ids are dropped, so
that the ground looks as the site does, on light and dark. Must stay true: what `kept` gives holds no address, no script, no
style, and no text that is not escaped.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Any, Final

from everhall.engines.plan_svg_shapes import NUMBER
from everhall.engines.plan_words import Complaint, complaint

SVG: Final = "http://www.w3.org/2000/svg"
#: Element -> attributes that are kept if they are numbers.
KEPT: Final[dict[str, tuple[str, ...]]] = {
    "rect": ("x", "y", "width", "height", "rx", "ry"), "line": ("x1", "y1", "x2", "y2"), "circle": ("cx", "cy", "r"),
    "ellipse": ("cx", "cy", "rx", "ry"), "polyline": (), "polygon": (), "path": (), "text": ("x", "y", "font-size"),
}  # fmt: skip
#: These hold nothing that is drawn, or nothing that we want, and are not worth a word.
SILENT: Final = frozenset({"title", "desc", "metadata", "defs", "symbol", "namedview", "clipPath", "mask", "pattern", "marker"})
FOREIGN: Final = frozenset({"foreignobject", "iframe", "object", "embed", "audio", "video", "canvas", "html", "body", "form"})
_plain = re.compile(rf"\s*{NUMBER}(?:px|pt)?\s*$")
_drawn = re.compile(r"[MmLlHhVvZzCcSsQqTtAa0-9eE+\-., \t\r\n]*$")
_points = re.compile(r"[0-9eE+\-., \t\r\n]*$")
_address = re.compile(r"url\(\s*['\"]?\s*(?!#)([^)'\"]{0,60})", re.IGNORECASE)
_hidden = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def local(name: Any) -> str:
    """`rect` of `{http://www.w3.org/2000/svg}rect`; '' for comments and the like."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def is_svg(element: Any) -> bool:
    return isinstance(element.tag, str) and (element.tag.startswith(f"{{{SVG}}}") or "}" not in element.tag)


def dangers(element: Any) -> Iterable[Complaint]:
    """Why a file with this element is not taken."""
    name = local(element.tag)
    if name.lower() in {"script", "handler", "listener"}:
        yield complaint("script", what=f"<{name}>")
    if name.lower() in FOREIGN:
        yield complaint("foreign", what=f"<{name}>")
    for key, value in element.attrib.items():
        yield from danger(local(key), value)
    if name == "style":
        yield from styled(element.text or "")


def danger(name: str, value: str) -> Iterable[Complaint]:
    plain = "".join(value.split()).lower()
    if name.lower().startswith("on") or "javascript:" in plain or "vbscript:" in plain:
        yield complaint("script", what=name)
    elif name in {"href", "src", "base"} and not plain.startswith(("#", "data:image/")):
        yield complaint("external", what=value.strip()[:60])
    else:
        yield from styled(value)


def styled(text: str) -> Iterable[Complaint]:
    if "@import" in text.lower():
        yield complaint("external", what="@import")
    found = _address.search(text)
    if found:
        yield complaint("external", what=found[0][:60])


def is_hidden(element: Any) -> bool:
    return bool(
        element.get("display") == "none" or element.get("visibility") == "hidden" or _hidden.search(element.get("style", ""))
    )


def kept(element: Any) -> str:
    """A shape or a text as it goes into the ground; '' where nothing of it is kept."""
    name = local(element.tag)
    given = {key: value.strip() for key in KEPT[name] if _plain.match(value := element.get(key, ""))}
    if name == "path":
        given["d"] = element.get("d", "").strip()
        if not given["d"] or not _drawn.match(given["d"]):
            return ""
    if name in {"polyline", "polygon"}:
        given["points"] = element.get("points", "").strip()
        if not given["points"] or not _points.match(given["points"]):
            return ""
    written = "".join(f' {key}="{escape(value)}"' for key, value in given.items())
    if name == "text":
        words = " ".join("".join(element.itertext()).split())[:80]
        return f"<text{written}>{escape(words)}</text>" if words else ""
    for paint in ("fill", "stroke"):
        if element.get(paint) == "none" or re.search(rf"(?:^|;)\s*{paint}\s*:\s*none", element.get("style", "")):
            written += f' {paint}="none"'
    return f"<{name}{written}/>"
