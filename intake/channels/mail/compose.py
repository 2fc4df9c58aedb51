"""An answer as a mail: in its thread, plain and HTML, marked where a machine wrote it."""

import hashlib
import html
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from cases.model import Parcel
from intake.channels.channel import Refusal, Run, Shown
from intake.channels.mail.text import one_line, storable

DESK_NAME = "Mesa de ayuda"
MAX_REFERENCES = 20
_PREFIX = re.compile(
    r"^(?:(?:re|rv|rta|resp|res|fwd?|fw|aw|wg|enc|tr|r)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


def compose(
    parcel: Parcel, desk: str | None, now: datetime, *, unsubscribe: str | None = None
) -> EmailMessage:
    """Return the mail of one part; the same part has the same Message-ID every time (RFC 5322, 3.6.4).

    `desk` is the address that the desk writes from; without one, the address that the person wrote to. `unsubscribe` is
    for what goes to many (RFC 8058): an https address that ends it; an answer to a person has none. Raises Refusal
    where an address is none.
    """
    sender = deliverable(desk or parcel.desk_address or "")
    recipient = deliverable(parcel.address)
    mail = EmailMessage(policy=SMTP if recipient.isascii() and sender.isascii() else SMTPUTF8)
    mail["From"] = Address(DESK_NAME, *sender.rsplit("@", 1))
    mail["To"] = Address("", *recipient.rsplit("@", 1))
    back = reply_address(parcel, sender)
    if back != sender:
        mail["Reply-To"] = Address(DESK_NAME, *back.rsplit("@", 1))
    mail["Subject"] = subject_line(parcel)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_name(parcel, sender)
    thread = [name for name in map(_reference, parcel.references) if name]
    if thread:
        mail["In-Reply-To"] = thread[-1]
        mail["References"] = " ".join(thread[-MAX_REFERENCES:])
    if parcel.automatic:
        mail["Auto-Submitted"] = "auto-generated" if parcel.opens else "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    if parcel.case:
        mail["X-Ventanilla-Case"] = one_line(parcel.case)
    if unsubscribe is not None:
        mail["List-Unsubscribe"] = f"<{one_line(unsubscribe)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(plain(parcel), cte="quoted-printable")
    mail.add_alternative(page(parcel), subtype="html", cte="quoted-printable")
    for attachment in parcel.attachments:
        main, _, sub = attachment.media_type.partition("/")
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", attachment.media_type) or main in ("message", "multipart"):
            main, sub = "application", "octet-stream"
        name = one_line(attachment.name) or "adjunto"
        mail.add_attachment(attachment.content, maintype=main, subtype=sub, filename=name)
    return mail


def reply_address(parcel: Parcel, sender: str) -> str:
    """Return where answers to a part arrive: the desk's address with the case's token behind a plus (RFC 5233)."""
    if parcel.reply_token is None or not re.fullmatch(r"[a-z2-7]{26}", parcel.reply_token):
        return sender
    local, _, domain = sender.rpartition("@")
    return f"{local.partition('+')[0]}+{parcel.reply_token}@{domain}"


def deliverable(address: str) -> str:
    """Return an address as SMTP takes it, its domain in A-labels (RFC 5891); Refusal if it is none."""
    local, _, domain = address.strip().rpartition("@")
    if not local or not re.fullmatch(r"[^\s@<>,;:\"()\[\]\\]+", local) or not domain:
        raise Refusal(f"«{one_line(address)}» no es una dirección de correo.")
    try:
        ascii_domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    except UnicodeError as error:
        raise Refusal(f"«{one_line(address)}» no es una dirección de correo.") from error
    if not re.fullmatch(r"[A-Za-z0-9.\-\[\]:]+", ascii_domain):
        raise Refusal(f"«{one_line(address)}» no es una dirección de correo.")
    return f"{local}@{ascii_domain}"


def message_name(parcel: Parcel, sender: str) -> str:
    """Return the part's Message-ID: its delivery and a digest of what it says, so that nobody guesses it."""
    facts = (
        parcel.delivery,
        parcel.message,
        parcel.part,
        parcel.address,
        parcel.case,
        parcel.body,
        parcel.references,
    )
    digest = hashlib.sha256(repr(facts).encode("utf-8", "replace")).hexdigest()
    return f"<{parcel.delivery}.{parcel.part}.{digest[:24]}@{sender.rsplit('@', 1)[1]}>"


def _reference(name: str) -> str | None:
    """Return an id as a header takes it; the ledger's digest behind it goes."""
    found = re.match(r"<[^<>\s]+>", name)
    return found[0] if found and found[0].isascii() else None


def subject_line(parcel: Parcel) -> str:
    """Return the thread's subject with one `Re:` and the case's number once."""
    subject = one_line(parcel.subject or "")
    bare = _PREFIX.sub("", subject).strip()
    if not bare:
        bare = "Su solicitud a la mesa de ayuda"
    answers = (parcel.references or parcel.subject) and not parcel.opens
    subject = f"Re: {bare}" if answers else bare
    tag = one_line(f"[{parcel.case}]")
    return subject if not parcel.case or tag in subject else f"{subject} {tag}"


def summary(parcel: Parcel) -> list[str]:
    """Return the lines about the case below an answer."""
    if not parcel.case:
        return []
    lines = [
        f"{DESK_NAME} · Caso {one_line(parcel.case)} · Para agregar información, responda a este correo."
    ]
    if parcel.case_page and _LINK.fullmatch(parcel.case_page):
        lines.append(f"Estado de su caso: {parcel.case_page}")
    return lines


def shown(parcel: Parcel) -> Shown:
    """Return the mail as its reader will see it."""
    return Shown((Run(storable(parcel.body).strip()),), subject_line(parcel), tuple(summary(parcel)))


def plain(parcel: Parcel) -> str:
    """Return the plain text, the case's line as its signature (RFC 3676, 4.3)."""
    foot = "\n".join(summary(parcel))
    body = storable(parcel.body).strip()
    return f"{body}\n\n-- \n{foot}\n" if foot else f"{body}\n"


def page(parcel: Parcel) -> str:
    """Return the same as a simple page that needs nothing from elsewhere."""
    paragraphs = re.split(r"\n\s*\n", storable(parcel.body).strip())
    body = "\n".join(f"<p>{_marked(paragraph)}</p>" for paragraph in paragraphs)
    lines = "<br>\n".join(map(_marked, summary(parcel)))
    foot = f'\n<p style="color:#5f6368;font-size:90%">{lines}</p>' if lines else ""
    return (
        '<!DOCTYPE html>\n<html lang="es"><head><meta charset="utf-8"></head>\n'
        f'<body style="font-family:sans-serif;line-height:1.5">\n{body}{foot}\n</body></html>\n'
    )


def _marked(paragraph: str) -> str:
    """Escape a paragraph, keep its line ends, and make its addresses links."""
    pieces, end = [], 0
    for found in _LINK.finditer(paragraph):
        pieces.append(html.escape(paragraph[end : found.start()]))
        link = html.escape(found[0])
        pieces.append(f'<a href="{link}">{link}</a>')
        end = found.end()
    pieces.append(html.escape(paragraph[end:]))
    return "".join(pieces).replace("\n", "<br>\n")
