"""Telegram as the registry lists it."""

from cases.vocabulary import Channel
from intake.channels.channel import Capabilities, ChannelKind
from intake.channels.chat_marks import marked
from intake.channels.telegram.adapter import open_telegram
from intake.channels.telegram.translate import translate

PER_SECOND = 25
"""Messages a second that the bot sends: Telegram allows about 30 before it asks to wait."""

TELEGRAM = ChannelKind(
    Channel.TELEGRAM,
    "Telegram",
    Capabilities(
        part_length=4096, chat=True, attachments=True, files_apart=True, buttons=8, per_second=PER_SECOND
    ),
    translate,
    open_telegram,
    marked,
)
