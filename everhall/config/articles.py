"""What search is told of articles. It stands here because pages and search are neighbours."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils import translation

from everhall.pages.models import ArticlePage, EditionPage
from everhall.search.adapters import marked, together
from everhall.search.documents import Document


class Articles:
    """`everhall.search.adapters.Source` of articles. Keys of other pages give no documents."""

    kind = "article"

    def keys(self) -> Iterable[int]:
        return list(ArticlePage.objects.values_list("pk", flat=True))

    def of_edition(self, edition_id: int) -> Iterable[int]:
        return [
            pk
            for home in EditionPage.objects.filter(edition_id=edition_id)
            for pk in ArticlePage.objects.descendant_of(home).values_list("pk", flat=True)
        ]

    def samples(self, keys: Sequence[str]) -> set[str]:
        return marked(ArticlePage, keys)

    def documents(self, keys: Sequence[int]) -> Iterator[Document]:
        found = ArticlePage.objects.filter(pk__in=keys)
        open_to_all = set(found.live().public().values_list("pk", flat=True))
        for page in found:
            if page.edition is None:
                continue
            with translation.override("zh-hans"):
                parts = page.get_url_parts()
            if parts is None or not parts[2]:
                continue
            yield Document(
                kind=self.kind,
                key=str(page.pk),
                edition=page.edition.code,
                title_zh=page.title,
                title_en=page.title_en,
                path=parts[2],
                public=page.pk in open_to_all and page.edition.is_public,
                body_zh=together(page.summary_zh, _text(page, "body_zh")),
                body_en=together(page.summary_en, _text(page, "body_en")),
                names=tuple(name for name in (page.author_zh, page.author_en) if name),
                picture=page.cover_id,
            )


def _text(page: ArticlePage, column: str) -> str:
    field = ArticlePage._meta.get_field(column)
    return " ".join(map(str, field.get_searchable_content(getattr(page, column))))
