"""The channels: one line each."""

from datetime import timedelta

from cases.vocabulary import Channel
from intake.channels.channel import Capabilities, ChannelKind
from intake.channels.mail.kind import MAIL
from intake.channels.phone import adapter as phone
from intake.channels.phone import translate as phone_translate
from intake.channels.whatsapp import adapter as whatsapp
from intake.channels.whatsapp import translate as whatsapp_translate

WHATSAPP = ChannelKind(
    Channel.WHATSAPP,
    "WhatsApp",
    Capabilities(part_length=1600, window=timedelta(hours=24), chat=True),
    whatsapp_translate.translate,
    whatsapp.open_whatsapp,
)
PHONE = ChannelKind(
    Channel.PHONE,
    "Teléfono",
    Capabilities(part_length=100_000, by_voice=True),
    phone_translate.translate,
    phone.open_phone,
)

CHANNELS = {kind.name: kind for kind in (WHATSAPP, MAIL, PHONE)}
