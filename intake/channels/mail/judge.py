"""Who says whether a mail's sender is real: the server in front, or else the DNS."""

import asyncio
import ipaddress
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import structlog

from cases.traffic import Checks
from intake.channels.mail.auth_results import believed
from intake.channels.mail.dns import Lookup, over_the_net
from intake.channels.mail.mime import split_head
from intake.channels.mail.proof import Handover, examined, reported
from intake.channels.mail.settings import MailSettings

log = structlog.get_logger(__name__)

AT_ONCE = 16
"""Mails that may wait for the DNS at the same time; further ones queue, and the event loop never does."""
LONGEST_WAIT = 20.0
UNKNOWN = "Sin comprobar: lo entregó un servidor propio, que no dijo qué comprobó."
NO_ANSWER = "Sin comprobar: el DNS no respondió a tiempo."
BROKEN = "Sin comprobar: las firmas o los registros no se pueden leer."

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        (
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "100.64.0.0/10",
            "::1/128",
            "fc00::/7",
            "fe80::/10",
        ),
    )
)
"""Where only machines of one's own are (RFC 6890); `is_private` also counts the addresses of examples."""


class Judge:
    """Checks senders while it is open; `lookups` makes the DNS function for one mail."""

    def __init__(self, settings: MailSettings, lookups: Callable[[], Lookup] = over_the_net) -> None:
        self._checks = settings.mail_check_senders
        self._authserv = settings.mail_trusted_authserv
        self._sealers = tuple(
            name.strip().lower() for name in settings.mail_trusted_sealers.split(",") if name.strip()
        )
        self._relays = networks(settings.mail_relays)
        self._lookups = lookups
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mail-checks")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def is_relay(self, peer: str) -> bool:
        """Say whether mail from this machine was received by a server of one's own before: loopback, private, or named."""
        address = machine(peer)
        return address is None or any(address in known for known in (*PRIVATE, *self._relays))

    async def judge(self, mail: bytes, handover: Handover) -> Checks | None:
        """Return what is known about a mail's sender; None with the checks switched off. Never raises for a mail."""
        if not self._checks:
            return None
        if self.is_relay(handover.address):
            return self.relayed(mail)
        task = asyncio.get_running_loop().run_in_executor(self._threads, self._examine, mail, handover)
        try:
            return await asyncio.wait_for(task, LONGEST_WAIT)
        except TimeoutError:
            return Checks(None, NO_ANSWER)

    def relayed(self, mail: bytes) -> Checks | None:
        """Return what the server in front found, if it is the one that is believed."""
        if not self._checks:
            return None
        fields, _ = split_head(mail)
        found = believed(fields, self._authserv) if self._authserv else None
        return Checks(None, UNKNOWN) if found is None else reported(found, fields)

    def _examine(self, mail: bytes, handover: Handover) -> Checks:
        try:
            return examined(mail, handover, self._lookups(), self._sealers)
        except Exception:
            # A mail is never lost because a library stumbles over a stranger's signature.
            log.exception("mail_sender_not_checked", peer=handover.address)
            return Checks(None, BROKEN)


def machine(peer: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return a peer's address, an IPv4 one as such; None for a local socket."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def networks(listed: str) -> tuple[Network, ...]:
    """Read addresses and networks separated by commas; ValueError if one is none."""
    try:
        return tuple(
            ipaddress.ip_network(one.strip(), strict=False) for one in listed.split(",") if one.strip()
        )
    except ValueError as error:
        raise ValueError(
            f"VENTANILLA_MAIL_RELAYS: se esperan direcciones o redes separadas por comas: {error}"
        ) from error
