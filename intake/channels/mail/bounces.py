"""Reports that a mail could not be delivered: standard ones (RFC 3464) and those of everybody else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intake.channels.mail.addresses import mailboxes
from intake.channels.mail.bounce_words import (
    DAEMON,
    DAEMON_NAME,
    NOBODY,
    RELAY,
    REPORTS_BY_NAME,
    SAID,
    SUBJECT,
    UNREAD,
)
from intake.channels.mail.clients import ANSWER_SUBJECT, FORWARD_SUBJECT
from intake.channels.mail.envelope import Envelope, unseal
from intake.channels.mail.fields import header_text
from intake.channels.mail.markup import html_text
from intake.channels.mail.mime import Part, head, parse
from intake.channels.mail.text import one_line, storable

_ORIGINAL = re.compile(r"^[> \t|]*message-id:\s*<([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)
_COPY_BEGINS = re.compile(
    r"^[> \t|]*(?:return-path|received|from|message-id|date):", re.IGNORECASE | re.MULTILINE
)
_COPY_TO = re.compile(r"^[> \t|]*to:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[ -](?:[245]\.\d|[A-Za-z<#(]))")
_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]"
_PLAIN = rf"{_LOCAL}{{1,254}}@[\w-]+(?:\.[\w-]+)+"
_ADDRESS = re.compile(rf"(?<!{_LOCAL}){_PLAIN}")
_NAMED = re.compile(
    rf"^[ \t>*\"'(]{{0,20}}(?:[A-Za-z][\w ()<>/-]{{0,60}}:[ \t]{{0,20}})?[<\"'(]?({_PLAIN})[>\"')]{{0,5}}[ \t]{{0,20}}"
    rf"(?:[:(\[\r]|\.{{3}}|- |[45]\d\d |[A-Z]|$)",
    re.MULTILINE,
)
"""A line that a report gives to an address: the address alone, after a label, or before what is wrong with it."""

_POINTED = re.compile(
    rf"\b(?:to|recipient|user|address)[ \t]{{0,3}}:?[ \t]{{0,3}}<({_PLAIN})>", re.IGNORECASE
)
_NOT_RECIPIENTS = re.compile(
    r"^[> \t|]*(?:message-id|references|in-reply-to|received|return-path|from|reply-to|sender|to|cc)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_COPIES = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)
READ = 65_536
WORDS = 2000


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report of non-delivery or delay; `message_ids` name the mail that it concerns, the likeliest first.

    `status` is an enhanced status code (RFC 3463) where the report has one, `action` what it says was done (RFC 3464,
    2.3.3): `failed`, `delayed` or nothing; `words` are its subject and the beginning of its own text.
    """

    message_ids: tuple[str, ...]
    recipient: str | None
    status: str | None
    reason: str
    action: str = ""
    words: str = ""


def bounced(payload: bytes) -> Bounce | None:
    """Return what a sealed mail reports about an earlier one, or None if it is no such report."""
    envelope, raw = unseal(payload)
    return read_bounce(parse(raw), envelope)


def read_bounce(mail: Part, envelope: Envelope) -> Bounce | None:
    """Return what a mail reports: by its machine-readable part, else by who sent it and what it says."""
    if passed_on(mail) and not from_daemon(mail, envelope):
        return None
    report = next((part for part in mail.walk() if part.media in _REPORTS), None)
    if report is None and not _looks_like_one(mail, envelope):
        return None
    words = said(mail)
    about = _worst(list(_groups(report.content))) if report is not None else {}
    if report is not None and about.get("action", "").lower() in ("delivered", "relayed", "expanded"):
        return None
    return Bounce(
        _message_ids(mail, words),
        _recipient(mail, about, words),
        _status(about, words),
        _reason(about, words),
        _action(about),
        f"{header_text(mail.fields.first('subject'))}\n{_own(words)}"[:WORDS].strip(),
    )


