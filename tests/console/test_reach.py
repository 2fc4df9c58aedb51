"""How each answer went out, and by which channels the next one can."""

import pytest

from cases.errors import Invalid
from cases.model import Attachment
from cases.traffic import Checks
from cases.vocabulary import Channel, DeliveryState
from desk.talk import MOST_BYTES, check_files
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit
from tests.console.talking import BY_MAIL, ROSA_MAIL, a_case, a_form, a_template, end, say, see


async def test_an_answer_tells_how_it_went_out_in_words(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    said = await say(desk, case)
    [parcel] = await desk.dispatch()
    name, now = f"<{parcel.delivery}@desk>", desk.clock.now()
    await desk.desk.database.write(
        lambda work: work.outbox.report(Channel.WHATSAPP, name, DeliveryState.READ, None, now)
    )

    seen = await see(visit, case)

    bubble = seen.source.split(f'id="mensaje-{said.id}"')[1].split("</li>\n  </ol>")[0]
    assert "Leído" in bubble
    assert "Por el canal de origen del caso." in bubble
    assert "WhatsApp, +59170000001" in bubble
    assert f"&lt;{parcel.delivery}@desk&gt;" in bubble
    assert bubble.index("<b>Enviado</b>") < bubble.index("<b>Leído</b>")
    assert "Reintentar" not in bubble


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("failed", "No salió: El número no tiene WhatsApp"),
        ("uncertain", "Puede que haya salido: El número no tiene WhatsApp"),
    ],
)
async def test_what_failed_or_is_uncertain_is_really_sent_again(
    visit: Visit, desk: DeskUnderTest, outcome: str, words: str
) -> None:
    case = await a_case(desk)
    said = await say(desk, case)
    await end(desk, outcome, "El número no tiene WhatsApp")
    page = await see(visit, case)
    assert words in page.words
    assert ("puede llegarle dos veces" in page.words) == (outcome == "uncertain")

    seen = await (await visit("operador")).post(f"/casos/{case.number}/mensajes/{said.id}/reintento")

    assert seen.status == 303
    assert [parcel.message for parcel in await desk.dispatch()] == [said.id]
    assert "Enviado" in (await see(visit, case)).words


async def test_a_held_answer_says_why_and_goes_out_by_another_channel_once(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk, mail=True)
    desk.clock.advance(hours=25)
    said = await say(desk, case, "Ya puede pagar.")
    page = await see(visit, case)
    assert "En espera: Pasó el plazo" in page.words
    assert "Sale sola cuando la persona escriba." in page.words
    link = f"/casos/{case.number}?por=email&amp;espera={said.id}#responder"
    assert link in page.source

    form = await see(visit, case, f"?por=email&espera={said.id}")
    assert "Ya puede pagar.</textarea>" in form.source
    assert f'name="instead" value="{said.id}"' in form.source
    assert 'value="email" checked' in form.source
    seen = await (await visit("operador")).post(
        f"/casos/{case.number}/respuesta",
        a_form(text="Ya puede pagar.", channel="email", instead=str(said.id)),
    )

    assert seen.status == 303
    assert [(out.channel, out.body) for out in await desk.dispatch()] == [(Channel.EMAIL, "Ya puede pagar.")]
    assert "No salió por aquí: se respondió por Correo electrónico." in (await see(visit, case)).words
    await desk.receive(a_message(text="Gracias"))  # her window is open again
    assert "Ya puede pagar." not in [out.body for out in await desk.dispatch()]


async def test_an_answer_that_is_no_longer_held_is_not_sent_twice(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk, mail=True)
    desk.clock.advance(hours=25)
    said = await say(desk, case, "Ya puede pagar.")
    await desk.receive(a_message(text="¿Hola?"))

    seen = await (await visit("operador")).post(
        f"/casos/{case.number}/respuesta",
        a_form(text="Ya puede pagar.", channel="email", instead=str(said.id)),
    )

    assert seen.status == 409
    assert [out.channel for out in await desk.dispatch() if out.body == "Ya puede pagar."] == [
        Channel.WHATSAPP
    ]


async def test_a_closed_window_is_told_before_writing(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk, mail=True)
    assert "Pasó el plazo" not in (await see(visit, case)).words
    desk.clock.advance(hours=25)

    waits = await see(visit, case)
    await a_template(desk)
    announces = await see(visit, case)

    assert "la respuesta espera a que la persona escriba." in waits.words
    assert "se le avisa una vez con una plantilla aprobada" in announces.words
    for page in (waits, announces):
        assert "Para que salga ya, elija otro canal:" in page.words
        assert f'href="/casos/{case.number}?por=email#responder"' in page.source


