"""An exhibitor's walk on a phone, from the invitation to the published exhibit: with a file that was cut at ninety percent and went on where it
stopped, without a connection for a while, with two at one text; and what an organiser does meanwhile at the desk."""

import re
import time
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.person import PASSWORD, PICTURES, Person
from tests.e2e.valid_html import findings

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SCRIPT = Path(__file__).with_name("office_week.py")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
NEW = "a very long passphrase 9"
OFFICE = "/office/org-beijing/"


@pytest.fixture(scope="module")
def site(own_site) -> str:
    return own_site(SCRIPT)


@pytest.fixture(scope="module")
def mails(own_site, site):
    folder = own_site.folders[site] / "mail"

    def newest(to: str, holding: str, seconds: float = 20) -> str:
        """The body of the last mail to an address that holds some words."""
        import email
        import email.policy

        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for path in sorted(folder.glob("*"), key=lambda one: one.stat().st_mtime, reverse=True):
                for part in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
                    message = email.message_from_bytes(part, policy=email.policy.default)
                    if message["To"] and to in message["To"] and holding in (body := message.get_body(("plain",)).get_content()):
                        return body
            time.sleep(0.2)
        raise AssertionError(f"no mail to {to} with {holding}")

    return newest


def seen(page: Page, name: str) -> None:
    """Nothing sticks out, axe finds nothing, and a picture is kept."""
    nothing_sticks_out(page)
    no_violation(page)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/office-{name}.png", full_page=True)


def on_phone(browser: Browser, **more) -> BrowserContext:
    context = browser.new_context(**PHONE, locale="zh-CN", bypass_csp=True, reduced_motion="reduce", **more)
    context.set_default_timeout(30_000)
    return context


def saved(page: Page) -> None:
    expect(page.locator("[data-status]")).to_contain_text("已保存", timeout=20_000)


def noise(path: Path, side: int) -> Path:
    Image.effect_noise((side, side), 90).convert("RGB").save(path, "PNG", compress_level=0)
    return path


def invited(browser: Browser, site: str, mails) -> str:
    """A venue's organiser invites the first owner from the desk; the path in the mail."""
    organiser = Person(browser, site, "bj-organiser").log_in()
    organiser.open("/admin/snippets/accounts/organisation/")
    organiser.page.get_by_role("link", name="云雀飞行器", exact=False).first.click()
    organiser.page.fill("textarea[name=invited]", "wang@skylark.example")
    organiser.page.locator("form button[type=submit]").last.click()
    organiser.page.wait_for_load_state()
    organiser.context.close()
    return re.search(r"http://[^\s]+(/accounts/invitations/[^\s]+)", mails("wang@skylark.example", "invitations"))[1]


def test_from_the_invitation_to_the_published_exhibit_on_a_phone(browser, site, mails, tmp_path) -> None:
    path = invited(browser, site, mails)
    context = on_phone(browser)
    page = context.new_page()

    # In, with a password and nothing else.
    page.goto(site + path)
    seen(page, "01-invitation")
    page.get_by_role("button", name="注册账号").click()
    page.fill("input[name=password1]", NEW)
    page.fill("input[name=password2]", NEW)
    page.locator("form:has(input[name=password1]) button").first.click()
    page.wait_for_url(f"**{path}")
    seen(page, "02-accept")
    page.get_by_role("button", name="接受邀请").click()
    page.wait_for_url(f"**{OFFICE}")
    seen(page, "03-home")

    # What it is.
    page.get_by_role("link", name="折叠飞行器样机").first.click()
    page.wait_for_url("**/what/")
    seen(page, "04-what-begun")
    page.fill("#box-name_en", "Folding flyer")
    page.get_by_label("人工智能").check()
    page.get_by_label("实物").check()
    saved(page)
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/texts/")
    texts_without_a_connection(context, page)

    # A picture that was cut at ninety percent.
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/media/")
    seen(page, "06-media-empty")
    refused_at_once(page, tmp_path)
    cut_and_go_on(context, page, noise(tmp_path / "飞行器.png", 1760))
    seen(page, "08-media")
    page.locator("input[id$=alt_zh]").fill("一架收起机翼的小型飞行器")
    page.locator("input[id$=alt_en]").fill("A small flyer with its wings folded")
    page.locator("input[id$=licence]").fill("CC BY 4.0")
    saved(page)

    # What it seeks, and the check.
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/seeks/")
    page.get_by_label("合作伙伴").check()
    saved(page)
    seen(page, "09-seeks")
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/check/")
    seen(page, "10-check")
    preview(context, page, site)
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator(".office-state")).to_contain_text("等待审核")
    seen(page, "12-waiting")

    # The organiser asks for a change, reads the answer, approves.
    asked_and_approved(browser, site, mails, page)
    page.goto(f"{site}/2021/exhibits/x-beijing/")
    expect(page.locator("h1")).to_have_text("折叠飞行器样机")
    expect(page.locator(".stage img").first).to_be_visible()
    seen(page, "15-public")
    page.goto(f"{site}{OFFICE}")
    expect(page.locator(".office-figures").first).to_be_visible()
    seen(page, "16-home-after")
    page.goto(f"{site}{OFFICE}visitors/")
    seen(page, "17-visitors")
    page.goto(f"{site}{OFFICE}members/")
    seen(page, "18-members")
    page.goto(f"{site}{OFFICE}profile/")
    seen(page, "19-profile")
    hand_in_to_a_call(page, site)
    context.close()