def _looks_like_one(mail: Part, envelope: Envelope) -> bool:
    """Judge a report without a machine-readable part: its sender and its words, or its words and a copy."""
    fields = mail.fields
    kind = mail.parameters.get("report-type", "").lower()
    if fields.first("x-failed-recipients") or (
        mail.media == "multipart/report" and kind == "delivery-status"
    ):
        return True
    if kind in ("disposition-notification", "feedback-report"):
        return False
    subject = header_text(fields.first("subject"))
    titled = SUBJECT.search(subject) is not None
    daemon = from_daemon(mail, envelope) or _may_be_daemon(mail)
    if titled and daemon:
        return True
    if header_text(fields.first("auto-submitted")).lower().startswith("auto-replied"):
        return False
    return _says_it(mail, subject, titled=titled, daemon=daemon)


def _says_it(mail: Part, subject: str, *, titled: bool, daemon: bool) -> bool:
    """Judge by the words, and by what only a report has: a copy, a server's code, an address on a line of its own."""
    words = said(mail)
    spoken = SAID.search(words) is not None
    by_name, named = REPORTS_BY_NAME.match(subject) is not None, _named_daemon(mail)
    if spoken and (by_name or named):
        return True
    copied = _ORIGINAL.search(words) is not None or _has_copy(mail)
    if daemon:
        proof = copied or _STATUS.search(words) is not None or _REPLY.search(words) is not None
        return proof and (by_name or (named and not passed_on(mail)) or spoken)
    # People write "Delivery failed, it says 550" too; reports give an address a line or bring the mail along.
    about = spoken and _names_another(mail, words)
    return spoken and ((titled and (copied or about)) or (copied and about and _nobody_reads(mail)))


def _names_another(mail: Part, words: str) -> bool:
    """Say whether the report's own words point at an address that is neither the sender's nor the desk's."""
    told = _NOT_RECIPIENTS.sub("", words)
    fields = [value for name in ("from", "to", "reply-to") for value in mail.fields.all(name)]
    known = {box.address for value in fields for box in mailboxes(value)}
    found = [*_NAMED.findall(told), *_POINTED.findall(told)]
    return any(address.lower() not in known for address in found)


def _nobody_reads(mail: Part) -> bool:
    return any(UNREAD.match(box.address) for value in mail.fields.all("from") for box in mailboxes(value))


def passed_on(mail: Part) -> bool:
    """Say whether the subject is that of an answer or of a mail that somebody passes on."""
    subject = header_text(mail.fields.first("subject"))
    return bool(FORWARD_SUBJECT.match(subject) or ANSWER_SUBJECT.match(subject))


def from_daemon(mail: Part, envelope: Envelope) -> bool:
    """Say whether a mail system sent this: by the null reverse-path (RFC 5321, 4.5.5) or by its address."""
    returned = mail.fields.all("return-path")
    return not envelope.mail_from or any(value.strip() == b"<>" for value in returned) or _named_daemon(mail)


def _named_daemon(mail: Part) -> bool:
    return any(DAEMON.match(box.address) for value in mail.fields.all("from") for box in mailboxes(value))


def _may_be_daemon(mail: Part) -> bool:
    values = mail.fields.all("from")
    relay = any(RELAY.match(box.address) for value in values for box in mailboxes(value))
    return relay or any(DAEMON_NAME.search(header_text(value)) for value in values)


def said(mail: Part) -> str:
    """Return the beginning of what a mail says in words, the copy of the other mail included where it is inline."""
    texts = []
    for part in mail.walk():
        if part.media == "text/html":
            texts.append(html_text(part.text()[: READ * 4]))
        elif part.media == "text/plain":
            texts.append(part.text()[:READ])
    return storable("\n".join(texts))[:READ]


def _has_copy(mail: Part) -> bool:
    return any(part.media in _COPIES for part in mail.walk())


def _groups(content: bytes) -> Iterator[dict[str, str]]:
    """Yield the field groups of a delivery status: one for the message, one for each recipient (RFC 3464, 2.1)."""
    for block in re.split(rb"\r?\n[ \t]*\r?\n", content.strip(b"\r\n")[:READ]):
        fields, _ = head(block.lstrip(b"\r\n") + b"\r\n\r\n")
        if fields.items:
            yield {name: header_text(value) for name, value in reversed(fields.items)}


