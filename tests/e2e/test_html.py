"""The Nu HTML checker finds no error in any kind of page, in both languages."""

import pytest

from tests.e2e.demo_site import get
from tests.e2e.valid_html import findings

pytestmark = pytest.mark.e2e


def test_html_is_valid(demo_pages, tmp_path):
    address, pages = demo_pages
    for kind, path in pages.items():
        for language in ("", "/en"):
            _, body = get(address + language + path)
            name = f"{kind}{language}".replace(" ", "-").replace("/", "-")
            (tmp_path / f"{name}.html").write_bytes(body)
    found = findings(tmp_path)
    assert not found, "\n".join(found[:30])
