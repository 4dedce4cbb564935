"""Making a launch ceremony, and changing what it is called and what it moves.

Who may: whoever directs the whole edition (national organiser, director of the edition). Others find nothing (404).
Venues are added at the director's console, where it is logged.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from everhall.editions.models import Edition
from everhall.engines.ceremony_commands import Refused
from everhall.live.ceremony_words import refused_words
from everhall.live.models import Ceremony, Channel
from everhall.live.queries import ceremonies as queries
from everhall.live.queries.plans import things
from everhall.live.services import ceremonies


class CeremonyForm(forms.ModelForm[Ceremony]):
    """The channel is one of the edition."""

    class Meta:
        model = Ceremony
        fields = ["code", "name_zh", "name_en", "opens", "channel", "cut_source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edition = self.instance.edition
        self.fields["channel"].queryset = Channel.objects.filter(edition=edition)  # type: ignore[attr-defined]
        self.fields["opens"].initial = not Ceremony.objects.filter(edition=edition, opens=True).exists()
        if self.instance.pk:
            # The address of screens that hang in halls already.
            self.fields.pop("code")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        mine = Ceremony.objects.filter(edition=self.instance.edition).exclude(pk=self.instance.pk)
        if cleaned.get("opens") and mine.filter(opens=True).exists():
            self.add_error("opens", _("Another ceremony opens this edition already."))
        if cleaned.get("code") and mine.filter(code=cleaned["code"]).exists():
            self.add_error("code", _("This code is taken."))
        source = cleaned.get("cut_source")
        if source and not things([source]):
            self.add_error("cut_source", _("There is no such feed, channel or recording."))
        if source and not cleaned.get("channel"):
            self.add_error("channel", _("Say which channel cuts."))
        return cleaned


@never_cache
def create(request: HttpRequest, edition: str) -> HttpResponse:
    """A new ceremony for an edition."""
    found = Edition.objects.filter(code=edition).first()
    if found is None or not queries.may_set_up(request.user, found):
        raise Http404
    return worked_on(request, Ceremony(edition=found))


@never_cache
def change(request: HttpRequest, ceremony: int) -> HttpResponse:
    """Names, channel, cut, and whether it opens the edition."""
    row = Ceremony.objects.filter(pk=ceremony).select_related("edition").first()
    if row is None or not queries.may_lead(request.user, row):
        raise Http404
    return worked_on(request, row)


def worked_on(request: HttpRequest, row: Ceremony) -> HttpResponse:
    form = CeremonyForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            made = ceremonies.set_up(form.save(commit=False), by=request.user)
        except Refused as refused:
            messages.error(request, refused_words(refused, {}))
        else:
            return redirect("live_ceremony", made.pk)
    return render(request, "live/ceremony/setup.html", {"form": form, "ceremony": row, "edition": row.edition})
