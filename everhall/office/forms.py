"""Forms of the office beside the guided one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from everhall.accounts.models import Membership, Organisation


class ProfileForm(forms.ModelForm[Organisation]):
    """What visitors read of the organisation."""

    website = forms.URLField(
        label=_("website"), required=False, max_length=200, assume_scheme="https", help_text=_("With https:// in front.")
    )

    class Meta:
        model = Organisation
        fields = ("name_zh", "name_en", "kind", "summary_zh", "summary_en", "website")
        widgets = {"summary_zh": forms.Textarea({"rows": 4}), "summary_en": forms.Textarea({"rows": 4})}
        help_texts = {
            "summary_zh": _("Who you are in two or three sentences. This stands on your page at once."),
        }


class FoundForm(forms.Form):
    """An organisation that is not entered yet."""

    name_zh = forms.CharField(label=_("name (Chinese)"), max_length=200)
    name_en = forms.CharField(label=_("name (English)"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("kind"), choices=Organisation.Kind.choices)


class InviteForm(forms.Form):
    """Somebody who is to belong to the organisation."""

    email = forms.EmailField(label=_("e-mail address"), widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("role"), choices=Membership.Role.choices, initial=Membership.Role.MEMBER)


class ApplyForm(forms.Form):
    """What is handed in, and at which venue."""

    exhibit = forms.ChoiceField(label=_("exhibit"), required=False)
    name_zh = forms.CharField(label=_("name of a new exhibit"), max_length=200, required=False)
    venue = forms.ChoiceField(label=_("venue"))

    def __init__(self, *args: Any, exhibits: Any, venues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["exhibit"]
        offered.choices = [*((one.code, one.name) for one in exhibits), ("", _("A new one"))]
        there: Any = self.fields["venue"]
        there.choices = [(str(one.pk), one.name) for one in venues]
        if len(there.choices) == 1:
            there.initial = there.choices[0][0]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("exhibit") and not (found.get("name_zh") or "").strip():
            self.add_error("name_zh", _("Give it a name; you can change it later."))
        return found


class ProposeForm(forms.Form):
    """A name and a venue: the rest is written in peace."""

    name_zh = forms.CharField(label=_("name (Chinese)"), max_length=200)
    venue = forms.ChoiceField(label=_("venue"))

    def __init__(self, *args: Any, venues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there: Any = self.fields["venue"]
        there.choices = [(str(one.pk), one.name) for one in venues]
        if len(there.choices) == 1:
            there.initial = there.choices[0][0]
