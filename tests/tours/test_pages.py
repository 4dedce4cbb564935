"""Tours as visitors see them: stops vanish without a trace, files follow, addresses last."""

import datetime as dt
import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from everhall.exhibition.models import Exhibit, FloorPlan
from everhall.live.services import launching
from everhall.media import deriving
from everhall.media.models import Attachment, Caption
from everhall.media.queries import playing_of
from everhall.search import services as search
from everhall.tours import queries, services
from everhall.tours.models import Stop, Tour
from tests.media import clips
from tests.world import SECRET, make_tour, picture

pytestmark = pytest.mark.django_db
TOUR = "/2021/tours/open-tour/"


def shown(world, code: str = "open-tour"):
    return queries.tour_of(world.editions["2021"], code, timezone.now())


def test_hidden_stops_leave_no_gap_and_no_sum(client, world):
    tour = shown(world)
    assert [one.number for one in tour.stops] == [1, 2, 3, 4]
    assert [one.kind for one in tour.stops] == ["exhibit", "session", "place", "exhibit"]
    assert sum(one.minutes for one in tour.stops) == 16
    text = client.get(TOUR).content.decode()
    assert len(re.findall(r'class="tour-number"', text)) == 4
    for number in range(1, 5):
        assert f"第 {number} / 4 站" in client.get(f"{TOUR}{number}/").content.decode()
    beyond = client.get(f"{TOUR}5/")
    assert (beyond.status_code, beyond["Location"]) == (302, TOUR)


def test_a_stop_comes_and_goes_with_its_exhibit(client, world):
    Exhibit.objects.filter(pk=world.exhibits["embargoed"].pk).update(embargo_until=timezone.now() - dt.timedelta(seconds=1))
    assert [one.key for one in shown(world).stops][1] == "embargoed"
    world.exhibits["open-drone"].unpublish()
    assert [one.number for one in shown(world).stops] == [1, 2, 3, 4]
    assert client.get(f"{TOUR}1/").content.decode().count(f"{SECRET}禁发") > 0


def test_a_tour_with_nothing_to_see_does_not_exist(client, world):
    for address in ("/2021/tours/empty-tour/", "/2021/tours/draft-tour/", "/2021/tours/embargoed-tour/", "/2021/tours/other-tour/", "/2021/tours/draft-tour/1/", "/2021/tours/draft-tour/print/"):
        assert client.get(address).status_code == 404, address
    listed = client.get("/2021/tours/").content.decode()
    assert "半小时导览" in listed
    assert client.get("/2021/tours/?for=schools").content.decode().count("tour-card") == 0


def test_every_page_is_kept_by_tags_and_until_the_next_release(client, world):
    for address in (TOUR, f"{TOUR}1/", f"{TOUR}print/", "/2021/tours/"):
        response = client.get(address)
        assert "edition-2021" in response["Everhall-Tags"].split(), address
        assert float(response["Everhall-Until"]) <= world.exhibits["embargoed"].embargo_until.timestamp()
        assert "sessionid" not in response.cookies
        assert "csrf" not in response.content.decode()


def test_the_list_asks_as_much_for_one_tour_as_for_three(client, world):
    def count() -> int:
        with CaptureQueriesContext(connection, ) as asked:
            assert client.get("/2021/tours/").status_code == 200
        return len(asked)

    count()
    one = count()
    for n in range(2):
        make_tour(world, f"more-{n}", "beijing", f"导览{n}", f"Tour {n}", [({"exhibit": world.exhibits["open-zz"]}, "又")])
    assert count() == one


def test_english_stands_below_en(client, world):
    text = client.get(f"/en{TOUR}1/").content.decode()
    assert "Stop 1 of 4" in text
    assert "Hexacopter inspection drone" in text


def test_machines_are_told_of_a_trip_with_its_stops(client, world):
    text = client.get(TOUR).content.decode()
    assert '"@type": "TouristTrip"' in text or '"@type":"TouristTrip"' in text
    assert '"numberOfItems"' in text
    found = client.get("/api/v1/editions/2021/tours/open-tour").json()
    assert [stop["number"] for stop in found["stops"]] == [1, 2, 3, 4]
    assert client.get("/api/v1/editions/2021/tours").json()["total"] == 1
    for code in ("draft-tour", "embargoed-tour", "planned-tour"):
        assert client.get(f"/api/v1/editions/2021/tours/{code}").status_code == 404
    assert client.get("/api/v1/editions/2030/tours").status_code == 404
    body = client.get("/sitemap.xml").content.decode()
    assert "/2021/tours/open-tour/" in body
    assert "draft-tour" not in body


def test_a_tour_is_found_as_long_as_there_is_something_to_see_on_it(client, world):
    search.refresh("tour", [tour.pk for tour in world.tours.values()])
    assert "/2021/tours/open-tour/" in client.get("/2021/search/?q=半小时导览").content.decode()
    world.exhibits["open-drone"].unpublish()
    tour = world.tours["open-tour"]
    tour.stops.exclude(exhibit=world.exhibits["open-drone"]).delete()
    search.refresh("tour", [tour.pk])
    assert "/2021/tours/open-tour/" not in client.get("/2021/search/?q=半小时导览").content.decode()


def status(client, file) -> int:
    """Of what players play, read to its end."""
    response = client.get(playing_of([file.pk])[file.pk][-1].address)
    if response.streaming:
        b"".join(response)
    return response.status_code


