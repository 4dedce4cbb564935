"""The desk's forms of attachments and their captions: what is brought is looked at before it is taken, so that what cannot be
shown never takes the place of what can."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm

from everhall.engines import timed_text
from everhall.engines.master_words import words
from everhall.media import judging
from everhall.media.making.node import MakingError
from everhall.media.models import Attachment, Caption, Note

Kind = Attachment.Kind


def judge(kind: str, file: Any) -> None:
    """`ValidationError` with what is wrong and what to do, in the language of whoever uploads."""
    if kind not in judging.LOOKS:
        return
    with tempfile.NamedTemporaryFile(suffix=Path(file.name).suffix) as copy:
        # A file that lies here already is opened by the first look at it.
        lay_closed = getattr(file, "closed", False)
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.flush()
        file.seek(0)
        if lay_closed:
            file.close()
        try:
            judging.look(kind, Path(copy.name))
        except MakingError as refused:
            raise ValidationError(" ".join(words({"kind": refused.kind, **refused.values}, get_language()))) from refused


class AttachmentForm(BaseDocumentForm):
    """See the module."""

    def clean(self) -> Any:
        cleaned = super().clean()
        file, kind = cleaned.get("file"), cleaned.get("kind", "")
        if file and kind == Kind.DOCUMENT and "kind" not in self.changed_data and "file" in self.changed_data:
            kind = cleaned["kind"] = judging.guessed(file) or kind
        if file and kind in judging.LOOKS and {"file", "kind"} & set(self.changed_data):
            try:
                judge(kind, file)
            except ValidationError as refused:
                self.add_error("file", refused)
        return cleaned


class CaptionForm(forms.Form):
    """A track from a file, or written here. `cleaned_data["data"]`: its bytes."""

    language = forms.ChoiceField(label=_("language"), choices=Caption.Language.choices)
    kind = forms.ChoiceField(label=_("kind"), choices=Caption.Kind.choices)
    file = forms.FileField(
        label=_("caption file"), required=False, help_text=_("WebVTT (.vtt) or SubRip (.srt)."),
        widget=forms.ClearableFileInput(attrs={"accept": ".vtt,.srt,text/vtt"}),
    )
    text = forms.CharField(
        label=_("or the text itself"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "true"}), max_length=timed_text.MOST_BYTES,
    )

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if not file and not text.strip():
            raise ValidationError(_("Choose a file, or write the captions."))
        data = file.read(timed_text.MOST_BYTES + 1) if file else text.encode()
        try:
            timed_text.read(timed_text.decoded(data))
        except timed_text.TimedTextError as refused:
            told = " ".join(words({"kind": refused.kind, **refused.values}, get_language()))
            self.add_error("file" if file else "text", told)
        return {**cleaned, "data": data}


class NoteForm(forms.ModelForm):
    """A note on a model. Where it is comes from a click, or is typed."""

    class Meta:
        model = Note
        fields = [
            "label_zh", "label_en", "text_zh", "text_en", "order", "x", "y", "z", "normal_x", "normal_y", "normal_z",
        ]  # fmt: skip
        widgets = {name: forms.NumberInput(attrs={"step": "any"}) for name in ("x", "y", "z", "normal_x", "normal_y", "normal_z")} | {
            "text_zh": forms.Textarea(attrs={"rows": 2}), "text_en": forms.Textarea(attrs={"rows": 2}),
        }  # fmt: skip
