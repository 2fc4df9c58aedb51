"""The new text of a reply is found in the formats of the clients in use, and no answer is lost."""

import pytest

from intake.channels.mail.quotes import new_text

NEW = "Sigue sin funcionar, adjunto la captura.\n\nGracias,\nJuan"

ATTRIBUTIONS = {
    "gmail-es": "El lun, 3 mar 2025 a las 10:22, Mesa de ayuda (<soporte@example.bo>) escribió:",
    "gmail-es-dots": "El lun., 3 de mar. de 2025 10:22, Mesa de ayuda <soporte@example.bo> escribió:",
    "gmail-es-wrapped": "El lun, 3 mar 2025 a las 10:22, Mesa de ayuda de la Agencia de Gobierno\n(<soporte@example.bo>)"
    " escribió:",
    "gmail-es-three-lines": "El lun, 3 mar 2025 a las 10:22, Mesa de ayuda de la Agencia\n<\nsoporte@example.bo> escribió:",
    "thunderbird-es": "El 3/3/25 a las 10:22, Mesa de ayuda escribió:",
    "roundcube-es": "El 2025-03-03 10:22, Mesa de ayuda escribió:",
    "apple-es": "El 3 mar 2025, a las 10:22, Mesa de ayuda <soporte@example.bo> escribió:",
    "zimbra-es": 'De: "Mesa de ayuda" <soporte@example.bo>\nPara: "Juan" <juan@example.org>\nEnviados: Lunes, 3 de Marzo'
    " 2025 10:22:11\nAsunto: Re: Pago",
    "gmail-en": "On Mon, Mar 3, 2025 at 10:22 AM Help Desk <soporte@example.bo> wrote:",
    "gmail-en-wrapped": "On Mon, Mar 3, 2025 at 10:22 AM The Very Long Named Help Desk <\nsoporte@example.bo> wrote:",
    "apple-en": "On Mar 3, 2025, at 10:22 AM, Help Desk <soporte@example.bo> wrote:",
    "thunderbird-en": "On 3/3/25 10:22, Help Desk wrote:",
    "gmail-old": "2025-03-03 10:22 GMT-04:00 Mesa de ayuda <soporte@example.bo>:",
    "gmail-pt": "Em seg., 3 de mar. de 2025 às 10:22, Suporte <soporte@example.bo> escreveu:",
    "thunderbird-pt": "Em 03/03/2025 10:22, Suporte escreveu:",
    "apple-pt": "No dia 3 de mar de 2025, às 10:22, Suporte <soporte@example.bo> escreveu:",
    "gmail-de": "Am Mo., 3. März 2025 um 10:22 Uhr schrieb Support <soporte@example.bo>:",
    "thunderbird-de": "Am 03.03.25 um 10:22 schrieb Support:",
    "apple-de": "Am 03.03.2025 um 10:22 schrieb Support <soporte@example.bo>:",
    "gmail-fr": "Le lun. 3 mars 2025 à 10:22, Support <soporte@example.bo> a écrit :",
    "thunderbird-fr": "Le 03/03/2025 à 10:22, Support a écrit\xa0:",
    "gmail-it": "Il giorno lun 3 mar 2025 alle ore 10:22 Support <soporte@example.bo> ha scritto:",
    "thunderbird-it": "Il 03/03/2025 10:22, Support ha scritto:",
    "gmail-nl": "Op ma 3 mrt 2025 om 10:22 schreef Support <soporte@example.bo>:",
    "thunderbird-nl": "Op 03-03-2025 om 10:22 schreef Support:",
    "gmail-pl": "pon., 3 mar 2025 o 10:22 Support <soporte@example.bo> napisał(a):",
    "thunderbird-pl": "W dniu 03.03.2025 o 10:22, Support pisze:",
    "gmail-ru": "пн, 3 мар. 2025 г. в 10:22, Support <soporte@example.bo>:",
    "thunderbird-ru": "03.03.2025 10:22, Support пишет:",
    "mail.ru": "Понедельник, 3 марта 2025, 10:22 +03:00 от Support <soporte@example.bo>:",
    "apple-ru": "3 марта 2025 г., в 10:22, Support <soporte@example.bo> написал(а):",
    "gmail-sv": "Den mån 3 mars 2025 kl 10:22 skrev Support <soporte@example.bo>:",
    "apple-sv": "3 mars 2025 kl. 10:22 skrev Support <soporte@example.bo>:",
    "gmail-no": "man. 3. mars 2025 kl. 10:22 skrev Support <soporte@example.bo>:",
    "thunderbird-no": "Den 03.03.2025 10:22, skrev Support:",
    "gmail-da": "Den man. 3. mar. 2025 kl. 10.22 skrev Support <soporte@example.bo>:",
    "gmail-fi": "ma 3. maalisk. 2025 klo 10.22 Support (soporte@example.bo) kirjoitti:",
    "thunderbird-fi": "Support kirjoitti 3.3.2025 klo 10.22:",
    "gmail-cs": "po 3. 3. 2025 v 10:22 odesílatel Support <soporte@example.bo> napsal:",
    "thunderbird-cs": "Dne 03. 03. 25 v 10:22 Support napsal(a):",
    "gmail-tr": "Support <soporte@example.bo>, 3 Mar 2025 Pzt, 10:22 tarihinde şunu yazdı:",
    "gmail-hu": "Support <soporte@example.bo> ezt írta (időpont: 2025. márc. 3., H, 10:22):",
    "gmail-ro": "În lun., 3 mar. 2025 la 10:22, Support <soporte@example.bo> a scris:",
    "gmail-uk": "пн, 3 бер. 2025 р. о 10:22 Support <soporte@example.bo> пише:",
    "gmail-ca": "Missatge de Support <soporte@example.bo> del dia dl., 3 de març 2025 a les 10:22:",
    "gmail-ja": "2025年3月3日(月) 10:22 Support <soporte@example.bo>:",
    "apple-ja": "2025/03/03 10:22、Support <soporte@example.bo>のメール:",
    "gmail-ko": "2025년 3월 3일 (월) 오전 10:22, Support <soporte@example.bo>님이 작성:",
    "gmail-zh": "Support <soporte@example.bo> 于2025年3月3日周一 10:22写道：",
    "gmail-zh-tw": "Support <soporte@example.bo> 於 2025年3月3日 週一 上午10:22寫道：",
    "gmail-he": "\u202bבתאריך יום ב׳, 3 במרץ 2025 ב-10:22 מאת \u202aSupport\u202c <\u202asoporte@example.bo\u202c>:\u202c",
    "outlook-es": "De: Mesa de ayuda <soporte@example.bo>\nEnviado el: lunes, 3 de marzo de 2025 10:22\nPara: Juan"
    " <juan@example.org>\nAsunto: RE: Pago",
    "outlook-es-rule": "________________________________\nDe: Mesa de ayuda <soporte@example.bo>\nEnviado: lunes, 3 de marzo"
    " de 2025 10:22\nPara: Juan <juan@example.org>\nAsunto: Re: Pago",
    "outlook-es-classic": "-----Mensaje original-----\nDe: Mesa de ayuda [mailto:soporte@example.bo]\nEnviado el: lunes, 03"
    " de marzo de 2025 10:22 a.m.\nPara: Juan\nAsunto: RE: Pago",
    "outlook-en": "From: Help Desk <soporte@example.bo>\nSent: Monday, March 3, 2025 10:22 AM\nTo: Juan\nSubject: Re: Pago",
    "outlook-en-bold": "*From:* Help Desk <soporte@example.bo>\n*Sent:* Monday, March 3, 2025 10:22 AM\n*To:* Juan\n"
    "*Subject:* Re: Pago",
    "outlook-pt": "De: Suporte <soporte@example.bo>\nEnviada em: segunda-feira, 3 de março de 2025 10:22\nPara: Juan\n"
    "Assunto: Re: Pago",
    "outlook-de": "Von: Support <soporte@example.bo>\nGesendet: Montag, 3. März 2025 10:22\nAn: Juan\nBetreff: Re: Pago",
    "outlook-fr": "De : Support <soporte@example.bo>\nEnvoyé : lundi 3 mars 2025 10:22\nÀ : Juan\nObjet : Re: Pago",
    "outlook-it": "Da: Support <soporte@example.bo>\nInviato: lunedì 3 marzo 2025 10:22\nA: Juan\nOggetto: Re: Pago",
    "outlook-nl": "Van: Support <soporte@example.bo>\nVerzonden: maandag 3 maart 2025 10:22\nAan: Juan\nOnderwerp: Pago",
    "outlook-pl": "Od: Support <soporte@example.bo>\nWysłano: poniedziałek, 3 marca 2025 10:22\nDo: Juan\nTemat: Pago",
    "outlook-ru": "От: Support <soporte@example.bo>\nОтправлено: 3 марта 2025 г. 10:22\nКому: Juan\nТема: Pago",
    "outlook-sv": "Från: Support <soporte@example.bo>\nSkickat: den 3 mars 2025 10:22\nTill: Juan\nÄmne: Pago",
    "outlook-no": "Fra: Support <soporte@example.bo>\nSendt: mandag 3. mars 2025 10:22\nTil: Juan\nEmne: Pago",
    "outlook-fi": "Lähettäjä: Support <soporte@example.bo>\nLähetetty: maanantai 3. maaliskuuta 2025\nVastaanottaja: Juan\n"
    "Aihe: Pago",
    "outlook-cs": "Od: Support <soporte@example.bo>\nOdesláno: pondělí 3. března 2025\nKomu: Juan\nPředmět: Pago",
    "outlook-ja": "差出人: Support <soporte@example.bo>\n送信日時: 2025年3月3日 10:22\n宛先: Juan\n件名: Pago",
    "outlook-ko": "보낸 사람: Support <soporte@example.bo>\n보낸 날짜: 2025년 3월 3일\n받는 사람: Juan\n제목: Pago",
    "outlook-zh": "发件人: Support <soporte@example.bo>\n发送时间: 2025年3月3日 10:22\n收件人: Juan\n主题: Pago",
    "notes-es": "De:\tMesa de ayuda/AIT\nPara:\tJuan\nFecha:\t03/03/2025 10:22\nAsunto:\tPago",
    "samsung-es": "-------- Mensaje original --------\nDe: Mesa de ayuda <soporte@example.bo>\nFecha: 3/3/25 10:22 (GMT-04:00)"
    "\nA: Juan <juan@example.org>\nAsunto: Re: Pago",
    "k9-en": "-------- Original Message --------\nFrom: Help Desk <soporte@example.bo>\nSent: March 3, 2025 10:22:00\n"
    "To: Juan\nSubject: Re: Pago",
    "proton": "-------- Original Message --------\nOn Mar 3, 2025, 10:22, Help Desk < soporte@example.bo> wrote:",
    "apple-pl": "Wiadomość napisana przez Support <soporte@example.bo> w dniu 3 mar 2025, o godz. 10:22:",
    "apple-nl": "Op 3 mrt. 2025, om 10:22 heeft Support <soporte@example.bo> het volgende geschreven:",
    "apple-cs": "3. 3. 2025 v 10:22, Support <soporte@example.bo>:",
    "gmx-de": "Gesendet: Montag, 03. März 2025 um 10:22 Uhr\nVon: Support <soporte@example.bo>\nAn: Juan\nBetreff: Pago",
    "web-de": "Support <soporte@example.bo> hat am 03.03.2025 10:22 geschrieben:",
    "zimbra-en": "----- On Mar 3, 2025, at 10:22 AM, Support soporte@example.bo wrote:",
    "mutt": "On Mon, Mar 03, 2025 at 10:22:05AM -0400, Help Desk wrote:",
    "mutt-bare": "* Help Desk <soporte@example.bo> [2025-03-03 10:22]:",
    "notes-wrote": "soporte@example.bo wrote on 03/03/2025 10:22:05 AM:",
    "hotmail": "Date: Mon, 3 Mar 2025 10:22:05 -0400\nFrom: soporte@example.bo\nTo: juan@example.org\nSubject: Re: Pago",
    "outlook-express": '----- Original Message -----\nFrom: "Help Desk" <soporte@example.bo>\nTo: <juan@example.org>\n'
    "Sent: Monday, March 03, 2025 10:22 AM\nSubject: Re: Pago",
    "qq": '------------------ 原始邮件 ------------------\n发件人: "Support" <soporte@example.bo>;\n发送时间: 2025年3月3日 10:22\n'
    '收件人: "Juan";\n主题: Pago',
    "netease": 'At 2025-03-03 10:22:05, "Support" <soporte@example.bo> wrote:',
    "seznam": "---------- Původní e-mail ----------\nOd: Support <soporte@example.bo>\nKomu: Juan\nDatum: 3. 3. 2025 10:22:05\n"
    "Předmět: Pago",
    "divider-de": "-----Ursprüngliche Nachricht-----",
    "divider-pt": "---- Mensagem original ----",
    "divider-fr": "-----Message d'origine-----",
    "divider-it": "-----Messaggio originale-----",
}


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
@pytest.mark.parametrize(
    "quote", ["> Estimado Juan:\n>\n> ¿Qué error sale?", "Estimado Juan:\n\n¿Qué error sale?"]
)
def test_a_reply_on_top_is_separated(attribution: str, quote: str) -> None:
    assert new_text(f"{NEW}\n\n{attribution}\n\n{quote}\n", "Re: Pago") == NEW


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
def test_an_answer_below_or_between_quoted_lines_stays(attribution: str) -> None:
    text = f"{attribution}\n> ¿Qué error sale?\nEl 503.\n> ¿Desde cuándo?\n\nDesde ayer.\n"

    assert new_text(text, "Re: Pago") == "El 503.\n\nDesde ayer."


