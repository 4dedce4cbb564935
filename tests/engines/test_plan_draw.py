"""A plan as SVG: whole XML, one link for each occupied booth, nothing from outside unescaped."""

from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import plan_draw
from everhall.engines.plan import Plan, bounds
from everhall.engines.plan_draw import Marked, Standing, Words, draw
from everhall.engines.plan_layout import lay_out

WORDS = Words("Plan", "3 booths", "Door", "North", "{n} m", "You are here")
SVG = "{http://www.w3.org/2000/svg}"
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=12)


def parsed(text: str):
    return ElementTree.fromstring(text)


@given(st.lists(texts, min_size=1, max_size=8, unique=True), texts, texts, st.data())
def test_it_is_whole_whatever_booths_and_exhibits_are_called(codes, label, zone, data):
    plan = lay_out([("z", codes)], up=30)
    taken = data.draw(st.sets(st.sampled_from(codes)))
    stands = {code: Standing(f"/x?{label}", label) for code in taken}
    root = parsed(draw(plan, stands, {"z": zone}, WORDS, marked=Marked(codes[0], (plan.booths[0].front, plan.doors[0]))))
    links = root.findall(f".//{SVG}a")
    assert {link.get("data-booth") for link in links} == taken
    assert all(link.get("aria-label") == label for link in links)
    empty = [group.get("data-booth") for group in root.iter(f"{SVG}g") if "empty" in group.get("class", "")]
    assert set(empty) == set(codes) - taken
    assert root.get("aria-labelledby") == "plan-title plan-desc"
    assert not any(name == "style" or name.startswith("on") for element in root.iter() for name in element.attrib)


def test_a_booth_of_which_nothing_is_public_says_its_number_only():
    plan = lay_out([("z", ["A-1", "A-2"])])
    root = parsed(draw(plan, {"A-1": Standing("/a", "A-1: Drone")}, {}, WORDS))
    empty = next(group for group in root.iter(f"{SVG}g") if group.get("data-booth") == "A-2")
    assert "".join(empty.itertext()) == "A-2"


def test_north_lies_where_the_heading_says():
    drawn = draw(lay_out([("z", ["A"])], up=90), {}, {}, WORDS)
    assert 'transform="rotate(270)"' in drawn  # up is east, so north is to the left


def test_an_excerpt_holds_what_is_around_and_no_scale():
    plan = lay_out([(f"z{n}", [f"{n}-{m:02}" for m in range(20)]) for n in range(8)])
    booth = plan.booth("4-10")
    view = plan_draw.around(booth, plan, 20, 14)
    drawn = draw(plan, {}, {}, WORDS, view=view, name="excerpt")
    assert 'data-booth="4-10"' in drawn
    assert 0 < drawn.count("data-booth") < 60
    assert "plan-scale" not in drawn
    left, top, right, bottom = view
    box = bounds(booth.outline)
    assert left <= box[0]
    assert top <= box[1]
    assert right >= box[2]
    assert bottom >= box[3]


def test_a_small_one_is_small():
    plan = lay_out([(f"z{n}", [f"{n}-{m:02}" for m in range(30)]) for n in range(10)])
    assert len(draw(plan, {}, {}, WORDS, small=True)) < 16_000
    parsed(f'<svg xmlns="http://www.w3.org/2000/svg">{draw(Plan(5, 5, ()), {}, {}, WORDS, small=True)}</svg>')


def test_letters_fit_their_room():
    assert plan_draw.fitting("A-017", 2.4, 1.05) * 5 * 0.66 <= 2.41
    assert plan_draw.fitting("科技自立自强", 30, 1.15) == 1.15
    assert plan_draw.fitting("", 3, 1) == 1
