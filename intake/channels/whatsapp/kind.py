"""WhatsApp as the registry lists it."""

from datetime import timedelta

from cases.vocabulary import Channel
from intake.channels.channel import Capabilities, ChannelKind
from intake.channels.chat_marks import marked
from intake.channels.whatsapp.adapter import open_whatsapp
from intake.channels.whatsapp.choices import MOST_ROWS
from intake.channels.whatsapp.sending import LONGEST
from intake.channels.whatsapp.translate import translate

WHATSAPP = ChannelKind(
    name=Channel.WHATSAPP,
    label="WhatsApp",
    can=Capabilities(
        part_length=LONGEST,
        window=timedelta(hours=24),
        chat=True,
        attachments=True,
        files_apart=True,
        buttons=MOST_ROWS,
        templates=True,
        per_second=80,
    ),
    translate=translate,
    open=open_whatsapp,
    show=marked,
)
