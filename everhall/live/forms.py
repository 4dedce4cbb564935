"""Forms of feeds, channels and recordings. Must stay true: nobody lets the server look into its own network but a
superuser; a running order holds only what may be aired on its channel; what is typed as a time is the clock on the
wall of the venue."""

import contextlib
import datetime as dt
import socket
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everhall.editions import queries as editions
from everhall.editions.forms import ReachForm, may_publish
from everhall.editions.models import Venue
from everhall.engines import local_time
from everhall.live import queries, rules
from everhall.live.models import Channel, Feed, Recording, RunningOrderItem
from everhall.live.services.feeds import fit_port
from everhall.live.services.refusals import WORDS
from everhall.programme.forms import no_such_moment, on_the_wall
from everhall.programme.models import Session

#: Seconds that asking for an address may take.
PATIENCE = 3.0


def addresses_of(host: str) -> list[str]:
    """IP addresses behind a name; none where it cannot be found."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None)]
    except (OSError, UnicodeError):
        return []
    finally:
        socket.setdefaulttimeout(before)


def leads_inside(url: str) -> bool:
    """Whether an address, or a name's address at this moment, belongs to this machine or its network. The live process
    asks again each time it connects."""
    host = rules.host_of(url)
    if rules.is_home_name(host):
        return True
    return any(rules.is_private(address) for address in {host, *addresses_of(host)})


class SourceForm(ReachForm):
    """The edition is that of the venue; code and venue stay what they were."""

    instance: Any  # Feed or Channel

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("code", None)
            self.fields.pop("venue", None)
        self.publisher = self.for_user is None or (
            may_publish(self.for_user, self.instance.venue) if self.instance.pk
            else editions.may_somewhere(self.for_user, "publish")
        )  # fmt: skip

    def place(self, cleaned: dict[str, Any]) -> Venue | None:
        return cleaned.get("venue") or (self.instance.venue if self.instance.pk else None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        venue = self.place(cleaned)
        if venue:
            self.instance.edition_id = venue.edition_id
            if self.instance.pk is None and not may_publish(self.for_user, venue):
                self.add_error("venue", _("Choose a venue where you may publish."))
        return cleaned


class FeedForm(SourceForm):
    instance: Feed

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.publisher:
            self.fields.pop("may_be_relayed", None)
        if self.instance.pk and "stage" in self.fields:
            stage: Any = self.fields["stage"]
            here = stage.queryset.model.objects.filter(venue_id=self.instance.venue_id)
            stage.queryset = here.select_related("venue__edition")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        url = str(cleaned.get("pull_url") or "")
        if cleaned.get("kind") != Feed.Kind.PULL or rules.url_fault(url):
            return cleaned
        before = Feed.objects.filter(pk=self.instance.pk, pull_url=url, may_be_private=True)
        superuser = self.for_user is None or self.for_user.is_superuser
        inside = leads_inside(url)
        self.instance.may_be_private = inside and (superuser or before.exists())
        if inside and not self.instance.may_be_private:
            self.add_error(
                "pull_url", _("This address leads into a private network. A superuser can set up such a feed.")
            )
        return cleaned

    def save(self, commit: bool = True) -> Any:
        fit_port(self.instance)
        return super().save(commit)


class ChannelForm(SourceForm):
    """With its running order. Who does not publish at the venue changes the running order and the texts only."""

    instance: Channel
    PUBLISHING = ("public", "public_from", "enabled", "may_be_relayed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.publisher:
            for name in self.PUBLISHING:
                self.fields.pop(name, None)
        self.orders = [fs for name, fs in self.formsets.items() if name == "items"]
        for formset in self.orders:
            self.offering(formset)

    def offering(self, formset: Any) -> None:
        """Its forms, and the empty one that the desk copies when an item is added, offer what fits."""
        fit = self.fit

        class Offering(type(formset)):  # type: ignore[misc]
            @property
            def empty_form(self) -> Any:
                form = super().empty_form
                fit(form)
                return form

        formset.__class__ = Offering
        for child in formset.forms:
            fit(child)

    def fit(self, child: Any) -> None:
        """What one item may show, and its time on the clock of the venue."""
        channel, user, now = self.instance, self.for_user, timezone.now()
        if channel.pk:
            path, edition = channel.venue.path, channel.edition
            own = Q(edition=edition, venue__path__startswith=path)
            feeds, others = own | queries.relayable_feeds(edition), own | queries.relayable_channels(edition, now)
            recordings = (own & ~Q(state=Recording.State.WITHHELD)) | Q(
                pk__in=queries.public_recordings(edition, now).values("pk")
            )
            sessions = Q(edition=edition)
            seen = editions.within_reach(user, ["view"], venue="activity__venue") if user else Q()
        else:
            feeds = others = recordings = queries_reach(user)
            sessions, seen = Q(), editions.within_reach(user, ["view"], venue="activity__venue") if user else Q()
        for name, found in (
            ("feed", Feed.objects.filter(feeds).select_related("venue")),
            ("other", Channel.objects.filter(others).exclude(pk=channel.pk).select_related("venue")),
            ("recording", Recording.objects.filter(recordings)),
            ("session", Session.objects.filter(sessions).filter(seen).select_related("activity")),
        ):
            if name in child.fields:
                child.fields[name].queryset = found
        starts = child.fields.get("starts_at")
        if starts is not None and channel.pk:
            zone = channel.venue.zone_of_time
            starts.help_text = _("Local time at the venue (%(zone)s).") % {"zone": channel.venue.zone_name}
            if child.instance.starts_at:
                child.initial["starts_at"] = child.instance.starts_at.astimezone(zone).replace(tzinfo=None)

    def is_valid(self) -> bool:
        """Items are looked at when their channel is known."""
        valid = bool(super().is_valid())
        venue = self.place(getattr(self, "cleaned_data", {}))
        for formset in self.orders:
            for child in formset.forms:
                if valid and venue and child.is_valid() and not child.cleaned_data.get("DELETE"):
                    valid = self.item_fits(child, venue) and valid
        return valid

    def item_fits(self, child: Any, venue: Venue) -> bool:
        item: RunningOrderItem = child.instance
        typed = child.cleaned_data.get("starts_at")
        if isinstance(typed, dt.datetime):
            try:
                item.starts_at = on_the_wall(typed, venue.zone_of_time)
            except local_time.Skipped:
                child.add_error("starts_at", no_such_moment(venue))
                return False
        if item.kind == RunningOrderItem.Kind.SLATE or not child.has_changed():
            return True
        channel = self.instance
        channel.venue, channel.edition_id = venue, venue.edition_id
        if not channel.key:
            channel.key = rules.key_of(venue.edition.code, channel.code)
        fault = queries.airable(channel, item.source, timezone.now()).fault
        if fault:
            child.add_error(next(n for n in ("feed", "recording", "other") if getattr(item, n)), str(WORDS[fault]))
        return not fault


def queries_reach(user: Any) -> Q:
    """What a channel that is not there yet may show: what stands where its maker may direct."""
    return editions.within_reach(user, ["direct"]) if user else Q()


class RecordingForm(ReachForm):
    """Texts, chapters, trim and embargo. Where it came from stays; its state changes by review."""

    instance: Recording

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.only_in("venue", self.instance.edition_id)
            self.only_in("session", self.instance.edition_id)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        venue = cleaned.get("venue")
        published = self.instance.state == Recording.State.PUBLISHED
        if venue and published and not may_publish(self.for_user, venue):
            self.add_error("venue", _("Choose a venue where you may publish."))
        if {"trim_in", "trim_out"} & set(self.changed_data):
            # What could not be prepared may be with another stretch; it is tried again, as after a trim at its review.
            self.instance.fault = ""
        return cleaned


class TrimForm(forms.Form):
    """What of a recording is shown."""

    trim_in = forms.FloatField(label=gettext_lazy("shown from second"), min_value=0, initial=0)
    trim_out = forms.FloatField(
        label=gettext_lazy("shown to second"), min_value=0, required=False,
        help_text=gettext_lazy("Empty: to its end."),
    )


class UploadForm(forms.Form):
    """Where a film goes and what it is called; its bytes go another way."""

    venue = forms.ModelChoiceField(label=gettext_lazy("Venue"), queryset=Venue.objects.none())
    title_zh = forms.CharField(label=gettext_lazy("title (Chinese)"), max_length=200)
    title_en = forms.CharField(label=gettext_lazy("title (English)"), max_length=300, required=False)
    film = forms.FileField(
        label=gettext_lazy("Film"), required=False,
        widget=forms.FileInput(attrs={"accept": "video/*,audio/*,.mkv,.mxf,.ts"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["venue"]
        field.queryset = venues_to_upload(user)


def venues_to_upload(user: Any) -> Any:
    """Venues to which the user may bring a film."""
    here = editions.within_reach(user, ["add"], venue="", edition="edition")
    return Venue.objects.filter(here).select_related("edition").order_by("-edition__starts_on", "path")


def venue_to_upload(user: Any, text: str) -> Venue | None:
    with contextlib.suppress(ValueError):
        return venues_to_upload(user).filter(pk=int(text)).first() if text.isascii() and len(text) < 19 else None
    return None
