"""`{% picture_sources picture sizes="…" widths="320 640 960" %}`: a `<picture>` with AVIF and WebP.

No rendition is made and no query runs while a page is rendered: the tag writes signed addresses, and
`media.views.rendition` makes and keeps the file when a browser first asks for it.
"""

from functools import lru_cache
from typing import Any, Protocol, cast
from urllib.parse import quote

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.images.utils import generate_signature

from everhall.media.models import Picture


class Sized(Protocol):
    """What the addresses of a picture's sizes are written from: a `Picture`, or the three columns of one."""

    @property
    def pk(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


register = template.Library()

FORMATS = (("avif", "image/avif"), ("webp", "image/webp"))


def rendition_url(picture: Sized, spec: str) -> str:
    """The signed address of one rendition."""
    return signed(picture.pk, spec)


@lru_cache(maxsize=50_000)
def signed(picture_id: int, spec: str) -> str:
    """Kept, because a list of 24 cards names 144 addresses and a signature never changes."""
    # "|" between operations is not allowed in a URL path as it stands (RFC 3986 §3.3).
    return f"/images/{generate_signature(picture_id, spec)}/{picture_id}/{quote(spec)}/"


def spec_of(width: int, image_format: str, crop: str) -> str:
    if crop:
        across, _, down = crop.partition(":")
        size = f"fill-{width}x{round(width * int(down) / int(across))}"
    else:
        size = f"width-{width}"
    return f"{size}|format-{image_format}"


@register.simple_tag
def picture_url(picture: Picture | None, width: int = 1200, image_format: str = "webp", crop: str = "") -> str:
    """Address of one rendition, for social cards and JSON-LD; '' without a picture."""
    return rendition_url(picture, spec_of(width, image_format, crop)) if picture else ""


@register.simple_tag
def picture_sources(
    picture: Sized | None,
    *,
    sizes: str = "100vw",
    widths: str = "320 640 960",
    crop: str = "3:2",
    alt: str | None = None,
    eager: bool = False,
    css_class: str = "",
) -> SafeString | str:
    """`crop` as "3:2", or "" for the picture's own shape; `alt=""` for decoration beside a text."""
    if picture is None:
        return ""
    if alt is None:
        described = cast("Picture", picture)
        alt = described.alt or described.title
    return _drawn(picture.pk, picture.width, picture.height, sizes, widths, crop, alt, eager, css_class)


@lru_cache(maxsize=10_000)
def _drawn(
    pk: int, width: int, height: int, sizes: str, widths: str, crop: str, alt: str, eager: bool, css_class: str
) -> SafeString:
    """Kept by all that it is written from, so it cannot be out of date; the lists of a site share their covers."""
    steps = sorted({min(int(w), max(width, 1)) for w in widths.split()})
    sources = format_html_join(
        "",
        '<source type="{}" srcset="{}" sizes="{}">',
        (
            (mime, ", ".join(f"{signed(pk, spec_of(w, fmt, crop))} {w}w" for w in steps), sizes)
            for fmt, mime in FORMATS
        ),
    )
    widest = steps[-1]
    attributes: dict[str, Any] = {
        "src": signed(pk, spec_of(steps[len(steps) // 2], "webp", crop)),
        "width": widest,
        "height": round(widest * _ratio(width, height, crop)),
        "alt": alt,
        "decoding": "async",
    }
    attributes["fetchpriority" if eager else "loading"] = "high" if eager else "lazy"
    if css_class:
        attributes["class"] = css_class
    image = format_html("<img{}>", format_html_join("", ' {}="{}"', attributes.items()))
    return format_html("<picture>{}{}</picture>", sources, image)


def _ratio(width: int, height: int, crop: str) -> float:
    if crop:
        across, _, down = crop.partition(":")
        return int(down) / int(across)
    return height / max(width, 1)
