"""The search over everything: what finds a case, a person, an article, and who finds it."""

import pytest

from cases.vocabulary import Category, Channel
from desk.search import Piece, as_number, find, marked, marked_digits, place_in
from store.finding import phone_end, spellings
from tests.builders import DeskUnderTest, a_message


async def found(desk: DeskUnderTest, typed: str, who: str = "operador") -> tuple[list[str], list[str]]:
    """Return the numbers of the cases and the names of the people that a search finds."""
    seen = await find(desk.desk, desk.people[who], typed, cases=10, people=10, articles=0)
    people = ["".join(piece.text for piece in hit.name) for hit in seen.people]
    return [hit.row.number for hit in seen.cases], people


@pytest.mark.parametrize(
    "typed",
    [
        "+59170000123",
        "591 700 00 123",
        "0059170000123",
        "70000123",
        "700-00123",
        "(700) 00 123",
        "00123",
        "0123",
    ],
)
async def test_a_telephone_number_is_found_in_any_spelling_and_by_its_end(
    desk: DeskUnderTest, typed: str
) -> None:
    case = (await desk.receive(a_message(sender="+59170000123"))).case
    await desk.receive(a_message(sender="+59170000999", sender_name="Luis Quispe"))

    assert await found(desk, typed) == ([case.number], ["Rosa Mamani"])


@pytest.mark.parametrize("typed", ["eva@example.bo", "EVA@example.bo", "eva@exam", "eva example"])
async def test_a_mail_address_is_found_whole_or_begun(desk: DeskUnderTest, typed: str) -> None:
    mail = a_message(
        channel=Channel.EMAIL,
        sender="eva@example.bo",
        sender_name="Eva Choque",
        provider_id="<1@x>",
        subject="Factura",
    )
    case = (await desk.receive(mail)).case

    assert await found(desk, typed) == ([case.number], ["Eva Choque"])


async def test_names_and_words_are_found_without_accents_and_marked(desk: DeskUnderTest) -> None:
    said = a_message(
        sender_name="Álvaro Núñez", text="No puedo entrar. Me sale «contraseña inválida» cada vez."
    )
    case = (await desk.receive(said)).case

    assert await found(desk, "alvaro nunez") == ([case.number], ["Álvaro Núñez"])

    seen = await find(
        desk.desk, desk.people["operador"], "contrasena invalida", cases=5, people=5, articles=0
    )
    [hit] = seen.cases
    assert hit.row.number == case.number
    assert [piece.text for piece in hit.said if piece.found] == ["contraseña", "inválida"]
    assert seen.people == []


@pytest.mark.parametrize("written", ["{number}", "{digits}", "#{digits}", " {number} "])
async def test_a_case_is_found_by_its_number_or_this_years_digits(desk: DeskUnderTest, written: str) -> None:
    case = (await desk.receive(a_message())).case
    for sender in range(3):
        await desk.receive(a_message(sender=f"+5917000020{sender}"))
    digits = str(int(case.number.partition("-")[2]))

    numbers, _people = await found(desk, written.format(number=case.number, digits=digits))

    assert numbers[0] == case.number


async def test_a_unit_finds_only_what_it_may_see(desk: DeskUnderTest) -> None:
    theirs = (await desk.receive(a_message(text="Se cayó todo"))).case
    theirs = await desk.confirm(theirs, Category.AVAILABILITY, before=True)
    theirs = await desk.walk(theirs, ("operador", "derive-uit", {}), ("operador", "derive-uit", {}))
    other = (await desk.receive(a_message(sender="+59170000002", sender_name="Luis Quispe"))).case

    assert await found(desk, "rosa", "uit") == ([theirs.number], ["Rosa Mamani"])
    for typed in ("luis", "+59170000002", other.number):
        assert await found(desk, typed, "uit") == ([], [])
    assert await found(desk, "rosa", "upat") == ([], [])


async def test_articles_are_found_too(desk: DeskUnderTest) -> None:
    await desk.stocked()

    seen = await find(
        desk.desk, desk.people["uit"], "no carga la pagina de pagos", cases=0, people=0, articles=3
    )

    assert seen.articles[0].title == "La página de pagos no carga"


@pytest.mark.parametrize("typed", ["", " ", "a", "«»", "%", "\\", '"', "'; --"])
async def test_what_says_nothing_finds_nothing(desk: DeskUnderTest, typed: str) -> None:
    await desk.receive(a_message())

    assert await found(desk, typed) == ([], [])


def test_what_reads_as_a_telephone_number() -> None:
    assert phone_end("+591 700-00 123") == "59170000123"
    assert phone_end("503") is None
    assert phone_end("2026-000123") is None
    assert phone_end("error 5033") is None
    assert spellings("0123") == ("0123", "fin3210")


def test_what_reads_as_a_case_number() -> None:
    assert as_number("2025-17", 2026) == "2025-000017"
    assert as_number("17", 2026) == "2026-000017"
    assert as_number("70000123", 2026) is None
    assert as_number("pagos", 2026) is None


def test_a_place_shows_the_words_with_what_is_around_them() -> None:
    long = "palabra " * 40 + "el código QR no llega " + "después " * 40

    place = place_in(["Otra cosa", long], ["codigo", "qr"])

    assert [piece.text for piece in place if piece.found] == ["código", "QR"]
    assert place[0].text.startswith("… ")
    assert place[-1].text.endswith("…")
    assert sum(len(piece.text) for piece in place) < 200
    assert place_in(["Otra cosa"], ["codigo"]) == ()


def test_marks_are_pieces_and_never_markup() -> None:
    assert marked("<b>Pago</b> pagado", ["pag"]) == [
        Piece("<b>"),
        Piece("Pago", found=True),
        Piece("</b> "),
        Piece("pagado", found=True),
    ]
    assert marked_digits("+59170000123", "0123") == [Piece("+5917000"), Piece("0123", found=True)]
    assert marked_digits("eva@example.bo", "0123") == [Piece("eva@example.bo")]
