"""The walk of an import: a sheet is sent, written and taken back by processes of their own; the page tells how far
they are and what became of it, without anybody loading it again."""

import json

import pytest

from tests.e2e.demo_site import ROOT
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

ROWS = 1_500
#: Notes what a page says of the import's state each time that one is loaded.
NOTED = """
document.addEventListener("DOMContentLoaded", () => {
  const said = document.querySelector("#import-state strong")?.textContent.trim();
  if (said) sessionStorage.said = JSON.stringify([...JSON.parse(sessionStorage.said ?? "[]"), said]);
});
"""
#: Another word on the page that stood there when we looked first.
CHANGED = "first => window.stands && document.querySelector('#import-progress p').textContent !== first"


@pytest.fixture(scope="module")
def site(own_site) -> str:
    return own_site(ROOT / "tests" / "e2e" / "walk_week.py")


def watch(person: Person) -> None:
    """The page that stands tells of progress."""
    progress = person.page.locator("#import-progress p")
    first = progress.text_content()
    person.page.evaluate("window.stands = true")
    person.page.wait_for_function(CHANGED, arg=first)


def test_an_import_and_its_undo_are_told_by_the_page_itself(browser, site) -> None:
    organiser = Person(browser, site, "bj-organiser").log_in()
    page = organiser.page
    page.add_init_script(NOTED)
    organiser.open("/admin/imports/")
    page.select_option("#import-form select[name=kind]", "exhibits")
    place = page.locator("#import-form select[name=place] option[value^='v:']").first.get_attribute("value")
    page.select_option("#import-form select[name=place]", place)
    rows = "".join(f"w-{n},示例 {n}\n" for n in range(ROWS))

    # A file over the limit is refused before it is sent.
    page.eval_on_selector("#import-form", "form => { form.dataset.most = '10'; }")
    page.set_input_files("input[name=sheet]", {"name": "s.csv", "mimeType": "text/csv", "buffer": b"code,name_zh\n1,2\n"})
    page.click("#import-form button[type=submit]")
    page.wait_for_selector("#import-too-big:not([hidden])")
    organiser.picture("import-1-too-big")
    page.eval_on_selector("#import-form", "form => { form.dataset.most = '9999999'; }")

    page.set_input_files("input[name=sheet]", {"name": "s.csv", "mimeType": "text/csv", "buffer": f"code,name_zh\n{rows}".encode()})
    page.click("#import-form button[type=submit]")
    page.click("form[action$='/start/'] button")
    watch(organiser)
    organiser.picture("import-2-progress")

    page.click("form[action$='/undo/'] button", timeout=120_000)
    watch(organiser)
    organiser.picture("import-3-undoing")
    page.wait_for_selector("#import-state >> text=已撤销", timeout=120_000)
    organiser.picture("import-4-undone")
    said = json.loads(page.evaluate("sessionStorage.said"))
    assert not [one for one in said if "中断" in one], said
    assert page.goto(f"{site}/admin/snippets/exhibition/exhibit/?q=w-1").status == 200
    assert "示例 1<" not in page.content()
