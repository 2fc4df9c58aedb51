"""The way out: a server that takes the answers for delivery, over connections that are kept for the next one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from intake.channels.channel import Later, NotSent, Refusal, Unknown
from intake.channels.mail.reports import nobody_is_there
from intake.channels.mail.text import one_line

CONNECT_SECONDS = 20
COMMAND_SECONDS = 60
DATA_SECONDS = 300
PERMANENT = 5
KEPT = 4
"""Idle connections kept; a server closes an idle one whenever it likes, so each is tried with NOOP first."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the smarthost is and how one logs in."""

    host: str
    port: int
    tls: bool
    user: str | None
    password: str | None

    @property
    def is_verified(self) -> bool:
        """Whether its certificate must be good: where a password or TLS is asked for, and it is another machine.

        STARTTLS that is merely taken when offered protects nothing by failing (RFC 7435); Debian's own Postfix comes with
        a certificate that nobody signed.
        """
        near = self.host == "localhost" or self.host.startswith("127.") or self.host == "::1"
        return (self.tls or self.user is not None) and not near


def read_address(url: str) -> Address:
    """Read `smtp://user:pass@host:port` or `smtps://…`; ValueError if it is neither."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(
            "VENTANILLA_MAIL_SMARTHOST: se espera smtp://usuario:clave@servidor:puerto o smtps://…"
        )
    tls = parts.scheme == "smtps"
    login = bool(parts.username)
    port = parts.port or (465 if tls else 587 if login else 25)
    user = unquote(parts.username) if parts.username else None
    return Address(parts.hostname, port, tls, user, unquote(parts.password or "") if user else None)


class Smarthost:
    """Sends mails one by one over a few kept connections."""

    def __init__(self, address: Address, name: str) -> None:
        self._address = address
        self._name = name
        self._idle: list[SMTP] = []

    async def send(self, sender: str, recipient: str, mail: bytes, options: Sequence[str] = ()) -> None:
        """Hand over one mail; raises Refusal (5xx), Later (4xx, not reached) or Unknown (lost after the data)."""
        client = await self._connection()
        try:
            await self._transact(client, sender, recipient, mail, options)
        except BaseException:
            client.close()
            raise
        if len(self._idle) < KEPT:
            self._idle.append(client)
        else:
            await _quit(client)

    async def probe(self) -> str:
        """Open a session, log in where one does, and say how; nothing is sent. Raises Later where it cannot be had."""
        client = await self._connection()
        address = self._address
        secured = "cifrada" if client.get_transport_info("cipher") else "sin cifrar"
        login = f", con la cuenta {address.user}" if address.user else ""
        await _quit(client)
        return f"{address.host}:{address.port} responde ({secured}{login})."

    async def close(self) -> None:
        """Say goodbye on every kept connection."""
        while self._idle:
            await _quit(self._idle.pop())

    async def _connection(self) -> SMTP:
        """Return an open connection; what goes wrong here, a wrong password included, is not the mail's fault: Later."""
        while self._idle:
            client = self._idle.pop()
            try:
                await client.noop(timeout=CONNECT_SECONDS)
            except (SMTPException, OSError):
                client.close()
            else:
                return client
        address = self._address
        client = SMTP(
            hostname=address.host,
            port=address.port,
            use_tls=address.tls,
            start_tls=False if address.tls else None,
            username=address.user,
            password=address.password,
            timeout=CONNECT_SECONDS,
            local_hostname=self._name,
            validate_certs=address.is_verified,
        )
        try:
            await client.connect()
        except (SMTPException, OSError) as error:
            client.close()
            words = one_line(error.message) if isinstance(error, SMTPException) else str(error)
            raise Later(
                f"El servidor de correo {address.host}:{address.port} no recibe: {words}"[:500]
            ) from error
        return client

    async def _transact(
        self, client: SMTP, sender: str, recipient: str, mail: bytes, options: Sequence[str]
    ) -> None:
        encoding = "utf-8" if "SMTPUTF8" in options else "ascii"
        if "SMTPUTF8" in options and not client.supports_extension("smtputf8"):
            raise Refusal(f"El servidor de correo no admite direcciones como «{recipient}» (SMTPUTF8).")
        limit = client.esmtp_extensions.get("size", "")
        if limit.isdigit() and 0 < int(limit) < len(mail):
            raise Refusal(f"El correo tiene {len(mail)} bytes y el servidor acepta {limit}.")
        handed_over = False
        try:
            await client.mail(sender, options=options, encoding=encoding, timeout=COMMAND_SECONDS)
            await client.rcpt(recipient, encoding=encoding, timeout=COMMAND_SECONDS)
            handed_over = True
            await client.data(mail, timeout=DATA_SECONDS)
        except SMTPResponseException as error:
            raise _answer(error) from error
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
            if handed_over:
                raise Unknown(
                    "Se perdió la conexión después de entregar el correo: puede haber salido."
                ) from error
            raise Later("Se perdió la conexión con el servidor de correo.") from error
        except SMTPException as error:
            raise Later(
                f"El servidor de correo no respondió como se espera: {one_line(error.message)}"
            ) from error


def _answer(error: SMTPResponseException) -> NotSent:
    """Say what a server's reply means (RFC 5321, 4.2.1)."""
    words = f"{error.code} {one_line(error.message)}"[:500]
    if error.code // 100 == PERMANENT:
        if not isinstance(error, SMTPRecipientRefused):
            return Refusal(f"El servidor de correo rechazó el correo: {words}")
        status = re.match(r"5\.\d{1,3}\.\d{1,3}", error.message.strip())
        gone = nobody_is_there(status[0] if status else None, error.message)
        return Refusal(f"El servidor de correo no acepta al destinatario: {words}", unreachable=gone)
    return Later(f"El servidor de correo pide intentar más tarde: {words}")


async def _quit(client: SMTP) -> None:
    try:
        await client.quit(timeout=CONNECT_SECONDS)
    except (SMTPException, OSError):
        client.close()
