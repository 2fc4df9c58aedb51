"""Reports of non-delivery are recognised whoever wrote them, matched to their mail, and never answered."""

import pytest

from cases.vocabulary import DeliveryState
from intake.channels.mail.bounces import Bounce, bounced
from tests.intake.channels.mail.mails import sealed, understood

OURS = "<7.0.abc@example.bo>"
COPY = (
    f"From: soporte@example.bo\nTo: juan@example.org\nMessage-ID: {OURS}\nSubject: Re: Pago\n\nYa funciona.\n"
)


def standard(
    sender: str, subject: str, status: str, words: str = "Undeliverable.", copy: str = "message/rfc822"
) -> str:
    return (
        f"From: {sender}\nTo: soporte@example.bo\nSubject: {subject}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\n{words}\n\n--b\nContent-Type: message/delivery-status\n\n{status}\n\n"
        f"--b\nContent-Type: {copy}\n\n{COPY}\n--b--\n"
    )


POSTFIX = standard(
    "MAILER-DAEMON@mx.example.bo (Mail Delivery System)", "Undelivered Mail Returned to Sender",
    "Reporting-MTA: dns; mx.example.bo\nX-Postfix-Queue-ID: 4ABC\nArrival-Date: Mon, 3 Mar 2025 10:22:00 -0400\n\n"
    "Final-Recipient: rfc822; juan@example.org\nOriginal-Recipient: rfc822;Juan@example.org\nAction: failed\nStatus: 5.1.1\n"
    "Remote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 550 5.1.1 <juan@example.org>:\n    Recipient address rejected:"
    " User unknown",
    "This is the mail system at host mx.example.bo.",
)  # fmt: skip
DELAYED = standard(
    "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.bo>", "Warning: could not send message for past 4 hours",
    "Reporting-MTA: dns; mx\n\nFinal-Recipient: RFC822; juan@example.org\nAction: delayed\nStatus: 4.4.1", copy="text/rfc822-headers",
)  # fmt: skip
EXCHANGE_ES = standard(
    "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.org>", "No se puede entregar: Re: Pago",
    "Reporting-MTA: dns;x\n\nFinal-recipient: RFC822;juan@example.org\nAction: failed\nStatus: 5.2.2\n"
    "Diagnostic-Code: smtp;554 5.2.2 mailbox full",
    "No se pudo entregar el mensaje a los siguientes destinatarios o grupos:",
)  # fmt: skip

QMAIL = (
    "From: MAILER-DAEMON@mail.example.org\nTo: soporte@example.bo\nSubject: failure notice\n\n"
    "Hi. This is the qmail-send program at mail.example.org.\nI'm afraid I wasn't able to deliver your message to the"
    " following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<juan@example.org>:\n"
    f"Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <x>\n{COPY}"
)
EXIM = (
    "From: Mail Delivery System <Mailer-Daemon@host.example.org>\nX-Failed-Recipients: juan@example.org\n"
    "Auto-Submitted: auto-replied\nSubject: Mail delivery failed: returning message to sender\n\n"
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one"
    " or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  juan@example.org\n"
    "    SMTP error from remote mail server after RCPT TO:<juan@example.org>:\n    host mx [192.0.2.1]: 550 Unknown user\n\n"
    f"------ This is a copy of the message, including all the headers. ------\n\n{COPY}"
)
SENDMAIL_OLD = (
    "From: Mail Delivery Subsystem <MAILER-DAEMON>\nSubject: Returned mail: User unknown\n\n"
    "   ----- The following addresses had permanent fatal errors -----\n<juan@example.org>\n\n   ----- Transcript of session"
    f" follows -----\n550 5.1.1 juan... User unknown\n\n   ----- Original message follows -----\n{COPY}"
)
DOMINO = (
    "From: Postmaster@example.org\nSubject: DELIVERY FAILURE: User juan (juan@example.org) not listed in Domino Directory\n\n"
    "Your message\n\n  Subject: Re: Pago\n\nwas not delivered to:\n\n  juan@example.org\n\nbecause:\n\n  User juan"
    " (juan@example.org) not listed in Domino Directory\n"
)
EXCHANGE_55 = (
    "From: System Administrator <postmaster@example.org>\nSubject: Undeliverable: Re: Pago\nIn-Reply-To: "
    + OURS
    + "\n\n"
    "Your message\n\n  To:      juan@example.org\n  Subject: Re: Pago\n  Sent:    Mon, 3 Mar 2025 10:22:00 -0400\n\n"
    "did not reach the following recipient(s):\n\njuan@example.org on Mon, 3 Mar 2025 10:22:05 -0400\n    The recipient name is"
    " not recognized\n\tThe MTS-ID of the original message is: c=us;a= ;p=x\n    MSEXCH:IMS:X:Y:Z 0 (000C05A6) Unknown Recipient\n"
)
YAHOO = (
    "From: MAILER-DAEMON@yahoo.com\nSubject: Failure Notice\n\nSorry, we were unable to deliver your message to the following"
    " address.\n\n<juan@yahoo.com>:\nNo mx record found for domain=yahoo.con\n\n--- Below this line is a copy of the message.\n\n"
    + COPY
)
COURIER = (
    'From: "Courier mail server at x" <>\nSubject: NOTICE: mail delivery status.\n\n<juan@example.org>:\n'
    f"  mx.example.org [192.0.2.1]:\n    <<< 550 User unknown.\n\n{COPY}"
)
HTML_ONLY = (
    "From: Mail Administrator <postmaster@example.org>\nSubject: Mail System Error - Returned Mail\nContent-Type: text/html\n\n"
    "<p>This Message was undeliverable due to the following reason:</p><p>Your message was not delivered because the"
    " destination computer refused to accept it.</p><p>juan@example.org</p>"
)
JAPANESE = (
    "From: Mail Delivery <postmaster@example.jp>\nSubject: =?utf-8?B?6YWN5L+h44Ko44Op44O8?=\n\n"
    "次のあて先にメールを送信できませんでした。\n<juan@example.org>\n550 user unknown\n"
)
NULL_PATH = (
    "From: soporte-correo@example.org\nReturn-Path: <>\nSubject: Aviso\n\nSu mensaje no ha podido ser entregado a"
    " juan@example.org: 552 5.2.2 buzón lleno\n"
)

