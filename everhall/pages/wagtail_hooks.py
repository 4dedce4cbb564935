"""Editorial pages in the desk: who may edit the pages of an edition hangs on its home page."""

from typing import Any

from wagtail import hooks

from everhall.pages.models import EditionPage
from everhall.pages.services import open_to_editors


@hooks.register("after_create_page")
def home_made(request: Any, page: Any) -> None:
    """A new home page opens its tree to the edition's editors."""
    specific = page.specific
    if isinstance(specific, EditionPage):
        open_to_editors(specific)
