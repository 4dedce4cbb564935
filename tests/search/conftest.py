"""Documents made by hand, for tests of the index itself."""

import datetime as dt

import pytest

from everhall.search.documents import Document

NOW = dt.datetime(2021, 10, 19, 4, 0, tzinfo=dt.UTC)


def document(key: int, title: str, body: str = "", **values) -> Document:
    values = {
        "kind": "exhibit", "edition": "2021", "title_en": "", "public": True,
        "path": f"/2021/exhibits/{key}/", **values,
    }
    return Document(key=str(key), title_zh=title, body_zh=body, **values)


@pytest.fixture
def now() -> dt.datetime:
    return NOW
