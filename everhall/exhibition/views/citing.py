"""Identifiers, citations and the picture of an exhibit for who shares it. Who may: everyone; an exhibit that visitors may not see is
as unknown as one that never was."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404, mark
from everhall.engines import citing, persistent_ids
from everhall.exhibition import queries, share_card
from everhall.exhibition.citing import work_of
from everhall.exhibition.linked import absolute
from everhall.exhibition.models import Placement


@never_cache
@require_safe
def resolve(request: HttpRequest, naan: str, name: str) -> HttpResponse:
    """From an identifier to this year's place of its exhibit, even years later. `?info`: what it names, in words (ARK's ERC)."""
    placement = queries.named_by(naan.lower(), persistent_ids.normal(name.rstrip("/")), timezone.now())
    if placement is None:
        raise Http404(_("There is no exhibit with this identifier, or none that can be seen at the moment."))
    if request.META.get("QUERY_STRING") == "info":
        return HttpResponse(record(placement), content_type="text/plain; charset=utf-8")
    return redirect("exhibition:exhibit", placement.edition.code, placement.exhibit.code)


def record(placement: Placement) -> str:
    """An electronic resource citation: who, what, when, where."""
    exhibit, organisation = placement.exhibit, placement.exhibit.organisation
    here = absolute(reverse("exhibition:exhibit", args=[placement.edition.code, exhibit.code]))
    who = organisation.name if organisation else "(:unkn)"
    return f"erc:\nwho: {who}\nwhat: {exhibit.name}\nwhen: {placement.edition.year}\nwhere: {here}\n"


def placement_or_404(edition: str, code: str) -> tuple[Edition, Placement]:
    found = edition_or_404(edition)
    placement = queries.placement_of(found, code, timezone.now())
    if placement is None:
        raise Http404(_("There is no such exhibit in this edition."))
    return found, placement


@require_safe
def bibtex(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The citation as BibTeX."""
    found, placement = placement_or_404(edition, code)
    response = HttpResponse(citing.bibtex(work_of(placement)), content_type="application/x-bibtex; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}.bib"'
    return kept(response, found)


@require_safe
def csl(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The citation as CSL-JSON, for Zotero and its like."""
    found, placement = placement_or_404(edition, code)
    response = JsonResponse(
        [citing.csl(work_of(placement))], safe=False, json_dumps_params={"ensure_ascii": False},
        content_type="application/vnd.citationstyles.csl+json; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{code}.json"'
    return kept(response, found)


@require_safe
def card(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The picture for who shares the page, in the language of the address."""
    found, placement = placement_or_404(edition, code)
    exhibit = placement.exhibit
    pictures = queries.gallery_of(exhibit)
    between = "、" if (get_language() or "").startswith("zh") else ", "
    face = share_card.Face(
        found.name, exhibit.name, exhibit.summary, exhibit.organisation.name if exhibit.organisation else "",
        between.join(field.name for field in queries.fields_of(exhibit)[:3]), found.primary_colour, exhibit.is_sample, _("Sample"),
    )
    picture = share_card.drawn(face, pictures[0].picture if pictures else None)
    return kept(HttpResponse(picture, content_type="image/jpeg"), found)


def kept(response: HttpResponse, edition: Edition) -> HttpResponse:
    """As the page of the exhibit."""
    return mark(response, f"edition-{edition.code}", until=queries.next_release(edition, timezone.now()))
