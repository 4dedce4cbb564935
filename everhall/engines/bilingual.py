"""Texts that exist in Chinese and in English.

Columns come in pairs (`name_zh`, `name_en`); `Bilingual("name", language)` reads the one of the active
language and falls back to the other, so that a page never shows a hole where one text exists.
The active language is handed in as a callable because engines know no framework.
"""

from collections.abc import Callable
from typing import Any, overload

Language = Callable[[], str | None]


def is_chinese(language: str | None) -> bool:
    """Whether a language code asks for the Chinese text; without a language Chinese comes first."""
    return language is None or language.lower().startswith("zh")


def pick(zh: str | None, en: str | None, language: str | None) -> str:
    """The text of `language`, or the other one where that is empty, or ''."""
    first, second = (zh, en) if is_chinese(language) else (en, zh)
    return first or second or ""


class Bilingual:
    """Descriptor over a pair of columns; read-only, because a writer must say which language."""

    def __init__(self, base: str, language: Language) -> None:
        self.zh, self.en, self.language = f"{base}_zh", f"{base}_en", language

    @overload
    def __get__(self, obj: None, owner: type) -> "Bilingual": ...
    @overload
    def __get__(self, obj: object, owner: type) -> str: ...
    def __get__(self, obj: object | None, owner: type) -> Any:
        if obj is None:
            return self
        return pick(getattr(obj, self.zh), getattr(obj, self.en), self.language())

    def __set__(self, obj: object, value: object) -> None:
        msg = f"Write {self.zh} or {self.en}: a text is written in one language."
        raise AttributeError(msg)
