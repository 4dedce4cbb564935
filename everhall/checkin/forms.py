"""Forms of the desk for lists and gates. In: a venue's team's words. What must stay true: a venue out of reach can neither be
seen nor chosen; a list takes admissions of its own venue and below, a gate lists of its own venue."""

from typing import Any

from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from everhall.checkin import queries
from everhall.checkin.models import EntryList, Gate
from everhall.editions.models import Edition, Venue
from everhall.engines import local_time
from everhall.registration import queries as registration

WALL = ("opens_at", "closes_at")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class WallMoment(forms.DateTimeField):
    """What the clock on the wall shows, without a zone: which one it is, the venue says."""

    widget = MomentInput

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        found = local_time.read(str(value))
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class ListForm(forms.ModelForm):
    """How one gets in. Its moments are on the clock of its venue."""

    opens_at = WallMoment(label=pgettext_lazy("door", "opens"), required=False)
    closes_at = WallMoment(label=pgettext_lazy("door", "closes"), required=False)

    class Meta:
        model = EntryList
        fields = (
            "venue", "name_zh", "name_en", "everybody", "admissions", "rule", "opens_at", "closes_at", "capacity", "unknown", "walk_ins",
            "roster_hours",
        )
        widgets = {"admissions": forms.CheckboxSelectMultiple()}

    def __init__(self, user: Any, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["venue"].queryset = queries.venues_within(user, edition)
        fields["admissions"].queryset = registration.admissions_within(user, edition)
        fields["admissions"].required = False
        if self.instance.pk:
            # What devices have noted stands at its venue.
            del self.fields["venue"]
        for name in WALL:
            fields[name].help_text = self.said_of_clock(name)

    def said_of_clock(self, name: str) -> str:
        """Which clock is meant; what stands in the field so far is set to it."""
        if not self.instance.pk:
            return pgettext("door", "On the clock of the venue.")
        zone, moment = self.instance.venue.zone_of_time, getattr(self.instance, name)
        if moment is not None:
            self.initial[name] = moment.astimezone(zone).replace(tzinfo=None)
        return pgettext("door", "On the clock of the venue (%(zone)s).") % {"zone": self.instance.venue.zone_name}

    def put_on_clock(self, told: dict[str, Any], venue: Venue | None) -> None:
        """Of a time that comes twice a list takes what lets in longer."""
        for name in WALL:
            local = told.get(name)
            told[name] = None
            if local is None or venue is None:
                continue
            try:
                told[name] = local_time.moment_of(local, venue.zone_of_time, later=name == "closes_at")
            except local_time.Skipped:
                words = pgettext("door", "The clocks are put forward over this time at %(venue)s; choose another one.")
                self.add_error(name, words % {"venue": venue.name})

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        venue = told.get("venue") or (self.instance.venue if self.instance.pk else None)
        self.put_on_clock(told, venue)
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
