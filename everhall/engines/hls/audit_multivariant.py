"""A multivariant playlist by itself: variants, groups, what they must say of themselves.

In: a `Multivariant`. Out: `Found`s. Must stay true: a correct playlist yields nothing. Clauses are those of
RFC 8216bis and, for the attributes that only Apple insists on, of the HLS Authoring Specification.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from everhall.engines.hls.audit_media import text_faults
from everhall.engines.hls.audit_rules import Found
from everhall.engines.hls.parse_model import Multivariant, Rendition, Variant
from everhall.engines.hls.parse_reader import whole

#: First elements of RFC 6381 codecs.
_VIDEO: Final = frozenset(
    ["avc1", "avc3", "hvc1", "hev1", "dvh1", "dvhe", "av01", "vp08", "vp09", "dvav", "dva1", "dav1", "mp4v", "mjpg"]
)
_SOUND: Final = frozenset(
    ["mp4a", "ac-3", "ec-3", "ac-4", "opus", "flac", "alac", "mha1", "mhm1", "apac", "iamf", "mp3", "dtsc", "dtse", "dtsx"]
)
#: What members of groups of the same type may differ in (§4.4.6.1.1).
_OWN: Final = frozenset(["URI", "GROUP-ID", "CHANNELS", "BIT-DEPTH", "STABLE-RENDITION-ID", "INSTREAM-ID", "SAMPLE-RATE"])


def multivariant_faults(playlist: Multivariant) -> Iterator[Found]:
    yield from text_faults(playlist)
    groups: dict[tuple[str, str], list[Rendition]] = defaultdict(list)
    for rendition in playlist.renditions:
        groups[rendition.attributes.get("TYPE", ""), rendition.attributes.get("GROUP-ID", "")].append(rendition)
        yield from _rendition_faults(rendition)
    for (kind, group), members in groups.items():
        yield from _group_faults(kind, group, members)
    yield from _twin_faults(groups)
    for variant in playlist.variants:
        yield from _variant_faults(variant)
        yield from _reference_faults(variant, groups)


# ---------------------------------------------------------------- variants
def codecs_of(variant: Variant) -> set[str]:
    """First elements of its codecs, in lower case."""
    listed = variant.attributes.get("CODECS", "").split(",")
    return {codec.strip().partition(".")[0].lower() for codec in listed if codec.strip()}


def _variant_faults(variant: Variant) -> Iterator[Found]:
    a, uri, codecs = variant.attributes, variant.uri, codecs_of(variant)
    if not whole(a.get("BANDWIDTH", "")):
        yield Found("bandwidth-missing", uri, f"{uri} has no BANDWIDTH")
    if not codecs:
        yield Found("codecs-missing", uri, f"{uri} has no CODECS")
    if "AVERAGE-BANDWIDTH" not in a:
        yield Found("average-bandwidth-missing", uri, f"{uri} has no AVERAGE-BANDWIDTH")
    # Without CODECS nobody knows whether there are pictures; that is told already.
    if codecs & _VIDEO or variant.iframes:
        if "RESOLUTION" not in a:
            yield Found("resolution-missing", uri, f"{uri} has pictures and no RESOLUTION")
        if "FRAME-RATE" not in a and not variant.iframes:
            yield Found("frame-rate-missing", uri, f"{uri} has pictures and no FRAME-RATE")


def _reference_faults(variant: Variant, groups: dict[tuple[str, str], list[Rendition]]) -> Iterator[Found]:
    for kind in ("AUDIO", "VIDEO", "SUBTITLES", "CLOSED-CAPTIONS"):
        group = variant.attributes.get(kind)
        if group is None or (kind == "CLOSED-CAPTIONS" and group == "NONE"):
            continue
        if (kind, group) not in groups:
            yield Found("group-unknown", f"{kind} {group}", f'{variant.uri} names the {kind} group "{group}", which does not exist')
        elif kind == "AUDIO" and codecs_of(variant) and not codecs_of(variant) & _SOUND:
            yield Found("codecs-incomplete", variant.uri, f"{variant.uri} has sound and no codec of sound in CODECS")


# ---------------------------------------------------------------- renditions and groups
def _rendition_faults(rendition: Rendition) -> Iterator[Found]:
    a = rendition.attributes
    name, kind = a.get("NAME", ""), a.get("TYPE", "")
    needed = ["TYPE", "GROUP-ID", "NAME"]
    needed += {"SUBTITLES": ["URI"], "CLOSED-CAPTIONS": ["INSTREAM-ID"]}.get(kind, [])
    lacking = [key for key in needed if not a.get(key)]
    if lacking:
        yield Found("media-incomplete", name or rendition.uri, f"EXT-X-MEDIA {name!r} lacks {', '.join(lacking)}")
    elif kind == "CLOSED-CAPTIONS" and "URI" in a:
        yield Found("media-incomplete", name, f"EXT-X-MEDIA {name!r} is CLOSED-CAPTIONS and has a URI")
    if a.get("DEFAULT") == "YES" and a.get("AUTOSELECT") == "NO":
        yield Found("media-not-selectable", name, f"EXT-X-MEDIA {name!r} is DEFAULT and not AUTOSELECT")
    if kind != "VIDEO" and "LANGUAGE" not in a:
        yield Found("language-missing", name, f"EXT-X-MEDIA {name!r} has no LANGUAGE")
    if kind == "AUDIO" and "CHANNELS" not in a:
        yield Found("channels-missing", name, f"EXT-X-MEDIA {name!r} has no CHANNELS")


def _group_faults(kind: str, group: str, members: list[Rendition]) -> Iterator[Found]:
    names = [m.attributes.get("NAME", "") for m in members]
    repeated = sorted({name for name in names if name and names.count(name) > 1})
    if repeated:
        yield Found("media-name-repeated", f"{kind} {group}", f'{kind} group "{group}" has {", ".join(repeated)} twice')
    if sum(m.attributes.get("DEFAULT") == "YES" for m in members) > 1:
        yield Found("media-default-repeated", f"{kind} {group}", f'{kind} group "{group}" has more than one DEFAULT')


def _twin_faults(groups: dict[tuple[str, str], list[Rendition]]) -> Iterator[Found]:
    first: dict[str, tuple[str, list[dict[str, str]]]] = {}
    for (kind, group), members in groups.items():
        said = sorted(
            ({k: v for k, v in m.attributes.items() if k not in _OWN} for m in members), key=lambda a: a.get("NAME", "")
        )
        known, expected = first.setdefault(kind, (group, said))
        if said != expected:
            yield Found("media-groups-differ", f"{kind} {group}", f'{kind} groups "{known}" and "{group}" have other members')
