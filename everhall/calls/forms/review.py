"""The form of one review: a scale for each criterion by keys or thumb, a comment, a recommendation."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from everhall.calls.models import Criterion, Review
from everhall.calls.services import Found

#: Scales up to here are a row of buttons, larger ones a number.
ROW = 10


def score_field(criterion: Criterion, value: int | None) -> forms.Field:
    common: dict[str, Any] = {"label": criterion.text, "help_text": criterion.help, "required": False, "initial": value}
    if criterion.scale <= ROW:
        numbers = [(str(n), str(n)) for n in range(criterion.scale + 1)]
        return forms.TypedChoiceField(choices=numbers, coerce=int, empty_value=None, widget=forms.RadioSelect, **common)
    return forms.IntegerField(min_value=0, max_value=criterion.scale, **common)


class ReviewForm(forms.Form):
    """`scores`: what was given so far."""

    comment = forms.CharField(
        required=False, max_length=4000, label=gettext_lazy("Comment for the committee"),
        widget=forms.Textarea({"rows": 5}), help_text=gettext_lazy("Whoever submitted does not see it."),
    )
    recommendation = forms.ChoiceField(
        required=False, label=gettext_lazy("Recommendation"), choices=Review.Recommendation.choices, widget=forms.RadioSelect,
    )

    def __init__(
        self, criteria: Sequence[Criterion], data: Any = None, *, review: Review | None, scores: Mapping[int, int], **kwargs: Any
    ) -> None:
        kept = {"comment": review.comment, "recommendation": review.recommendation} if review else {}
        super().__init__(data, initial=kept, **kwargs)
        self.criteria = list(criteria)
        for one in self.criteria:
            self.fields[f"c{one.pk}"] = score_field(one, scores.get(one.pk))

    @property
    def score_rows(self) -> list[tuple[Criterion, Any]]:
        return [(one, self[f"c{one.pk}"]) for one in self.criteria]

    @property
    def found(self) -> Found:
        """What came and is right, also from a form that is not complete."""
        self.is_valid()
        scores = {
            one.pk: self.cleaned_data[f"c{one.pk}"] for one in self.criteria if f"c{one.pk}" in self.cleaned_data
        }
        return Found(scores, self.cleaned_data.get("comment", ""), self.cleaned_data.get("recommendation", ""))
