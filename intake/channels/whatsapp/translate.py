"""Twilio's form → a message. Field names are those of Twilio's "Messaging webhooks" page."""

from datetime import datetime

from cases.model import Inbound
from cases.vocabulary import Channel
from intake.channels.channel import CannotUnderstand
from intake.channels.whatsapp.form import LONGEST_NAME, address, one_line, opened, provider_id
from intake.channels.whatsapp.kinds import attachments_of, is_greeting, words_of


def translate(payload: bytes, received: datetime) -> Inbound:
    """Make a message of an incoming form and of the files fetched for it; raises CannotUnderstand."""
    form, files = opened(payload)
    name, sender = provider_id(form), address(form.get("From", ""))
    if name is None or not sender:
        raise CannotUnderstand("the form has no MessageSid or no From")
    return Inbound(
        channel=Channel.WHATSAPP,
        provider_id=name,
        sender=sender,
        recipient=address(form.get("To", "")),
        sender_name=one_line(form.get("ProfileName", ""))[:LONGEST_NAME] or None,
        text=words_of(form, files),
        choice=form.get("ButtonPayload") or form.get("ListId") or None,
        references=tuple(filter(None, (one_line(form.get("OriginalRepliedMessageSid", ""))[:LONGEST_NAME],))),
        attachments=attachments_of(form, files),
        at=received,
        greeting=is_greeting(form),
    )
