"""An organiser reads the figures of the nation, of a venue, of a session, takes them along as a sheet and shows the sum to everybody; a host
reads its own on a phone."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.demo_site import ROOT
from tests.e2e.desk_pages import CONTENT
from tests.e2e.person import PASSWORD, PICTURES, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


class Bypassing(Person):
    """Lets axe be put into its pages."""

    def __init__(self, browser: Browser, site: str, name: str) -> None:
        super().__init__(browser, site, name)
        self.context.close()
        self.context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="zh-CN", bypass_csp=True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)


@pytest.fixture(scope="module")
def site(own_site) -> str:
    return own_site(ROOT / "tests" / "e2e" / "figures_week.py")


def seen(page: Page, name: str, *, framed: bool = False) -> None:
    """Nothing sticks out, axe finds nothing, and a picture is kept."""
    nothing_sticks_out(page)
    no_violation(page, CONTENT) if framed else no_violation(page)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/figures-{name}.png", full_page=True)


def test_the_nation_reads_down_to_a_session_and_takes_a_sheet_along(site, browser: Browser):
    page = Bypassing(browser, site, "nation").log_in().page
    page.get_by_role("link", name="统计").first.click()
    page.wait_for_url("**/admin/figures/2021/")
    expect(page.locator(".figures-chart svg")).to_have_count(4)
    expect(page.locator(".figures-headline")).to_contain_text("415")
    seen(page, "01-nation", framed=True)
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.reader(io.StringIO(Path(taken.value.path()).read_text("utf-8-sig"))))
    assert next(row for row in rows if row[2] == "s3")[5] == "<5"
    page.locator("table a", has_text="北京会场").click()
    expect(page.locator("h1")).to_contain_text("北京会场")
    seen(page, "02-venue", framed=True)
    page.locator("table a", has_text="低空经济论坛").click()
    expect(page.locator(".figures-list")).to_contain_text("其中现场")
    seen(page, "03-session", framed=True)
    page.set_viewport_size({"width": 390, "height": 844})
    for n, path in enumerate(("", "venues/beijing/", "sessions/s0/")):
        page.goto(f"{site}/admin/figures/2021/{path}")
        seen(page, f"04-phone-{n}", framed=True)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.goto(f"{site}/admin/figures/2021/")
    seen(page, "05-dark", framed=True)
    page.get_by_role("button", name="向公众显示").click()
    expect(page.get_by_role("link", name="查看页面")).to_be_visible()


def test_the_page_of_followed_programmes_takes_an_address(site, browser: Browser):
    page = Bypassing(browser, site, "nation").log_in().page
    page.goto(f"{site}/admin/follow/")
    page.select_option("[name=venue]", label="示例园区 (2021)")
    page.fill("[name=url]", "https://127.0.0.1/schedule.json")
    page.get_by_role("button", name="关注", exact=True).click()
    expect(page.locator(".error-message")).to_contain_text("https://")
    seen(page, "08-follow", framed=True)
    page.fill("[name=url]", "https://elsewhere.invalid/schedule.json")
    page.get_by_role("button", name="关注", exact=True).click()
    page.get_by_role("button", name="立即查看").click()
    expect(page.locator(".help-warning")).to_contain_text("无法连接对方", timeout=20_000)
    seen(page, "09-follow-fails", framed=True)
    page.set_viewport_size({"width": 390, "height": 844})
    seen(page, "10-follow-phone", framed=True)


@pytest.mark.parametrize(("language", "width", "scheme"), [("", 390, "light"), ("", 1440, "dark"), ("/en", 390, "dark"), ("/en", 1440, "light")])
def test_everybody_reads_the_sum_once_it_is_shown(site, browser: Browser, language, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site}{language}/2021/figures/")
    expect(page.locator(".figures-headline")).to_contain_text("415")
    expect(page.locator("body")).not_to_contain_text("低空经济论坛")
    seen(page, f"06-public-{language.strip('/') or 'zh'}-{width}-{scheme}")
    context.close()


@pytest.mark.parametrize(("language", "width", "scheme"), [("", 390, "light"), ("/en", 1440, "dark")])
def test_a_host_reads_its_own_sessions(site, browser: Browser, language, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site}{language}/office/makers/activities/")
    page.fill("input[name=login]", "host@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.get_by_role("link", name="Figures of your sessions" if language else "场次统计").click()
    expect(page.locator(".figures table tbody tr")).to_have_count(1)
    seen(page, f"07-host-{language.strip('/') or 'zh'}-{width}-{scheme}")
    context.close()
