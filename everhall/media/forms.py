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
from everhall.media.making import boards, models3d
from everhall.media.making.node import MakingError
from everhall.media.models import Attachment, Caption

LOOKS = {Attachment.Kind.MODEL.value: models3d.look, Attachment.Kind.BOARD.value: boards.look}
#: Faults of this machine; the file is taken and made later.
LATER = frozenset(("no-node", "no-libraries"))


def judge(kind: str, file: Any) -> None:
    """`ValidationError` with what is wrong and what to do, in the language of whoever uploads."""
    look = LOOKS.get(kind)
    if look is None:
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
            look(Path(copy.name))
        except MakingError as refused:
            if refused.kind in LATER:
                return
            raise ValidationError(" ".join(words({"kind": refused.kind, **refused.values}, get_language()))) from refused


class AttachmentForm(BaseDocumentForm):
    """See the module."""

    def clean(self) -> Any:
        cleaned = super().clean()
        file, kind = cleaned.get("file"), cleaned.get("kind", "")
        if file and kind in LOOKS and {"file", "kind"} & set(self.changed_data):
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
