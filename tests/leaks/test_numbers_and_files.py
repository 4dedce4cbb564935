"""Not even a number of what is hidden is told, and no file of a page that nobody may open is served."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.archive import queries as archive
from everhall.exhibition.models import Exhibit
from everhall.media.models import Attachment
from everhall.pages import services as pages
from tests.world import picture

pytestmark = pytest.mark.django_db


def test_the_archive_counts_what_may_be_seen_and_follows_the_news(client, world) -> None:
    def count(now: dt.datetime) -> int:
        return next(s.exhibits for s in archive.timeline(now) if s.edition.code == "2021")

    now = timezone.now()
    before = count(now)
    lifts = now + dt.timedelta(hours=1)
    Exhibit.objects.filter(code="open-drone").update(embargo_until=lifts)
    assert (count(now), count(lifts)) == (before - 1, before)
    answer = client.get("/archive/")
    assert "edition-2021" in answer["Everhall-Tags"].split()
    assert float(answer["Everhall-Until"]) <= lifts.timestamp()


def test_files_of_pages_follow_the_state_of_their_edition(world) -> None:
    edition = world.editions["2021"]
    home = edition.home
    article = next(p.specific for p in home.get_descendants().live() if hasattr(p.specific, "cover"))
    article.cover = picture("cover-of-article")
    article.save()
    for state, seen in (("open", True), ("planning", False), ("announced", True)):
        edition.state = state
        edition.save()
        pages.settle_edition(edition.pk)
        article.cover.refresh_from_db()
        assert (article.cover.released_at is not None) == seen


def test_a_part_of_a_film_is_sent_in_pieces(client, db) -> None:
    from django.core.files.base import ContentFile

    body = bytes(range(256)) * 3000
    film = Attachment.objects.create(
        title="film", file=ContentFile(body, name="film.mp4"), released_at=timezone.now()
    )
    answer = client.get(film.url, headers={"Range": "bytes=100-"})
    assert (answer.status_code, answer["Content-Length"]) == (206, str(len(body) - 100))
    assert answer["Content-Range"] == f"bytes 100-{len(body) - 1}/{len(body)}"
    assert b"".join(answer) == body[100:]
    assert b"".join(client.get(film.url, headers={"Range": "bytes=-5"})) == body[-5:]
