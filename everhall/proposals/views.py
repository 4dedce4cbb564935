"""What reviewers look at: an activity as it was proposed. Who may: whoever may see the submission's texts
(`calls.queries.people.sees_subject`). Others find nothing here (404). Kept by nobody."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from everhall.calls.queries import people
from everhall.editions.admin_base import address_of
from everhall.editions.models import Venue
from everhall.programme.models import Activity
from everhall.proposals import queries, rules, services, words
from everhall.proposals.models import Proposal, ProposalVersion

#: Parts that are lists of facts; texts stand above them.
FACTS = ("kind", "mode", "relay", "minutes", "seats", "equipment", "needs")


@never_cache
@xframe_options_sameorigin
@require_GET
def submitted(request: HttpRequest, proposal: int, version: int, venue: int) -> HttpResponse:
    """`?lang=en` shows the English side."""
    row = Proposal.objects.filter(pk=proposal).select_related("organisation", "picture", "activity").first()
    place = Venue.objects.filter(pk=venue).select_related("edition").first()
    if row is None or place is None or not people.sees_subject(request.user, services.SUBJECT, proposal, version or None):
        raise Http404
    data = queries.data_at(row, version)
    if data is None:
        raise Http404
    kept = ProposalVersion.objects.filter(pk=version).select_related("picture").first()
    language = request.GET.get("lang") or get_language() or "zh-hans"
    with override("en" if language == "en" else "zh-hans"):
        return render(request, "proposals/submitted.html", shown(row, data, kept.picture if kept else row.picture, place))


def shown(row: Proposal, data: Any, picture: Any, place: Venue) -> dict[str, Any]:
    """What the page shows, in the active language."""
    english = get_language() == "en"

    def text(name: str) -> str:
        zh, en = rules.text_of(data, f"{name}_zh"), rules.text_of(data, f"{name}_en")
        return (en or zh) if english else (zh or en)

    wishes = [
        {"local": wish.local, "trouble": words.missing_words(rules.Missing(wish.code, wish.name), queries.week_of(place)) if wish.code else ""}
        for wish in rules.wishes_of(data, queries.week_of(place))
    ]
    speakers = [
        {"name": (one.name_en or one.name_zh) if english else (one.name_zh or one.name_en), "title": (one.title_en or one.title_zh) if english else (one.title_zh or one.title_en)}
        for one in rules.speakers_of(data)
    ]
    return {
        "edition": place.edition, "venue": place, "row": row, "name": text("name"), "summary": text("summary"),
        "purpose": text("purpose"), "audience": text("audience"), "picture": picture, "alt": text("alt"),
        "facts": [(words.label_of(name), words.said(name, rules.value_of(data, name))) for name in FACTS],
        "wishes": wishes, "speakers": speakers, "activity_desk": address_of(Activity, "edit", row.activity_id) if row.activity_id else "",
    }  # fmt: skip
