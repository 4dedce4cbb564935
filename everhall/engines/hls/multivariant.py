"""A channel's multivariant playlist: what renditions it has, each in a playlist of its own, sound apart from picture.

In: the `Track` of each rendition, peak and average rates in bits per second, languages of captions. Out: the text.
Addresses are relative to `/live/c/<channel>/index.m3u8`. Must stay true (RFC 8216bis §4.4.6): every variant of
pictures names the group of sound, the codecs of both and the sum of both rates; languages are named in themselves.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from everhall.engines.hls.model import Track

#: Languages by the names they give themselves; Appendix E.
NAMES: Final = {
    "zh": "中文", "en": "English", "yue": "粤语", "bo": "བོད་སྐད་", "ug": "ئۇيغۇرچە", "mn": "Монгол", "ja": "日本語",
    "ko": "한국어", "ru": "Русский", "fr": "Français", "de": "Deutsch", "es": "Español", "pt": "Português",
    "ar": "العربية", "it": "Italiano", "vi": "Tiếng Việt", "th": "ไทย",
}  # fmt: skip
#: Bits per second that WebVTT takes, for the sum of a variant's rates.
_CAPTIONS_RATE: Final = 2_000


def multivariant(
    tracks: Mapping[str, Track],
    *,
    bandwidths: Mapping[str, int],
    averages: Mapping[str, int] | None = None,
    captions: Sequence[str] = (),
) -> str:
    """`bandwidths` are peaks by rendition (§4.4.6.2), `averages` alike; `captions` are languages, the first is the
    default. Pictures come largest first, then sound alone; with no tracks there are no variants."""
    sounds = sorted((name for name in tracks if name.startswith("a-")), key=_languages_first)
    pictures = sorted(
        (name for name in tracks if name.startswith("v")), key=lambda name: (-tracks[name].height, -bandwidths.get(name, 0))
    )
    lines = ["#EXTM3U", "#EXT-X-VERSION:4"]
    lines += [_sound_line(tracks[name], default=n == 0) for n, name in enumerate(sounds)]
    lines += [_captions_line(language, default=n == 0) for n, language in enumerate(captions)]
    for name in [*pictures, *sounds[:1]]:
        lines.append(_variant_line(name, tracks, sounds, bandwidths, averages or {}, bool(captions)))
        lines.append(f"{name}.m3u8")
    return "\n".join(lines) + "\n"


def _languages_first(name: str) -> tuple[bool, str]:
    return name != "a-zh", name


def named(language: str) -> str:
    return NAMES.get(language) or NAMES.get(language.partition("-")[0]) or language


def _sound_line(track: Track, *, default: bool) -> str:
    language = track.rendition.removeprefix("a-")
    return (
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="{named(language)}",LANGUAGE="{language}",'
        f"DEFAULT={'YES' if default else 'NO'},AUTOSELECT=YES,CHANNELS=\"{track.channels or 2}\","
        f'URI="{track.rendition}.m3u8"'
    )


def _captions_line(language: str, *, default: bool) -> str:
    return (
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="{named(language)}",LANGUAGE="{language}",'
        f'DEFAULT={"YES" if default else "NO"},AUTOSELECT=YES,FORCED=NO,URI="t-{language}.m3u8"'
    )


def _variant_line(
    name: str,
    tracks: Mapping[str, Track],
    sounds: Sequence[str],
    bandwidths: Mapping[str, int],
    averages: Mapping[str, int],
    captions: bool,
) -> str:
    track, picture = tracks[name], name.startswith("v")
    extra = _CAPTIONS_RATE if captions else 0

    def rate(rates: Mapping[str, int]) -> int:
        # The largest sum of any playable combination: one picture, the richest sound, captions.
        heard = max((rates.get(each, 0) for each in sounds), default=0)
        return extra + (rates.get(name, 0) if picture else 0) + heard

    codecs = dict.fromkeys([track.codec, *(tracks[each].codec for each in sounds)])
    said = [f"BANDWIDTH={rate(bandwidths)}"]
    said += [f"AVERAGE-BANDWIDTH={rate(averages)}"] if name in averages else []
    said += [f'CODECS="{",".join(codec for codec in codecs if codec)}"'] if any(codecs) else []
    said += [f"RESOLUTION={track.width}x{track.height}"] if track.width and track.height else []
    said += [f"FRAME-RATE={track.frame_rate:.3f}"] if track.frame_rate else []
    said += ['AUDIO="sound"'] if sounds else []
    said += ['SUBTITLES="captions"'] if captions else []
    return "#EXT-X-STREAM-INF:" + ",".join([*said, "CLOSED-CAPTIONS=NONE"])
