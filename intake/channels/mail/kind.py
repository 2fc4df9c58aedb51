"""Mail as the registry lists it."""

from cases.vocabulary import Channel
from intake.channels.channel import Capabilities, ChannelKind
from intake.channels.mail.adapter import open_mail
from intake.channels.mail.compose import shown
from intake.channels.mail.translate import translate

MAIL = ChannelKind(
    name=Channel.EMAIL,
    label="Correo electrónico",
    can=Capabilities(part_length=100_000, threads=True, attachments=True, automatic_per_day=10),
    translate=translate,
    open=open_mail,
    show=shown,
)
