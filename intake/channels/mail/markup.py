"""HTML mail as readable text; nothing is fetched."""

import re
from collections import Counter

from intake.channels.mail.tags import Tag, read_html

_BLOCKS = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    )
)
_SPACED = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "dl", "pre"))
_HIDDEN = frozenset(
    (
        "script",
        "style",
        "template",
        "title",
        "object",
        "svg",
        "math",
        "select",
        "textarea",
        "xml",
        "iframe",
    )
)
_VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    )
)
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![\d.])", re.IGNORECASE
)
_INDENT = re.compile(r"margin:0(?:px)?0(?:px)?0(?:px)?40px")
_ATTRIBUTES = re.compile(r"\b(?:gmail_attr|moz-cite-prefix)\b")
_FOLLOWS = re.compile(
    r"divRplyFwdMsg|OLK_SRC_BODY_SECTION|ms-outlook-mobile-reference-message|mail-editor-reference-message-container|reply-intro$"
)
RULE = "_" * 32
ANSWERED = "\ue0f1"
"""Begins a line where a client's own mark says that the answered mail follows."""
MAX_OPEN = 500
MAX_HTML = 4_000_000


class _Reader:
    """Collects lines of text, each with a `> ` for every block quotation around it."""

    def __init__(self, *, all_shown: bool) -> None:
        self.all_shown = all_shown
        self.lines: list[str] = []
        self.line: list[str] = []
        self.open: list[tuple[str, bool, bool]] = []
        self.names: Counter[str] = Counter()
        self.hidden = self.quoted = self.preformatted = 0
        self.links: list[tuple[str, int, int]] = []
        self.lists: list[int | None] = []

    def begin(self, tag: str, given: dict[str, str]) -> None:
        """Open an element: blocks begin a line, quotations deepen, what is not shown is not read."""
        style = given.get("style", "")
        if tag in _BLOCKS:
            self._break()
        if tag in _SPACED:
            self._space()
        if tag in _VOID:
            self._void(tag, given)
            return
        if _FOLLOWS.search(given.get("id", "")) and not self.hidden and not self.quoted:
            self.lines.append(ANSWERED)
        hidden = tag in _HIDDEN or (not self.all_shown and ("hidden" in given or bool(_UNSEEN.search(style))))
        quoted = (tag == "blockquote" and not _INDENT.search(style.replace(" ", ""))) or bool(
            _ATTRIBUTES.search(given.get("class", ""))
        )
        if len(self.open) < MAX_OPEN:
            self.open.append((tag, hidden, quoted))
            self.names[tag] += 1
            self.hidden += hidden
            self.quoted += quoted
            self.preformatted += tag == "pre"
        if tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag in ("td", "th") and self.line:
            self._say(" ")
        elif tag == "a":
            self.links.append((given.get("href", ""), len(self.lines), len(self.line)))

    def end(self, tag: str) -> None:
        """Close an element and all that was left open inside it."""
        if tag == "a" and self.links:
            self._end_link(*self.links.pop())
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        if tag in _BLOCKS:
            self._break()
        while self.names[tag]:
            opened, hidden, quoted = self.open.pop()
            self.names[opened] -= 1
            self.hidden -= hidden
            self.quoted -= quoted
            self.preformatted -= opened == "pre"
            if opened == tag:
                break
        if tag in _SPACED:
            self._space()

    def say(self, data: str) -> None:
        """Take words; white space counts as HTML counts it."""
        if self.hidden:
            return
        if not self.preformatted:
            self._say(re.sub(r"[ \t\r\n\f]+", " ", data))
            return
        first, *rest = data.split("\n")
        self._say(first)
        for line in rest:
            self._end_line()
            self._say(line)

    def finish(self) -> list[str]:
        """Return the lines."""
        self._break()
        return self.lines

    def _void(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self._end_line()
        elif tag == "hr":
            self._say(RULE)
            self._break()
        elif tag == "img" and (alternative := given.get("alt", "").strip()) and not self.hidden:
            self._say(f"[{' '.join(alternative.split())}]")

    def _say(self, text: str) -> None:
        if self.hidden:
            return
        if not self.preformatted and (not self.line or self.line[-1].endswith(" ")):
            text = text.lstrip(" ")
        if text:
            self.line.append(text)

    def _end_line(self) -> None:
        if not self.hidden:
            self.lines.append("> " * min(self.quoted, 20) + "".join(self.line))
            self.line = []

    def _break(self) -> None:
        if self.line:
            self._end_line()

    def _space(self) -> None:
        """Leave one empty line between paragraphs."""
        if not self.hidden and self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * min(self.quoted, 20))

    def _item(self) -> None:
        number = self.lists[-1] if self.lists else None
        if number is None:
            self._say("- ")
        else:
            self.lists[-1] = number + 1
            self._say(f"{number + 1}. ")

    def _end_link(self, href: str, lines: int, pieces: int) -> None:
        """Show where a link leads, unless its text says it or it went over several lines."""
        shown = "".join(self.line[pieces:]).strip() if lines == len(self.lines) else ""
        if href.lower().startswith(("http://", "https://")) and shown and shown not in href:
            self._say(f" <{href}>")


def html_text(html: str) -> str:
    """Return what a person would read in an HTML mail; quoted blocks get `> ` before each line."""
    return _read(html[:MAX_HTML], all_shown=False) or _read(html[:MAX_HTML], all_shown=True)


def _read(html: str, *, all_shown: bool) -> str:
    reader = _Reader(all_shown=all_shown)
    for piece in read_html(html):
        if not isinstance(piece, Tag):
            reader.say(piece)
        elif piece.closes:
            reader.end(piece.name)
        else:
            reader.begin(piece.name, piece.attributes)
    lines = [line.replace("\xa0", " ").rstrip() for line in reader.finish()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