REPORTS = {
    "postfix": (POSTFIX, "juan@example.org", "5.1.1", (OURS,)),
    "delayed": (DELAYED, "juan@example.org", "4.4.1", (OURS,)),
    "exchange-es": (EXCHANGE_ES, "juan@example.org", "5.2.2", (OURS,)),
    "qmail": (QMAIL, "juan@example.org", "5.1.1", (OURS,)),
    "exim": (EXIM, "juan@example.org", "5.0.0", (OURS,)),
    "sendmail": (SENDMAIL_OLD, "juan@example.org", "5.1.1", (OURS,)),
    "domino": (DOMINO, "juan@example.org", None, ()),
    "exchange-5.5": (EXCHANGE_55, "juan@example.org", None, (OURS,)),
    "yahoo": (YAHOO, "juan@yahoo.com", None, (OURS,)),
    "courier": (COURIER, "juan@example.org", "5.0.0", (OURS,)),
    "html": (HTML_ONLY, "juan@example.org", None, ()),
    "japanese": (JAPANESE, "juan@example.org", "5.0.0", ()),
    "null-path": (NULL_PATH, "juan@example.org", "5.2.2", ()),
}


@pytest.mark.parametrize(("mail", "recipient", "status", "ids"), REPORTS.values(), ids=REPORTS.keys())
def test_a_report_is_read_and_is_automatic(
    mail: str, recipient: str, status: str | None, ids: tuple[str, ...]
) -> None:
    found = bounced(sealed(mail, "bounce@example.org"))

    assert found is not None
    assert (found.recipient, found.status, found.message_ids) == (recipient, status, ids)
    assert found.reason
    assert understood(mail, "bounce@example.org").automatic


def test_the_reason_is_the_remote_servers_own_words() -> None:
    assert bounced(sealed(POSTFIX, "")) == Bounce(
        (OURS,),
        "juan@example.org",
        "5.1.1",
        "550 5.1.1 <juan@example.org>: Recipient address rejected: User unknown",
        "failed",
        "Undelivered Mail Returned to Sender\nThis is the mail system at host mx.example.bo.",
    )