def texts_without_a_connection(context: BrowserContext, page: Page) -> None:
    page.fill("#box-summary_zh", "收起来能放进背包。")
    page.fill("#box-summary_en", "It folds into a backpack.")
    saved(page)
    context.set_offline(True)
    page.fill("#box-text_zh", "断网时写下的一段。")
    expect(page.locator("[data-status]")).to_contain_text("网络已断开")
    seen(page, "05-texts-offline")
    context.set_offline(False)
    saved(page)
    # And what was typed without a connection outlives the page.
    context.set_offline(True)
    page.fill("#box-text_en", "Written without a connection.")
    expect(page.locator("[data-status]")).to_contain_text("网络已断开")
    page.evaluate("() => dispatchEvent(new Event('pagehide'))")
    context.set_offline(False)
    page.reload()
    expect(page.locator("#box-text_en")).to_have_value("Written without a connection.")
    saved(page)
    page.reload()
    expect(page.locator("#box-text_zh")).to_have_value("断网时写下的一段。")
    expect(page.locator("#box-text_en")).to_have_value("Written without a connection.")


def choose(page: Page, file: Path) -> None:
    page.set_input_files("#bring-file", str(file))
    page.locator(".office-bring form").first.get_by_role("button", name="发送").click()


def refused_at_once(page: Page, folder: Path) -> None:
    """What is no picture is told before it is sent."""
    wrong = folder / "logo.png"
    wrong.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    choose(page, wrong)
    expect(page.locator(".office-sending output").first).to_contain_text("SVG")
    seen(page, "07-refused")


def cut_and_go_on(context: BrowserContext, page: Page, file: Path) -> None:
    """The connection breaks after two of three pieces (90 %), the page is left; then the same file goes on where it stopped."""
    sent: list[int] = []

    def third_is_cut(route) -> None:
        request = route.request
        if request.method == "PATCH":
            sent.append(int(request.headers["upload-offset"]))
            if sent[-1] >= 8 * 1024 * 1024:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/office/uploads/**", third_is_cut)
    choose(page, file)
    expect(page.locator(".office-sending output").first).to_contain_text("网络已断开", timeout=60_000)
    assert sent[:2] == [0, 4 * 1024 * 1024]
    value = float(page.locator(".office-sending progress").first.get_attribute("value"))
    assert 85 < value < 96, value
    page.reload()
    page.unroute("**/office/uploads/**")
    expect(page.locator(".office-going")).to_contain_text("90%")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/office-07-cut.png", full_page=True)
    offsets: list[int] = []
    page.on("request", lambda request: offsets.append(int(request.headers["upload-offset"])) if request.method == "PATCH" else None)
    choose(page, file)
    expect(page.locator(".office-files .office-thumb img")).to_be_visible(timeout=60_000)
    assert offsets == [8 * 1024 * 1024], offsets


def preview(context: BrowserContext, page: Page, site: str) -> None:
    """As visitors will see it, in English too; nobody else can."""
    with context.expect_page() as opened:
        page.get_by_role("link", name="English preview").click()
    other = opened.value
    expect(other.locator("h1")).to_have_text("Folding flyer")
    expect(other.locator(".stage img").first).to_be_visible()
    seen(other, "11-preview-en")
    address = other.url
    other.close()
    stranger = context.browser.new_context()
    assert "/accounts/login/" in stranger.request.get(address).url
    stranger.close()


def asked_and_approved(browser: Browser, site: str, mails, page: Page) -> None:
    decide(browser, site, "请补充英文介绍。", "reject")
    page.reload()
    expect(page.locator(".office-said")).to_contain_text("请补充英文介绍。")
    seen(page, "13-asked")
    page.fill("#say", "已经补充。")
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.locator(".office-said")).to_contain_text("已经补充。")
    page.get_by_role("button", name="再次提交").click()
    expect(page.locator(".office-state")).to_contain_text("等待审核")
    decide(browser, site, "", "approve")
    page.reload()
    expect(page.locator(".office-state").first).to_contain_text("已公开")
    seen(page, "14-approved")


def decide(browser: Browser, site: str, words: str, action: str) -> None:
    """At the desk, as an organiser does."""
    organiser = Person(browser, site, "bj-organiser").log_in()
    organiser.open("/admin/snippets/exhibition/exhibit/")
    organiser.page.get_by_role("link", name="折叠飞行器样机").first.click()
    organiser.page.wait_for_url("**/exhibit/edit/**")
    organiser.page.locator("footer [data-w-dropdown-target=toggle], footer button[aria-label]").last.click()
    button = organiser.page.locator(f"button[data-workflow-action-name={action}]").first
    if words:
        button.click()
        organiser.page.locator("textarea[name=comment]").fill(words)
        with organiser.page.expect_navigation():
            organiser.page.locator(".modal-content button[type=submit], .modal-content input[type=submit]").last.click()
    else:
        with organiser.page.expect_navigation():
            button.click()
    organiser.context.close()


def hand_in_to_a_call(page: Page, site: str) -> None:
    """A new exhibit, by an open call: begun, its question answered as one types."""
    page.goto(f"{site}/office/apply/2021/late/")
    page.select_option("select[name=exhibit]", "")
    page.fill("input[name=name_zh]", "会飞的帐篷")
    seen(page, "20-apply")
    page.get_by_role("button", name="开始").click()
    page.wait_for_url("**/submissions/**")
    page.locator("textarea[name^=q]").fill("九平方米")
    saved(page)
    page.get_by_role("button", name="申报", exact=True).click()
    expect(page.locator(".messages li")).not_to_be_empty()
    seen(page, "21-submission")
    expect(page.locator("textarea[name^=q]")).to_have_value("九平方米")


def test_two_at_one_text_lose_nothing(browser, site) -> None:
    """Both open the same step; the second is shown the first one's words and decides."""
    people = []
    for _ in range(2):
        context = on_phone(browser)
        page = context.new_page()
        page.goto(f"{site}/accounts/login/?next=/office/org-zhengzhou/exhibits/")
        people.append((context, page))
    for (_context, page), who in zip(people, ("zz-organiser", "zz-editor"), strict=True):
        page.fill("input[name=login]", f"{who}@example.org")
        page.fill("input[name=password]", PASSWORD)
        page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        page.wait_for_url("**/exhibits/")
        page.goto(f"{site}/office/org-zhengzhou/exhibits/x-zhengzhou/texts/")
    (first_context, first), (second_context, second) = people
    first.fill("#box-summary_zh", "第一个人写的。")
    saved(first)
    second.fill("#box-summary_zh", "第二个人写的。")
    expect(second.locator("[data-box=summary_zh] [data-clash]")).to_contain_text("第一个人写的。")
    seen(second, "22-clash")
    expect(second.locator("#box-summary_zh")).to_have_value("第二个人写的。")
    second.get_by_role("button", name="保留我的").click()
    saved(second)
    first.reload()
    expect(first.locator("#box-summary_zh")).to_have_value("第二个人写的。")
    first_context.close()
    second_context.close()


