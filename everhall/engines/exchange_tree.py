"""XML of strangers as a tree: within limits, without declarations, each element with its line.

In: bytes. Out: the root; or `Unreadable` in the words of `sheet_words`. Must stay true: nothing outside the bytes is ever
read, and the depth is judged while reading, before anything is built that is deep.
"""

from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from everhall.engines.exchange import MOST_BYTES
from everhall.engines.exchange_words import Unreadable

DEEPEST: Final = 30
MOST_ELEMENTS: Final = 1_000_000
#: Where an element keeps its line; no attribute of XML can have this name.
LINE: Final = "\x00line"


class _Lines(TreeBuilder):
    """Builds the tree and counts."""

    def __init__(self) -> None:
        super().__init__()
        self.parser: Any = None
        self.depth = self.count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            raise Unreadable("exchange_too_deep", limit=DEEPEST)
        if self.count > MOST_ELEMENTS:
            raise Unreadable("exchange_too_many", limit=MOST_ELEMENTS)
        made = super().start(tag, attrs)
        made.set(LINE, str(self.parser.CurrentLineNumber))
        return made

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def parsed(data: bytes) -> Element:
    """See the module."""
    if len(data) > MOST_BYTES:
        raise Unreadable("exchange_too_big", size=f"{len(data) / 1e6:.0f}", limit=MOST_BYTES // 1_000_000)
    target = _Lines()
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.parser = parser.parser
    try:
        parser.feed(data)
        root: Element = parser.close()
    except ParseError as broken:
        line, _column = broken.position
        raise Unreadable("exchange_broken_xml", row=line) from broken
    except DefusedXmlException as declared:
        raise Unreadable("exchange_declares") from declared
    except (LookupError, ValueError) as unknown:
        # An encoding that nobody knows.
        raise Unreadable("exchange_encoding") from unknown
    return root


def line_of(element: Any) -> int:
    return int(element.get(LINE, "0"))