def sound(name: str) -> Attachment:
    """A master of which something is made already."""
    file = Attachment.objects.create(title=name, kind="audio", file=ContentFile(clips.sound(".mp3"), name=f"{name}.mp3"))
    deriving.note([file.pk])
    assert deriving.make(deriving.next_waiting()).made
    return file


def test_sound_and_cover_are_released_with_the_tour_and_with_what_they_tell_of(client, world):
    tour = world.tours["open-tour"]
    stops = {stop.exhibit.code: stop for stop in tour.stops.filter(exhibit__isnull=False)}
    files = {code: sound(code) for code in ("open-drone", "embargoed", "draft-bj")}
    for code, file in files.items():
        Stop.objects.filter(pk=stops[code].pk).update(audio_zh=file)
    Tour.objects.filter(pk=tour.pk).update(cover=picture("tour-cover"))
    services.settle_release([tour.pk])
    found = {code: status(client, file) for code, file in files.items()}
    assert found == {"open-drone": 200, "embargoed": 404, "draft-bj": 404}
    files["embargoed"].refresh_from_db()
    assert files["embargoed"].released_at == world.exhibits["embargoed"].embargo_until
    Tour.objects.filter(pk=tour.pk).update(live=False)
    services.settle_release([tour.pk])
    assert status(client, files["open-drone"]) == 404
    Tour.objects.filter(pk=tour.pk).update(live=True)
    services.settle_release([tour.pk])
    assert status(client, files["open-drone"]) == 200
    Stop.objects.filter(pk=stops["open-drone"].pk).delete()
    services.settle_release([tour.pk])
    assert status(client, files["open-drone"]) == 404


@pytest.mark.django_db(transaction=True)
def test_news_of_an_exhibit_settles_the_tours_that_lead_to_it(client, world):
    tour, file = world.tours["open-tour"], sound("drone")
    Stop.objects.filter(tour=tour, exhibit=world.exhibits["open-drone"]).update(audio_zh=file)
    services.settle_release([tour.pk])
    assert status(client, file) == 200
    world.exhibits["open-drone"].unpublish()
    assert status(client, file) == 404
    tour.refresh_from_db()
    tour.delete()
    assert client.get(TOUR).status_code == 404


def test_a_stop_plays_its_sound_with_captions_and_says_when_it_is_in_the_other_language(client, world):
    file = sound("drone")
    Caption.objects.create(attachment=file, language="zh-hans", text="WEBVTT\n\n00:00.000 --> 00:02.000\n你好\n")
    Stop.objects.filter(tour=world.tours["open-tour"], exhibit=world.exhibits["open-drone"]).update(audio_zh=file)
    for address in (f"{TOUR}1/", f"/en{TOUR}1/"):
        text = client.get(address).content.decode()
        assert f'src="{playing_of([file.pk])[file.pk][-1].address}"' in text
        assert "<track" in text
        assert 'lang="zh-Hans"' in text


def test_metres_are_those_of_the_plan(world):
    hall = world.zones["beijing"].hall
    plan = {"width": 30, "depth": 20, "booths": [
        {"code": "A-00", "outline": [[1, 1], [4, 1], [4, 4], [1, 4]], "front": [2.5, 5]},
        {"code": "A-20", "outline": [[21, 1], [24, 1], [24, 4], [21, 4]], "front": [22.5, 5]},
    ]}
    FloorPlan.objects.create(hall=hall, data=plan, changed_at=timezone.now())
    tour = make_tour(world, "metres", "beijing", "走一走", "A walk", [({"hall": hall, "booth": "A-00"}, "一"), ({"hall": hall, "booth": "a20"}, "二"), ({"exhibit": world.exhibits["open-zz"]}, "三")])
    with override("zh-hans"):
        found = shown(world, tour.code)
    assert [leg.metres for leg in found.route.legs] == [20, None]
    assert found.route.legs[1].change == "venue"
    assert found.route.metres == 20
    assert found.told_minutes == 12 + 1


def test_no_tour_may_be_called_as_other_addresses_are(world):
    tour = Tour(edition=world.editions["2021"], venue=world.venues["beijing"], code="made", name_zh="x")
    with pytest.raises(Exception, match="made"):
        tour.full_clean()


@pytest.mark.parametrize(("values", "good"), [
    (("exhibit",), True), (("exhibit", "hall"), False), ((), False), (("hall", "booth"), True), (("exhibit", "booth"), False),
])
def test_a_stop_leads_to_one_thing(world, values, good):
    known = {"exhibit": world.exhibits["open-drone"], "hall": world.zones["beijing"].hall, "booth": "A-00"}
    stop = Stop(tour=world.tours["open-tour"], **{name: known[name] for name in values})
    if good:
        stop.clean()
    else:
        with pytest.raises(Exception, match=r"one thing|booth|展位|一个|一样"):
            stop.clean()


def test_a_tour_opens_with_the_launch(client, world):
    tour = world.tours["open-tour"]
    tour.opens_with_launch = True
    tour.save()
    assert client.get(TOUR).status_code == 404
    launching.open_at(world.editions["2021"], timezone.now() - dt.timedelta(seconds=1))
    assert client.get(TOUR).status_code == 200
    launching.open_at(world.editions["2021"], None)
    assert client.get(TOUR).status_code == 404