def test_without_a_script_the_form_and_a_file_work(browser, site, tmp_path) -> None:
    context = on_phone(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/accounts/login/?next=/office/org-zhengzhou/exhibits/x-zhengzhou/what/")
    page.fill("input[name=login]", "zz-organiser@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/what/")
    page.fill("#box-name_en", "By hand")
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/texts/")
    page.goto(f"{site}/office/org-zhengzhou/exhibits/x-zhengzhou/media/")
    page.set_input_files("#bring-file", str(noise(tmp_path / "plain.png", 300)))
    page.locator(".office-bring form").first.get_by_role("button", name="发送").click()
    expect(page.locator(".office-files li")).to_have_count(1)
    page.goto(f"{site}/office/org-zhengzhou/exhibits/x-zhengzhou/what/")
    expect(page.locator("#box-name_en")).to_have_value("By hand")
    context.close()


#: Every kind of page of an office; of the organisation of Zhengzhou, whose draft lacks much.
THEIRS = "/office/org-zhengzhou/"
DRAFT = f"{THEIRS}exhibits/x-zhengzhou/"
PAGES = {
    "organisations": "/office/?choose", "found": "/office/new/", "home": THEIRS, "profile": f"{THEIRS}profile/", "members": f"{THEIRS}members/",
    "exhibits": f"{THEIRS}exhibits/", "what": f"{DRAFT}what/", "texts": f"{DRAFT}texts/", "media": f"{DRAFT}media/", "seeks": f"{DRAFT}seeks/",
    "check": f"{DRAFT}check/", "preview": f"{DRAFT}preview/", "visitors": f"{THEIRS}visitors/2021/", "apply": "/office/apply/2021/late/",
    "closed": "/office/apply/2021/none/",
}


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_is_clear_valid_and_accessible(browser, site, tmp_path, language) -> None:
    """On a phone and a desk's screen, light and dark."""
    first = browser.new_context(locale="zh-CN")
    page = first.new_page()
    page.goto(f"{site}/accounts/login/?next={THEIRS}")
    page.fill("input[name=login]", "zz-organiser@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url(f"**{THEIRS}")
    state = first.storage_state()
    for name, path in PAGES.items():
        (tmp_path / f"{name}.html").write_bytes(first.request.get(site + language + path).body())
    first.close()
    for size, theme in ((PHONE, "dark"), ({"viewport": {"width": 1440, "height": 1000}}, "light")):
        context = browser.new_context(**size, color_scheme=theme, storage_state=state, locale="zh-CN", bypass_csp=True, reduced_motion="reduce")
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto(site + language + path)
            seen(page, f"page-{name}-{size['viewport']['width']}-{theme}{language.replace('/', '-')}")
        context.close()
    found = findings(tmp_path)
    assert not found, "\n".join(found[:30])
