"""The marks of a chat text (`*bold*`, `_italic_`, `~struck~`, code) → Telegram's entities; pure."""

from dataclasses import dataclass

from intake.channels.chat_marks import MARKED

_VERBATIM = frozenset({"pre", "code"})


@dataclass(frozen=True, slots=True)
class Entity:
    """A span of a text, in UTF-16 code units as the Bot API counts, and how it is shown."""

    kind: str
    offset: int
    length: int


def without_marks(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Return a text without its marks, and the spans that they marked."""
    pieces: list[str] = []
    entities: list[Entity] = []
    offset = end = 0
    for found in MARKED.finditer(text):
        kind = found.lastgroup
        if kind is None or kind == "link":
            continue
        before = text[end : found.start()]
        offset += units(before)
        inner, within = (found[kind], ()) if kind in _VERBATIM else without_marks(found[kind])
        entities.append(Entity(kind, offset, units(inner)))
        entities += [Entity(each.kind, offset + each.offset, each.length) for each in within]
        pieces += (before, inner)
        offset += units(inner)
        end = found.end()
    return "".join((*pieces, text[end:])), tuple(entities)


def units(text: str) -> int:
    """Return a text's length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
