"""Forms of the desk: a call with its venues, criteria and questions; letters; filters of the table.

Must stay true: nobody calls for a venue at which they may not publish; what has been scored or answered is not taken away by
mistake.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from everhall.calls.models import Call, CallVenue, Criterion, MailTemplate, Question, Submission
from everhall.calls.services.letters import check_template
from everhall.editions.models import Edition, Venue
from everhall.engines import local_time


def moment() -> forms.DateTimeInput:
    return forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")


class CallForm(forms.ModelForm):
    """A call and the venues that take part: a box and a number of places for each within reach. Venues of others stay."""

    class Meta:
        model = Call
        fields = [
            "name_zh", "name_en", "code", "kind", "state", "opens_at", "closes_at", "text_zh", "text_en", "reviews_wanted",
            "most_per_organisation", "national_round",
        ]
        widgets = {
            "text_zh": forms.Textarea({"rows": 6}), "text_en": forms.Textarea({"rows": 6}), "opens_at": moment(),
            "closes_at": moment(),
        }  # fmt: skip

    def __init__(self, *args: Any, edition: Edition, managed: Sequence[Venue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.edition = edition
        self.managed = list(managed)
        known = {row.venue_id: row for row in self.instance.at.all()} if self.instance.pk else {}
        for venue in self.managed:
            row = known.get(venue.pk)
            self.fields[f"at-{venue.pk}"] = forms.BooleanField(label=venue.name, required=False, initial=row is not None)
            self.fields[f"places-{venue.pk}"] = forms.IntegerField(
                label=_("Places at %(venue)s") % {"venue": venue.name}, required=False, min_value=0, max_value=100_000,
                initial=row.places if row else None,
            )
            self.fields[f"closes-{venue.pk}"] = forms.CharField(
                label=_("Own deadline of %(venue)s") % {"venue": venue.name}, required=False, widget=moment(),
                initial=f"{row.closes_at.astimezone(venue.zone_of_time):%Y-%m-%dT%H:%M}" if row and row.closes_at else "",
            )
        self.others = [row.venue for row in known.values() if row.venue_id not in {venue.pk for venue in self.managed}]

    @property
    def plain(self) -> list[Any]:
        """Fields but for those of venues."""
        return [self[name] for name in self._meta.fields or ()]

    @property
    def venue_rows(self) -> list[tuple[Venue, Any, Any, Any]]:
        return [
            (venue, self[f"at-{venue.pk}"], self[f"places-{venue.pk}"], self[f"closes-{venue.pk}"]) for venue in self.managed
        ]

    def chosen(self) -> list[Venue]:
        return [venue for venue in self.managed if self.cleaned_data.get(f"at-{venue.pk}")]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for venue in self.managed:
            self.clean_deadline(venue, found)
        if not self.chosen() and not self.others:
            raise forms.ValidationError(_("Choose at least one venue that takes part."))
        left = {venue.pk for venue in self.managed} - {venue.pk for venue in self.chosen()}
        if self.instance.pk:
            used = Submission.objects.filter(call=self.instance, venue__in=left).select_related("venue").first()
            if used is not None:
                raise forms.ValidationError(
                    _("%(venue)s has submissions to this call and must go on taking part.") % {"venue": used.venue.name}
                )
        return found

    def clean_deadline(self, venue: Venue, found: dict[str, Any]) -> None:
        """On the venue's clock; where a time comes twice, the later one, so that nobody is late by the clock's change."""
        name = f"closes-{venue.pk}"
        text = found.get(name) or ""
        local = local_time.read(text) if text else None
        if not text:
            found[name] = None
        elif local is None:
            self.add_error(name, _("Write the moment as a date and a time."))
        else:
            try:
                found[name] = local_time.moment_of(local, venue.zone_of_time, later=True)
            except local_time.Skipped:
                self.add_error(name, _("The clocks are put forward over this time at %(venue)s; choose another one.") % {"venue": venue.name})
                return
            if found.get("closes_at") and found[name] > found["closes_at"]:
                self.add_error(name, _("The call itself closes before; a venue's own deadline lies no later."))

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        same = Call.objects.filter(edition=self.instance.edition, code=code).exclude(pk=self.instance.pk)
        if code == "new":
            raise forms.ValidationError(_("The desk uses this word in its addresses; choose another code."))
        if same.exists():
            raise forms.ValidationError(_("Another call of this edition has this code."))
        return code

    def save_venues(self, call: Call) -> None:
        chosen = self.chosen()
        CallVenue.objects.filter(call=call, venue__in=[venue for venue in self.managed if venue not in chosen]).delete()
        for venue in chosen:
            CallVenue.objects.update_or_create(
                call=call, venue=venue,
                defaults={
                    "places": self.cleaned_data.get(f"places-{venue.pk}"), "closes_at": self.cleaned_data.get(f"closes-{venue.pk}"),
                },
            )


class Careful(BaseInlineFormSet):
    """Parts that hang on nothing may be taken away; the others stay."""

    #: What hangs on a part, and the sentence.
    used = ""
    words: Any = ""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and getattr(form.instance, self.used).exists():
                raise forms.ValidationError(self.words % {"part": form.instance.text})


class CriterionFormSetBase(Careful):
    used = "scores"
    words = gettext_lazy("“%(part)s” has been scored and stays.")


class QuestionFormSetBase(Careful):
    used = "answers"
    words = gettext_lazy("“%(part)s” has been answered and stays.")


CriterionFormSet: Any = inlineformset_factory(
    Call, Criterion, formset=CriterionFormSetBase, extra=2, max_num=20, validate_max=True,
    fields=["text_zh", "text_en", "help_zh", "help_en", "weight", "scale", "order"],
)


class QuestionForm(forms.ModelForm):
    class Meta:
        model = Question
        fields = [
            "text_zh", "text_en", "help_zh", "help_en", "kind", "required", "venue", "least", "most", "choices_text", "order",
        ]
        widgets = {"choices_text": forms.Textarea({"rows": 3})}


QuestionFormSet: Any = inlineformset_factory(
    Call, Question, form=QuestionForm, formset=QuestionFormSetBase, extra=2, max_num=60, validate_max=True,
)


class CopyForm(forms.Form):
    """Begin a call from another one: its texts, criteria and questions."""

    source = forms.ModelChoiceField(Call.objects.none(), label=gettext_lazy("Copy from"))

    def __init__(self, *args: Any, calls: Sequence[Call], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["source"].queryset = Call.objects.filter(pk__in=[call.pk for call in calls])


class TemplateForm(forms.ModelForm):
    """A letter; a placeholder that nobody can fill is told before anything is sent."""

    class Meta:
        model = MailTemplate
        fields = ["name", "subject_zh", "subject_en", "text_zh", "text_en"]
        widgets = {"text_zh": forms.Textarea({"rows": 10}), "text_en": forms.Textarea({"rows": 10})}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in ("subject_zh", "subject_en", "text_zh", "text_en"):
            unknown = check_template([found.get(name) or ""])
            if unknown:
                self.add_error(
                    name, _("Nothing stands for %(names)s. Choose from the list beside the form.") % {"names": ", ".join(unknown)}
                )
        return found


class FilterForm(forms.Form):
    """What the table shows and in which order."""

    q = forms.CharField(required=False, max_length=100, label=gettext_lazy("Title or organisation"))
    state = forms.ChoiceField(required=False, label=gettext_lazy("State"))
    venue = forms.ChoiceField(required=False, label=gettext_lazy("Venue"))
    topic = forms.ChoiceField(required=False, label=gettext_lazy("Field"))
    mine = forms.BooleanField(required=False, label=gettext_lazy("Mine to review"))
    sort = forms.ChoiceField(
        required=False, label=gettext_lazy("Order"),
        choices=[
            ("", pgettext_lazy("order", "handed in last")), ("score", pgettext_lazy("order", "score")),
            ("spread", pgettext_lazy("order", "disagreement")), ("reviews", pgettext_lazy("order", "fewest reviews")),
            ("title", pgettext_lazy("order", "title")),
        ],
    )

    def __init__(self, *args: Any, venues: Sequence[Venue], topics: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        fields: Any = self.fields
        states = [choice for choice in Submission.State.choices if choice[0] != Submission.State.DRAFT]
        fields["state"].choices = [*every, *states]
        fields["venue"].choices = [*every, *((venue.code, venue.name) for venue in venues)]
        fields["topic"].choices = [*every, *topics]


class ExtensionForm(forms.Form):
    """More time for one submission."""

    until = forms.DateTimeField(
        required=False, label=gettext_lazy("Deadline of this submission"), widget=moment(),
        help_text=gettext_lazy("Empty: as the call says."),
    )
