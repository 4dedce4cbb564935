"""Pages that stand outside any edition: about, accessibility statement, imprint."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from everhall.editions import queries as editions
from everhall.engines.bilingual import pick
from everhall.pages.blocks import ArticleBlocks
from everhall.pages.models.base import BilingualPage


class StandardPage(BilingualPage):
    """Text in two languages."""

    body_zh = StreamField(ArticleBlocks(), verbose_name=_("text (Chinese)"), blank=True)
    body_en = StreamField(ArticleBlocks(), verbose_name=_("text (English)"), blank=True)

    content_panels = [*BilingualPage.title_panels, FieldPanel("body_zh"), FieldPanel("body_en")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types: list[str] = []
    template = "pages/standing.html"

    class Meta:
        verbose_name = _("standing page")

    @property
    def body(self) -> Any:
        chinese = pick("zh", "en", get_language()) == "zh"
        first, second = (self.body_zh, self.body_en) if chinese else (self.body_en, self.body_zh)
        return first or second

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        context = super().get_context(request, *args, **kwargs)
        context.update(edition=editions.current_edition(), cards={})
        return context