async def test_somebody_who_cannot_be_reached_is_told_with_the_reason(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk, mail=True)
    await desk.desk.database.write(
        lambda work: work.people.unreachable(case.conversation, "La persona bloqueó a la mesa")
    )

    page = await see(visit, case)

    assert "No se le puede escribir por aquí: La persona bloqueó a la mesa." in page.words
    assert "Para que salga ya, elija otro canal:" in page.words


async def test_the_origin_is_the_default_and_another_channel_is_chosen(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk, mail=True)
    page = await see(visit, case)
    assert 'value="whatsapp" checked' in page.source
    assert "canal de origen" in page.words
    operator = await visit("operador")

    await operator.post(f"/casos/{case.number}/respuesta", a_form(text="Por aquí."))
    await operator.post(f"/casos/{case.number}/respuesta", a_form(text="Por correo.", channel="email"))

    sent = {out.body: out.channel for out in await desk.dispatch()}
    assert sent == {"Por aquí.": Channel.WHATSAPP, "Por correo.": Channel.EMAIL}
    after = await see(visit, case)
    assert "Por el canal que eligió Operador." in after.words


@pytest.mark.parametrize("channel", ["telegram", "palomas"])
async def test_a_channel_that_the_person_has_not_is_refused_at_the_field(
    visit: Visit, desk: DeskUnderTest, channel: str
) -> None:
    case = await a_case(desk, mail=True)

    seen = await (await visit("operador")).post(
        f"/casos/{case.number}/respuesta", a_form(text="Hola otra vez.", channel=channel)
    )

    assert seen.status == 422
    assert 'id="reply-channel-fault"' in seen.source
    assert "Hola otra vez.</textarea>" in seen.source


async def test_files_go_out_with_the_answer(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)

    seen = await (await visit("operador")).post(
        f"/casos/{case.number}/respuesta",
        a_form(("guia.txt", b"uno"), ("a/b/c.txt", b"dos"), text="Vea esto."),
    )

    assert seen.status == 303
    said = next(m for m in await desk.messages(case) if m.text == "Vea esto.")
    assert [(file.name, file.media_type, file.size) for file in said.attachments] == [
        ("guia.txt", "text/plain", 3),
        ("c.txt", "text/plain", 3),
    ]
    assert "guia.txt 3 Bytes" in (await see(visit, case)).words
    files = [file.content for out in await desk.dispatch() for file in out.attachments]
    assert files == [b"uno", b"dos"]


async def test_too_many_files_are_refused_beside_the_field_and_the_text_kept(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)
    files = [(f"{place}.txt", b"x") for place in range(11)]

    seen = await (await visit("operador")).post(
        f"/casos/{case.number}/respuesta", a_form(*files, text="Vea esto.")
    )

    assert seen.status == 422
    assert 'id="reply-files-fault"' in seen.source
    assert "Son 11 archivos; pueden ser hasta 10." in seen.words
    assert "Vea esto.</textarea>" in seen.source


@pytest.mark.parametrize(
    ("channel", "sizes"),
    [(Channel.WHATSAPP, [MOST_BYTES, 1]), (Channel.WHATSAPP, [0]), (Channel.PHONE, [1])],
)
async def test_files_that_no_channel_carries_are_refused(
    desk: DeskUnderTest, channel: Channel, sizes: list[int]
) -> None:
    files = [Attachment("a.txt", "text/plain", bytes(size)) for size in sizes]

    with pytest.raises(Invalid) as refused:
        check_files(desk.desk, channel, files)

    assert "files" in refused.value.fields
    check_files(desk.desk, Channel.WHATSAPP, [Attachment("a.txt", "text/plain", bytes(MOST_BYTES))])


async def test_a_mail_shows_its_checks_its_edits_and_what_machines_sent(
    visit: Visit, desk: DeskUnderTest
) -> None:
    checks = Checks(None, "SPF: ninguno. DKIM: sin firma.")
    case = await a_case(desk, **BY_MAIL, sender=ROSA_MAIL, checks=checks)
    first = (await desk.messages(case))[0]
    await desk.receive(a_message(**BY_MAIL, sender=ROSA_MAIL, text="No carga nada", edits=first.provider_id))
    out = await say(desk, case)
    [parcel] = await desk.dispatch()
    await desk.receive(
        a_message(
            **BY_MAIL,
            sender=ROSA_MAIL,
            text="Estoy fuera de la oficina",
            automatic=True,
            references=(f"<{parcel.delivery}@desk>",),
        )
    )

    page = await see(visit, case)

    assert out.case == case.id
    assert "remitente sin comprobar" in page.words
    assert "SPF: ninguno. DKIM: sin firma." in page.words
    assert "editado por la persona: ver lo que decía antes" in page.words
    assert "No carga la página de pagos" in page.words
    assert "automático: no es de la persona" in page.words
