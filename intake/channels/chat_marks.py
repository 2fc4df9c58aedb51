"""The marks of a chat text (`*bold*`, `_italic_`, `~struck~`, code), as WhatsApp's and Telegram's readers see them; pure."""

import re

from cases.model import Parcel
from intake.channels.channel import Run, Shown

MARKED = re.compile(
    r"```\n?(?P<pre>.+?)\n?```"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?<![\w*])\*(?P<bold>(?=\S)[^*\n]*[^\s*])\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>(?=\S)[^_\n]*[^\s_])_(?![\w_])"
    r"|(?<![\w~])~(?P<strikethrough>(?=\S)[^~\n]*[^\s~])~(?![\w~])"
    r"|(?P<link>https?://\S+)",
    re.DOTALL,
)
"""A mark opens before a word and closes after one, within a line; nothing inside an address is a mark."""


def runs(text: str) -> tuple[Run, ...]:
    """Cut a text at its marks; a mark within another one is left out."""
    found: list[Run] = []
    end = 0
    for mark in MARKED.finditer(text):
        kind = mark.lastgroup
        if kind is None or kind == "link":
            continue
        found += (Run(text[end : mark.start()]), Run(_bare(mark[kind], kind), kind))
        end = mark.end()
    return tuple(run for run in (*found, Run(text[end:])) if run.text)


def _bare(text: str, kind: str) -> str:
    """Return what stands between two marks, without the marks within."""
    return text if kind in ("pre", "code") else "".join(run.text for run in runs(text))


def marked(parcel: Parcel) -> Shown:
    """Show a part as a chat does, its marks carried out."""
    return Shown(runs(parcel.body))
