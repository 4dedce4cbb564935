"""The home of an edition: what is on now, three doors, columns."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageViewRestriction

from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.editions.prepared import Prepared
from everhall.editions.public import earliest, real_time, week_time
from everhall.exhibition import queries as exhibition
from everhall.live import rules as live
from everhall.live.queries.ceremonies import launch_of
from everhall.pages.models.base import BilingualPage
from everhall.programme import queries as programme

LATEST = 4


def newest(path: Any) -> Any:
    """Live articles below a page, newest first, without their texts."""
    # ArticlePage refers back to the page below as its home; asked by relation to keep one direction.
    return (
        Page.objects.filter(path__startswith=path, live=True, articlepage__isnull=False)
        .select_related("articlepage__cover").defer("articlepage__body_zh", "articlepage__body_en")
        .order_by("-articlepage__date", "-pk")
    )


_latest = Prepared(lambda path: newest(path)[:LATEST])
_restriction = Prepared(lambda: PageViewRestriction.objects.order_by("pk").values_list("pk")[:1])


def asks_for_passwords() -> bool:
    """Whether any page of the site is not for everybody."""
    return _restriction.first() is not None


class EditionPage(BilingualPage):
    """Slug = code of the edition."""

    edition = models.OneToOneField(
        Edition, on_delete=models.PROTECT, related_name="home", verbose_name=_("edition")
    )

    #: When what the page shows changes by the clock alone; set while it is put together.
    changes_at: dt.datetime | None = None
    #: Whether whoever fetched the page has just seen that no page of the site asks for a password.
    open_to_all = False

    content_panels = [FieldPanel("edition"), *BilingualPage.title_panels]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["pages.ColumnPage"]
    template = "pages/home.html"

    class Meta:
        verbose_name = _("home of an edition")

    def page_tags(self) -> list[str]:
        return [f"edition-{self.edition.code}", live.launch_tag(self.edition.code)]

    def until(self, now: dt.datetime) -> dt.datetime | None:
        """Known once the page has been put together (`get_context`)."""
        return self.changes_at

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        context = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        week = week_time(now)
        edition = self.edition
        moment = programme.on_now_and_next(edition, now, week, 6)
        venues = editions.venues_by_path(edition)
        featured, exhibits, exhibit_release = exhibition.featured(edition, now, 8, venues)
        activities, relayed, activity_release = programme.counts(edition, now)
        launch = launch_of(edition, now)
        self.changes_at = earliest(
            real_time(moment.until), exhibit_release, activity_release, launch.until if launch else None
        )
        context.update(
            edition=edition,
            now=week,
            launch=launch,
            on_now=moment.on,
            coming=moment.coming,
            featured=featured,
            counts={"exhibits": exhibits, "activities": activities, "relayed": relayed},
            venue_tree=editions.tree_of(venues),
            latest=self.latest_articles(),
        )
        return context

    def latest_articles(self) -> list[Any]:
        """The newest live articles of the edition that everybody may read, covers fetched."""
        everybody = self.open_to_all or not asks_for_passwords()
        found = _latest(self.path) if everybody else newest(self.path).public()[:LATEST]
        return [page.articlepage for page in found]
