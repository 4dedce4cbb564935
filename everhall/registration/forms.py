"""Forms of the desk: how one registers for a session or activity, with its quotas, kinds of tickets and questions.

In: what an organiser sent. Out: rows that agree with each other, or words about what does not. What must stay true: a
ticket that somebody has is not taken away; a quota may be made smaller than what is taken (nobody loses a seat by it).
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from everhall.engines import local_time
from everhall.registration.models import Admission, Question, Registration, SeatQuota, Ticket

MOMENTS = ("opens_at", "closes_at")


def moment() -> forms.DateTimeInput:
    return forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")


def day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


class AdmissionForm(forms.ModelForm):
    """What it is for is given, and never changed."""

    class Meta:
        model = Admission
        fields = [
            "opens_at", "closes_at", "approval", "waiting_list", "window_minutes", "most_companions", "most_group", "group_rule",
            "real_names", "real_names_until", "forget_on",
        ]  # fmt: skip
        widgets = {"opens_at": moment(), "closes_at": moment(), "real_names_until": day(), "forget_on": day()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        venue = self.instance.venue
        for name in MOMENTS:
            if (held := getattr(self.instance, name)) is not None:
                self.initial[name] = held.astimezone(venue.zone_of_time).replace(tzinfo=None)
            said = _("Local time at the venue (%(zone)s).") % {"zone": venue.zone_name}
            self.fields[name].help_text = f"{said} {self.fields[name].help_text}".strip()

    def clean(self) -> dict[str, Any]:
        """What is typed is the clock on the wall of the venue."""
        cleaned: dict[str, Any] = super().clean() or {}
        venue = self.instance.venue
        for name in MOMENTS:
            if (typed := cleaned.get(name)) is None:
                continue
            naive = timezone.make_naive(typed) if timezone.is_aware(typed) else typed
            if naive == self.initial.get(name):
                # Not touched: of an hour that comes twice it stays the one it was.
                cleaned[name] = getattr(self.instance, name)
                continue
            try:
                cleaned[name] = local_time.moment_of(naive, venue.zone_of_time, later=name == "closes_at")
            except local_time.Skipped:
                said = _("The clocks are put forward over this time at %(venue)s; choose another one.")
                self.add_error(name, said % {"venue": venue.name})
        return cleaned


class Quotas(BaseInlineFormSet):
    """Only this admission's own kinds of tickets can be chosen; those that are new, after saving once."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ticket"].queryset = Ticket.objects.filter(admission=self.instance.pk)


class Tickets(BaseInlineFormSet):
    """A kind of ticket that somebody has stays."""

    def clean(self) -> None:
        super().clean()
        gone = [form.instance.pk for form in self.deleted_forms if form.instance.pk] if not any(self.errors) else []
        if Registration.objects.filter(ticket__in=gone).exists():
            raise ValidationError(pgettext("registration", "Somebody has a ticket of this kind; it cannot be taken away."))


QuotaFormSet = inlineformset_factory(
    Admission, SeatQuota, formset=Quotas, fields=["way", "size", "ticket", "organisation"], extra=2, max_num=40
)
TicketFormSet = inlineformset_factory(Admission, Ticket, formset=Tickets, fields=["name_zh", "name_en"], extra=1, max_num=20)
QuestionFormSet = inlineformset_factory(
    Admission, Question, fields=["text_zh", "text_en", "kind", "choices_zh", "choices_en", "required"], extra=1, max_num=20,
    widgets={"choices_zh": forms.Textarea({"rows": 2}), "choices_en": forms.Textarea({"rows": 2})},
)  # fmt: skip


class Settings:
    """The form and its three lists, together: all are right or nothing is written."""

    def __init__(self, admission: Admission, sent: Any = None) -> None:
        self.form = AdmissionForm(sent, instance=admission)
        self.tickets = TicketFormSet(sent, instance=admission, prefix="tickets")
        self.quotas = QuotaFormSet(sent, instance=admission, prefix="quotas")
        self.questions = QuestionFormSet(sent, instance=admission, prefix="questions")
        self.parts: list[Any] = [self.form, self.tickets, self.quotas, self.questions]

    def is_valid(self) -> bool:
        # Each is asked, so that all that is wrong is told at once.
        found = [part.is_valid() for part in self.parts]
        return all(found)

    def save(self) -> Admission:
        """In the caller's transaction."""
        admission: Admission = self.form.save()
        for part in (self.tickets, self.quotas, self.questions):
            part.instance = admission
            part.save()
        return admission


