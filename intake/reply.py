"""Answer on the channel that the report came from, in the way that channel allows."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.model import Attachment, Case, Conversation, Message, Outgoing
from cases.ports import Work
from cases.traffic import Choice, Part, TemplateUse
from intake.channels.channel import Capabilities
from intake.channels.choices import in_words

WINDOW_CLOSED = "Pasó el plazo en que el canal deja escribir libremente; sale cuando la persona vuelva a escribir, o por otro canal."
NOTICE = "ventanilla_aviso"
"""The approved template that tells a person of an answer which waits; its one place is the case's number."""
APPROVED = "approved"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote for a person, before a channel is asked how it may go out.

    `leaves`: until then its author may take it back, so nothing of it goes out before.
    """

    text: str
    author: str
    choices: tuple[Choice, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    chosen: bool = False
    leaves: datetime | None = None


def plan_reply(
    can: Capabilities,
    conversation: Conversation,
    written: Written,
    now: datetime,
    *,
    subject: str | None = None,
    references: tuple[str, ...] = (),
) -> Outgoing:
    """Say how an answer may go out; a channel declares its limits, nobody asks its name.

    An automatic text is not read out by a person: on a channel by voice it is only kept. `written.chosen`: a person
    picked this channel, which is not the case's own.
    """
    parts = _parts(can, written)
    answer = Outgoing(
        text=in_words(written.text, written.choices, by_mail=can.threads),
        author=written.author,
        parts=parts,
        automatic=written.automatic,
        by_voice=can.by_voice,
        attachments=written.attachments if can.attachments else (),
        why=_why(can, written, parts),
        leaves=written.leaves,
    )
    if can.threads:
        answer = replace(answer, subject=subject, references=references)
    if conversation.unreachable is not None:
        return replace(answer, held=f"No se le puede escribir por aquí: {conversation.unreachable}")
    if window_closed(can, conversation.last_inbound, now):
        return replace(answer, held=WINDOW_CLOSED)
    return answer


def _parts(can: Capabilities, written: Written) -> tuple[Part, ...]:
    """Cut the text, give its last part what may be pressed, and each file a part where the channel wants that."""
    pressed = written.choices if len(written.choices) <= can.buttons else ()
    text = written.text if pressed else in_words(written.text, written.choices, by_mail=can.threads)
    texts = [Part(body) for body in split(text, can.part_length) if body or not written.attachments]
    if texts:
        texts[-1] = replace(texts[-1], choices=pressed)
    if not (can.attachments and can.files_apart):
        return tuple(texts) or (Part(""),)
    return (*texts, *(Part("", file=place) for place in range(len(written.attachments))))


def _why(can: Capabilities, written: Written, parts: tuple[Part, ...]) -> str:
    """Say why this channel and this form, for whoever asks later how an answer went out."""
    told = [
        f"Por el canal que eligió {written.author}." if written.chosen else "Por el canal de origen del caso."
    ]
    if len(parts) > 1:
        told.append(f"En {len(parts)} partes, como el canal permite.")
    if written.choices:
        told.append("Con botones." if parts[-1].choices else "Con las opciones escritas, sin botones.")
    if written.attachments and not can.attachments:
        told.append("Sin los adjuntos: el canal no lleva archivos.")
    return " ".join(told)


def window_closed(can: Capabilities, last_inbound: datetime | None, now: datetime) -> bool:
    """Say whether the channel no longer takes free text to somebody who last wrote then."""
    if can.window is None:
        return False
    return last_inbound is None or now - last_inbound > can.window


def split(text: str, length: int) -> tuple[str, ...]:
    """Cut a text into parts of at most `length` characters: at paragraphs, else lines, sentences, words."""
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > length:
        cut = _cut(rest, length)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return (*parts, rest)


def _cut(text: str, length: int) -> int:
    window = text[: length + 1]
    for mark in ("\n\n", "\n", r"[.!?…]\s", r"\s"):
        ends = [found.end() for found in re.finditer(mark, window) if found.end() <= length]
        if ends and ends[-1] > length // 2:
            return ends[-1]
    return length


def reply(
    work: Work,
    can: Capabilities,
    case: Case | None,
    conversation: Conversation,
    written: Written,
    now: datetime,
) -> Message | None:
    """Store an answer and put it into the outbox, within the caller's transaction.

    None: an automatic text beyond what one person may get in a day, which nobody stores. Where the channel's window is
    closed, an approved template tells the person that an answer waits.
    """
    limit = can.automatic_per_day
    limited = written.automatic and limit is not None
    if limited and work.messages.automatic_since(conversation.id, now - DAY) >= (limit or 0):
        return None
    subject, references = thread(work, case, conversation) if case and can.threads else (None, ())
    planned = plan_reply(can, conversation, written, now, subject=subject, references=references)
    if planned.held == WINDOW_CLOSED and can.templates and case is not None and not written.automatic:
        planned = _notice(work, case, conversation, planned, now)
    return work.messages.say(case, conversation, planned, now)


def _notice(work: Work, case: Case, conversation: Conversation, waiting: Outgoing, now: datetime) -> Outgoing:
    """Send the approved template once for all that waits; say of the answer that it was announced."""
    if not work.messages.noticed_since(conversation.id, conversation.last_inbound):
        found = next(
            (
                template
                for template in work.templates(conversation.channel)
                if template.name == NOTICE and template.status == APPROVED
            ),
            None,
        )
        if found is None:
            return waiting
        variables = dict.fromkeys(found.variables[:1], case.number)
        text = re.sub(r"\{\{\d+\}\}", case.number, found.body)
        part = Part(text, template=TemplateUse(found.sid, variables))
        why = f"Pasó el plazo para escribir libremente: se usó la plantilla aprobada «{found.name}»."
        announcement = Outgoing(text, waiting.author, (part,), why, automatic=True, leaves=waiting.leaves)
        work.messages.say(case, conversation, announcement, now)
    announced = "Se le avisó con una plantilla aprobada; la respuesta sale cuando la persona escriba, o por otro canal."
    return replace(waiting, held=announced)


def thread(work: Work, case: Case, conversation: Conversation) -> tuple[str, tuple[str, ...]]:
    """Return the subject to answer under and the ids of the messages so far, the nearest last (RFC 5322, 3.6.4)."""
    messages = [
        message
        for message in work.messages.of(case.id)
        if message.channel is conversation.channel and message.withdrawn is None
    ]
    ids: list[str] = []
    for message in messages:
        known = (*message.references, message.provider_id) if message.provider_id else message.references
        ids += [name for name in known if name not in ids]
    subject = next((message.subject for message in messages if message.subject), case.subject)
    last = next((m.provider_id for m in reversed(messages) if m.direction == "in" and m.provider_id), None)
    if last in ids:
        ids.remove(last)
        ids.append(last)
    return subject, tuple(ids[-20:])
