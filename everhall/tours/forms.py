"""Forms of tours and screens in the desk."""

from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everhall.editions.forms import ReachForm
from everhall.editions.models import Venue
from everhall.tours.models import Kiosk, Tour

#: A number that nobody guesses before a screen makes them wait.
SHORTEST_PIN, LONGEST_PIN = 4, 12


class TourForm(ReachForm):
    """The edition is that of the venue; what stops lead to stands in the same edition."""

    instance: Tour

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.only_in("venue", self.instance.edition_id)
            if self.instance.first_published_at:
                self.fields.pop("code", None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        venue: Venue | None = cleaned.get("venue")
        if venue is None:
            return cleaned
        self.instance.edition_id = venue.edition_id
        code = cleaned.get("code")
        same = Tour.objects.filter(edition_id=venue.edition_id, code=code)
        if code and same.exclude(pk=self.instance.pk).exists():
            self.add_error("code", _("There is already a tour with this code in this edition."))
        for child in self.formsets["stops"].forms if "stops" in self.formsets else ():
            check_edition(child, venue.edition_id)
        return cleaned


def check_edition(child: Any, edition_id: int) -> None:
    """A stop of another edition would never be seen, so it is told at once."""
    if not child.is_valid() or child.cleaned_data.get("DELETE"):
        return
    for name, edition_of in (
        ("exhibit", lambda thing: thing.placements.filter(edition_id=edition_id).exists()),
        ("scene", lambda thing: thing.hall.venue.edition_id == edition_id),
        ("session", lambda thing: thing.edition_id == edition_id),
        ("hall", lambda thing: thing.venue.edition_id == edition_id),
    ):
        thing = child.cleaned_data.get(name)
        if thing is not None and not edition_of(thing):
            child.add_error(name, _("“%(thing)s” has no place in the edition of this tour. Place it there first, or choose another stop.") % {"thing": thing})


class KioskForm(ReachForm):
    """The number of the staff menu is typed anew when it is to change; what is stored is its hash."""

    instance: Kiosk

    pin = forms.CharField(
        label=gettext_lazy("number of the staff menu"), required=False, max_length=LONGEST_PIN,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "inputmode": "numeric"}),
        help_text=gettext_lazy("4 to 12 figures. Empty: as it was. A single minus sign takes it away, and with it the staff menu."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.only_in("venue", self.instance.edition_id)
            self.only_in("tour", self.instance.edition_id)

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"].strip()
        if pin and pin != "-" and not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
            raise ValidationError(_("Use %(least)s to %(most)s figures.") % {"least": SHORTEST_PIN, "most": LONGEST_PIN})
        return pin

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        venue: Venue | None = cleaned.get("venue")
        if venue is None:
            return cleaned
        self.instance.edition_id = venue.edition_id
        same = Kiosk.objects.filter(edition_id=venue.edition_id, code=cleaned.get("code"))
        if cleaned.get("code") and same.exclude(pk=self.instance.pk).exists():
            self.add_error("code", _("There is already a screen with this code in this edition."))
        tour = cleaned.get("tour")
        if tour is not None and tour.edition_id != venue.edition_id:
            self.add_error("tour", _("This tour belongs to another edition."))
        if any(zone.hall.venue.edition_id != venue.edition_id for zone in cleaned.get("zones") or ()):
            self.add_error("zones", _("One of these zones belongs to another edition."))
        return cleaned

    def save(self, commit: bool = True) -> Kiosk:
        pin = self.cleaned_data.get("pin", "")
        if pin:
            self.instance.pin_hash = "" if pin == "-" else make_password(pin)
        kiosk: Kiosk = super().save(commit)
        if commit:
            # Its zones are written after itself; who looked in between saw the old ones.
            kiosk.tell_changed()
        return kiosk
