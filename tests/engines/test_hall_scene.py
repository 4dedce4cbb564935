"""Stations and scenes of halls: all can be walked, all booths are seen, pictures hang where they belong."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.hall_scene import (
    CUBE,
    BoothLook,
    Frame,
    Looks,
    ZoneLook,
    build,
    cube_camera,
    light_of,
)
from everhall.engines.hall_stations import MOST, NEAR, blocked, ground_of, stations
from everhall.engines.plan import Booth, Plan, inside, rectangle
from everhall.engines.plan_layout import lay_out
from everhall.engines.raster import look, render

halls = st.lists(st.integers(1, 24), min_size=1, max_size=5).map(
    lambda sizes: lay_out([(f"z{n}", [f"{n}-{m:02}" for m in range(size)]) for n, size in enumerate(sizes)])
)
ONE = Plan(12, 12, (Booth("A-01", rectangle(4, 3, 3, 3), (5.5, 8)),), (), (rectangle(0, 0, 12, 12),), ((6, 12),))


@settings(max_examples=40, deadline=None)
@given(halls)
def test_every_booth_is_before_a_station_and_no_station_shows_too_many(plan):
    found = stations(plan)
    near = {sight.booth for station in found for sight in station.sights if sight.metres <= NEAR}
    assert near == {booth.code for booth in plan.booths}
    assert all(len(station.sights) <= MOST for station in found)
    assert len({station.code for station in found}) == len(found)


@settings(max_examples=40, deadline=None)
@given(halls)
def test_ways_are_straight_over_free_ground_and_lead_everywhere(plan):
    found = stations(plan)
    ground = ground_of(plan)
    pairs = [(n, way.to) for n, station in enumerate(found) for way in station.ways]
    for station in found:
        assert not any(inside(station.at, booth.outline) for booth in plan.booths)
    if pairs:
        places = np.array([station.at for station in found])
        start, end = np.array(pairs).T
        assert not blocked(places[start], places[end], ground.edges).any()
    assert {(b, a) for a, b in pairs} == set(pairs)
    reached, waiting = {0}, [0]
    while waiting:
        here = waiting.pop()
        waiting += [b for a, b in pairs if a == here and b not in reached]
        reached |= {b for a, b in pairs if a == here}
    assert reached == set(range(len(found)))


def test_the_same_plan_gives_the_same_stations():
    plan = lay_out([("a", ["A-01", "A-02", "A-03"]), ("b", ["B-01"])])
    assert stations(plan) == stations(plan)
    assert stations(lay_out([("a", [])])) == ()


def test_a_spot_is_where_the_booth_is():
    (station,) = stations(ONE)
    (sight,) = station.sights
    assert station.code == station.before == "A-01"
    x, y = station.at
    assert sight.yaw % 360 == round(math.degrees(math.atan2(5.5 - x, y - 4.5)) % 360, 2)
    assert -10 < sight.pitch < 10


def test_a_booth_is_framed_as_its_visitors_see_it():
    for front, left_end in (((5.5, 8), (4, 6)), ((5.5, 1), (7, 3)), ((1, 4.5), (4, 3)), ((9, 4.5), (7, 6))):
        frame = Frame(Booth("x", rectangle(4, 3, 3, 3), front))
        assert frame.at(0, 0, 0) == (left_end[0], 0, left_end[1])
        x, _, y = frame.at(1.5, 3, 0)
        assert inside((x * 0.999 + 5.5 * 0.001, y * 0.999 + 4.5 * 0.001), rectangle(4, 3, 3, 3))


def half_and_half(left, right):
    picture = np.zeros((40, 60, 3), dtype=np.uint8)
    picture[:, :30], picture[:, 30:] = left, right
    return picture


def test_the_cover_hangs_on_the_back_wall_the_right_way_round():
    cover = half_and_half((220, 20, 20), (20, 20, 220))
    seen = render(build(ONE, Looks({"A-01": BoothLook(cover, hue=120)})), look((5.5, 1.6, 8), 0, 0, 50), light_of(Looks()), (160, 120))
    red = np.nonzero((seen[..., 0] > 150) & (seen[..., 2] < 90))
    blue = np.nonzero((seen[..., 2] > 150) & (seen[..., 0] < 90))
    assert len(red[0]) > 500
    assert len(blue[0]) > 500
    assert red[1].max() <= blue[1].min() + 2
    assert abs(red[0].mean() - blue[0].mean()) < 3


def test_nothing_of_a_cover_is_seen_where_the_booth_is_empty_or_from_behind():
    cover = half_and_half((255, 0, 255), (255, 0, 255))
    full, empty = (build(ONE, Looks({"A-01": BoothLook(cover)})), build(ONE, Looks({"A-01": BoothLook()})))

    def magenta(meshes, camera):
        seen = render(meshes, camera, light_of(Looks()), (80, 60)).astype(int)
        return int(((seen[..., 0] > 200) & (seen[..., 1] < 60)).sum())

    before, behind = look((5.5, 1.6, 8), 0, 0, 60), look((5.5, 1.6, 1), 180, 0, 60)
    assert magenta(full, before) > 100
    assert magenta(empty, before) == 0
    assert magenta(full, behind) == 0


def test_the_six_faces_make_a_whole():
    """What is at the edge of one face goes on at the edge of the next, above and below too."""
    plan = lay_out([("a", [f"A-{n:02}" for n in range(12)])])
    looks = Looks({}, {"a": ZoneLook(half_and_half((200, 60, 30), (30, 60, 200)))})
    at = stations(plan)[0].at
    face = {
        name: render(build(plan, looks), cube_camera(at, name), light_of(looks), (96, 96)).astype(int)[..., :3] for name in CUBE
    }
    for one, other in (
        (face["f"][:, -1], face["r"][:, 0]), (face["r"][:, -1], face["b"][:, 0]), (face["l"][:, -1], face["f"][:, 0]),
        (face["f"][0], face["u"][-1]), (face["f"][-1], face["d"][0]), (face["b"][0], face["u"][0][::-1]),
    ):  # fmt: skip
        assert np.median(np.abs(one - other)) <= 8


def test_outdoors_there_is_a_sky():
    looks = Looks(outdoor=True)
    up = render(build(ONE, looks), look((2, 1.6, 8), 0, 60, 60), light_of(looks), (16, 16))
    assert (up[..., 3] == 255).all()
    assert (up[..., 2].astype(int) > up[..., 0]).mean() > 0.9
