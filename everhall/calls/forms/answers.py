"""The questions of a call as a form, for whoever submits.

In: the call, the venue, what was answered, what came. Out: `answers` as `services.save_answers` takes them. Must stay true:
nothing is required while one writes (drafts are saved as typed); what is missing is told when one hands in.
"""

import math
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from everhall.calls.models import Call, Question
from everhall.calls.queries import questions_for
from everhall.editions.models import Venue
from everhall.engines.bilingual import pick

LONGEST_LINE: Final = 300
LONGEST_TEXT: Final = 10_000
Kind = Question.Kind


def field_name(question: Question) -> str:
    return f"q{question.pk}"


def choices_of(question: Question) -> list[tuple[str, str]]:
    language = get_language()
    return [(key, pick(zh, en, language)) for key, zh, en in question.choices]


def longest(question: Question, most: int) -> int:
    return min(int(question.most), most) if question.most else most


def field_of(question: Question) -> forms.Field:
    """One question as a field, never required."""
    common: dict[str, Any] = {"label": question.text, "help_text": question.help, "required": False}
    if question.kind == Kind.LINE:
        return forms.CharField(max_length=longest(question, LONGEST_LINE), **common)
    if question.kind == Kind.TEXT:
        return forms.CharField(
            max_length=longest(question, LONGEST_TEXT), widget=forms.Textarea({"rows": 5}), **common
        )
    if question.kind == Kind.CHOICE:
        return forms.ChoiceField(choices=choices_of(question), widget=forms.RadioSelect, **common)
    if question.kind == Kind.SEVERAL:
        return forms.MultipleChoiceField(
            choices=choices_of(question), widget=forms.CheckboxSelectMultiple, **common
        )
    if question.kind == Kind.NUMBER:
        return forms.FloatField(min_value=question.least, max_value=question.most, **common)
    if question.kind == Kind.YES_NO:
        return forms.TypedChoiceField(
            choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect, coerce=lambda word: word == "yes",
            empty_value=None, **common,
        )  # fmt: skip
    return forms.URLField(max_length=500, assume_scheme="https", **common)


def initial_of(question: Question, value: Any) -> Any:
    if question.kind == Kind.YES_NO and value is not None:
        return "yes" if value else "no"
    return value


class AnswersForm(forms.Form):
    """`answers`: question -> value as kept (`queries.answers_of`)."""

    def __init__(
        self, call: Call, venue: Venue, data: Any = None, answers: Mapping[int, Any] | None = None, **kwargs: Any
    ) -> None:
        self.questions = questions_for(call, venue)
        known = answers or {}
        initial = {
            field_name(question): initial_of(question, known[question.pk])
            for question in self.questions if question.pk in known
        }
        super().__init__(data, initial=initial, **kwargs)
        for question in self.questions:
            field = field_of(question)
            if question.required:
                field.widget.attrs["aria-required"] = "true"
            self.fields[field_name(question)] = field

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for question in self.questions:
            name = field_name(question)
            value = found.get(name)
            if question.kind == Kind.SEVERAL and value:
                self.check_count(question, name, len(value))
            if question.kind == Kind.NUMBER and value is not None and not math.isfinite(value):
                self.add_error(name, ValidationError(_("Write a number.")))
        return found

    def check_count(self, question: Question, name: str, count: int) -> None:
        if question.most and count > question.most:
            most = int(question.most)
            self.add_error(name, ngettext("Choose %(most)s at the most.", "Choose %(most)s at the most.", most) % {"most": most})
        if question.least and count < question.least:
            least = int(question.least)
            self.add_error(name, ngettext("Choose at least %(least)s.", "Choose at least %(least)s.", least) % {"least": least})

    @property
    def answers(self) -> dict[int, Any]:
        """Question -> value of all that came and is right; None where nothing is said. What is wrong is left out, so that
        the rest can be saved as typed."""
        self.is_valid()
        found: dict[int, Any] = {}
        for question in self.questions:
            name = field_name(question)
            if name not in self.cleaned_data or not self.came(name):
                continue
            value = self.cleaned_data[name]
            found[question.pk] = None if value in ("", [], None) else value
        return found

    def came(self, name: str) -> bool:
        """Whether the form that came had this field. Boxes without a tick send nothing, so a hidden `was.` goes with them; a script
        that saves one field at a time sends that of this field only."""
        return name in self.data or f"was.{name}" in self.data

    def missing(self) -> list[str]:
        """Texts of required questions without an answer."""
        given = {**{field_name(q): self.initial.get(field_name(q)) for q in self.questions}}
        if self.is_bound:
            given |= {field_name(question): self.answers.get(question.pk) for question in self.questions}
        return [q.text for q in self.questions if q.required and given.get(field_name(q)) in (None, "", [])]
