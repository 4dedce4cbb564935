"""A visitor before an exhibit's stage: by mouse, by keyboard, without JavaScript; on a phone and on a desk. And what the demo
shows obeys the standards that it names."""

import json
import re
import subprocess
from pathlib import Path

import iiif_prezi3
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.demo_site import ROOT, get
from tests.e2e.person import PICTURES, Person

pytestmark = pytest.mark.e2e

EXHIBIT = "/2021/exhibits/bj-k-003/"
DATA = ROOT / ".venv" / "test-data" / "e2e-demo"


@pytest.fixture
def site(demo_pages) -> str:
    address, _ = demo_pages
    if not (ROOT / "build" / "samples").is_dir():
        pytest.skip("no sample robots (make .venv/.stamps/samples needs the network once)")
    return address


def shown(page: Page) -> None:
    page.frame_locator("iframe").locator("html[data-state=shown]").wait_for(timeout=60_000)


@pytest.mark.parametrize(("width", "language", "scheme"), [(1440, "", "light"), (390, "/en", "dark")])
def test_by_mouse_and_keyboard_one_viewer_at_a_time(browser: Browser, site: str, width: int, language: str, scheme: str) -> None:
    visitor = Person(browser, site, "visitor", width=width, height=900)
    page = visitor.page
    page.emulate_media(color_scheme=scheme)
    visitor.open(language + EXHIBIT)
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_count(3)
    expect(page.locator("iframe")).to_have_count(0)
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.getAttribute('aria-selected') === 'true'")
    expect(page).to_have_url(re.compile("#stage-model$"))
    page.locator("#stage-model img").scroll_into_view_if_needed()
    page.locator("#stage-model img").evaluate("picture => picture.decode()")
    visitor.picture(f"stage-1-poster-{width}")
    page.locator("#stage-model .stage-open").press("Enter")
    shown(page)
    visitor.picture(f"stage-2-model-{width}")
    page.keyboard.press("Escape")
    page.locator("iframe").wait_for(state="detached")
    page.wait_for_function("document.activeElement.classList.contains('stage-open')")
    # Leaving a tab ends its viewer.
    page.locator("#stage-model .stage-open").click()
    shown(page)
    tabs.last.click()
    expect(page.locator("iframe")).to_have_count(0)
    page.locator("#stage-board .stage-open").click()
    shown(page)
    expect(page.locator("iframe")).to_have_count(1)
    frame = page.frame_locator("iframe")
    # Down to the pixels of the master: a region of one tile in full size.
    with page.expect_response(lambda answer: "/512,512/0/" in answer.url and ",512,512/512,512/" in answer.url):
        for _ in range(8):
            frame.locator("[data-deed=in]").click()
    visitor.picture(f"stage-3-board-{width}")
    visitor.context.close()


def test_an_address_opens_its_panel_and_without_javascript_all_is_there(browser: Browser, site: str) -> None:
    visitor = Person(browser, site, "visitor")
    visitor.open(f"{EXHIBIT}#stage-board")
    expect(visitor.page.get_by_role("tab", selected=True)).to_have_attribute("href", "#stage-board")
    expect(visitor.page.locator("#stage-pictures")).to_be_hidden()
    visitor.context.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + EXHIBIT)
    assert all(page.locator(f"#stage-{key}").is_visible() for key in ("pictures", "model", "board"))
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / "stage-4-no-script.png"), full_page=True)
    page.locator("#stage-board .stage-open").click()
    page.wait_for_url("**/stage/**")
    expect(page.locator("noscript")).to_have_count(1)
    context.close()


def test_without_the_network_it_says_so_and_can_be_tried_again(browser: Browser, site: str) -> None:
    visitor = Person(browser, site, "visitor")
    visitor.open(f"{EXHIBIT}#stage-board")
    visitor.context.set_offline(True)
    visitor.page.locator("#stage-board .stage-open").click()
    visitor.page.locator("#stage-board .stage-word").wait_for()
    expect(visitor.page.locator("iframe")).to_have_count(0)
    visitor.context.set_offline(False)
    visitor.page.locator("#stage-board .stage-open").click()
    shown(visitor.page)
    expect(visitor.page.locator(".stage-word")).to_have_count(0)
    visitor.context.close()


def test_masters_of_the_demo_pass_khronos_validator_and_manifests_parse(site: str) -> None:
    facts = [json.loads(path.read_bytes()) for path in (DATA / "derived").glob("*/*/facts.json")]
    models = [one for one in facts if "phone" in one]
    assert len(models) == 10
    assert all(one["checked"]["errors"] == 0 for one in models)
    assert all(one["phone"]["bytes"] <= 3_000_000 and one["phone"]["triangles"] <= 150_000 for one in models)
    listed = f"{site}/api/v1/editions/2021/exhibits?limit=200&offset="
    codes = [row["code"] for start in (0, 200) for row in json.loads(get(f"{listed}{start}")[1])["exhibits"]]
    assert len(codes) > 200
    for code in codes:
        status, body = get(f"{site}/2021/exhibits/{code}/manifest.json", 30)
        assert status == 200, code
        assert iiif_prezi3.Manifest(**json.loads(body)).items, code


def test_the_validator_itself_finds_faults(tmp_path: Path) -> None:
    """A check that cannot fail is none: a broken model is refused by the same tool."""
    from tests.models3d import cube

    (tmp_path / "broken.glb").write_bytes(cube().replace(b'"componentType":5125', b'"componentType":5126'))
    wish = json.dumps({"from": str(tmp_path / "broken.glb"), "to": str(tmp_path), "only": "check"})
    done = subprocess.run(["node", str(ROOT / "everhall/media/tools/model.mjs"), wish], capture_output=True, text=True, check=False)
    assert json.loads(done.stdout.splitlines()[-1])["fault"] == "invalid"