@pytest.mark.parametrize(
    "line",
    [
        "Enviado desde mi iPhone",
        "Sent from my iPhone",
        "Enviado desde Yahoo Mail para Android",
        "Enviado do meu iPhone",
        "Obtener Outlook para Android<https://aka.ms/AAb9ysg>",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "Отправлено с iPhone",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Lähetetty iPhonesta",
        "Odesláno z iPhonu",
        "iPhoneから送信",
        "나의 iPhone에서 보냄",
        "发自我的 iPhone",
        "Enviado desde mi Samsung Mobile de Claro",
        "Sent with Proton Mail secure email.",
        "Obter o Outlook para iOS",
        "Enviado con Gmail Mobile",
        "Gesendet mit der GMX Mail App",
        "Télécharger Outlook pour iOS",
    ],
)
def test_what_telephones_sign_goes(line: str) -> None:
    assert new_text(f"{NEW}\n\n{line}\n\n{ATTRIBUTIONS['gmail-es']}\n\n> x", "Re: x") == NEW
    assert new_text(f"{NEW}\n\n{line}") == NEW
    assert new_text(line) == line


def test_a_signature_goes_and_a_text_of_nothing_else_stays() -> None:
    assert new_text(f"{NEW}\n\n-- \nJuan Pérez\nMinisterio") == NEW
    assert new_text("-- \nJuan Pérez\nMinisterio") == "-- \nJuan Pérez\nMinisterio"
    assert new_text("> solo una cita", "Re: x") == "> solo una cita"


