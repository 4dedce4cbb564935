"""Columns (栏目) and their articles (文章)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.fields import StreamField
from wagtail.search import index

from everhall.editions.public import earliest, real_time, week_time
from everhall.engines.bilingual import Bilingual, pick
from everhall.exhibition import queries as exhibition
from everhall.pages.blocks import ArticleBlocks
from everhall.pages.models.base import BilingualPage
from everhall.pages.models.home import EditionPage
from everhall.programme import queries as programme

ARTICLES_PER_PAGE = 24


class PageOfEdition(BilingualPage):
    """A page somewhere below the home of an edition."""

    class Meta:
        abstract = True

    @property
    def home(self) -> Any:
        """The edition's home page above this one; None for a page that stands outside."""
        kept = getattr(self, "_home", None)
        if kept is None:
            kept = (
                EditionPage.objects.ancestor_of(self).select_related("edition").first()
            )
            self._home = kept
        return kept

    @property
    def edition(self) -> Any:
        return self.home.edition if self.home else None

    def page_tags(self) -> list[str]:
        return [f"edition-{self.edition.code}"] if self.edition else []


class ColumnPage(PageOfEdition):
    """One column: 宣传推介, 政策解读, 科普知识, 经验分享."""

    class Kind(models.TextChoices):
        PROMOTION = "promotion", pgettext_lazy("column", "promotion")
        POLICY = "policy", pgettext_lazy("column", "policy interpretation")
        SCIENCE = "science", pgettext_lazy("column", "science")
        EXPERIENCE = "experience", pgettext_lazy("column", "experience")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)

    content_panels = [*BilingualPage.title_panels, FieldPanel("kind")]
    parent_page_types = ["pages.EditionPage"]
    subpage_types = ["pages.ArticlePage"]
    template = "pages/column.html"

    class Meta:
        verbose_name = _("column")

    def articles(self) -> Any:
        """Live articles, newest first."""
        return (
            ArticlePage.objects.child_of(self).live().public().select_related("cover")
            .order_by("-date", "-pk")
        )

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        context = super().get_context(request, *args, **kwargs)
        page = Paginator(self.articles(), ARTICLES_PER_PAGE).get_page(request.GET.get("page"))
        context.update(edition=self.edition, column=self, articles=page)
        return context


class ArticlePage(PageOfEdition):
    """An article: blocks in Chinese and, where there is a translation, in English."""

    date = models.DateField(_("date"), default=dt.date.today)
    author_zh = models.CharField(_("author (Chinese)"), max_length=120, blank=True)
    author_en = models.CharField(_("author (English)"), max_length=120, blank=True)
    cover = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("cover"),
    )
    body_zh = StreamField(ArticleBlocks(), verbose_name=_("text (Chinese)"), blank=True)
    body_en = StreamField(ArticleBlocks(), verbose_name=_("text (English)"), blank=True)

    author = Bilingual("author", get_language)

    chinese = [
        MultiFieldPanel(
            [FieldPanel("title"), FieldPanel("summary_zh"), FieldPanel("author_zh")],
            heading=_("Chinese"),
        ),
        FieldPanel("body_zh"),
        FieldPanel("date"),
        FieldPanel("cover"),
    ]
    english = [
        MultiFieldPanel(
            [FieldPanel("title_en"), FieldPanel("summary_en"), FieldPanel("author_en")],
            heading=_("English"),
        ),
        FieldPanel("body_en"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(chinese, heading=_("Chinese")),
            ObjectList(english, heading=_("English")),
            ObjectList(BilingualPage.promote_panels, heading=_("Promote")),
            ObjectList(BilingualPage.settings_panels, heading=_("Settings")),
        ]
    )
    search_fields = [
        *BilingualPage.search_fields,
        index.SearchField("title_en"),
        index.SearchField("body_zh"),
        index.SearchField("body_en"),
    ]
    parent_page_types = ["pages.ColumnPage"]
    subpage_types: list[str] = []
    template = "pages/article.html"

    class Meta:
        verbose_name = _("article")

    @property
    def body(self) -> Any:
        """The text in the active language, or the other where it is missing."""
        chinese = pick("zh", "en", get_language()) == "zh"
        first, second = (self.body_zh, self.body_en) if chinese else (self.body_en, self.body_zh)
        return first or second

    def meant(self, kind: str) -> list[int]:
        """Ids of the things of one kind that the text shows as cards."""
        return [block.value.pk for block in self.body if block.block_type == kind and block.value]

    def until(self, now: dt.datetime) -> dt.datetime | None:
        """When a card appears by the clock, or a session on a card begins or ends."""
        edition, moments = self.edition, []
        if edition and (self.meant("exhibit") or self.about.exists()):
            moments.append(exhibition.next_release(edition, now))
        if edition and self.meant("session"):
            moments.append(programme.next_release(edition, now))
            moments.append(real_time(programme.next_boundary(edition, week_time(now))))
        return earliest(*moments)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        context = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        edition = self.edition
        column = self.get_parent().specific
        shown = set(self.meant("exhibit"))
        linked = [pk for pk in self.about.order_by("pk").values_list("exhibit_id", flat=True) if pk not in shown]
        context.update(
            edition=edition,
            column=column,
            now=week_time(now),
            cards={
                "exhibit": by_id(exhibition.cards(edition, self.meant("exhibit"), now), "exhibit_id"),
                "session": by_id(programme.cards(edition, self.meant("session"), now), "pk"),
            },
            about_exhibits=exhibition.cards(edition, linked, now),
            others=column.articles().exclude(pk=self.pk)[:3],
        )
        return context


def by_id(rows: Iterable[Any], attribute: str) -> dict[int, Any]:
    return {getattr(row, attribute): row for row in rows}
