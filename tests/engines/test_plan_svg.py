"""A drawing in which booths have ids becomes a plan; whatever could do harm is refused with words for who drew it."""

import re

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines import plan_svg, plan_words
from everhall.engines.plan_svg import read_svg
from everhall.engines.plan_svg_shapes import NUMBER, SAME, moved, outlines, path, times, transform
from everhall.engines.plan_words import Unfit

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 400 200">'


def svg(inner: str, head: str = HEAD) -> bytes:
    return f"{head}{inner}</svg>".encode()


def refused(data: bytes, metres: float = 40.0) -> set[str]:
    with pytest.raises(Unfit) as found:
        read_svg(data, metres)
    for one in found.value.complaints:
        for language in ("zh-hans", "en"):
            what, do = plan_words.said(one, language)
            assert what
            assert do
    return {one.code for one in found.value.complaints}


BOOTH = '<rect id="A-017" x="40" y="60" width="30" height="30"/>'


def test_booths_zones_walls_and_doors_are_found_and_measured():
    made = read_svg(svg(
        '<rect id="zone-a" x="20" y="20" width="200" height="150"/>' + BOOTH
        + '<g id="booth-A-018"><text x="80" y="80">A-018</text><rect x="80" y="60" width="30" height="30"/><rect x="81" y="61" width="2" height="2"/></g>'
        '<polygon id="展位-甲一" points="200,100 230,100 230,130 200,130"/>'
        '<path id="booth_x2D_B-1" d="M 300 100 h 30 v 30 H 300 Z"/>'
        '<path id="wall-1" d="M0 0H400V200H0Z"/><line id="wall-2" x1="250" y1="0" x2="250" y2="50"/><rect id="door-1" x="190" y="198" width="20" height="4"/>'
        '<text x="10" y="190" font-size="8">餐饮区 &amp; WC</text><circle cx="350" cy="30" r="5" style="fill:red"/><image xlink:href="data:image/png;base64,AAAA"/>'
    ), 40.0, up=90)
    plan = made.plan
    assert (plan.width, plan.depth, plan.up) == (40.0, 20.0, 90)
    assert [booth.code for booth in plan.booths] == ["A-017", "A-018", "甲一", "B-1"]
    assert plan.booth("A-017").outline == ((4, 6), (7, 6), (7, 9), (4, 9))
    assert plan.booth("A-018").outline == ((8, 6), (11, 6), (11, 9), (8, 9))
    assert plan.booth("B-1").outline == ((30, 10), (33, 10), (33, 13), (30, 13))
    assert [area.code for area in plan.areas] == ["a"]
    assert plan.walls == (((0, 0), (40, 0), (40, 20), (0, 20), (0, 0)), ((25, 0), (25, 5)))
    assert plan.doors == ((20, 20),)
    assert "餐饮区 &amp; WC" in made.ground
    assert "<circle" in made.ground
    assert "style" not in made.ground
    assert "A-018" not in made.ground
    assert {one.code for one in made.notes} == {"left_out", "colours_dropped"}
    ElementTree.fromstring(made.ground)


def test_transforms_are_followed_through_groups():
    made = read_svg(svg(
        '<g transform="translate(100,20) scale(2)"><g transform="matrix(1 0 0 1 5 0)">'
        '<rect id="A-1" x="0" y="0" width="15" height="15" transform="rotate(90 0 0) translate(0,-15)"/></g></g>'
    ), 40.0)
    left, top = min(made.plan.booth("A-1").outline)
    assert (left, top) == pytest.approx((11, 2))


@pytest.mark.parametrize(("inner", "code"), [
    ("<script>alert(1)</script>", "script"), ('<rect onclick="alert(1)"/>', "script"), ('<a href="java\nscript:alert(1)"><rect/></a>', "script"),
    ('<g><SCRIPT xmlns="http://www.w3.org/1999/xhtml"/></g>', "script"), ("<foreignObject/>", "foreign"),
    ('<iframe xmlns="http://www.w3.org/1999/xhtml"/>', "foreign"), ('<image href="http://example.org/a.png"/>', "external"),
    ('<use xlink:href="other.svg#a"/>', "external"), ("<style>@import 'x.css';</style>", "external"),
    ("<style>rect{fill:url(//example.org/a)}</style>", "external"), ('<rect style="fill:url( https://example.org/a )"/>', "external"),
    ('<image href="data:text/html,hello"/>', "external"), (BOOTH, "twice"), ('<set attributeName="onload" onbegin="x()"/>', "script"),
    ('<g id="x"/><rect id="x"/>', "twice"), ("<rect/>" * 20_001, "too_many"), ("<g>" * 70 + "</g>" * 70, "too_deep"),
])
def test_what_has_no_place_in_a_plan_is_refused(inner, code):
    assert code in refused(svg(BOOTH + inner))


