"""Forms of exhibits and their places."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everhall.editions.forms import ReachForm, may_publish, no_right_to_publish
from everhall.editions.models import Venue
from everhall.engines.plan import LARGEST, SMALLEST
from everhall.engines.plan_svg import MOST_BYTES
from everhall.exhibition.models import Exhibit, Placement, Presentation, Seek


class ExhibitForm(ReachForm):
    """A new exhibit says at which venue it stands; afterwards its place is changed, not this form."""

    presentation = forms.MultipleChoiceField(
        label=gettext_lazy("presentation"), choices=Presentation.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seeks = forms.MultipleChoiceField(
        label=gettext_lazy("seeks"), choices=Seek.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("steward", None)
            if self.instance.first_published_at:
                self.fields.pop("code", None)
        elif "steward" in self.fields:
            self.fields["steward"].required = True


class PlacementForm(ReachForm):
    """One place in each edition; the edition is that of the venue."""

    instance: Placement

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("exhibit", None)
            self.only_in("venue", self.instance.edition_id)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        venue: Venue | None = cleaned.get("venue")
        exhibit: Exhibit | None = cleaned.get("exhibit")
        if venue:
            self.instance.edition_id = venue.edition_id
        taken = Placement.objects.filter(exhibit=exhibit, edition=venue.edition if venue else None)
        if venue and exhibit and taken.exists():
            self.add_error("exhibit", _("This exhibit already has a place in this edition."))
        shown = exhibit or (self.instance.exhibit if self.instance.pk else None)
        if venue and shown and shown.live and not may_publish(self.for_user, venue):
            self.add_error("venue", no_right_to_publish())
        zone = cleaned.get("zone")
        if zone and venue and crowded(zone, self.instance):
            self.add_error(
                "zone",
                _("This zone already holds %(most)s exhibits: more cannot be taken in.")
                % {"most": zone.MOST_EXHIBITS},
            )
        return cleaned


def crowded(zone: Any, placement: Model) -> bool:
    others = Placement.objects.filter(zone=zone).exclude(pk=placement.pk)
    return bool(others.count() >= zone.MOST_EXHIBITS)


class PlanUploadForm(forms.Form):
    """A drawing of a hall, and what it does not say itself."""

    file = forms.FileField(
        label=gettext_lazy("SVG file"), widget=forms.ClearableFileInput(attrs={"accept": ".svg,image/svg+xml"}),
        help_text=gettext_lazy("Each booth a shape whose id is its number, such as A-017; zone-a, wall-1, door-1 for the rest."),
    )
    metres = forms.FloatField(
        label=gettext_lazy("width in metres"), min_value=SMALLEST, max_value=LARGEST,
        help_text=gettext_lazy("Of the whole drawing, from its left edge to its right."),
    )
    up = forms.FloatField(
        label=gettext_lazy("heading of the upper edge"), min_value=0, max_value=360, initial=0,
        help_text=gettext_lazy("In degrees: 0 where up is north, 90 where up is east."),
    )


class PlanTakenForm(forms.Form):
    """The same once more, after its report was read."""

    text = forms.CharField(max_length=MOST_BYTES * 2)
    metres = forms.FloatField(min_value=SMALLEST, max_value=LARGEST)
    up = forms.FloatField(min_value=0, max_value=360)
    version = forms.IntegerField(min_value=0)