def test_a_legal_notice_goes() -> None:
    notice = (
        "Este mensaje y sus archivos adjuntos son confidenciales y están dirigidos exclusivamente a su destinatario.\n"
        "Si usted lo recibió por error, bórrelo."
    )
    assert new_text(f"{NEW}\n\n{notice}\n\nAntes de imprimir este correo piense en el medio ambiente.") == NEW


@pytest.mark.parametrize(
    "text",
    [
        "Hola:\n\nEl sistema me escribió:\n\nError 503",
        "Les paso los datos:\n\nDe: La Paz\nA: Oruro",
        "Adjunto la nota:\n\nDe: Juan Pérez\nPara: AGETIC\nFecha: 3/3/2025\nAsunto: Solicitud\n\nMediante la presente pido…",
        "El 3/3/2025 pagué y salió lo siguiente:\n\nError 503 en la pasarela",
        "El 3 de marzo de 2025 a las 10:22 me pasó esto:\n\nno cargaba la página",
        "Fecha: 3/3/2025\nNombre: Juan\nAsunto: pago",
        "Ejecuté\n> ping 10.0.0.1\ny no responde",
        "On line banking fails:\nerror 12",
        "Am I right? See:\n\nhttps://example.org",
        "Saludos\n\n* uno\n* dos\n--------\nTotal: 2",
    ],
)
def test_text_that_only_looks_like_a_quotation_stays_whole(text: str) -> None:
    assert new_text(text) == text


