"""Markdown on a page, in a chat, in a line."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb.markdown import summary, to_chat, to_html, to_plain

ARTICLE = """# Recuperar la clave

Siga **estos pasos**:

1. Abra [la página](https://ciudadania.bo/clave).
2. Elija *olvidé*.
   - por correo
   - por `SMS`
5. Listo.

> No dé su clave.

| Horario | Días |
|---|---|
| 8:30 | lunes |
"""

MARKS = st.text(
    st.sampled_from("ab <>&*_~`#[]()!|-\n1.>\"'=\\:/x\t") | st.characters(codec="utf-8"), max_size=80
)
ATTACKS = st.lists(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[a](javascript:alert(1))",
            "![i](https://x.bo/i.png)",
            "<a href='javascript:x' onclick=x>",
            "[a](data:text/html,x)",
            "<svg/onload=x>",
            "[a](//x.bo)",
            "\n\n",
            "**",
            "> ",
        ]
    )
).map("".join)


class Tags(HTMLParser):
    """Collects the tags and attributes that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(html)
    return parser.seen


def test_a_page_shows_it_with_lower_headings_and_links_that_carry_no_trust() -> None:
    html = to_html(ARTICLE)
    assert "<h3>Recuperar la clave</h3>" in html
    assert ("a", {"href": "https://ciudadania.bo/clave", "rel": "nofollow noopener"}) in tags(html)
    assert "<strong>estos pasos</strong>" in html
    assert to_html("###### Hondo") == "<h6>Hondo</h6>"


def test_a_list_keeps_its_first_number_and_an_image_leaves_its_words() -> None:
    assert ("ol", {"start": "4"}) in tags(to_html("4. cuatro"))
    assert to_html("![el botón](https://x.bo/i.png)") == "<p>el botón</p>"


def test_a_chat_shows_it_with_its_own_marks() -> None:
    assert to_chat(ARTICLE) == (
        "*Recuperar la clave*\n\nSiga *estos pasos*:\n\n1. Abra la página: https://ciudadania.bo/clave.\n"
        "2. Elija _olvidé_.\n   • por correo\n   • por `SMS`\n3. Listo.\n\n> No dé su clave.\n\nHorario: 8:30; Días: lunes"
    )


@pytest.mark.parametrize(
    ("markdown", "chat"),
    [
        ("<https://x.bo>", "https://x.bo"),
        ("[https://x.bo](https://x.bo)", "https://x.bo"),
        ("[ayuda@x.bo](mailto:ayuda@x.bo)", "ayuda@x.bo"),
        ("[escríbanos](mailto:ayuda@x.bo)", "escríbanos: ayuda@x.bo"),
        ("## **Ya en negrita**", "*Ya en negrita*"),
        ("***los dos***", "_*los dos*_"),
        ("```\na  b\n```", "```\na  b\n```"),
        ("~~no~~", "~no~"),
        ("uno\\\ndos", "uno\ndos"),
        ("", ""),
    ],
)
def test_details_of_a_chat(markdown: str, chat: str) -> None:
    assert to_chat(markdown) == chat


def test_plain_text_has_no_marks_and_keeps_its_numbers() -> None:
    assert (
        to_plain("**Pasos**\n\n1. uno\n2. *dos* [aquí](https://x.bo)")
        == "Pasos\n\n1. uno\n2. dos aquí: https://x.bo"
    )


def test_a_summary_is_one_line_cut_between_words() -> None:
    assert summary("**Uno** dos\n\ntres [cuatro](https://x.bo)", 100) == "Uno dos tres cuatro"
    assert summary("Primero abra la página, después espere", 25) == "Primero abra la página…"
    assert summary("a" * 50, 10) == "a" * 9 + "…"


@settings(max_examples=150, deadline=None)
@given(MARKS | ATTACKS | st.text())
@example("> " * 60 + "hondo")
@example("[" * 80)
@example("- " * 60 + "x")
def test_no_markdown_gets_code_into_a_page_or_breaks_it(markdown: str) -> None:
    html = to_html(markdown)
    for tag, attributes in tags(html):
        assert tag not in {"script", "img", "svg", "iframe", "style", "object"}
        assert not [name for name in attributes if name.startswith("on")]
        assert re.match(r"(https?|mailto|tel):|(?![a-z]+:)", attributes.get("href") or "", re.IGNORECASE)
    to_chat(markdown)
    to_plain(markdown)


@given(MARKS, st.integers(0, 60))
def test_a_summary_never_exceeds_its_length(markdown: str, length: int) -> None:
    text = summary(markdown, length)
    assert len(text) <= length
    assert "\n" not in text
