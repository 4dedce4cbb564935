"""Search text: what a reader may type and what a document says, made comparable.

In: strings, and a table handed in by the caller (Traditional to Simplified).
Out: tokens for an index, queries as plain values, spans to highlight, the piece of text to show.

Must stay true:
* Folding looks at one character at a time, so `fold(a + b) == fold(a) + fold(b)`. A phrase-aware
  conversion would fold a word differently inside and outside its sentence and lose hits.
* A Han run of n characters gives n tokens: its overlapping pairs and, last, its last character.
  A phrase of pairs is found exactly where its characters stand side by side; one character is
  found as the prefix of a pair or as that last token.
* Tokens are letters and digits only: no database needs to quote or parse them again.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import add

LONGEST_WORD = 40
LONGEST_SPELLING = 18
MOST_TERMS = 12
MOST_CHARACTERS = 200
SHORTEST_SURE_SPELLING = 4
# Marks a spelled name, so that pinyin never meets an English word. Not ASCII: the tokenizer of
# FTS5 named "ascii" keeps every other character inside the token.
SPELLED = "ˉ"

# Han and kana are written without spaces, hence pairs. U+30FB, the kana dot, separates.
_HAN = (
    "\u3005\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6dd\U0002a700-\U0002b734\U0002b740-\U0002b81d\U0002b820-\U0002cea1"
    "\U0002ceb0-\U0002ebe0\U00030000-\U0003134a"
)
_RUNS = re.compile(rf"([{_HAN}]+)|[^\W_{_HAN}]+")
_QUOTED = re.compile(r"[\"“”„«»「」『』]")
# Inside a word these join ("GPT-4", "bj-a-017", "让·雅克"); everything else between words parts.
_CHUNKS = re.compile(r"[^\W_]+(?:[-._'’&+·・]{1,2}[^\W_]+)*")
_COMBINING = re.compile("[\u0300-\u036f]")
_HIDDEN = ("Cf", "Cc")


class _FoldTable(dict[int, str]):
    """Fills itself with the characters it meets; `str.translate` then runs at C speed."""

    def __init__(self, simplified: Mapping[str, str]) -> None:
        super().__init__()
        self._simplified = simplified

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if unicodedata.category(character) in _HIDDEN and not character.isspace():
            folded = ""
        else:
            folded = "".join(map(self._plain, unicodedata.normalize("NFKC", character).casefold()))
        self[code] = folded
        return folded

    def _plain(self, character: str) -> str:
        # Accents go from Latin letters only: a kana without its mark is another sound.
        decomposed = unicodedata.normalize("NFD", character)
        if decomposed[0].isascii() or _COMBINING.match(decomposed):
            return _COMBINING.sub("", decomposed)
        return self._simplified.get(character, character)


class Folding:
    """Width, case, accents and Traditional characters taken away, one character at a time."""

    def __init__(self, simplified: Mapping[str, str] | None = None) -> None:
        """`simplified` maps single Traditional characters to their Simplified form."""
        self._table = _FoldTable(simplified or {})
        # Nearly all characters stay as they are; a search for the others passes over them fast.
        main = (chr(code) for code in range(0x4E00, 0xA000))
        same = "".join([character for character in main if character not in (simplified or {})])
        self._other = re.compile(rf"[^\n -@\[-~{same}]")

    def fold(self, text: str) -> str:
        return self._other.sub(self._folded, text)

    def _folded(self, match: re.Match[str]) -> str:
        return self._table[ord(match[0])]

    def fold_with_origins(self, text: str) -> tuple[str, Sequence[int]]:
        """The folded text and, for each of its characters, the index it comes from."""
        folded = self.fold(text)
        if all(len(self._folded(match)) == 1 for match in self._other.finditer(text)):
            return folded, range(len(text))
        pieces = [self._table[ord(character)] for character in text]
        return folded, [at for at, piece in enumerate(pieces) for _ in piece]


def singular(word: str) -> str:
    """Harman's plural rule: enough for "drones" to find "drone", too little to do harm."""
    if len(word) < 4 or not word.endswith("s") or not word.isascii():
        return word
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


