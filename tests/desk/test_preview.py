"""An answer is shown as its channel will carry it, by the planner that will send it; nothing is stored for it."""

from cases.model import Case
from cases.vocabulary import Channel
from desk.identities import join
from desk.preview import Preview, preview
from intake.channels.channel import Run
from tests.builders import DeskUnderTest, a_message


async def look(desk: DeskUnderTest, case: Case, text: str, *files: str, by: Channel | None = None) -> Preview:
    found = await preview(desk.desk, desk.people["operador"], case.number, text, by, files)
    assert found is not None
    return found


async def test_a_long_answer_is_cut_as_the_channel_will_cut_it(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    found = await look(desk, case, "Una frase entera. " * 120, "mapa.png")

    texts = ["".join(run.text for run in part.runs) for part in found.parts]
    assert len(texts) == 2
    assert max(map(len, texts)) <= found.most
    assert (found.messages, found.apart, found.lost) == (3, True, False)
    assert found.way.free


async def test_marks_are_shown_as_a_chat_shows_them(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    [part] = (await look(desk, case, "Entre *aquí* y no a_b_c: https://a.example.bo/x_y_z")).parts

    assert part.runs == (
        Run("Entre "),
        Run("aquí", "bold"),
        Run(" y no a_b_c: https://a.example.bo/x_y_z"),
    )
    assert (part.subject, part.foot) == (None, ())


async def test_a_mail_has_its_subject_and_what_stands_below_it(desk: DeskUnderTest) -> None:
    case = (
        await desk.receive(
            a_message(
                channel=Channel.EMAIL,
                sender="rosa@example.bo",
                recipient="soporte@example.bo",
                subject="No entra",
            )
        )
    ).case

    [part] = (await look(desk, case, "Pruebe *ahora*.", "guia.pdf")).parts

    assert part.runs == (Run("Pruebe *ahora*."),)
    assert part.subject == f"Re: No entra [{case.number}]"
    assert case.number in part.foot[0]
    assert part.foot[1].endswith(f"/caso/{case.token}")


async def test_it_says_that_the_answer_would_wait_and_by_which_way_it_would_not(desk: DeskUnderTest) -> None:
    case, operator = (await desk.receive(a_message())).case, desk.people["operador"]
    await join(desk.desk, operator, case.number, Channel.EMAIL, "rosa@example.bo", "Lo dijo ella.")
    desk.clock.advance(hours=25)

    held, free = await look(desk, case, "Hola"), await look(desk, case, "Hola", by=Channel.EMAIL)

    assert (held.way.channel, held.way.free) == (Channel.WHATSAPP, False)
    assert (free.way.channel, free.way.free) == (Channel.EMAIL, True)
    talk = await desk.desk.database.read(lambda work: work.people.talk_at(Channel.EMAIL, "rosa@example.bo"))
    assert talk is None


async def test_what_is_left_open_is_named_and_nothing_is_shown_of_nothing(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    assert (await look(desk, case, "Hola {nombre}")).left_open == ("{nombre}",)
    assert await preview(desk.desk, desk.people["operador"], case.number, "  ", None) is None


async def test_by_telephone_no_files_go_and_somebody_reads_it_out(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message(channel=Channel.PHONE))).case

    found = await look(desk, case, "Ya está.", "guia.pdf")

    assert found.way.by_voice
    assert found.lost