def test_what_is_forwarded_is_content() -> None:
    passed_on = (
        "Reenvío lo que me llegó.\n\n---------- Forwarded message ---------\nDe: Banco <banco@example.org>\nDate: lun, 3 mar"
        " 2025 a las 10:22\nSubject: Pago\nTo: <juan@example.org>\n\nSu pago fue rechazado."
    )
    outlook = f"Reenvío.\n\n{ATTRIBUTIONS['outlook-es']}\n\nSu pago fue rechazado."

    assert new_text(passed_on, "Fwd: Pago") == passed_on
    assert new_text(outlook, "RV: Pago") == outlook
    assert new_text(outlook, "RE: Pago") == "Reenvío."


@pytest.mark.parametrize(
    "below",
    [
        "---- El mié, 3 mar 2025 10:22:00 -0400 Ana <ana@example.bo> escribió ----\n\nAntes.",
        "------On 03/03/2025 10:22, Ana Rojas wrote-----\n\nBefore.",
        "Ana Rojas <ana@example.bo> schrieb am Mo., 3.\nMärz 2025, 10:22:\n\n> Vorher.\n>\n> Ana",
        "2025/3/3 Ana Rojas <ana@example.bo>\n\n> Antes.",
        "-----Antwort Nachricht-----\n\nVorher.",
        "\u2010\u2010\u2010\u2010\u2010 Original Message \u2010\u2010\u2010\u2010\u2010\n\nBefore.",
        "##- Please type your reply above this line -##\n\nSu caso 12 se actualizó.",
        "--- Por favor, escriba su respuesta por encima de esta línea ---\n\nSu caso 12 se actualizó.",
        "El lun, 3 mar 2025 a las 10:22, Ana (<ana@example.bo>) escribió:\n\n> Vea\n> (https://example.bo/una\ndireccion)\n> Ana",
        "Diese Nachricht wurde von meinem Telefon mit K-9 Mail gesendet.",
        "(Enviado desde mi celular)",
        "Enviado desde mi teléfono, disculpe la brevedad.",
    ],
)
def test_other_clients_quotations_and_marks_go(below: str) -> None:
    assert new_text(f"{NEW}\n\n{below}", "Re: x") == NEW


