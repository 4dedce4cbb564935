"""The QR code for the last slide, as SVG and as PNG that stays sharp on a wall."""

import io
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from PIL import Image

from everhall.engines.qr import code_of, rows_of
from everhall.programme.models import Session

#: Pixels of the PNG, at least: a slide is 1,080 high.
SIDE: Final = 1000


def address_of(session: Session) -> str:
    """Whole, in the first language: the page leads on to others."""
    return f"{settings.BASE_URL}{reverse('feedback:form', args=[session.edition.code, session.code])}"


def svg_of(text: str) -> str:
    code = code_of(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.size} {code.size}" width="{code.size * 8}" height="{code.size * 8}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{code.size}v{code.size}H0z"/><path d="{code.path}"/></svg>'
    )


def png_of(text: str) -> bytes:
    rows = rows_of(text)
    image = Image.new("1", (len(rows), len(rows)), 1)
    image.putdata([0 if black else 1 for row in rows for black in row])
    times = -(-SIDE // len(rows))
    data = io.BytesIO()
    image.resize((len(rows) * times, len(rows) * times), Image.Resampling.NEAREST).save(data, "PNG", optimize=True)
    return data.getvalue()


def file_of(session: Session, ending: str) -> HttpResponse:
    """As a file to be put on a slide."""
    text = address_of(session)
    if ending == "svg":
        response = HttpResponse(svg_of(text), content_type="image/svg+xml")
    elif ending == "png":
        response = HttpResponse(png_of(text), content_type="image/png")
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="feedback-{session.code}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response
