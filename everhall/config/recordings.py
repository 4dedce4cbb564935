"""What search is told of recordings. It stands here because search does not know cloud video."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils import translation

from everhall.live import linked, queries
from everhall.live.models import Recording
from everhall.search.adapters import marked, together, venue_codes, venue_facets
from everhall.search.documents import Document


class Recordings:
    """`everhall.search.adapters.Source` of recordings: those that may be watched, from when they may."""

    kind = "recording"

    def keys(self) -> Iterable[int]:
        return Recording.objects.order_by().values_list("pk", flat=True)

    def of_edition(self, edition_id: int) -> Iterable[int]:
        return Recording.objects.filter(edition_id=edition_id).values_list("pk", flat=True)

    def samples(self, keys: Sequence[str]) -> set[str]:
        return marked(Recording, keys)

    def documents(self, keys: Sequence[int]) -> Iterator[Document]:
        codes = venue_codes()
        access = queries.access_of_recordings(keys)
        rows = Recording.objects.filter(pk__in=keys).select_related(
            "edition", "venue", "session__activity", "session__edition"
        )
        for row in rows.prefetch_related("fields"):
            fields = list(row.fields.all())
            with translation.override("zh-hans"):
                path = linked.page_of(row)
            yield Document(
                kind=self.kind,
                key=str(row.pk),
                edition=row.edition.code,
                title_zh=row.title_zh,
                title_en=row.title_en,
                path=path,
                public=bool(access[row.pk]["public"]),
                public_from=queries.opens_at(row),
                body_zh=together(
                    row.summary_zh, *(c.get("title_zh", "") for c in row.shown_chapters), *(f.name_zh for f in fields)
                ),
                body_en=together(
                    row.summary_en, *(c.get("title_en", "") for c in row.shown_chapters), *(f.name_en for f in fields)
                ),
                facets=(*venue_facets(row.venue, codes), *(("field", f.code) for f in fields)),
                picture=row.poster_id,
            )
