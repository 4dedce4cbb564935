"""The short form: a rating, two questions, free words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from everhall.feedback import rules
from everhall.feedback.models import Feedback

RATED = {1: _("1 – poor"), 2: "2", 3: "3", 4: "4", 5: _("5 – excellent")}


class FeedbackForm(forms.Form):
    rating = forms.TypedChoiceField(
        label=_("How was it?"), choices=[(n, RATED[n]) for n in rules.RATINGS], coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("Choose from 1 to 5."), "invalid_choice": _("Choose from 1 to 5.")},
    )
    useful = forms.ChoiceField(
        label=_("Can you use what you heard?"), choices=Feedback.Answer.choices, widget=forms.RadioSelect, required=False
    )
    again = forms.ChoiceField(
        label=_("Would you come to such a session again?"), choices=Feedback.Answer.choices, widget=forms.RadioSelect, required=False
    )
    words = forms.CharField(
        label=_("What should we know?"), max_length=rules.LONGEST, required=False, widget=forms.Textarea({"rows": 4}),
        help_text=_("The host reads it without your name. Do not write who you are. It is deleted half a year later."),
    )

    def clean_words(self) -> Any:
        return self.cleaned_data["words"].replace("\x00", "")
