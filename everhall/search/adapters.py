"""From things to documents: one small class per kind. This is where it is decided what of a thing
can be found, and when it is public.

A text of the published row goes in, never that of a revision: what an editor drafts cannot be found.
"""

import functools
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import quote

from django.db.models import Model, Q
from django.urls import reverse
from django.utils import translation

from everhall.accounts.models import Organisation
from everhall.editions.models import Edition, Venue
from everhall.exhibition.models import Exhibit, Placement
from everhall.programme.models import Activity, ActivityHost
from everhall.search.documents import EVERY_EDITION, Document

_BLOCK = re.compile(r"</(?:p|li|h\d|div|tr|figcaption)>|<(?:br|hr)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
#: Stands for the last argument of an address.
_LAST: Final = "0-last-0"


class Source(Protocol):
    """Where the documents of one kind come from."""

    kind: str

    def keys(self) -> Iterable[int]:
        """Primary keys of everything of this kind, public or not."""
        ...

    def of_edition(self, edition_id: int) -> Iterable[int]:
        """Those that the state of an edition touches."""
        ...

    def documents(self, keys: Sequence[int]) -> Iterator[Document]:
        """Documents of these things; a thing without documents is taken out of the index."""
        ...

    def samples(self, keys: Sequence[str]) -> set[str]:
        """Which of these things are sample content and must be marked so."""
        ...


def marked(model: type[Model], keys: Sequence[str]) -> set[str]:
    """Keys of the rows that carry the sample flag."""
    found = model._default_manager.filter(pk__in=keys, is_sample=True)
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def plain(markup: str) -> str:
    """The text of rich text, its blocks apart."""
    return _SPACE.sub(" ", html.unescape(_TAG.sub("", _BLOCK.sub(" ", markup)))).strip()


def together(*texts: str) -> str:
    return " · ".join(text for text in texts if text)


def address(name: str, *arguments: str) -> str:
    """The Chinese address; the English one has /en before it."""
    before, after = _around(name, arguments[:-1])
    return f"{before}{quote(arguments[-1])}{after}"


@functools.lru_cache(256)
def _around(name: str, arguments: tuple[str, ...]) -> tuple[str, str]:
    """What stands before and after the last argument: thousands of addresses differ only in that."""
    with translation.override("zh-hans"):
        before, _, after = reverse(name, args=(*arguments, _LAST)).rpartition(_LAST)
    return before, after


def venue_facets(venue: Venue, codes: dict[int, str]) -> list[tuple[str, str]]:
    """The venue and all above it."""
    return [("venue", codes[int(part)]) for part in venue.path.split("/") if part]


def venue_codes() -> dict[int, str]:
    return dict(Venue.objects.values_list("pk", "code"))


class Exhibits:
    kind = "exhibit"

    def keys(self) -> Iterable[int]:
        return Placement.objects.order_by().values_list("exhibit_id", flat=True).distinct()

    def of_edition(self, edition_id: int) -> Iterable[int]:
        return Placement.objects.filter(edition_id=edition_id).values_list("exhibit_id", flat=True)

    def samples(self, keys: Sequence[str]) -> set[str]:
        return marked(Exhibit, keys)

    def documents(self, keys: Sequence[int]) -> Iterator[Document]:
        codes = venue_codes()
        placements = (
            Placement.objects.filter(exhibit_id__in=keys)
            .select_related("exhibit")
            # Fetched apart, because thousands of rows share a few of them.
            .prefetch_related(
                "edition", "venue", "zone__hall__venue", "exhibit__organisation", "exhibit__fields", "exhibit__pictures"
            )
        )
        return (self._document(placement, codes) for placement in placements)

    def _document(self, placement: Placement, codes: dict[int, str]) -> Document:
        exhibit, edition, zone = placement.exhibit, placement.edition, placement.zone
        organisation = exhibit.organisation
        fields = list(exhibit.fields.all())
        facets = venue_facets(placement.venue, codes)
        if zone:
            hall = zone.hall
            facets.append(("zone", f"{hall.venue.code}.{hall.code}.{zone.code}"))
        facets += [("field", field.code) for field in fields]
        facets += [("presentation", word) for word in exhibit.presentation or ()]
        facets += [("seeks", word) for word in exhibit.seeks or ()]
        if organisation:
            facets.append(("organisation", str(organisation.pk)))
        cover = exhibit.cover()
        return Document(
            kind=self.kind,
            key=str(exhibit.pk),
            edition=edition.code,
            title_zh=exhibit.name_zh,
            title_en=exhibit.name_en,
            path=address("exhibition:exhibit", edition.code, exhibit.code),
            public=exhibit.live and edition.is_public,
            public_from=exhibit.embargo_until,
            body_zh=together(
                exhibit.summary_zh, plain(exhibit.text_zh), *(field.name_zh for field in fields)
            ),
            body_en=together(
                exhibit.summary_en, plain(exhibit.text_en), *(field.name_en for field in fields)
            ),
            names=(
                *((organisation.name_zh, organisation.name_en) if organisation else ()),
                exhibit.code,
            ),
            facets=tuple(facets),
            picture=cover.picture_id if cover else None,
        )


class Activities:
    kind = "activity"

    def keys(self) -> Iterable[int]:
        return Activity.objects.order_by().values_list("pk", flat=True)

    def of_edition(self, edition_id: int) -> Iterable[int]:
        return Activity.objects.filter(edition_id=edition_id).values_list("pk", flat=True)

    def samples(self, keys: Sequence[str]) -> set[str]:
        return marked(Activity, keys)

    def documents(self, keys: Sequence[int]) -> Iterator[Document]:
        codes = venue_codes()
        activities = (
            Activity.objects.filter(pk__in=keys)
            .select_related("edition", "venue")
            .prefetch_related("hosts__organisation", "sessions__speakers__person")
        )
        return (self._document(activity, codes) for activity in activities)

    def _document(self, activity: Activity, codes: dict[int, str]) -> Document:
        hosts = [host.organisation for host in activity.hosts.all()]
        sessions = list(activity.sessions.all())
        people = {s.person_id: s.person for session in sessions for s in session.speakers.all()}
        facets = venue_facets(activity.venue, codes)
        facets += [("organisation", str(host.pk)) for host in hosts]
        names = [
            name
            for thing in (*hosts, *people.values())
            for name in (thing.name_zh, thing.name_en)
            if name
        ]
        return Document(
            kind=self.kind,
            key=str(activity.pk),
            edition=activity.edition.code,
            title_zh=activity.name_zh,
            title_en=activity.name_en,
            path=address("programme:activity", activity.edition.code, activity.code),
            public=activity.live and activity.edition.is_public,
            public_from=activity.embargo_until,
            body_zh=together(
                activity.summary_zh,
                plain(activity.text_zh),
                *_own(activity.name_zh, sessions, "zh"),
            ),
            body_en=together(
                activity.summary_en,
                plain(activity.text_en),
                *_own(activity.name_en, sessions, "en"),
            ),
            names=tuple(dict.fromkeys(names)),
            facets=tuple(facets),
            picture=activity.picture_id,
        )


def _own(name: str, sessions: Iterable[Any], language: str) -> list[str]:
    """Names of sessions, where they have one of their own."""
    found = dict.fromkeys(getattr(session, f"name_{language}") for session in sessions)
    return [one for one in found if one and one != name]


class Venues:
    kind = "venue"

    def keys(self) -> Iterable[int]:
        return Venue.objects.order_by().values_list("pk", flat=True)

    def of_edition(self, edition_id: int) -> Iterable[int]:
        return Venue.objects.filter(edition_id=edition_id).values_list("pk", flat=True)

    def samples(self, keys: Sequence[str]) -> set[str]:
        return marked(Venue, keys)

    def documents(self, keys: Sequence[int]) -> Iterator[Document]:
        codes = venue_codes()
        for venue in Venue.objects.filter(pk__in=keys).select_related("edition"):
            yield Document(
                kind=self.kind,
                key=str(venue.pk),
                edition=venue.edition.code,
                title_zh=venue.name_zh,
                title_en=venue.name_en,
                path=address("pages:venue", venue.edition.code, venue.code),
                public=venue.edition.is_public,
                body_zh=together(venue.city_zh, venue.address_zh, venue.summary_zh),
                body_en=together(venue.city_en, venue.address_en, venue.summary_en),
                facets=tuple(venue_facets(venue, codes)),
                picture=venue.hero_id,
            )


class Editions:
    kind = "edition"

    def keys(self) -> Iterable[int]:
        return Edition.objects.order_by().values_list("pk", flat=True)

    def of_edition(self, edition_id: int) -> Iterable[int]:
        return (edition_id,)

    def samples(self, keys: Sequence[str]) -> set[str]:
        """None: what is told of an edition has its sources."""
        return set()

    def documents(self, keys: Sequence[int]) -> Iterator[Document]:
        for edition in Edition.objects.filter(pk__in=keys):
            yield Document(
                kind=self.kind,
                key=str(edition.pk),
                edition=EVERY_EDITION,
                title_zh=edition.name_zh,
                title_en=edition.name_en,
                path=(
                    f"/{edition.code}/"
                    if edition.is_current
                    else address("archive:record", edition.code)
                ),
                public=edition.is_public,
                body_zh=together(edition.theme_zh, edition.main_venue_zh),
                body_en=together(edition.theme_en, edition.main_venue_en),
                names=(str(edition.year),),
                picture=edition.hero_id,
            )


class Organisations:
    """One document per edition in which the organisation shows or hosts something. It is public
    from the moment on when the first of these things is, for its name alone may tell a secret."""

    kind = "organisation"

    def keys(self) -> Iterable[int]:
        return Organisation.objects.order_by().values_list("pk", flat=True)

    def of_edition(self, edition_id: int) -> Iterable[int]:
        return Organisation.objects.filter(
            Q(exhibits__placements__edition_id=edition_id)
            | Q(hosted_activities__activity__edition_id=edition_id)
            | Q(hosted_venues__edition_id=edition_id)
        ).values_list("pk", flat=True)

    def samples(self, keys: Sequence[str]) -> set[str]:
        return marked(Organisation, keys)

    def documents(self, keys: Sequence[int]) -> Iterator[Document]:
        openings = _openings(keys)
        editions = {edition.pk: edition for edition in Edition.objects.all()}
        for organisation in Organisation.objects.filter(pk__in=keys):
            for edition_id, moments in openings.get(organisation.pk, {}).items():
                edition = editions[edition_id]
                yield Document(
                    kind=self.kind,
                    key=str(organisation.pk),
                    edition=edition.code,
                    title_zh=organisation.name_zh,
                    title_en=organisation.name_en,
                    path=address("pages:organisation", edition.code, organisation.code),
                    public=bool(moments) and edition.is_public,
                    public_from=None
                    if None in moments
                    else min(filter(None, moments), default=None),
                    body_zh=organisation.summary_zh,
                    body_en=organisation.summary_en,
                )


def _openings(keys: Sequence[int]) -> dict[int, dict[int, set[datetime | None]]]:
    """organisation → edition → the moments at which something live of it became or becomes public;
    None is always. An empty set: something is there, but only as a draft."""
    found: dict[int, dict[int, set[datetime | None]]] = {}
    rows = [
        *Placement.objects.filter(exhibit__organisation_id__in=keys).values_list(
            "exhibit__organisation_id", "edition_id", "exhibit__live", "exhibit__embargo_until"
        ),
        *ActivityHost.objects.filter(organisation_id__in=keys).values_list(
            "organisation_id", "activity__edition_id", "activity__live", "activity__embargo_until"
        ),
    ]
    for organisation, edition, live, moment in rows:
        moments = found.setdefault(organisation, {}).setdefault(edition, set())
        if live:
            moments.add(moment)
    hosted = Venue.hosts.through.objects.filter(organisation_id__in=keys)
    for organisation, edition in hosted.values_list("organisation_id", "venue__edition_id"):
        found.setdefault(organisation, {}).setdefault(edition, set()).add(None)
    return found