@pytest.mark.parametrize(("data", "code"), [
    (b"", "not_svg"), (b"<svg", "not_svg"), (svg(BOOTH)[:-4], "not_svg"), (b"\x89PNG\r\n", "not_svg"), (b"<html/>", "not_svg"),
    (b'<?xml version="1.0" encoding="none-such"?><svg/>', "not_svg"),
    (b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>', "doctype"),
    (b'<!DOCTYPE svg SYSTEM "http://example.org/x.dtd"><svg/>', "doctype"),
    ('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'.encode("utf-16"), "doctype"),
    (svg(BOOTH, '<svg xmlns="http://www.w3.org/2000/svg">'), "no_size"), (svg(BOOTH, '<svg viewBox="0 0 nan 5">'), "no_size"),
    (svg(BOOTH, '<svg viewBox="0 0 0 5">'), "no_size"), (b" " * 2_000_001, "too_large"), (svg("<rect/>"), "no_booths"),
    (svg('<path id="A-1" d="M0 0C1 1 2 2 3 3Z"/>'), "curved"), (svg('<text id="A-1">x</text>'), "no_booths"),
    (svg('<g id="A-1"/>'), "no_shape"), (svg('<rect id="A-1" width="2" height="2"/>'), "no_ground"),
    (svg('<rect id="A-1" x="390" width="30" height="30"/>'), "outside"),
    (svg('<rect id="A-1" transform="skewX(10)" width="30" height="30"/>'), "bad_transform"),
    (svg('<polygon id="A-1" points="0,0 1e400,0 5,1e400"/>'), "not_a_plan"), (svg('<rect id="A-1" width="30" height="30" x="-1e300"/>'), "no_ground"),
    (svg('<g id="x" transform="scale(1e400)">' + BOOTH + "</g>"), "bad_transform"),
    (svg('<rect id="booth-x" width="30" height="30"/><rect id="展位-x" y="50" width="30" height="30"/>'), "twice"),
])
def test_what_is_no_drawing_of_booths_is_refused(data, code):
    assert code in refused(data)


@pytest.mark.parametrize("metres", [0, -4, 1e9, float("nan")])
def test_a_width_that_cannot_be_is_refused(metres):
    assert refused(svg(BOOTH), metres) == {"metres"}


def test_few_of_many_mistakes_are_told():
    with pytest.raises(Unfit) as found:
        read_svg(svg('<rect onclick="a" onload="b" onfocus="c" onblur="d" onkeyup="e" onwheel="f" oncut="g"/>'), 40)
    assert len(found.value.complaints) == plan_svg.MOST_OF_A_KIND


numbers = st.floats(-100, 100, allow_nan=False).map(lambda value: round(value, 3))


@given(numbers, numbers, st.floats(0.5, 3), st.lists(numbers, min_size=6, max_size=12).filter(lambda v: len(v) % 2 == 0))
def test_a_path_and_a_polygon_of_the_same_points_are_the_same(x, y, scale, values):
    matrix = times(transform(f"translate({x},{y})", "g"), transform(f"scale({scale})", "g"))
    polygon = outlines("polygon", {"points": " ".join(map(str, values))}, "p")
    data = "M" + "L".join(f"{a},{b}" for a, b in zip(values[::2], values[1::2], strict=True)) + "Z"
    assert outlines("path", {"d": data}, "p")[0] == polygon[0]
    assert moved(matrix, polygon[0]) == tuple(pytest.approx((a * scale + x, b * scale + y)) for a, b in polygon[0])
    assert moved(SAME, polygon[0]) == polygon[0]


def test_relative_and_repeated_steps_of_a_path():
    assert path("m10 10 5 0 v5 h-5z l-2-2", "p") == [((10, 10), (15, 10), (15, 15), (10, 15)), ((10, 10), (8, 8))]
    assert path("M1e1.5L2-3", "p") == [((10, 0.5), (2, -3))]


pieces = st.sampled_from([
    BOOTH, '<g id="zone-a">', "</g>", "<text x='1'>&lt;b&gt;</text>", '<rect id="wall" width="9" height="9"/>', "<script>", "<!-- x -->",
    '<rect x="&quot;onload=" width="1" height="1"/>', '<path d="M0 0\'/><script>"/>', '<polygon points="1 2 3"/>', "<title>x</title>",
    '<text onload="x">y</text>', "<style>a{}</style>", '<circle cx="1" cy="2" r="3"/>', "&amp;", "<![CDATA[<b>]]>", '<rect transform="x"/>',
])


@settings(max_examples=200, deadline=None)
@given(st.lists(pieces, max_size=12))
def test_the_ground_never_holds_more_than_shapes_and_words(parts):
    try:
        made = read_svg(svg("".join(parts)), 40)
    except Unfit:
        return
    root = ElementTree.fromstring(f"<g>{made.ground}</g>")
    for element in root.iter():
        assert element.tag in {"g", *plan_svg.KEPT}
        for name, value in element.attrib.items():
            assert name in {"transform", "d", "points", "fill", "stroke"} or re.match(rf"{NUMBER}(?:px|pt)?$", value)
