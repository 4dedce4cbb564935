"""Forms of activities and sessions. Times are typed and shown in the zone of the session's venue."""

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everhall.editions.forms import ReachForm, in_order, label, may_publish, no_right_to_publish
from everhall.editions.models import Stage, Venue
from everhall.editions.policies import choosable
from everhall.engines import local_time
from everhall.programme.models import Activity, Session

TIMES = ("starts_at", "ends_at")


class ActivityForm(ReachForm):
    """The edition is that of the venue."""

    instance: Activity

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.only_in("venue", self.instance.edition_id)
            if self.instance.first_published_at:
                self.fields.pop("code", None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        venue: Venue | None = cleaned.get("venue")
        if venue:
            self.instance.edition_id = venue.edition_id
        code = cleaned.get("code")
        same = Activity.objects.filter(edition_id=self.instance.edition_id, code=code)
        if code and venue and same.exclude(pk=self.instance.pk).exists():
            self.add_error("code", _("There is already an activity with this code in this edition."))
        return cleaned


class SessionForm(ReachForm):
    """What is typed is the clock on the wall of the venue."""

    instance: Session

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session = self.instance
        self.kept_at = session.activity.venue_id if session.pk else None
        if session.pk:
            self.only_in("activity", session.edition_id)
            zone = session.activity.venue.zone_of_time
            for name in TIMES:
                if name in self.fields:
                    self.initial[name] = getattr(session, name).astimezone(zone).replace(tzinfo=None)
                    self.fields[name].help_text = _("Local time at the venue (%(zone)s).") % {"zone": session.activity.venue.zone_name}
        else:
            for name in TIMES:
                if name in self.fields:
                    self.fields[name].help_text = _("Local time at the activity's venue.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        activity: Activity | None = cleaned.get("activity")
        if activity is None:
            return cleaned
        for name in TIMES:
            if isinstance(cleaned.get(name), dt.datetime):
                cleaned[name] = self.moment(name, cleaned[name], activity.venue)
        self.instance.edition_id = activity.edition_id
        if activity.live and not may_publish(self.for_user, activity.venue):
            self.add_error("activity", no_right_to_publish())
        code = cleaned.get("code")
        same = Session.objects.filter(edition_id=activity.edition_id, code=code)
        if code and same.exclude(pk=self.instance.pk).exists():
            self.add_error("code", _("There is already a session with this code in this edition."))
        stage = cleaned.get("stage")
        if stage and stage.venue.edition_id != activity.edition_id:
            raise ValidationError({"stage": _("This stage belongs to another edition.")})
        return cleaned


    def moment(self, name: str, typed: dt.datetime, venue: Venue) -> dt.datetime | None:
        naive = timezone.make_naive(typed) if timezone.is_aware(typed) else typed
        if self.instance.pk and naive == self.initial.get(name) and venue.pk == self.kept_at:
            # Not touched: of an hour that comes twice it stays the one it was.
            kept: dt.datetime = getattr(self.instance, name)
            return kept
        try:
            return on_the_wall(typed, venue.zone_of_time, later=name == "ends_at")
        except local_time.Skipped:
            self.add_error(name, no_such_moment(venue))
            return None


def on_the_wall(typed: dt.datetime, zone: zoneinfo.ZoneInfo, *, later: bool = False) -> dt.datetime:
    """What Django read in the server's zone, read again in the venue's. Raises `local_time.Skipped`."""
    return local_time.moment_of(timezone.make_naive(typed) if timezone.is_aware(typed) else typed, zone, later=later)


def no_such_moment(venue: Venue) -> str:
    return _("The clocks are put forward over this time at %(venue)s; choose another one.") % {"venue": venue.name}


class MoveForm(forms.Form):
    """Where a session goes, by the clock on the wall of its venue: the programme board without a board."""

    day = forms.DateField(label=gettext_lazy("day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    begins = forms.TimeField(label=gettext_lazy("begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=gettext_lazy("minutes"), min_value=5, max_value=1440)
    stage = forms.ModelChoiceField(Stage.objects.none(), label=gettext_lazy("stage"), required=False, empty_label=gettext_lazy("no stage"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, user: Any, session: Session, data: Any = None) -> None:
        begins = session.starts_at.astimezone(session.zone_of_time)
        super().__init__(data, initial={
            "day": begins.date(), "begins": begins.time(), "stage": session.stage_id, "version": session.revision_number,
            "minutes": int((session.ends_at - session.starts_at).total_seconds()) // 60,
        })  # fmt: skip
        self.zone, self.venue = session.zone_of_time, session.activity.venue
        stages = choosable(Stage, user).filter(venue__edition=session.edition) | Stage.objects.filter(pk__in=[session.stage_id or 0])
        field = self.fields["stage"]
        field.queryset = in_order(stages).select_related("venue__edition")  # type: ignore[attr-defined]
        field.label_from_instance = label  # type: ignore[attr-defined]
        field.widget.attrs["class"] = "stage"
        first, last = session.edition.starts_on, session.edition.ends_on
        self.fields["day"].widget.attrs.update({"min": first.isoformat(), **({"max": last.isoformat()} if last else {})})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if {"day", "begins"} <= cleaned.keys():
            try:
                local_time.moment_of(dt.datetime.combine(cleaned["day"], cleaned["begins"]), self.zone)
            except local_time.Skipped:
                self.add_error("begins", no_such_moment(self.venue))
        return cleaned

    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """Beginning and end in UTC, once it is valid."""
        day, begins = self.cleaned_data["day"], self.cleaned_data["begins"]
        starts_at = dt.datetime.combine(day, begins, self.zone).astimezone(dt.UTC)
        return starts_at, starts_at + dt.timedelta(minutes=self.cleaned_data["minutes"])
