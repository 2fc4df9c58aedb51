"""A mail as the desk's own words: who wrote what, in answer to what, with which files."""

import re
from datetime import datetime

from cases.model import Inbound
from cases.traffic import DeliveryReport
from cases.vocabulary import Channel
from intake.channels.channel import CannotUnderstand
from intake.channels.mail.addresses import LONGEST, Mailbox, mailboxes, without_detail
from intake.channels.mail.automatic import is_automatic
from intake.channels.mail.body import read_body
from intake.channels.mail.bounces import read_bounce
from intake.channels.mail.envelope import Envelope, arrival_id, message_id, shortened, unseal
from intake.channels.mail.fields import header_text
from intake.channels.mail.mime import Fields, Part, parse, split_head
from intake.channels.mail.quotes import new_text
from intake.channels.mail.reports import delivery_report
from intake.channels.mail.text import storable

MAX_REFERENCES = 50
_TOKEN = re.compile(r"\+([a-z2-7]{26})@")
_ADDRESSED = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_WHOLE = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@(?!-)[\w-]+(?:\.[\w-]+)+")
NOBODY = "mailer-daemon"
"""The sender of a report that names none."""


def translate(payload: bytes, now: datetime) -> Inbound:
    """Return a sealed mail as a message; CannotUnderstand with its reason, in Spanish, where there is none in it.

    The message's id is its bare Message-ID, as the References of an answer will name it (RFC 5322, 3.6.4).
    """
    envelope, raw = unseal(payload)
    if not raw.strip():
        raise CannotUnderstand("El correo está vacío.")
    mail = parse(raw)
    sender = sender_of(mail.fields, envelope)
    body = read_body(mail)
    subject = header_text(mail.fields.first("subject")) or None
    earlier = references(mail)
    bounce = read_bounce(mail, envelope)
    report = delivery_report(bounce) if bounce is not None else None
    automatic = report is not None or is_automatic(mail, envelope)
    return Inbound(
        channel=Channel.EMAIL,
        provider_id=message_id(mail.fields) or arrival_id(payload),
        sender=sender.address if sender else NOBODY,
        recipient=_recipient(mail, envelope),
        text=new_text(body.text, subject, answers=bool(earlier)),
        at=now,
        sender_name=sender.name if sender else None,
        subject=subject,
        references=_with_reported(earlier, report),
        automatic=automatic,
        attachments=body.attachments,
        token=token(mail.fields, envelope),
        reply_to=None if automatic else reply_address(mail.fields, sender, envelope),
        checks=envelope.checks,
        report=report,
    )


def sender_of(fields: Fields, envelope: Envelope) -> Mailbox | None:
    """Return whose mail it is: From, else Sender, Reply-To, Return-Path, else the envelope's (RFC 5322, 3.6.2)."""
    for field in ("from", "sender", "x-sender", "reply-to", "return-path"):
        for value in fields.all(field):
            if boxes := mailboxes(value):
                return next((box for box in boxes if "@" in box.address), boxes[0])
    return Mailbox(envelope.mail_from.lower()[:LONGEST], None) if envelope.mail_from else None


def lane(payload: bytes) -> str:
    """Return whose messages a sealed mail is kept in order with."""
    envelope, raw = unseal(payload)
    sender = sender_of(split_head(raw)[0], envelope)
    return sender.address if sender else NOBODY


def _recipient(mail: Part, envelope: Envelope) -> str:
    if envelope.rcpt_tos:
        return envelope.rcpt_tos[0].lower()[:LONGEST]
    for field in ("delivered-to", "x-original-to", "to", "cc"):
        if boxes := mailboxes(mail.fields.first(field)):
            return boxes[0].address
    return ""


def reply_address(fields: Fields, sender: Mailbox | None, envelope: Envelope) -> str | None:
    """Return where an author asks to be answered, if that is one whole address, not the author's own nor the desk's."""
    found = {box.address for value in fields.all("reply-to") for box in mailboxes(value)}
    if len(found) != 1:
        return None
    (address,) = found
    desk = {without_detail(recipient) for recipient in envelope.rcpt_tos}
    is_own = sender is not None and address == sender.address
    return (
        address if _WHOLE.fullmatch(address) and not is_own and without_detail(address) not in desk else None
    )


def token(fields: Fields, envelope: Envelope) -> str | None:
    """Return the token of the case that a mail was addressed to (`soporte+TOKEN@…`), as the envelope or a field has it."""
    addressed = [address.lower() for address in envelope.rcpt_tos]
    for name in _ADDRESSED:
        addressed += [box.address for value in fields.all(name) for box in mailboxes(value)]
    return next((found[1] for address in addressed if (found := _TOKEN.search(address))), None)


def _with_reported(earlier: tuple[str, ...], report: DeliveryReport | None) -> tuple[str, ...]:
    """Put the mails that a report names nearest, the likeliest last, so that the report comes to their case."""
    if report is None:
        return earlier
    named = [f"<{shortened(name.strip('<>'))}>" for name in reversed(report.provider_ids)]
    return tuple(dict.fromkeys([name for name in earlier if name not in named] + named))[-MAX_REFERENCES:]


def references(mail: Part) -> tuple[str, ...]:
    """Return the ids of the mails before this one, the one that it answers last (RFC 5322, 3.6.4)."""
    answered = _ids(mail.fields.first("in-reply-to"))
    names = [name for name in _ids(mail.fields.first("references")) if name not in answered] + answered[::-1]
    return tuple(dict.fromkeys(names))[-MAX_REFERENCES:]


def _ids(value: bytes) -> list[str]:
    text = storable(value.decode("utf-8", "replace"))
    found = re.findall(r"<([^<>]+)>", text)
    if not found and re.fullmatch(r"[^\s<>@]+@[^\s<>@]+", text.strip()):
        found = [text.strip()]
    return [f"<{shortened(''.join(name.split()))}>" for name in found if name.strip()]
