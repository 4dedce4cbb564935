"""The public page "what we keep of you". Who may: everyone; it is the same for everybody and kept at the door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from everhall.config.personal.page import told
from everhall.editions.public import mark


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """`/kept-of-you/`"""
    return mark(render(request, "personal/kept.html", {"parts": told()}))
