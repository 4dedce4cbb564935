"""What all our pages share: two languages in one page, and news when a page changes."""

import datetime as dt
from typing import Any

from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from everhall.engines.bilingual import pick
from everhall.realtime import news


class BilingualPage(Page):
    """A page in Chinese (`title`, as Wagtail has it) and English (`title_en`).

    One page, one address in each language: translations stay together through drafts and workflow.
    """

    title_en = models.CharField(_("title (English)"), max_length=255, blank=True)
    summary_zh = models.CharField(_("summary (Chinese)"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary (English)"), max_length=600, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)

    title_panels = [
        MultiFieldPanel([FieldPanel("title"), FieldPanel("title_en")], heading=_("Title")),
        MultiFieldPanel([FieldPanel("summary_zh"), FieldPanel("summary_en")], heading=_("Summary")),
    ]
    content_panels = title_panels

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        return pick(self.title, self.title_en, get_language())

    @property
    def summary(self) -> str:
        return pick(self.summary_zh, self.summary_en, get_language())

    def news_tags(self) -> tuple[str, ...]:
        return ("*",)

    def until(self, now: dt.datetime) -> dt.datetime | None:
        """When the page changes by the clock alone; None: never."""
        return None

    def save(self, *args: Any, **kwargs: Any) -> Any:
        with news.together():
            result = super().save(*args, **kwargs)
            news.tell_rows("pages.page", (self.pk,), self.news_tags())
        return result

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with news.together():
            pk = self.pk
            result = super().delete(*args, **kwargs)
            news.tell_rows("pages.page", (pk,), self.news_tags())
        return result

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """A page of an edition in planning is as if it did not exist; previews go another way."""
        edition = getattr(self, "edition", None)
        if edition is not None and not edition.is_public:
            raise Http404
        response = super().serve(request, *args, **kwargs)
        if not getattr(request, "is_preview", False):
            response["Everhall-Tags"] = "site " + " ".join(self.page_tags())
            until = self.until(timezone.now())
            if until:
                response["Everhall-Until"] = str(until.timestamp())
            patch_vary_headers(response, ["Cookie"])
        return response

    preview_modes = [("zh-hans", _("Chinese")), ("en", _("English"))]

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """The draft in the language of the preview mode; templates are rendered before the language is
        given back."""
        with override(mode_name or "zh-hans"):
            response = super().serve_preview(request, mode_name)
            return response.render() if hasattr(response, "render") else response

    def page_tags(self) -> list[str]:
        """Cache tags of the rendered page."""
        return []