def _worst(groups: list[dict[str, str]]) -> dict[str, str]:
    """Return a delivery status as that of one recipient: the first who was not reached, else the first who waits."""
    about: dict[str, str] = {}
    recipients = []
    for group in groups:
        if {"final-recipient", "original-recipient", "action"} & group.keys():
            recipients.append(group)
        else:
            about |= group
    order = ("failed", "delayed")
    for wanted in order:
        for group in recipients:
            if group.get("action", "").strip().lower().startswith(wanted):
                return about | group
    return about | (recipients[0] if recipients else {})


def _message_ids(mail: Part, words: str) -> tuple[str, ...]:
    found: list[str] = []
    for part in mail.walk():
        if part.media in _COPIES:
            copy = head(part.content.lstrip(b"\r\n"), top=True)[0].first("message-id")
            found += re.findall(r"<[^<>\s]+>", storable(copy.decode("utf-8", "replace")))
        elif part.media in _REPORTS:
            found += re.findall(r"(?im)^(?:x-)?original-message-id:\s*(<[^<>\s]+>)", part.text()[:READ])
    found += [f"<{name}>" for name in _ORIGINAL.findall(words)]
    for field in ("x-original-message-id", "in-reply-to", "references"):
        found += re.findall(r"<[^<>\s]+>", storable(mail.fields.first(field).decode("utf-8", "replace")))[
            ::-1
        ]
    return tuple(dict.fromkeys(found))[:20]


def _recipient(mail: Part, about: dict[str, str], words: str) -> str | None:
    """Return who could not be reached: as stated, else the first address that the report's own words name."""
    failed = header_text(mail.fields.first("x-failed-recipients"))
    for stated in (failed, about.get("original-recipient", ""), about.get("final-recipient", "")):
        if found := _ADDRESS.search(stated.rpartition(";")[2]):
            return found[0].lower()
    named = [found[0].lower() for found in _ADDRESS.finditer(_own(words))]
    told = _COPY_TO.search(words)
    if told and (found := _ADDRESS.search(told[0])):
        named.append(found[0].lower())
    named += [found[0].lower() for found in _ADDRESS.finditer(_NOT_RECIPIENTS.sub("", words))]
    ours = {box.address for value in mail.fields.all("to") for box in mailboxes(value)}
    others = [address for address in named if address not in ours and not DAEMON.match(address)]
    return next(iter(others or named), None)


def _own(words: str) -> str:
    """Return what stands before the copy of the other mail."""
    copy = _COPY_BEGINS.search(words)
    return words[: copy.start()] if copy else words


def _action(about: dict[str, str]) -> str:
    """Return the standard word for what was done, or nothing."""
    found = re.match(r"failed|delayed", about.get("action", "").strip().lower())
    return found[0] if found else ""


def _status(about: dict[str, str], words: str) -> str | None:
    for stated in (about.get("status", ""), about.get("diagnostic-code", ""), words):
        if (found := _STATUS.search(stated)) and found[1] not in ("5.0.0", "4.0.0"):
            return found[1]
    if found := _STATUS.search(about.get("status", "")):
        return found[1]
    if reply := _REPLY.search(about.get("diagnostic-code", "") or words):
        return f"{reply[1][0]}.0.0"
    return None


def _reason(about: dict[str, str], words: str) -> str:
    """Return the report's own words: the remote server's if it quotes them, else the sentence that says it."""
    if stated := about.get("diagnostic-code"):
        return one_line(stated.partition(";")[2] or stated)[:500]
    lines = [line for line in map(one_line, words.split("\n")) if line]
    chosen = next((line for line in lines if _REPLY.search(line) or _STATUS.search(line)), None)
    chosen = chosen or next((line for line in lines if NOBODY.search(line[:500])), None)
    chosen = chosen or next((line for line in lines if SAID.search(line)), None)
    return (chosen or (lines[0] if lines else ""))[:500]
