"""The JSON interface answers whatever numbers and days it is asked for."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["offset=99999999999999999999999", "offset=-5&limit=-5", "limit=99999999999"])
@pytest.mark.parametrize("kind", ["sessions", "exhibits"])
def test_any_number_is_answered(client, world, kind: str, query: str) -> None:
    assert client.get(f"/api/v1/editions/2021/{kind}?{query}").status_code == 200


def test_days_of_the_venues_clock(client, world) -> None:
    every = client.get("/api/v1/editions/2021/sessions").json()
    assert every["total"] == len(every["sessions"]) > 0
    day = every["sessions"][0]["starts_at"][:10]
    found = client.get(f"/api/v1/editions/2021/sessions?day={day}").json()
    assert 0 < found["total"] <= every["total"]
    assert {s["starts_at"][:10] for s in found["sessions"]} == {day}
    for outside in ("0001-01-01", "9999-12-31"):
        assert client.get(f"/api/v1/editions/2021/sessions?day={outside}").status_code == 404
