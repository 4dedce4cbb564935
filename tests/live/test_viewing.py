"""How long sessions are watched: sums of seconds by day, of nobody in particular."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.utils import timezone

from everhall.live import viewing
from everhall.live.models import RunningOrderItem, ViewingCount
from everhall.live.services import count_watching, write_watching
from everhall.live.services import viewing as counts
from tests.audience.rooms import let_the_week_run
from tests.twins import passes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_waits():
    counts._waiting.clear()
    yield
    counts._waiting.clear()


def rows():
    return {(row.session.code, row.way): (row.starts, row.seconds) for row in ViewingCount.objects.select_related("session")}


def test_a_player_counts_what_is_seen():
    assert "# pass 6\n" in passes(Path(__file__).with_name("watched.test.mjs"))


def test_a_recording_counts_for_its_session_as_watched_later(world):
    pk = world.recordings["open"].pk
    count_watching("2021", "recording", str(pk), begins=True, seconds=2)
    count_watching("2021", "recording", str(pk), begins=False, seconds=58)
    assert write_watching(timezone.now()) == 1
    count_watching("2021", "recording", str(pk), begins=True, seconds=40)
    write_watching(timezone.now())
    assert rows() == {("open-forum-1", "later"): (2, 100)}


def test_a_channel_counts_for_what_it_shows_now(world, settings):
    let_the_week_run(settings)
    RunningOrderItem.objects.create(
        channel=world.channels["bj-main"], kind="live", feed=world.feeds["bj-cam"], session=world.sessions["open-forum"],
        starts_at=timezone.now() - dt.timedelta(minutes=5), duration=3600, sort_order=0,
    )
    count_watching("2021", "channel", "bj-main", begins=True, seconds=30)
    write_watching(timezone.now())
    assert rows() == {("open-forum-1", "live"): (1, 30)}
    assert ViewingCount.objects.get().day == timezone.localdate(timezone.now() + settings.WEEK_CLOCK_OFFSET)


def test_what_visitors_may_not_see_counts_nothing(world):
    for edition, kind, code in (
        ("2021", "recording", world.recordings["of-embargoed"].pk), ("2021", "recording", world.recordings["withheld"].pk),
        ("2030", "recording", world.recordings["planned"].pk), ("2021", "channel", "private"), ("2021", "recording", 10**9),
        ("nowhere", "channel", "main"),
    ):
        count_watching(edition, kind, str(code), begins=True, seconds=30)
    assert write_watching(timezone.now()) == 0
    assert not ViewingCount.objects.exists()


def test_what_cannot_be_written_waits(world, monkeypatch):
    count_watching("2021", "recording", str(world.recordings["open"].pk), begins=True, seconds=30)

    def away(*_args):
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(counts, "_write", away)
        with pytest.raises(DatabaseError):
            write_watching(timezone.now())
    write_watching(timezone.now())
    assert rows() == {("open-forum-1", "later"): (1, 30)}


@pytest.mark.parametrize("said", ["", "2021/channel/main/1", "2021/channel/main/2/3", "2021/exhibit/main/1/3", "2021/channel/main/1/9999", "2021/channel/main/1/91"])
def test_what_has_not_the_shape_of_a_word_counts_nothing(said):
    assert not viewing.counted(said, "192.0.2.7", 1000.0)


def test_one_address_does_not_count_without_end():
    taken = [viewing.counted("2021/channel/main/0/60", "192.0.2.7", 1000.0) for _n in range(700)]
    assert taken.count(True) == 600
    assert viewing.counted("2021/channel/main/0/60", "192.0.2.8", 1000.0)


def test_another_site_counts_nothing(world, client):
    said = f"2021/recording/{world.recordings['open'].pk}/1/30"
    client.post("/live/watched", said, content_type="text/plain", headers={"sec-fetch-site": "cross-site"})
    write_watching(timezone.now())
    assert not rows()
    answer = client.post("/live/watched", said, content_type="text/plain", headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 204
    assert answer["Cache-Control"] == "private, no-store"
    write_watching(timezone.now())
    assert rows() == {("open-forum-1", "later"): (1, 30)}


def test_pages_say_what_their_player_counts_for(world, client):
    page = client.get("/en/2021/sessions/open-forum-1/").content.decode()
    assert f'counted="2021/recording/{world.recordings["open"].pk}"' in page
