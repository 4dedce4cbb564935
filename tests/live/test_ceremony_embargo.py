"""What opens with the launch: hidden at every address before T0, there after it, by time alone; never by a rehearsal."""

import datetime as dt
import time

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from everhall.editions.rules import NOT_YET
from everhall.engines import ceremony_commands as commands
from everhall.exhibition import services as exhibition
from everhall.exhibition.models import Exhibit
from everhall.live.models import Ceremony
from everhall.live.services import ceremonies, launching
from everhall.media.templatetags.pictures import rendition_url
from everhall.programme.models import Activity
from tests.live.ceremonies import order
from tests.world import World

pytestmark = pytest.mark.django_db
PARTIES = ("beijing", "zhengzhou")


def ceremony_of(world: World) -> Ceremony:
    row = ceremonies.set_up(Ceremony(edition=world.editions["2021"], code="opening", name_zh="启动"), by=None)
    for party in PARTIES:
        order(row, commands.AddParty("t", party, True))
    return row


def begin(row: Ceremony, now: dt.datetime, *, rehearsal: bool = False, ahead: float = 10) -> float:
    from tests.live.ceremonies import ready

    if rehearsal:
        order(row, commands.Rehearse("t"), now)
    order(row, commands.Arm("t"), now)
    for party in PARTIES:
        ready(row, party, now)
    order(row, commands.ConfirmArmed("t"), now)
    t0 = order(row, commands.Count("t", ahead=ahead), now).t0
    assert t0 is not None
    return t0


@pytest.fixture
def marked(world: World, django_capture_on_commit_callbacks) -> World:
    """One exhibit and one activity that open with the launch."""
    with django_capture_on_commit_callbacks(execute=True):
        for thing in (world.exhibits["open-drone"], world.activities["open-forum"]):
            thing.opens_with_launch = True
            thing.save()
    return world


def moments(world: World) -> set[dt.datetime | None]:
    return {
        Exhibit.objects.get(code="open-drone").embargo_until,
        Activity.objects.get(edition=world.editions["2021"], code="open-forum").embargo_until,
    }


def seen(world: World) -> dict[str, bool]:
    """By way: whether a visitor reaches any of it."""
    client, picture = Client(), world.exhibits["open-drone"].pictures.get().picture
    cache.clear()
    pages = ("/2021/exhibits/open-drone/", "/2021/activities/open-forum/", "/2021/sessions/open-forum-1/")
    lists = {
        "/2021/": "巡检无人机", "/2021/exhibition/": "巡检无人机", "/2021/programme/list/": "低空经济论坛",
        "/2021/search/?q=巡检无人机": "open-drone", "/2021/search/?q=低空经济论坛": "open-forum",
        "/2021/search/suggest?q=六旋翼": "巡检无人机", "/sitemap.xml": "open-drone", "/2021/exhibition/feed.atom": "open-drone",
        "/api/v1/editions/2021/exhibits": "open-drone", "/api/v1/editions/2021/sessions": "open-forum",
        "/2021/programme.ics": "open-forum",
    }
    found = {address: client.get(address).status_code == 200 for address in pages}
    for address, word in lists.items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        body = b"".join(answer) if answer.streaming else answer.content
        text = body.decode().replace('value="巡检无人机"', "").replace('value="低空经济论坛"', "")
        found[address] = word in text
    found["picture"] = client.get(rendition_url(picture, "width-640|format-webp")).status_code == 200
    return found


def test_what_is_marked_is_hidden_until_there_is_a_t0(marked: World) -> None:
    assert moments(marked) == {NOT_YET}
    assert not any(seen(marked).values())


@pytest.mark.slow
def test_at_t0_by_time_alone_everything_opens_everywhere(marked: World, django_capture_on_commit_callbacks) -> None:
    row, begun = ceremony_of(marked), time.monotonic()
    assert not any(seen(marked).values())
    # Near enough to wait for, far enough to have asked everything before it on this machine.
    lead = 3 + 2 * (time.monotonic() - begun)
    with django_capture_on_commit_callbacks(execute=True):
        t0 = begin(row, timezone.now() - dt.timedelta(seconds=10), ahead=10 + lead)
    assert {m.timestamp() for m in moments(marked) if m} == {t0}
    before = seen(marked)
    assert timezone.now().timestamp() < t0
    assert not any(before.values()), before
    time.sleep(max(0.0, t0 + 0.3 - timezone.now().timestamp()))
    # Nobody has written the launch down, no news has been told since.
    after = seen(marked)
    assert all(after.values()), after


def test_a_rehearsal_touches_nothing(marked: World) -> None:
    row = ceremony_of(marked)
    begin(row, timezone.now(), rehearsal=True)
    assert moments(marked) == {NOT_YET}


def test_hold_and_abort_take_the_moment_back_without_waiting_for_news(marked: World) -> None:
    row = ceremony_of(marked)
    picture = marked.exhibits["open-drone"].pictures.get().picture
    for stop in (commands.Hold("t"), commands.Abort("t")):
        if row.known.state == "drafted":
            t0 = begin(row, timezone.now(), ahead=60)
        else:
            t0 = order(row, commands.Resume("t", ahead=60)).t0
        picture.refresh_from_db()
        assert picture.released_at.timestamp() == t0
        order(row, stop)
        row.refresh_from_db()
        picture.refresh_from_db()
        assert moments(marked) == {NOT_YET}
        assert picture.released_at is None or picture.released_at == NOT_YET


def test_what_is_marked_while_it_counts_and_after_it_takes_the_moment(marked: World) -> None:
    row = ceremony_of(marked)
    t0 = begin(row, timezone.now(), ahead=60)
    late = marked.exhibits["open-zz"]
    late.opens_with_launch = True
    late.save()
    assert late.embargo_until.timestamp() == t0
    late.opens_with_launch, late.embargo_until = False, None
    late.save()
    assert late.embargo_until is None


def test_an_unmarked_thing_keeps_no_embargo_of_the_mark(marked: World) -> None:
    thing = Exhibit.objects.get(code="open-drone")
    thing.opens_with_launch = False
    thing.save()
    assert thing.embargo_until is None


def test_the_launch_of_one_edition_opens_nothing_of_another(marked: World) -> None:
    other = marked.exhibits["other-edition"]
    other.opens_with_launch = True
    other.save()
    begin(ceremony_of(marked), timezone.now(), ahead=60)
    other.refresh_from_db()
    assert other.embargo_until == NOT_YET
    exhibition.place_exhibit(other, marked.venues["zhengzhou"])
    assert other.embargo_until != NOT_YET


def test_what_was_written_past_save_is_brought_in_step(marked: World) -> None:
    begin(ceremony_of(marked), timezone.now(), ahead=60)
    (t0,) = moments(marked)
    Exhibit.objects.filter(code="open-drone").update(embargo_until=None)
    launching.keep_in_step()
    assert moments(marked) == {t0}


def test_a_ceremony_that_does_not_open_the_edition_moves_nothing(marked: World) -> None:
    row = ceremony_of(marked)
    Ceremony.objects.filter(pk=row.pk).update(opens=False)
    begin(row, timezone.now(), ahead=60)
    assert moments(marked) == {NOT_YET}
