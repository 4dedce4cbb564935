"""Run by `test_iiif` in the server's own environment: one board, the picture of coloured squares by which IIIF's validator
knows what it is served."""

import io
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from iiif_validator.validator import ValidationInfo  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402

from everhall.media import deriving, services  # noqa: E402
from everhall.media.models import Attachment  # noqa: E402


def squares() -> bytes:
    """Ten by ten, a hundred pixels each."""
    picture = Image.new("RGB", (1000, 1000))
    pen = ImageDraw.Draw(picture)
    for x, column in enumerate(ValidationInfo().colorInfo):
        for y, colour in enumerate(column):
            pen.rectangle((x * 100, y * 100, x * 100 + 99, y * 100 + 99), fill=colour)
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def main() -> None:
    board = Attachment(title="squares", kind=Attachment.Kind.BOARD)
    board.file.save("squares.png", ContentFile(squares()), save=False)
    board.save()
    services.use("test:1", attachments=[board.pk], released_at=services.ALWAYS)
    deriving.note([board.pk])
    row = deriving.next_waiting()
    assert row is not None
    assert deriving.make(row).made, row.fault


main()
