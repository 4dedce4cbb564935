"""The home of an edition: what is on now, three doors, columns."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.editions.public import earliest, real_time, week_time
from everhall.exhibition import queries as exhibition
from everhall.pages.models.base import BilingualPage
from everhall.programme import queries as programme


class EditionPage(BilingualPage):
    """Slug = code of the edition."""

    edition = models.OneToOneField(
        Edition, on_delete=models.PROTECT, related_name="home", verbose_name=_("edition")
    )

    #: When what the page shows changes by the clock alone; set while it is put together.
    changes_at: dt.datetime | None = None

    content_panels = [FieldPanel("edition"), *BilingualPage.title_panels]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["pages.ColumnPage"]
    template = "pages/home.html"

    class Meta:
        verbose_name = _("home of an edition")

    def page_tags(self) -> list[str]:
        return [f"edition-{self.edition.code}"]

    def until(self, now: dt.datetime) -> dt.datetime | None:
        """Known once the page has been put together (`get_context`)."""
        return self.changes_at

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        context = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        week = week_time(now)
        edition = self.edition
        moment = programme.on_now_and_next(edition, now, week, 6)
        featured, exhibits, exhibit_release = exhibition.featured(edition, now, 8)
        activities, relayed, activity_release = programme.counts(edition, now)
        self.changes_at = earliest(real_time(moment.until), exhibit_release, activity_release)
        context.update(
            edition=edition,
            now=week,
            on_now=moment.on,
            coming=moment.coming,
            featured=featured,
            counts={"exhibits": exhibits, "activities": activities, "relayed": relayed},
            venue_tree=editions.venue_tree(edition),
            latest=self.latest_articles(8),
        )
        return context

    def latest_articles(self, count: int) -> list[Any]:
        """Newest live articles of the edition with their column, covers fetched."""
        # ArticlePage refers back to this page as its home; asked by relation to keep one direction.
        articles = (
            self.get_descendants().live().public().filter(articlepage__isnull=False)
            .select_related("articlepage__cover")
            .order_by("-articlepage__date", "-pk")[:count]
        )
        return [page.articlepage for page in articles]
