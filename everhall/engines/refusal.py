"""Why something was not done: a code for programmes, a sentence for people.

In: a code and what its sentence names. Out: an exception that a view turns into an answer. What must stay true: every code
has a sentence, in the language of whoever reads it (the tables hold texts that are translated when they are asked for).
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class Refusal(Exception):  # noqa: N818 - an answer, not a fault of the program
    """Each app has one of its own, with its own `table`: code -> sentence, with %(names)s of `values`.

    `wait`: seconds after which it may be tried again; 0 where waiting does not help.
    """

    table: ClassVar[Mapping[str, Any]]

    def __init__(self, code: str, wait: float = 0.0, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.wait = wait
        self.values = values

    @property
    def words(self) -> str:
        """What was wrong and what to do, in the active language."""
        text = str(self.table[self.code])
        return text % self.values if self.values else text