def test_an_answer_on_the_line_of_the_attribution_stays() -> None:
    quoted = "On Mon, Mar 3, 2025 at 10:22 AM, ana@example.bo wrote:\n> Antes."

    assert (
        new_text(f"Buenos días,\ntodo bien - gracias--- {quoted}", "Re: x")
        == "Buenos días,\ntodo bien - gracias"
    )
    assert new_text(f"Sí, de acuerdo {quoted}", "Re: x") == "Sí, de acuerdo"


@pytest.mark.parametrize(
    "line",
    [
        "Enviado por correo el lunes y no llegó",
        "Enviado desde mi celular, no puedo adjuntar el archivo",
        "Yahoo mail no recibe sus correos",
        "El lunes 3 de marzo de 2025 a las 10:30 el funcionario me escribió:",
        "Juan <juan@example.org> me escribió y dijo lo siguiente:",
        "--- El 12/03/2025 a las 10:30 el jefe escribió una nota ---",
        "Aviso: el virus me borró los archivos",
        "Este documento es confidencial y no lo puedo imprimir",
        ">>> Ver la página <<<",
        "-Sí",
        "-Carnet Vigente\n-Factura Original",
    ],
)
def test_what_a_person_says_in_the_words_of_clients_stays(line: str) -> None:
    for text in (f"Buenos días.\n\n{line}\n\nQuedo atento.", f"Buenos días.\n\nQuedo atento.\n\n{line}"):
        assert new_text(text, "Re: x") == text


@pytest.mark.parametrize(
    "last", ["La página falla", "Todo bien", "Su sistema no carga", "Do you know?", "En la tarde"]
)
def test_a_line_right_above_the_attribution_stays(last: str) -> None:
    text = f"Hola:\n{last}\nOn Mon, Mar 3, 2025 at 10:22 AM, Ana <ana@example.bo>\nwrote:\n\n> Antes."

    assert new_text(text, "Re: x") == f"Hola:\n{last}"
