"""Where tours meet their neighbours: what search is told of them, and which words of visitors are not shown. It stands here because
tours know neither search nor taking part."""

from collections.abc import Iterable, Iterator, Sequence

from everhall.audience.models import Room
from everhall.audience.services.words import words_of
from everhall.search.adapters import address, marked, together, venue_codes, venue_facets
from everhall.search.documents import Document
from everhall.tours.models import Tour
from everhall.tours.services.releasing import later, moment_of_stop


class Tours:
    """`everhall.search.adapters.Source` of tours. Texts of stops are left out: a stop may be hidden while its tour is
    not. A tour is found from when on there is something to see on it."""

    kind = "tour"

    def keys(self) -> Iterable[int]:
        return Tour.objects.order_by().values_list("pk", flat=True)

    def of_edition(self, edition_id: int) -> Iterable[int]:
        return Tour.objects.filter(edition_id=edition_id).values_list("pk", flat=True)

    def samples(self, keys: Sequence[str]) -> set[str]:
        return marked(Tour, keys)

    def documents(self, keys: Sequence[int]) -> Iterator[Document]:
        codes = venue_codes()
        for row in Tour.objects.filter(pk__in=keys).select_related("edition", "venue"):
            stops = row.stops.select_related("exhibit", "session__activity")
            opens = min((moment for stop in stops if (moment := moment_of_stop(stop, row)) is not None), default=None)
            yield Document(
                kind=self.kind,
                key=str(row.pk),
                edition=row.edition.code,
                title_zh=row.name_zh,
                title_en=row.name_en,
                path=address("tours:tour", row.edition.code, row.code),
                public=row.live and row.edition.is_public and opens is not None,
                public_from=later(row.embargo_until, opens) or opens,
                body_zh=together(row.summary_zh),
                body_en=together(row.summary_en),
                facets=tuple(venue_facets(row.venue, codes)),
                picture=row.cover_id,
            )


def holds_back(edition_id: int, text: str) -> bool:
    """For `tours.services.judged_by`: whether a text contains a word that some room of the edition holds back. The moderators'
    lists are the words that this house does not show."""
    rooms = Room.objects.filter(edition_id=edition_id).exclude(words="")
    return any(words_of(room).found(text) for room in rooms)
