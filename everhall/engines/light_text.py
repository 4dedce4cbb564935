"""Rich text as people type it in a plain box, and back: paragraphs, headings, lists, bold words, links, rules.

In: the HTML that the desk's editor keeps (h3, p, ul, ol, b, a, hr), or light text. Out: the other. What must stay true: what comes
out of one is taken by the other without a change; what the editor does not know is kept as its words; no markup is made of anything
that somebody types, but that which is listed here.

    ### A heading
    Words, **bold** ones, [a link](https://example.org).
    - a point
    1. a step
    ---
"""

import html
import re
from html.parser import HTMLParser
from typing import Final

#: A link of the desk to a page or a file of its own, which has no address until it is shown.
OWN: Final = "own:"
LINK: Final = re.compile(r"(?<!\\)\[([^\[\]]+)\]\(((?:https?://|mailto:|/|own:)[^\s()]*)\)")
BOLD: Final = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
POINT: Final = re.compile(r"^[-*•]\s+(.*)$")
STEP: Final = re.compile(r"^\d{1,3}[.)、]\s*(?=\S)(.*)$")
HEADING: Final = re.compile(r"^#{1,6}\s+(.*)$")
SPACES: Final = re.compile(r"[ \t\r\f\v\xa0]+")
RULE: Final = re.compile(r"^(?:-{3,}|\*{3,}|_{3,})$")


# ---------------------------------------------------------------- light text to HTML
def to_html(text: str) -> str:
    """What the desk's editor would have made of it."""
    writer = _Writer()
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        # As HTML shows it: several spaces are one.
        writer.take(*read(SPACES.sub(" ", line).strip()))
    writer.end()
    return "".join(writer.out)


class _Writer:
    """Blocks of HTML out of lines that were read."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.lines: list[str] = []
        #: What the lines are that wait: of a paragraph, or points of a list.
        self.kind = ""

    def take(self, what: str, words: str) -> None:
        if what != self.kind or not what:
            self.end()
        if what in ("p", "ul", "ol"):
            self.kind = what
            self.lines.append(words)
        elif what == "h3":
            self.out.append(f"<h3>{inline(words)}</h3>")
        elif what == "hr":
            self.out.append("<hr/>")

    def end(self) -> None:
        """What waits is a block now."""
        done = [inline(one) for one in self.lines]
        if self.kind == "p" and done:
            self.out.append(f"<p>{'<br/>'.join(done)}</p>")
        elif done:
            self.out.append(f"<{self.kind}>{''.join(f'<li>{one}</li>' for one in done)}</{self.kind}>")
        self.lines.clear()
        self.kind = ""


def read(line: str) -> tuple[str, str]:
    """What a line is, and its words; "" for an empty one. A backslash before a mark takes its meaning away."""
    if not line:
        return "", ""
    if RULE.match(line):
        return "hr", ""
    for what, mark in (("h3", HEADING), ("ul", POINT), ("ol", STEP)):
        found = mark.match(line)
        if found:
            return what, found[1].strip()
    return "p", line


def inline(words: str) -> str:
    """Bold and links of one line."""
    out, at = [], 0
    for found in LINK.finditer(words):
        out.append(bold(words[at : found.start()]))
        out.append(anchor(found[2], bold(found[1])))
        at = found.end()
    out.append(bold(words[at:]))
    return "".join(out)


def bold(words: str) -> str:
    plain = BOLD.sub(lambda found: f"\x01{found[1]}\x02", words.replace("\x01", "").replace("\x02", ""))
    return html.escape(unmarked(plain), quote=False).replace("\x01", "<b>").replace("\x02", "</b>")


def unmarked(words: str) -> str:
    return re.sub(r"\\([\\*\[\]#\-•0-9_])", r"\1", words)


def anchor(target: str, words: str) -> str:
    if target.startswith(OWN):
        kind, _, number = target.removeprefix(OWN).partition("-")
        if kind in ("page", "document") and number.isdecimal():
            return f'<a linktype="{kind}" id="{number}">{words}</a>'
        return words
    return f'<a href="{html.escape(target)}">{words}</a>'


# ---------------------------------------------------------------- HTML to light text
class _Reader(HTMLParser):
    """Lines of light text, one after the other."""

    BLOCKS: Final = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "div", "blockquote"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.kind = "p"
        self.lists: list[str] = []
        self.links: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.silent += 1
        elif tag in ("ul", "ol"):
            self.end()
            self.lists.append(tag)
        elif tag in self.BLOCKS:
            self.end()
            self.kind = (self.lists[-1] if self.lists else "ul") if tag == "li" else "h3" if tag[0] == "h" else "p"
        elif tag == "hr":
            self.end()
            self.blocks.append(("hr", ""))
        elif tag == "br":
            self.words.append("\n")
        elif tag in ("b", "strong"):
            self.words.append("\x01")
        elif tag == "a":
            self.links.append(target_of(dict(attrs)))
            self.words.append("\x03")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.silent = max(0, self.silent - 1)
        elif tag in ("ul", "ol"):
            self.end()
            if self.lists:
                self.lists.pop()
        elif tag in self.BLOCKS:
            self.end()
        elif tag in ("b", "strong"):
            self.words.append("\x02")
        elif tag == "a" and self.links:
            self.words.append(f"\x04{self.links.pop()}\x05")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(re.sub(r"[\x01-\x05]", "", data))

    def end(self) -> None:
        """A block is over."""
        text = "".join(self.words)
        self.words.clear()
        lines = [SPACES.sub(" ", line).strip() for line in text.split("\n")]
        words = "\n".join(marked(line) for line in lines if line) if self.kind == "p" else marked(" ".join(filter(None, lines)))
        if words:
            self.blocks.append((self.kind, words))
        self.kind = "p"


def target_of(attrs: dict[str, str | None]) -> str:
    kind, number = attrs.get("linktype"), attrs.get("id")
    if kind and number:
        return f"{OWN}{kind}-{number}"
    target = (attrs.get("href") or "").strip()
    return target if LINK.fullmatch(f"[x]({target})") else ""


def marked(line: str) -> str:
    """One line of words with the marks of bold and links, what would be taken for a mark made plain."""
    line = re.sub(r"\\(?=[\\*\[\]#\-•0-9_])", r"\\\\", line)
    line = line.replace("**", r"\*\*")
    line = re.sub(r"\[(?=[^\[\]]*\]\()", r"\\[", line)
    line = re.sub(r"\x03([^\x03\x04]*)\x04([^\x05]*)\x05", link, line)
    line = re.sub(r"\x01\s*([^\x01\x02]*?)\s*\x02", lambda found: f"**{found[1]}**" if found[1] else "", line)
    line = re.sub(r"[\x01-\x05]", "", line)
    return "\\" + line if read(line)[0] not in ("p", "") else line


def link(found: re.Match[str]) -> str:
    words, target = found[1].replace("[", "(").replace("]", ")").replace("\\(", "("), found[2]
    return f"[{words}]({target})" if words.strip() and target else words


def to_light(text: str) -> str:
    """As it stands in the box."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end()
    out: list[str] = []
    before, number = "", 0
    for kind, words in reader.blocks:
        number = number + 1 if kind == before else 1
        if out and not (kind == before and kind in ("ul", "ol")):
            out.append("")
        out.append({"ol": f"{number}. {words}", "ul": f"- {words}", "h3": f"### {words}", "hr": "---"}.get(kind, words))
        before = kind
    return "\n".join(out)


def words_of(text: str) -> str:
    """The words of light text, to count them."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", to_html(text))).strip()
