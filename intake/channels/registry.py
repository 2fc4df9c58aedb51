"""The channels: one line each."""

from cases.vocabulary import Channel
from intake.channels.channel import Capabilities, ChannelKind
from intake.channels.mail.kind import MAIL
from intake.channels.phone import adapter as phone
from intake.channels.phone import translate as phone_translate
from intake.channels.telegram.kind import TELEGRAM
from intake.channels.whatsapp.kind import WHATSAPP

PHONE = ChannelKind(
    Channel.PHONE,
    "Teléfono",
    Capabilities(part_length=100_000, by_voice=True),
    phone_translate.translate,
    phone.open_phone,
)

CHANNELS = {kind.name: kind for kind in (WHATSAPP, TELEGRAM, MAIL, PHONE)}