@functools.lru_cache(1 << 14)  # a language uses few words, and those often
def _word(run: str) -> str:
    return singular(run[:LONGEST_WORD])


#: Tokens cut in two: how each begins, and the Han character that follows, if one does.
Halves = tuple[list[str], list[str]]


def halves(folded: str) -> Halves:
    """Every token of a folded text, in order, for writers that need not make each one."""
    first: list[str] = []
    second: list[str] = []
    for match in _RUNS.finditer(folded):
        run = match[0]
        if match.lastindex:
            first += run
            second += run[1:]
        else:
            first.append(_word(run))
        second.append("")
    return first, second


def tokens(folded: str) -> list[str]:
    """Every token of a folded text, in order; the place in the list is the position."""
    return list(map(add, *halves(folded)))


def spaced(halves: Halves) -> str:
    """The tokens as one text, a space behind each."""
    first, second = halves
    pieces = [" "] * (3 * len(first))
    pieces[::3], pieces[1::3] = first, second
    return "".join(pieces)


def written(halves: Halves, after: Sequence[str]) -> str:
    """The tokens as one text, each with the next of `after` behind it. `after` is not longer; where it
    ends, the text does."""
    first, second = halves
    if len(after) < len(first):
        first, second = first[: len(after)], second[: len(after)]
    pieces = [""] * (3 * len(first))
    pieces[::3], pieces[1::3], pieces[2::3] = first, second, after
    return "".join(pieces)


# -- queries ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Phrase:
    """Runs that must stand side by side: Han runs and words. `prefix`: the last word may go on."""

    runs: tuple[str, ...]
    prefix: bool = False

    @property
    def tokens(self) -> tuple[str, ...]:
        """As the index holds them. The last Han run may go on, so its end is not asked for."""
        found: list[str] = []
        for run in self.runs[:-1]:
            found.extend(_tokens_of(run))
        last = _tokens_of(self.runs[-1])
        return (*found, *(last[:-1] if len(last) > 1 else last))

    @property
    def open_ended(self) -> bool:
        """Whether the last token is a prefix: a word being typed or a lone Han character."""
        last = self.runs[-1]
        return len(last) == 1 if is_han(last) else self.prefix


def is_han(run: str) -> bool:
    match = _RUNS.match(run)
    return match is not None and match.lastindex is not None


def is_all_han(text: str) -> bool:
    """Whether there is nothing but Han characters in it."""
    match = _RUNS.fullmatch(text)
    return match is not None and match.lastindex is not None


def _tokens_of(run: str) -> list[str]:
    return [*map(add, run, run[1:]), run[-1]] if is_han(run) else [run]


def han_runs(folded: str) -> list[str]:
    """The runs of Han characters in a folded text."""
    return [match[0] for match in _RUNS.finditer(folded) if match.lastindex]


