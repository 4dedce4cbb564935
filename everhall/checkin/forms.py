"""Forms of the desk for lists and gates. In: a venue's team's words. What must stay true: a venue out of reach can neither be
seen nor chosen; a list takes admissions of its own venue and below, a gate lists of its own venue."""

from typing import Any

from django import forms
from django.utils.translation import pgettext

from everhall.checkin import queries
from everhall.checkin.models import EntryList, Gate
from everhall.editions.models import Edition
from everhall.registration import queries as registration


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ListForm(forms.ModelForm):
    """How one gets in."""

    class Meta:
        model = EntryList
        fields = (
            "venue", "name_zh", "name_en", "everybody", "admissions", "rule", "opens_at", "closes_at", "capacity", "unknown", "walk_ins",
            "roster_hours",
        )
        widgets = {"opens_at": MomentInput(), "closes_at": MomentInput(), "admissions": forms.CheckboxSelectMultiple()}

    def __init__(self, user: Any, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["venue"].queryset = queries.venues_within(user, edition)
        fields["admissions"].queryset = registration.admissions_within(user, edition)
        fields["admissions"].required = False
        if self.instance.pk:
            # What devices have noted stands at its venue.
            del self.fields["venue"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        venue = told.get("venue") or (self.instance.venue if self.instance.pk else None)
        if venue is not None:
            wrong = [one for one in told.get("admissions") or () if not one.venue.path.startswith(venue.path)]
            if wrong:
                words = pgettext("door", "“%(name)s” is at another venue. A list takes what is at its own venue or below.")
                self.add_error("admissions", words % {"name": wrong[0].name})
        if not told.get("everybody") and not told.get("admissions"):
            self.add_error("admissions", pgettext("door", "Choose what this list is for, or any pass of this venue."))
        return told


class GateForm(forms.ModelForm):
    """What stands at a gate."""

    class Meta:
        model = Gate
        fields = ("venue", "name_zh", "name_en", "lists", "direction")
        widgets = {"lists": forms.CheckboxSelectMultiple()}

    def __init__(self, user: Any, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["venue"].queryset = queries.venues_within(user, edition)
        fields["lists"].queryset = queries.lists_within(user, edition)
        if self.instance.pk:
            del self.fields["venue"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        venue = told.get("venue") or (self.instance.venue if self.instance.pk else None)
        if venue is not None and any(one.venue_id != venue.pk for one in told.get("lists") or ()):
            self.add_error("lists", pgettext("door", "A gate shows lists of its own venue only."))
        return told
