"""Answer on the channel that the report came from, in the way that channel allows."""

import re
from dataclasses import replace
from datetime import datetime

from cases.model import Attachment, Case, Conversation, Message, Outgoing
from cases.ports import Work
from intake.channels.channel import Capabilities

WINDOW_CLOSED = "Pasó el plazo en que el canal deja escribir libremente; sale cuando la persona vuelva a escribir, o por otro canal."


def plan_reply(
    can: Capabilities,
    conversation: Conversation,
    text: str,
    author: str,
    now: datetime,
    *,
    subject: str | None = None,
    references: tuple[str, ...] = (),
    automatic: bool = False,
    attachments: tuple[Attachment, ...] = (),
) -> Outgoing:
    """Say how an answer may go out; a channel declares its limits, nobody asks its name.

    An automatic text is not read out by a person: on a channel by voice it is only kept.
    """
    answer = Outgoing(
        text=text,
        author=author,
        parts=split(text, can.part_length),
        automatic=automatic,
        by_voice=can.by_voice,
        attachments=attachments if can.attachments else (),
    )
    if can.threads:
        answer = replace(answer, subject=subject, references=references)
    if window_closed(can, conversation, now):
        answer = replace(answer, held=WINDOW_CLOSED)
    return answer


def window_closed(can: Capabilities, conversation: Conversation, now: datetime) -> bool:
    """Say whether the channel no longer takes free text to this person."""
    if can.window is None:
        return False
    return conversation.last_inbound is None or now - conversation.last_inbound > can.window


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
    text: str,
    author: str,
    now: datetime,
    *,
    automatic: bool = False,
    attachments: tuple[Attachment, ...] = (),
) -> Message:
    """Store an answer and put it into the outbox, within the caller's transaction."""
    subject, references = _thread(work, case) if case and can.threads else (None, ())
    outgoing = plan_reply(
        can,
        conversation,
        text,
        author,
        now,
        subject=subject,
        references=references,
        automatic=automatic,
        attachments=attachments,
    )
    return work.messages.say(case, conversation, outgoing, now)


def _thread(work: Work, case: Case) -> tuple[str, tuple[str, ...]]:
    """Return the subject to answer under and the ids of the messages so far, the nearest last (RFC 5322, 3.6.4)."""
    messages = [message for message in work.messages.of(case.id) if message.channel is case.channel]
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
