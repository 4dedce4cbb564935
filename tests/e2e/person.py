"""Somebody at a browser of their own. Pictures of what they see are kept in $EVERHALL_WALK_PICTURES, if it is set."""

import os
from pathlib import Path

from playwright.sync_api import Browser

#: Of everybody in the walks' small worlds.
PASSWORD = "correct horse battery"
PICTURES = os.environ.get("EVERHALL_WALK_PICTURES", "")


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, browser: Browser, site: str, name: str, *, width: int = 1440, height: int = 1000) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.site, self.name = site, name

    def log_in(self) -> "Person":
        self.page.goto(f"{self.site}/accounts/login/?next=/admin/")
        self.page.fill("input[name=login]", f"{self.name}@example.org")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        self.page.wait_for_url("**/admin/")
        return self

    def open(self, path: str) -> str:
        self.page.goto(self.site + path)
        return self.page.content()

    def picture(self, name: str) -> None:
        if PICTURES:
            self.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))
