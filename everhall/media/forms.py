"""The desk's form of an attachment: a 3D model or a board is looked at before it is taken, so that one that cannot be shown
never takes the place of one that can."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from wagtail.documents.forms import BaseDocumentForm

from everhall.engines.master_words import words
from everhall.media.making import boards, models3d
from everhall.media.making.node import MakingError
from everhall.media.models import Attachment

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
