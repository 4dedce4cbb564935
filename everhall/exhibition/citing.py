"""An exhibit as it is cited, and its identifier for good."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language

from everhall.engines import citing, persistent_ids
from everhall.exhibition.linked import absolute
from everhall.exhibition.models import Placement


@dataclass(frozen=True, slots=True)
class Citation:
    """`ark`: "" for one that has none; `lines`: pairs of a style's name and the text."""

    ark: str
    address: str
    lines: tuple[tuple[str, str], ...]


def ark_of(placement: Placement) -> str:
    """From the columns that `placement_of` brings; "" where none was minted."""
    naan, name = getattr(placement, "ark_naan", None), getattr(placement, "ark_name", None)
    return persistent_ids.ark(naan, name) if naan and name else ""


def work_of(placement: Placement) -> citing.Work:
    """In the active language."""
    exhibit, edition, ark = placement.exhibit, placement.edition, ark_of(placement)
    page = reverse("exhibition:exhibit", args=[edition.code, exhibit.code])
    return citing.Work(
        key=f"everhall-{edition.code}-{exhibit.code}", title=exhibit.name, by=exhibit.organisation.name if exhibit.organisation else "",
        shown=edition.name, day=edition.starts_on, address=absolute(f"/{ark}" if ark else page), identifier=ark,
        language="en" if get_language() == "en" else "zh",
    )


def citation_of(placement: Placement) -> Citation:
    """What a page of the exhibit shows; the day of reading is filled in by the page, which may be kept for days."""
    work = work_of(placement)
    told = citing.english(work) if work.language == "en" else citing.gb7714(work)
    style = "" if work.language == "en" else "GB/T 7714"
    return Citation(work.identifier, work.address, ((style, told),))
