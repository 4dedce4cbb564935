"""Which sessions and articles are about an exhibit. Programme and exhibition are strangers, so the links live on the top floor."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from everhall.exhibition.models import Exhibit
from everhall.pages.models.article import ArticlePage
from everhall.programme.models import Session
from everhall.realtime.models import Told


class About(Told):
    """One session, or one article, that is about an exhibit. An article that shows the exhibit as a card in its text needs no row: that
    is read from the text."""

    exhibit = models.ForeignKey(Exhibit, on_delete=models.CASCADE, related_name="about")
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.CASCADE, related_name="about")
    article = models.ForeignKey(ArticlePage, null=True, blank=True, on_delete=models.CASCADE, related_name="about")

    class Meta:
        verbose_name = _("link to an exhibit")
        verbose_name_plural = _("links to exhibits")
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=False, article__isnull=True) | Q(session__isnull=True, article__isnull=False),
                name="about_by_one_thing",
            ),
            models.UniqueConstraint(fields=["exhibit", "session"], name="about_session_once"),
            models.UniqueConstraint(fields=["exhibit", "article"], name="about_article_once"),
        ]

    def __str__(self) -> str:
        return f"{self.exhibit} – {self.session or self.article}"

    def news_tags(self) -> set[str]:
        tags = set(self.exhibit.news_tags())
        if self.session is not None:
            tags.add(f"edition-{self.session.edition.code}")
        if self.article is not None:
            tags |= set(self.article.page_tags())
        return tags
