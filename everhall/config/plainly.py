"""Refusals in one plain sentence on standard error, in the language of the terminal, exit code 2.

`everhall serve`, `backup` and `restore` raise `RefusedError`; `refusing()` turns it, and the failures of the
environment that Python reports as exceptions, into the sentence.
"""

import contextlib
import sys
from collections.abc import Iterator

from django.db import OperationalError

from everhall.config.state import Trouble, speaks_chinese, unreachable

EXIT_CODE = 2


class RefusedError(Exception):
    """This cannot be done, and why. Carries the sentence in both languages."""

    def __init__(self, code: str, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.trouble = Trouble(code, zh, en)


def refuse(trouble: Trouble) -> None:
    """Raise a trouble as a refusal."""
    raise RefusedError(trouble.code, zh=trouble.zh, en=trouble.en)


def tell(trouble: Trouble) -> None:
    sys.stderr.write(f"everhall: {trouble.in_tongue(speaks_chinese())}\n")


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Around a command: no traceback for what a person can mend."""
    try:
        yield
    except RefusedError as refusal:
        tell(refusal.trouble)
        sys.exit(EXIT_CODE)
    except OperationalError as problem:
        tell(unreachable(problem))
        sys.exit(EXIT_CODE)
