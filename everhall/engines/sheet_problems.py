"""Which problems of a file are kept where it has more than anybody reads.

In: problems, by row. Out: at most so many of them, by row. Must stay true: notes never crowd errors out, and a kind of error
that is there is told, however many there are of another.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from everhall.engines.sheet_words import Problem

#: So many of each kind are kept before more of any.
OF_EACH: Final = 100


def kept(problems: Sequence[Problem], most: int) -> list[Problem]:
    """Errors before notes, and some of every kind before all of one."""
    if len(problems) <= most:
        return list(problems)
    seen: Counter[str] = Counter()
    ranked = []
    for at, problem in enumerate(problems):
        seen[problem.code] += 1
        ranked.append((not problem.is_error, seen[problem.code] > OF_EACH, at))
    return [problems[at] for at in sorted(at for *_, at in sorted(ranked)[:most])]
