"""The rules of the audit, one line each: what is asked, by which clause, how much it weighs.

"must" is a MUST of RFC 8216bis (draft-pantos-hls-rfc8216bis-22; "B.1" is its Low-Latency Server Configuration
Profile): whoever breaks it speaks no correct HLS. "should" is one of its SHOULDs, or a rule of Apple's HLS Authoring
Specification, which binds only who wants Apple's devices to be content. Must stay true: names are stable; each rule
has a history in tests/engines that breaks it and no other, and a line in docs/reference/audit.md.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Severity = Literal["must", "should"]


@dataclass(frozen=True, slots=True)
class Rule:
    clause: str
    severity: Severity
    says: str


class Found(NamedTuple):
    """A rule that is broken; the same rule, playlist and subject are told once."""

    rule: str
    subject: str
    message: str


def _must(clause: str, says: str) -> Rule:
    return Rule(f"8216bis {clause}", "must", says)


def _should(clause: str, says: str) -> Rule:
    return Rule(f"8216bis {clause}", "should", says)


def _apple(clause: str, says: str) -> Rule:
    return Rule(f"Apple {clause}", "should", says)


RULES: Final[dict[str, Rule]] = {
    # ---------------------------------------------------------------- any playlist, by itself
    "not-a-playlist": _must("4.4.1.1", "A playlist begins with #EXTM3U."),
    "tags-mixed": _must("4.4.6", "Tags of multivariant and of media playlists are never in one playlist."),
    "tag-repeated": _must("4.4.3", "What describes the whole playlist is said once."),
    "attribute-missing": _must("4.4", "Attributes that are required are there."),
    "version-too-low": _must("8", "EXT-X-VERSION is at least what the tags in use need."),
    # ---------------------------------------------------------------- a media playlist, by itself
    "target-duration-missing": _must("4.4.3.1", "A media playlist has a TARGETDURATION of at least 1."),
    "segment-too-long": _must("4.4.3.1", "No EXTINF rounds above TARGETDURATION."),
    "duration-missing": _must("4.4.4.1", "Each segment has an EXTINF."),
    "tag-late": _must("4.4.3.2", "MEDIA-SEQUENCE and DISCONTINUITY-SEQUENCE stand before the first segment."),
    "map-change": _must("6.2.1", "A change of EXT-X-MAP is a change of encoding, told by DISCONTINUITY."),
    "map-missing": _apple("8.20", "Fragmented MP4 has an EXT-X-MAP."),
    "hold-back-low": _must("4.4.3.8", "HOLD-BACK is at least 3 target durations."),
    "skip-until-low": _must("4.4.3.8", "CAN-SKIP-UNTIL is at least 6 target durations."),
    "daterange-without-date": _must("4.4.5.1", "Date ranges need a PROGRAM-DATE-TIME in the same playlist."),
    # ---------------------------------------------------------------- dates
    "date-unreadable": _must("4.4.4.6", "PROGRAM-DATE-TIME is an ISO 8601 date."),
    "date-missing": _apple("8.4", "A live media playlist has PROGRAM-DATE-TIME."),
    "date-missing-low-latency": _must("B.1", "A low-latency media playlist has PROGRAM-DATE-TIME."),
    "date-missing-at-discontinuity": _should("6.2.1", "With dates, each discontinuity has one."),
    "date-backwards": _apple("8.5", "Dates are airtime and do not go back."),
    "date-overlap": _must("6.2.1", "No second of date is in two segments."),
    "date-moved": _must("6.2.1", "The date of a segment does not become another one."),
    # ---------------------------------------------------------------- parts, by themselves
    "part-inf-missing": _must("4.4.3.7", "Parts need PART-INF."),
    "part-too-long": _must("4.4.4.9", "No part is longer than PART-TARGET."),
    "part-too-short": _must("4.4.4.9", "Parts that are neither independent nor last are 85% of PART-TARGET at least."),
    "part-hold-back-missing": _must("4.4.3.8", "PART-INF needs PART-HOLD-BACK."),
    "part-hold-back-low": _must("4.4.3.8", "PART-HOLD-BACK is at least 2 part targets."),
    "part-hold-back-tight": _apple("14.3", "PART-HOLD-BACK is at least 3 part targets."),
    "parts-sum": _must("3.2", "A segment is as long as its parts together."),
    "tags-after-part": _must("4.4.4.9", "DISCONTINUITY, MAP, KEY and date stand before the first part."),
    "part-lingers": _should("6.2.2", "Parts leave the playlist 3 target durations from its end."),
    "hint-missing": _must("B.1", "After the parts of a segment in the air, the next part is hinted."),
    "hint-after-end": _must("4.4.5.3", "After ENDLIST nothing is hinted."),
    "hint-repeated": _should("6.2.6", "One hint of each type."),
    "block-reload-missing": _must("B.1", "A low-latency playlist offers CAN-BLOCK-RELOAD."),
    "skip-not-offered": _must("6.2.5.1", "EXT-X-SKIP needs CAN-SKIP-UNTIL, no ENDLIST and a request for it."),
    "skip-too-near": _must("6.2.5.1", "Only segments beyond the skip boundary are skipped."),
    # ---------------------------------------------------------------- from one version to the next
    "target-duration-changed": _must("6.2.1", "TARGETDURATION does not change."),
    "header-changed": _must("6.2.1", "PART-TARGET and SERVER-CONTROL do not change."),
    "media-sequence-decreased": _must("6.2.2", "MEDIA-SEQUENCE does not decrease."),
    "media-sequence-missing": _must("6.2.2", "Where segments are removed there is a MEDIA-SEQUENCE."),
    "media-sequence-wrong": _must("6.2.2", "MEDIA-SEQUENCE grows by one for each segment removed, and only then."),
    "playlist-older": _must("6.2.1", "No version of a playlist is followed by an older one."),
    "segment-changed": _must("6.2.1", "A segment keeps its URI, range, duration, map, key and gap."),
    "segment-removed": _must("6.2.2", "Segments are removed from the head only."),
    "segment-inserted": _must("6.2.1", "Segments are added at the end only."),
    "discontinuity-vanished": _must("6.2.1", "DISCONTINUITY stays as long as its segment."),
    "discontinuity-appeared": _must("6.2.1", "DISCONTINUITY does not come to a segment that was told without."),
    "discontinuity-sequence-missing": _must("6.2.2", "Where segments are removed and there are discontinuities there is a DISCONTINUITY-SEQUENCE."),
    "discontinuity-sequence-absent": _apple("8.17", "Live with discontinuities always has DISCONTINUITY-SEQUENCE."),
    "discontinuity-sequence-decreased": _must("6.2.2", "DISCONTINUITY-SEQUENCE does not decrease."),
    "discontinuity-sequence-wrong": _must("6.2.2", "DISCONTINUITY-SEQUENCE grows by the discontinuities removed."),
    "too-short": _must("6.2.2", "No removal leaves less than 3 target durations."),
    "few-segments": _apple("8.11", "A live playlist that slides has six segments."),
    "type-on-live": _must("6.2.2", "A playlist from which segments are removed has no PLAYLIST-TYPE."),
    "type-vod-changed": _must("6.2.1", "A playlist of type VOD does not change."),
    "end-taken-back": _must("4.4.3.4", "After ENDLIST nothing is added and ENDLIST stays."),
    "no-new-segment": _must("6.2.1", "A new segment comes within 1.5 target durations."),
    "part-late": _should("6.2.1", "A new part comes within one part target (reported from two on)."),
    "part-changed": _must("6.2.1", "A part that was told stays as it is."),
    "part-vanished": _must("6.2.2", "Parts stay while their segment is at the live edge."),
    "hint-broken": _must("4.4.5.3", "The part that comes next is the one that was hinted."),
    "daterange-changed": _must("4.4.5.1", "What was said of a date range stays."),
    "daterange-removed": _must("6.2.1", "A date range stays as long as a segment it touches."),
    "skip-wrong": _must("6.2.5.1", "A delta update, put together with what was known, is the playlist."),
    "skip-ignored": _must("6.2.5.1", "Who asks for a delta update where it is offered gets one."),
    "block-ignored": _must("6.2.5.2", "A blocking reload is answered with what was asked for, or an error."),
    "part-without-msn": _must("6.2.5.2", "_HLS_part without _HLS_msn is answered with 400."),
    # ---------------------------------------------------------------- across playlists
    "renditions-target-duration": _must("6.2.4", "All media playlists have the same TARGETDURATION."),
    "renditions-type": _must("6.2.4", "All media playlists have the same PLAYLIST-TYPE or none."),
    "renditions-date": _must("6.2.4", "If one media playlist has dates, all have."),
    "renditions-control": _must("6.2.4", "All media playlists have the same SERVER-CONTROL."),
    "renditions-discontinuity": _must("6.2.4", "The same moment has the same discontinuity number everywhere."),
    "renditions-span": _must("6.2.4", "All media playlists span the same time, up to one target duration."),
    "renditions-boundary": _apple("8.22", "Segments that begin together end together."),
    "report-missing": _must("B.1", "A low-latency playlist reports each other media playlist."),
    "report-stale": _must("4.4.5.4", "A rendition report is as new as the playlist that has it."),
    # ---------------------------------------------------------------- multivariant
    "bandwidth-missing": _must("4.4.6.2", "Each variant has BANDWIDTH."),
    "average-bandwidth-missing": _apple("9.14", "Each variant has AVERAGE-BANDWIDTH."),
    "codecs-missing": _should("4.4.6.2", "Each variant has CODECS."),
    "codecs-incomplete": _must("6.2.4", "CODECS names the sound of the variant's audio group too."),
    "resolution-missing": _apple("9.2", "Each variant with pictures has RESOLUTION."),
    "frame-rate-missing": _apple("9.15", "Each variant with pictures has FRAME-RATE."),
    "group-unknown": _must("4.4.6.2", "A group that a variant names exists."),
    "variant-without-uri": _must("4.4.6.2", "After EXT-X-STREAM-INF comes a URI."),
    "media-incomplete": _must("4.4.6.1", "EXT-X-MEDIA has TYPE, GROUP-ID, NAME and what its type needs."),
    "media-name-repeated": _must("4.4.6.1.1", "Names in a group differ."),
    "media-default-repeated": _must("4.4.6.1.1", "A group has one default."),
    "media-not-selectable": _must("4.4.6.1", "What is DEFAULT has no AUTOSELECT=NO."),
    "media-groups-differ": _must("4.4.6.1.1", "Groups of one type have the same members."),
    "language-missing": _apple("8.10", "EXT-X-MEDIA that is no video has LANGUAGE."),
    "channels-missing": _should("4.4.6.1", "EXT-X-MEDIA of sound has CHANNELS."),
    # ---------------------------------------------------------------- answers
    "playlist-unavailable": _must("6.2.1", "A playlist that is told of can be loaded."),
    "playlist-unnamed": _must("4", "A playlist is known by its name or its Content-Type."),
    "playlist-plain": _apple("10.1", "Playlists are served with gzip."),
    "playlist-cached": _should("6.2.1", "A live playlist is not cached beyond 1.5 target durations."),
    "segment-unavailable": _must("6.2.1", "A segment can be loaded as soon as it is told."),
    "part-unavailable": _must("6.2.1", "A part can be loaded as soon as it is told."),
    "map-unavailable": _must("4.4.4.5", "What EXT-X-MAP names can be loaded."),
    "map-overwritten": _must("6.2.1", "What EXT-X-MAP names stays the same bytes."),
    "segment-format": _must("3.1", "A segment is MPEG-TS, fragmented MP4, packed audio or WebVTT."),
    "segment-uncached": _should("6.2.2", "Segments say how long they may be kept."),
}  # fmt: skip