@dataclass(frozen=True, slots=True)
class Query:
    """All terms must be found; of a term, one of its phrases is enough."""

    terms: tuple[tuple[Phrase, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def phrases(self) -> Iterator[Phrase]:
        return (phrase for term in self.terms for phrase in term)


def parse(text: str, folding: Folding, *, typing: bool = False, loose: bool = False) -> Query:
    """What a reader typed, as a query.

    Words apart are terms that must all be found; words joined ("5G基站") or in quotes are a
    phrase. `typing`: the last word is unfinished. `loose`: also short Latin words may be pinyin
    (else only those of four letters and more, so that "AI" does not find 爱).
    """
    folded = folding.fold(text[:MOST_CHARACTERS])
    phrases: dict[Phrase, None] = {}
    pieces = _QUOTED.split(folded)
    for number, piece in enumerate(pieces):
        # An odd piece stands between two quotation marks; one left open quotes nothing.
        if number % 2 and number < len(pieces) - 1:
            phrases.update(dict.fromkeys(_phrases([piece])))
        else:
            phrases.update(dict.fromkeys(_phrases(_CHUNKS.findall(piece))))
    found = list(phrases)[:MOST_TERMS]
    if typing and found and folded[-1:].isalnum():
        found[-1] = Phrase(found[-1].runs, prefix=True)
    shortest = 2 if typing or loose else SHORTEST_SURE_SPELLING
    return Query(tuple(_alternatives(phrase, shortest) for phrase in found))


def _phrases(chunks: Iterable[str]) -> Iterator[Phrase]:
    for chunk in chunks:
        runs = tuple(
            match[0] if match.lastindex else _word(match[0]) for match in _RUNS.finditer(chunk)
        )
        if runs:
            yield Phrase(runs)


def _alternatives(phrase: Phrase, shortest: int) -> tuple[Phrase, ...]:
    word = phrase.runs[0]
    if len(phrase.runs) > 1 or not (word.isascii() and word.isalpha() and len(word) >= shortest):
        return (phrase,)
    return (phrase, Phrase((SPELLED + word[:LONGEST_SPELLING],), prefix=True))


# -- showing what was found ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` up to, not including, `end`, in characters of the original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text with its own spans; `before` and `after` say that something was cut."""

    text: str
    spans: tuple[Span, ...]
    before: bool
    after: bool

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in order as (piece, is highlighted): the caller escapes each piece."""
        at = 0
        for span in self.spans:
            if span.start > at:
                yield self.text[at : span.start], False
            yield self.text[span.start : span.end], True
            at = span.end
        if at < len(self.text):
            yield self.text[at:], False


def highlight(text: str, query: Query, folding: Folding) -> tuple[Span, ...]:
    """Where the query's phrases stand in the text: sorted, joined where they touch."""
    folded, origins = folding.fold_with_origins(text)
    runs = [(match.start(), match[0]) for match in _RUNS.finditer(folded)]
    found = [
        Span(origins[start], origins[end - 1] + 1)
        for phrase in query.phrases
        if not phrase.runs[0].startswith(SPELLED)
        for start, end in _places(phrase, runs)
    ]
    return _joined(found)


def _places(phrase: Phrase, runs: Sequence[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    wanted = phrase.runs
    if len(wanted) == 1 and is_han(wanted[0]):
        for start, run in runs:
            at = run.find(wanted[0])
            while at >= 0:
                yield start + at, start + at + len(wanted[0])
                at = run.find(wanted[0], at + 1)
        return
    last = len(wanted) - 1
    for first in range(len(runs) - last):
        window = runs[first : first + last + 1]
        if all(_fits(phrase, at, run) for at, (_, run) in enumerate(window)):
            start, end = window[0][0], window[-1][0]
            if is_han(wanted[0]):
                start += len(window[0][1]) - len(wanted[0])
            yield start, end + len(wanted[-1] if is_han(wanted[-1]) else window[-1][1])


def _fits(phrase: Phrase, at: int, run: str) -> bool:
    """Whether the phrase's run number `at` is this run of the text."""
    wanted, last = phrase.runs[at], len(phrase.runs) - 1
    if not is_han(wanted):
        word = _word(run)
        return word.startswith(wanted) if phrase.prefix and at == last else word == wanted
    if at == 0:
        return run.endswith(wanted)
    return run.startswith(wanted) if at == last else run == wanted


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def snippet(text: str, spans: Sequence[Span], width: int) -> Snippet:
    """The stretch of at most `width` characters that shows most of what was found."""
    start = _best_start(spans, width) if len(text) > width else 0
    if start:
        # Begin where a reader would: after the last full stop or comma nearby, else a word.
        lead = max(0, start - width // 4)
        cut = max((text.rfind(mark, lead, start) for mark in "。！？；，.!?;\n "), default=-1)
        start = cut + 1 if cut >= 0 else lead
        start = min(start, max(0, len(text) - width))
    end = min(len(text), start + width)
    inside = tuple(
        Span(max(span.start, start) - start, min(span.end, end) - start)
        for span in spans
        if span.end > start and span.start < end
    )
    return Snippet(text[start:end], inside, before=start > 0, after=end < len(text))


def _best_start(spans: Sequence[Span], width: int) -> int:
    """The start of the span from which three quarters of the width hold the most others."""
    best, most, end = 0, 0, 0
    for at, span in enumerate(spans):
        while end < len(spans) and spans[end].end <= span.start + width * 3 // 4:
            end += 1
        if end - at > most:
            best, most = span.start, end - at
    return best
