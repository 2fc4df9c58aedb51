"""HTML as a stream of texts and tags, in time that grows with its length alone.

The standard library's parser reads some malformed pages in quadratic time, and sanitisers that build a tree do so with
deep nesting; mail is where such pages come from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_NAME = re.compile(r"</?([a-zA-Z][\w:-]*)")
_ATTRIBUTE = re.compile(r"""([\w:-]+)(?:\s*=\s*("[^"]*"?|'[^']*'?|[^\s"'>]+))?""")
_RAW = ("script", "style", "title", "textarea", "xmp", "noframes")
LONGEST_TAG = 5000
QUOTED_ENDS = 20


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag, or an end tag, whose attributes are then none."""

    name: str
    closes: bool = False
    attributes: dict[str, str] = field(default_factory=dict)


def read_html(html: str) -> Iterator[str | Tag]:
    """Yield the texts, references resolved, and the tags of a page; comments, declarations and scripts are left out."""
    place = 0
    lower = html.lower()
    while (start := html.find("<", place)) >= 0:
        if start > place:
            yield unescape(html[place:start])
        if html.startswith("<!--", start):
            end = html.find("-->", start + 4)
            place = end + 3 if end >= 0 else _end_of_tag(html, start)
            continue
        named = _NAME.match(html, start)
        if named is None and html[start + 1 : start + 2] not in ("!", "?", "/"):
            yield "<"
            place = start + 1
            continue
        place = _end_of_tag(html, start)
        if named is None:
            continue
        name = named[1].lower()
        closes = html.startswith("</", start)
        yield Tag(
            name, closes, {} if closes else _attributes(html[named.end() : min(place, start + LONGEST_TAG)])
        )
        if name in _RAW and not closes:
            end = lower.find(f"</{name}", place)
            place = end if end >= 0 else len(html)
    if place < len(html):
        yield unescape(html[place:])


def _end_of_tag(html: str, start: int) -> int:
    """Return the place after a tag's `>`; one inside a quoted value does not end it."""
    end = start
    for _ in range(QUOTED_ENDS):
        found = html.find(">", end + 1)
        if found < 0:
            return len(html) if end == start else end + 1
        end = found
        inside = html[start : min(end, start + LONGEST_TAG)]
        if "=" not in inside or (inside.count('"') % 2 == 0 and inside.count("'") % 2 == 0):
            return end + 1
    return end + 1


def _attributes(inside: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(inside.rstrip(">")):
        bare = value[1:].removesuffix(value[0]) if value[:1] in ('"', "'") else value
        found.setdefault(name.lower(), unescape(bare))
    return found
