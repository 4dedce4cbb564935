"""Chinese names in pinyin: the tokens by which somebody finds them who types their sound, whole or in initials.

In: folded names, and tables of readings handed in by the caller. Out: tokens for an index, marked so that they never
meet an English word.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from everhall.engines.text import LONGEST_SPELLING, SPELLED, han_runs

LONGEST_INITIALS = 8


@dataclass(frozen=True, slots=True)
class Readings:
    """Pinyin without tones. A character's usual reading comes first; a known phrase has one.

    `lengths`: of each character that begins known phrases, how long they are, longest first."""

    characters: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[str, ...]]
    lengths: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(
        cls, characters: Mapping[str, tuple[str, ...]], phrases: Mapping[str, tuple[str, ...]]
    ) -> "Readings":
        lengths: dict[str, set[int]] = {}
        for phrase in phrases:
            lengths.setdefault(phrase[0], set()).add(len(phrase))
        ordered = {first: tuple(sorted(of, reverse=True)) for first, of in lengths.items()}
        return cls(characters, phrases, ordered)

    def words(self, run: str) -> Iterator[list[tuple[str, ...]]]:
        """A Han run parted into known phrases, the longest first, and single characters: of each
        character its readings, none if it has none."""
        at = 0
        while at < len(run):
            left = len(run) - at
            for length in self.lengths.get(run[at], ()):
                known = self.phrases.get(run[at : at + length]) if 1 < length <= left else None
                if known is not None:
                    yield [(syllable,) for syllable in known]
                    at += length
                    break
            else:
                yield [self.characters.get(run[at], ())]
                at += 1


def spellings(folded_name: str, readings: Readings) -> list[str]:
    """Tokens by which a name is found in pinyin, from the start of any of its words on.

    中关村科学城 gives `zhongguancunkexuecheng`, `zgckxc`, `kexuecheng`, `kxc`, ... each cut to a
    fixed length, to be asked for as prefixes. A known word of four characters or more is entered
    at every second one too (北京大学: `daxue`). A character with two readings outside a known
    word is spelled both ways, one such character at a time.
    """
    found: dict[str, None] = {}
    for run in han_runs(folded_name):
        _spell_run(run, readings, found)
    return list(found)


def _spell_run(run: str, readings: Readings, found: dict[str, None]) -> None:
    syllables: list[tuple[str, ...]] = []
    starts: list[int] = []
    for word in readings.words(run):
        if word == [()]:  # unreadable: what stands before and after is spelled by itself
            _spell(syllables, starts, found)
            syllables, starts = [], []
            continue
        inside = range(2, len(word) - 1, 2) if len(word) > 3 else ()
        starts += [len(syllables), *(len(syllables) + at for at in inside)]
        syllables += word
    _spell(syllables, starts, found)


def _spell(
    syllables: Sequence[tuple[str, ...]], starts: Sequence[int], found: dict[str, None]
) -> None:
    usual = [options[0] for options in syllables]
    spelled, initials = "".join(usual), "".join([syllable[0] for syllable in usual])
    places = list(accumulate(map(len, usual), initial=0))
    doubtful = [at for at, options in enumerate(syllables) if len(options) > 1]
    for start in starts:
        end = min(start + LONGEST_INITIALS, len(usual))
        _enter(spelled[places[start] : places[end]], initials[start:end], found)
        for at in doubtful:
            if start <= at < end:
                way = [*usual[start:at], syllables[at][1], *usual[at + 1 : end]]
                _enter("".join(way), "".join([syllable[0] for syllable in way]), found)


def _enter(spelled: str, initials: str, found: dict[str, None]) -> None:
    found[SPELLED + spelled[:LONGEST_SPELLING]] = None
    if len(initials) > 1:
        found[SPELLED + initials] = None