OUTCOMES = {
    "no user": ("5.1.1", "failed", "smtp; 550 5.1.1 User unknown", DeliveryState.FAILED, True, "La dirección no existe (5.1.1)"),
    "no domain": ("5.1.2", "failed", "x; Host not found", DeliveryState.FAILED, True, "El dominio de la dirección no existe (5.1.2)"),
    "exchange": ("5.1.10", "failed", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound", DeliveryState.FAILED, True, "La dirección no existe (5.1.10)"),
    "disabled": ("5.2.1", "failed", "smtp; 550 5.2.1 account disabled", DeliveryState.FAILED, True, "El buzón está deshabilitado (5.2.1)"),
    "vague": ("5.0.0", "failed", "smtp; 550 No such user here", DeliveryState.FAILED, True, "La dirección no existe (5.0.0)"),
    "full": ("5.2.2", "failed", "smtp; 552 5.2.2 mailbox full", DeliveryState.FAILED, False, "El buzón está lleno (5.2.2)"),
    "policy": ("5.7.1", "failed", "smtp; 554 5.7.1 rejected as spam", DeliveryState.FAILED, False, "por sus reglas (5.7.1)"),
    "policy about a sender": ("5.0.0", "failed", "smtp; 550 blocked by policy: unknown user agent", DeliveryState.FAILED, False, "rechazó"),
    "content": ("5.6.0", "failed", "smtp; 554 5.6.0 bad content", DeliveryState.FAILED, False, "formato"),
    "delayed": ("4.4.1", "delayed", "smtp; 451 timeout", DeliveryState.SENT, False, "no responde (4.4.1)"),
    "gave up": ("4.4.7", "failed", "smtp; 450 delivery time expired", DeliveryState.FAILED, False, "Se agotó el plazo de entrega (4.4.7)"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("status", "action", "words", "state", "unreachable", "reason"), OUTCOMES.values(), ids=OUTCOMES.keys()
)
def test_a_report_says_what_became_of_the_message(
    status: str, action: str, words: str, state: DeliveryState, reason: str, *, unreachable: bool
) -> None:
    found = understood(
        standard(
            "MAILER-DAEMON@mx.example.org",
            "Undelivered Mail",
            f"Final-Recipient: rfc822; juan@example.org\nAction: {action}\nStatus: {status}\nDiagnostic-Code: {words}",
        ),
        "",
    )

    assert found.report is not None
    assert (found.report.state, found.report.unreachable) == (state, unreachable)
    assert found.report.provider_ids == (OURS,)
    assert reason in found.report.reason
    assert found.references == (OURS,)
    assert found.automatic


def test_a_report_without_a_code_is_judged_by_its_words() -> None:
    late = understood(
        f"From: MAILER-DAEMON@x.example\nSubject: Warning: message delayed\n\nWill keep trying for 4 days.\n\n{COPY}",
        "",
    )
    gone = understood(DOMINO, "")

    assert late.report is not None
    assert late.report.state is DeliveryState.SENT
    assert gone.report is not None
    assert (gone.report.state, gone.report.unreachable) == (DeliveryState.FAILED, True)


SAYINGS = {
    "admin": ("admin@example.org", "Undeliverable: Re: Pago", "The user juan could not be found", True),
    "ndn": ("Administrator@example.org", "NDN: Re: Pago", "Your message could not be delivered to: juan", False),
    "filter": ('"Content-filter at x" <postmaster@x.example>', "BANNED contents from you", "Delivery of the email was stopped!", True),
    "spam filter": ("barracuda@example.org", "**Message you sent blocked by our filter**", "It was blocked by our filter.", True),
    "no title": ("MAILER-DAEMON@x.example", "Pago", "550 5.1.1 no", False),
    "brazilian": ("mailer@example.br", "Erro ao entregar a mensagem", "Usuário inexistente juan@example.br", True),
    "smail": ("x@x.example", "mail failed, returning to sender", "<juan@example.org> ... unknown user", True),
    "japanese": ("postmaster@example.jp", "メール配送エラー", "ご送信いただいたメールは配送できませんでした", False),
}  # fmt: skip


@pytest.mark.parametrize(("sender", "subject", "words", "copied"), SAYINGS.values(), ids=SAYINGS.keys())
def test_reports_in_nobodys_format_are_recognised(
    sender: str, subject: str, words: str, *, copied: bool
) -> None:
    copy = f"\n\n--- Copy of the message\nReceived: from x\n{COPY}" if copied else ""
    found = understood(
        f"From: {sender}\nTo: soporte@example.bo\nSubject: {subject}\n\n{words}{copy}", "x@x.example"
    ).report

    assert found is not None
    assert found.state is DeliveryState.FAILED
    assert found.provider_ids == ((OURS,) if copied else ())


def test_a_mail_of_a_person_reports_nothing_and_an_answer_address_is_no_machines() -> None:
    assert understood("From: juan@example.org\n\nHola").report is None
    assert (
        understood("From: juan@example.org\nReply-To: otra@example.org\nPrecedence: bulk\n\nHola").reply_to
        is None
    )


RECEIPT = (
    "From: juan@example.org\nSubject: Leído: Pago\nContent-Type: multipart/report; report-type=disposition-notification;"
    " boundary=b\n\n--b\n\nLeído\n--b\nContent-Type: message/disposition-notification\n\nDisposition: x; displayed\n\n--b--\n"
)
RESPONDERS = {
    "exchange": "From: juan@example.org\nSubject: Respuesta automática: Pago\nX-Auto-Response-Suppress: All\nAuto-Submitted:"
    " auto-generated\n\nEstoy de vacaciones.",
    "rfc3834": "From: juan@example.org\nSubject: Re: Pago\nAuto-Submitted: auto-replied (vacation)\n\nVuelvo el lunes.",
    "subject-es": "From: juan@example.org\nSubject: Fuera de la oficina: Pago\n\nVuelvo el lunes.",
    "subject-pt": "From: juan@example.org\nSubject: Resposta automática: Pago\n\nVolto segunda.",
    "subject-en": "From: juan@example.org\nSubject: Out of Office: Pago\n\nBack on Monday.",
    "subject-de": "From: juan@example.org\nSubject: Automatische Antwort: Pago\n\nBin im Urlaub.",
    "subject-fr": "From: juan@example.org\nSubject: Réponse automatique : Pago\n\nEn congé.",
    "subject-ru": "From: juan@example.org\nSubject: Автоматический ответ: Pago\n\nВ отпуске.",
    "subject-ja": "From: juan@example.org\nSubject: 自動応答: Pago\n\n不在です。",
    "precedence": "From: juan@example.org\nPrecedence: auto_reply\n\nGracias por escribir.",
    "bulk": "From: juan@example.org\nPrecedence: bulk\n\nOferta",
    "list": "From: juan@example.org\nList-Id: <lista.example.org>\n\nHola lista",
    "newsletter": "From: juan@example.org\nList-Unsubscribe: <mailto:x@y>\n\nBoletín",
    "x-autoreply": "From: juan@example.org\nX-Autoreply: yes\n\nGracias",
    "cpanel": "From: juan@example.org\nX-Autorespond: Pago\n\nGracias",
    "noreply": "From: no-reply@example.org\n\nNo responda",
    "noresponder": "From: Banco <no.responder@example.org>\n\nNo responda",
    "own-name": "From: lista@example.org\nMessage-ID: <7.0.0123456789abcdef01234567@example.bo>\n\nYa funciona",
    "own": "From: Mesa de ayuda <soporte@example.bo>\n\nYo misma",
    "other-desk": "From: otra@example.org\nX-Ventanilla-Case: 2026-000001\n\nSu caso",
    "receipt": RECEIPT,
    "null": "From: juan@example.org\nReturn-Path: <>\n\nGracias, vuelvo el lunes",
    "x-loop": "From: juan@example.org\nX-Loop: x@example.org\n\nreenviado",
    "subject-tr": "From: juan@example.org\nSubject: Otomatik yanıt: Pago\n\nİzindeyim.",
    "subject-el": "From: juan@example.org\nSubject: Αυτόματη απάντηση: Pago\n\nΛείπω.",
    "subject-he": "From: juan@example.org\nSubject: מענה אוטומטי: Pago\n\nx",
    "hops": "Received: from a by b\n" * 31 + "From: juan@example.org\n\nvueltas",
    "loop": "From: juan@example.org\nX-MS-Exchange-Inbox-Rules-Loop: juan@example.org\n\nreenviado",
}


@pytest.mark.parametrize("mail", RESPONDERS.values(), ids=RESPONDERS.keys())
def test_what_machines_send_is_automatic_but_no_report(mail: str) -> None:
    assert understood(mail, "x@example.org").automatic
    assert bounced(sealed(mail, "x@example.org")) is None


PEOPLE = {
    "plain": "From: juan@example.org\nSubject: No puedo entrar\n\nSale error 503",
    "answer-to-responder": "From: juan@example.org\nSubject: Re: Respuesta automática: Pago\n\nGracias, espero.",
    "no-auto": "From: juan@example.org\nAuto-Submitted: no\n\nHola",
    "cannot-deliver": "From: juan@example.org\nSubject: No se puede entregar el documento\n\nNo se puede entregar el documento"
    " en ventanilla, el sistema dice que el usuario no existe.",
    "forwarded-bounce": f"From: juan@example.org\nSubject: Fwd: Undelivered Mail Returned to Sender\n\nMe rebota todo, ¿qué hago?\n\n"
    f"---------- Forwarded message ---------\nThis is the mail system at host x. 550 5.1.1 User unknown\n\n{COPY}",
    "asks-about-bounce": "From: juan@example.org\nSubject: mi correo rebota\n\nMe sale: 550 5.1.1 user unknown cuando escribo",
    "admin": "From: Administrador de Sistemas <sistemas@example.org>\nSubject: caída\n\nNo responde la interoperabilidad",
    "answers-us": "From: juan@example.org\nSubject: Re: Pago [2026-000123]\nIn-Reply-To: <7.0.abc@example.bo>\n\nYa probé",
    "mentions-office": "From: juan@example.org\nSubject: La oficina de La Paz\n\nHola",
    "notified": "From: notaria5@example.org\nSubject: Notificación\n\nHola",
}


@pytest.mark.parametrize("mail", PEOPLE.values(), ids=PEOPLE.keys())
def test_what_people_write_is_answered(mail: str) -> None:
    assert not understood(mail).automatic
    assert bounced(sealed(mail)) is None


PLAIN_REPORTS = {
    "list manager": (
        "Loop Alert: Pago",
        "lista-admin@x.example",
        f"Duplicated Message-ID in <lista@x.example>.\n\n{COPY}",
    ),
    "unread sender": (
        "Pago",
        "no-reply@x.example",
        f"It could not be delivered to:\n  <juan@example.org>\n  mailbox is full\n\n{COPY}",
    ),
    "appliance": (
        "Delivery Status",
        "filtro@x.example",
        "Had delivery problems:\n\n<juan@example.org>   (User unknown)",
    ),
    "listed address": (
        "Delivery failure",
        "rutas@x.example",
        "Delivery was aborted: delivery failed\n\n  * juan@example.org",
    ),
    "labelled address": (
        "Undelivered",
        "LSMTP@x.example",
        "Error-for:  juan@example.org\nError-Text: No such local user.",
    ),
    "bracketed subject": (
        "[BOUNCE]",
        "correo@x.example",
        "I wasn't able to deliver it to\n\njuan@example.org",
    ),
    "gateway": (
        "Delivery notification",
        "gateway@x.example",
        "It could not be delivered to juan@example.org",
    ),
    "mail server in Spanish": (
        "Correo devuelto",
        "Servidor de correo <correo@x.example>",
        "No pudo ser entregado a juan@example.org",
    ),
    "Portuguese": (
        "Não foi possível entregar: Pago",
        "postmaster@x.example",
        "Falha na entrega:\n\njuan@example.org",
    ),
}


@pytest.mark.parametrize(("subject", "sender", "words"), PLAIN_REPORTS.values(), ids=PLAIN_REPORTS.keys())
def test_a_report_that_gives_an_address_a_line_is_recognised(subject: str, sender: str, words: str) -> None:
    found = understood(
        f"From: {sender}\nTo: soporte@example.bo\nSubject: {subject}\n\n{words}", "x@x.example"
    )

    assert found.report is not None
    assert found.automatic


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (
            "Mail delivery failed otra vez",
            "Sus correos no llegan: dice 550 5.1.1 User unknown.\n\nCorreo: ana@example.org",
        ),
        ("Quota exceeded", "El portal dice 'quota exceeded' cuando subo la foto. ¿Es el error 5.2.2?"),
        (
            "Delivery problem",
            "Le escribí a Pagos <pagos@example.bo> y could not be delivered, 550 no such user.",
        ),
        ("Loop alert", "La página da vueltas: loop condition."),
    ],
)
def test_a_person_who_tells_of_a_failed_mail_is_answered(subject: str, words: str) -> None:
    found = understood(
        f"From: Ana <ana@example.org>\nTo: soporte@example.bo\nSubject: {subject}\n\n{words}",
        "ana@example.org",
    )

    assert found.report is None
    assert not found.automatic


def test_of_several_recipients_the_one_not_reached_is_reported() -> None:
    status = (
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ana@example.org\nAction: relayed\nStatus: 2.0.0\n\n"
        "Final-Recipient: rfc822; juan@example.org\nAction: failed\nStatus: 5.1.1\n\n"
        "Final-Recipient: rfc822; luz@example.org\nAction: delivered\nStatus: 2.0.0"
    )
    found = bounced(sealed(standard("mailer-daemon@mx.example.bo", "Undelivered Mail", status), ""))

    assert found is not None
    assert (found.recipient, found.status) == ("juan@example.org", "5.1.1")


def test_an_address_is_found_behind_the_fields_of_the_copy() -> None:
    words = "Date: 3 Mar 2025\nFrom: soporte@example.bo\n\n550 5.1.1 User unknown\n\nThese were affected:\n\n   juan@example.org"
    mail = f"From: mailer-daemon@x.example\nTo: soporte@example.bo\nSubject: Undeliverable\n\n{words}"
    found = bounced(sealed(mail, ""))

    assert found is not None
    assert found.recipient == "juan@example.org"
