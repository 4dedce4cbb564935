"""The auditor: each rule is found where it is broken, named alone, and never where nothing is wrong."""

import re
from pathlib import Path

import pytest

from everhall.engines.hls.audit import Auditor, Snapshot, Violation, audit, by_clause
from everhall.engines.hls.audit_rules import RULES
from tests.engines import audit_cases, audit_cases_more
from tests.engines.audit_cases import delta, whole
from tests.engines.audit_world import (
    BEGINS,
    URL,
    history,
    index,
    pair,
    parted,
    segments,
    sliding,
    spoken,
    window,
)

CASES = audit_cases.BY_ITSELF | audit_cases.CHANGES | audit_cases_more.ACROSS | audit_cases_more.OF_INDEX


@pytest.mark.parametrize("rule", CASES)
def test_a_history_that_breaks_a_rule_is_told_that_rule_and_no_other(rule):
    found = audit(CASES[rule])
    assert {violation.rule for violation in found} == {rule} | audit_cases.TOGETHER.get(rule, set())
    assert all(v.clause == RULES[v.rule].clause and v.severity == RULES[v.rule].severity for v in found)


@pytest.mark.parametrize("rule", audit_cases_more.ANSWERS)
def test_an_answer_that_breaks_a_rule_is_told_that_rule_and_no_other(rule):
    auditor = Auditor()
    *good, broken = audit_cases_more.ANSWERS[rule]
    assert [v for answer in good for v in auditor.answered(answer)] == []
    assert [v.rule for v in auditor.answered(broken)] == [rule]


def test_each_rule_has_a_history_that_breaks_it():
    assert set(CASES) | set(audit_cases_more.ANSWERS) == set(RULES)


def test_the_reference_tells_each_rule_as_it_is():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "audit.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([a-z-]+)` \| (.+?) \| (must|should) \| (.+) \|$", page, re.MULTILINE)
    assert told == [(name, rule.clause, rule.severity, rule.says) for name, rule in RULES.items()]


def test_good_answers_are_told_nothing():
    auditor = Auditor()
    assert [v for answer in audit_cases_more.GOOD_ANSWERS for v in auditor.answered(answer)] == []


CLEAN = {
    "sliding": history(sliding(8)),
    "sliding with discontinuities": history(sliding(8, discs=[2, 5, 9])),
    "ended": history([*sliding(3), sliding(4)[3].but(end=True)]),
    "growing of type EVENT": history([window(segments(12), 0, n, kind="EVENT") for n in range(1, 9)]),
    "with parts": history(parted(14), every=1.0),
    "two renditions": pair(sliding(6, discs=[3]), spoken(sliding(6, discs=[3]))),
    "two renditions of which one is a segment ahead": pair(sliding(7)[1:], spoken(sliding(6))),
    "delta updates": [
        Snapshot(BEGINS, URL, whole(0).text),
        *(Snapshot(BEGINS + 4 * n, f"{URL}?_HLS_skip=YES&_HLS_msn={n + 11}", delta(n, 4).text) for n in range(1, 5)),
    ],
    "a delta update without what was before": [Snapshot(BEGINS, f"{URL}?_HLS_skip=YES", delta(0, 4).text)],
    "gone for good": [*history(sliding(3)), Snapshot(BEGINS + 60, URL, "", 404), Snapshot(BEGINS + 64, URL, "", 404)],
    "blocked for too long": [Snapshot(BEGINS, f"{URL}?_HLS_msn=9", "", 503)],
    "multivariant": index(),
}


@pytest.mark.parametrize("name", CLEAN)
def test_a_correct_history_is_told_nothing(name):
    assert audit(CLEAN[name]) == []


def test_a_violation_is_told_once_however_often_it_is_seen():
    broken = [p.but(target=3) for p in sliding(3)]
    assert [v.message for v in audit(history([*broken, *broken[2:]])) if v.rule == "segment-too-long"] == [
        f"segment {n} takes 4 s, TARGETDURATION is 3" for n in range(8)
    ]


def test_violations_are_counted_by_clause():
    found = [Violation("8216bis 6.2.1", 0, "", ""), Violation("Apple 8.4", 0, "", ""), Violation("8216bis 6.2.1", 0, "", "")]
    assert by_clause(found) == {"8216bis 6.2.1": 2, "Apple 8.4": 1}


PLAIN = "#EXTM3U\n#EXT-X-VERSION:8\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:4\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n"


def told(*segments: str) -> str:
    return PLAIN + "".join(segments)


def plain(number: int, *, before: str = "", second: int = 0) -> str:
    date = f"#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:{second:02}Z\n"
    return f"{before}{date}#EXTINF:2.0,\n{number}.m4s\n"


def test_a_map_that_changes_behind_a_gap_changed_at_the_discontinuity_before_it():
    one, two = '#EXT-X-MAP:URI="a.mp4"\n', '#EXT-X-MAP:URI="b.mp4"\n'
    begin = [plain(n, before=one if n == 0 else "", second=2 * n) for n in range(3)]
    gap = plain(3, before="#EXT-X-DISCONTINUITY\n#EXT-X-GAP\n", second=6)
    rest = plain(4, before=two, second=8)
    rules = {v.rule for v in audit([Snapshot(10.0, "https://x/a.m3u8", told(*begin, gap, rest))])}
    assert "map-change" not in rules
    bare = plain(3, before="#EXT-X-GAP\n", second=6)
    rules = {v.rule for v in audit([Snapshot(10.0, "https://x/a.m3u8", told(*begin, bare, rest))])}
    assert "map-change" in rules
