"""An exhibit as a IIIF Presentation 3 manifest: its pictures and boards as canvases, its models and films as renderings.

In: a placement, its gallery, its stage. Out: JSON that viewers of libraries and museums read. What must stay true: it names
only what the exhibit's page shows, in both languages; sizes are those of the bytes it points to.
https://iiif.io/api/presentation/3.0/
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import override

from everhall.exhibition.linked import absolute
from everhall.exhibition.models import ExhibitPicture, Placement
from everhall.exhibition.stage import Panel, Shown
from everhall.media.models import Attachment
from everhall.media.templatetags.pictures import picture_url

WIDTH: Final = 1600
#: The name of a licence -> its address, which `rights` has to be (§3.1).
RIGHTS: Final = {
    "CC0-1.0": "http://creativecommons.org/publicdomain/zero/1.0/", "CC-BY-4.0": "http://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "http://creativecommons.org/licenses/by-sa/4.0/", "CC-BY-3.0": "http://creativecommons.org/licenses/by/3.0/",
}  # fmt: skip
Words = dict[str, list[str]]


def words(zh: str, en: str) -> Words:
    """A language map (§4.1); a language without a text is left out."""
    return {language: [text] for language, text in (("zh-Hans", zh), ("en", en)) if text}


def manifest(placement: Placement, pictures: Sequence[ExhibitPicture], panels: Iterable[Panel]) -> Any:
    """The manifest of an exhibit in one edition; None if there is nothing to see on a canvas."""
    from iiif_prezi3 import Manifest  # noqa: PLC0415 - its models take half a second to load, once

    exhibit, edition = placement.exhibit, placement.edition
    with override("zh-hans"):
        base = absolute(reverse("exhibition:manifest", args=[edition.code, exhibit.code]))
        page = absolute(reverse("exhibition:exhibit", args=[edition.code, exhibit.code]))
    made = Manifest(id=base, label=words(exhibit.name_zh, exhibit.name_en))
    made.summary = words(exhibit.summary_zh, exhibit.summary_en) or None
    made.homepage = [{"id": page, "type": "Text", "format": "text/html", "label": words(exhibit.name_zh, exhibit.name_en)}]
    made.metadata = facts(placement)
    shown = [one for panel in panels for one in panel.shown]
    names = sorted({text for text in (*(row.picture.credit for row in pictures), *(one.file.credit for one in shown)) if text})
    if names:
        made.requiredStatement = {"label": words("署名", "Credit"), "value": {"none": names}}
    for row in pictures:
        picture_canvas(made, row)
    for one in shown:
        if one.file.kind == Attachment.Kind.BOARD:
            board_canvases(made, one)
    rendered = [found for one in shown if (found := rendering(one))]
    if rendered:
        made.rendering = rendered
    return made if made.items else None


def facts(placement: Placement) -> list[dict[str, Words]]:
    """Who shows it and where."""
    organisation, venue, edition = placement.exhibit.organisation, placement.venue, placement.edition
    pairs = [
        (words("参展单位", "Shown by"), words(organisation.name_zh, organisation.name_en) if organisation else {}),
        (words("届次", "Edition"), words(edition.name_zh, edition.name_en)),
        (words("会场", "Venue"), words(venue.name_zh, venue.name_en)),
        (words("展位", "Booth"), {"none": [placement.booth]} if placement.booth else {}),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]


def add_canvas(made: Any, key: str, label: Words, size: tuple[int, int], body: dict[str, Any]) -> Any:
    """A canvas with one picture that fills it (§5.3 to 5.6)."""
    from iiif_prezi3 import Annotation, AnnotationPage  # noqa: PLC0415 - see above

    canvas = made.make_canvas(id=f"{made.id}/canvas/{key}", label=label, width=size[0], height=size[1])
    page = AnnotationPage(id=f"{canvas.id}/page")
    page.add_item(Annotation(id=f"{canvas.id}/annotation", motivation="painting", target=canvas.id, body=body))
    canvas.add_item(page)
    return canvas


def picture_canvas(made: Any, row: ExhibitPicture) -> None:
    picture = row.picture
    width = min(WIDTH, picture.width)
    size = (width, max(1, round(picture.height * width / max(picture.width, 1))))
    body = {
        "id": absolute(picture_url(picture, width, "webp", "")), "type": "Image", "format": "image/webp",
        "width": size[0], "height": size[1],
    }  # fmt: skip
    label = words(row.caption_zh or picture.alt_zh or picture.title, row.caption_en or picture.alt_en)
    canvas = add_canvas(made, f"picture-{picture.pk}", label, size, body)
    if picture.licence in RIGHTS:
        canvas.rights = RIGHTS[picture.licence]


def board_canvases(made: Any, one: Shown) -> None:
    """Each page with its image service, so that a viewer can zoom."""
    for number, page in enumerate(one.facts.get("pages", []), 1):
        service = absolute(reverse("media:iiif", args=[one.file.pk, number]))
        body = {
            "id": f"{service}/full/max/0/default.jpg", "type": "Image", "format": "image/jpeg",
            "width": page["width"], "height": page["height"],
            "service": [{"id": service, "type": "ImageService3", "profile": "level0"}],
        }  # fmt: skip
        label = words(one.file.title, one.file.title_en)
        canvas = add_canvas(made, f"board-{one.file.pk}-{number}", label, (page["width"], page["height"]), body)
        if one.file.licence in RIGHTS:
            canvas.rights = RIGHTS[one.file.licence]


def rendering(one: Shown) -> dict[str, Any] | None:
    """A model, film, sound or panorama beside the canvases (§3.4): viewers offer it to be opened."""
    label = words(one.file.title, one.file.title_en)
    if one.file.kind == Attachment.Kind.MODEL:
        return {"id": absolute(one.made.url("phone.glb")), "type": "Model", "format": "model/gltf-binary", "label": label}
    if one.file.kind in (Attachment.Kind.VIDEO, Attachment.Kind.AUDIO):
        best = next((source for source in one.made.sources if source.side <= 720), one.made.sources[-1])
        kind = "Video" if one.file.kind == Attachment.Kind.VIDEO else "Sound"
        return {"id": absolute(best.address), "type": kind, "format": best.type, "label": label}
    if one.file.kind == Attachment.Kind.PANORAMA:
        return {"id": absolute(one.made.url("flat.webp")), "type": "Image", "format": "image/webp", "label": label}
    return None
