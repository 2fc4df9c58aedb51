"""An article's Markdown for each place where it is read: a page, a chat, a line of text."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

DEMOTE = 2
"""How many levels a heading sinks, so that the page's own title stays the highest."""

_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("strong", "em", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def to_html(markdown: str, demote: int = DEMOTE) -> str:
    """Return safe HTML: no scripts, handlers or images, links that carry no trust, headings `demote` levels lower."""
    tokens = _PARSER.parse(_clean(markdown))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + demote)}"
        if token.children:
            token.children = [_without_image(child) for child in token.children]
    html = str(_PARSER.renderer.render(tokens, _PARSER.options, {}))
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow noopener"
    ).strip()


def to_chat(markdown: str) -> str:
    """Return the text as WhatsApp and Telegram show it: *bold*, _italic_, numbers kept, links as "text: url"."""
    return _written(markdown, _CHAT)


def to_plain(markdown: str) -> str:
    """Return the text with no marks at all, its paragraphs and numbers kept."""
    return _written(markdown, _PLAIN)


def summary(markdown: str, length: int) -> str:
    """Return the beginning as one line of at most `length` characters, cut between words with an ellipsis."""
    line = " ".join(_written(markdown, replace(_PLAIN, urls=False)).split())
    if len(line) <= length:
        return line
    if length <= 1:
        return "…"[:length]
    cut = line[:length]
    kept, space, _ = cut.rpartition(" ")
    return (kept if space and len(kept) > length // 2 else cut[:-1]).rstrip(" ,;:.") + "…"


@dataclass(frozen=True, slots=True)
class _Style:
    """The marks of one place."""

    strong: str = ""
    em: str = ""
    s: str = ""
    code: str = ""
    fence: str = ""
    quote: str = ""
    bullet: str = "- "
    urls: bool = True
    unmarked: frozenset[str] = frozenset()


_PLAIN = _Style()
_CHAT = _Style(strong="*", em="_", s="~", code="`", fence="```", quote="> ", bullet="• ")


def _clean(markdown: str) -> str:
    return re.sub("[\ud800-\udfff]", "\ufffd", markdown)


def _without_image(token: Token) -> Token:
    return Token("text", "", 0, content=token.content) if token.type == "image" else token


def _written(markdown: str, style: _Style) -> str:
    root = SyntaxTreeNode(_PARSER.parse(_clean(markdown)))
    text = "\n\n".join(_blocks(root, style))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _blocks(node: SyntaxTreeNode, style: _Style) -> Iterator[str]:
    """Yield the text of each block under a node."""
    for child in node.children:
        text = _block(child, style)
        if text.strip():
            yield text


def _block(node: SyntaxTreeNode, style: _Style) -> str:
    write = _BLOCKS.get(node.type)
    return write(node, style) if write else "\n\n".join(_blocks(node, style))


def _heading(node: SyntaxTreeNode, style: _Style) -> str:
    return _marked(_inline(node, replace(style, unmarked=style.unmarked | {"strong"})), style.strong)


def _quote(node: SyntaxTreeNode, style: _Style) -> str:
    return _prefixed("\n\n".join(_blocks(node, style)), style.quote, style.quote)


def _code(node: SyntaxTreeNode, style: _Style) -> str:
    code = node.content.rstrip("\n")
    return f"{style.fence}\n{code}\n{style.fence}" if style.fence else code


def _list(node: SyntaxTreeNode, style: _Style) -> str:
    number = int(node.attrs.get("start", 1))
    items = []
    for item in node.children:
        mark = f"{number}. " if node.type == "ordered_list" else style.bullet
        number += 1
        items.append(
            _prefixed("\n".join(_blocks(item, style)), mark, " " * len(mark)).rstrip() or mark.rstrip()
        )
    return "\n".join(items)


def _table(node: SyntaxTreeNode, style: _Style) -> str:
    rows = [
        [_inline(cell, style) for cell in row.children] for part in node.children for row in part.children
    ]
    header, *body = rows
    if not body:
        return " | ".join(header)
    return "\n".join(
        "; ".join(f"{h}: {c}" if h else c for h, c in zip(header, row, strict=False) if c) for row in body
    )


def _prefixed(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join([first + lines[0], *(rest + line if line or rest.strip() else "" for line in lines[1:])])


def _marked(text: str, mark: str) -> str:
    """Put a mark around a text, inside its spaces and line by line, since a chat's marks do not span lines."""
    if not mark:
        return text
    return "\n".join(
        re.sub(r"^(\s*)(.*?)(\s*)$", rf"\1{mark}\2{mark}\3", line) if line.strip() else line
        for line in text.split("\n")
    )


def _inline(node: SyntaxTreeNode, style: _Style) -> str:
    return "".join(_span(child, style) for child in node.children)


def _span(node: SyntaxTreeNode, style: _Style) -> str:
    if node.type in _MARKS:
        inside = _inline(node, replace(style, unmarked=style.unmarked | {node.type}))
        return inside if node.type in style.unmarked else _marked(inside, getattr(style, node.type))
    if node.type == "code_inline":
        return _marked(node.content, style.code)
    if node.type == "link":
        return _link(_inline(node, style), str(node.attrs.get("href", "")), style)
    if node.type in {"text", "image"}:
        return node.content
    return _BREAKS.get(node.type) or _inline(node, style)


def _link(text: str, url: str, style: _Style) -> str:
    scheme = url.partition(":")[0].lower()
    if not style.urls or scheme not in _SCHEMES:
        return text
    shown = url.removeprefix("mailto:").removeprefix("tel:")
    plain = text.strip("*_~`")
    return shown if plain in ("", url, shown) else f"{text}: {shown}"


_MARKS = {"strong", "em", "s"}
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}
_BLOCKS: dict[str, Callable[[SyntaxTreeNode, _Style], str]] = {
    "paragraph": _inline,
    "heading": _heading,
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": _quote,
    "fence": _code,
    "code_block": _code,
    "hr": lambda _node, _style: "———",
    "table": _table,
}
