"""The desk's search boxes ask the index that is handed to them, and stay within reach all the same."""

from everhall.editions import finding
from everhall.exhibition.models import Exhibit
from tests.desk.places import Week
from tests.desk.test_work import url


def test_a_box_finds_letters_and_what_the_index_says_within_reach(week: Week, monkeypatch) -> None:
    monkeypatch.setattr(finding, "_finder", [])
    client = week.client("bj-editor")
    ask = {"q": "beijing 秘密"}
    assert "park-haidian 秘密" not in client.get(url(Exhibit, "list"), ask).content.decode()
    keys = [str(week.rows["exhibit", code].pk) for code in ("park-haidian", "zhengzhou")]
    finding.find_by(lambda kind, text: keys if kind == "exhibit" else [])
    text = client.get(url(Exhibit, "list"), ask).content.decode()
    assert "beijing 秘密" in text
    assert "park-haidian 秘密" in text
    assert "zhengzhou 秘密" not in text
