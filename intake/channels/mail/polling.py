"""Taking in the mails of a mailbox one by one: each is kept here before anything changes there."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog

from cases.model import Arrival
from cases.vocabulary import Channel
from intake.channels.channel import Doors
from intake.channels.mail.envelope import Envelope, arrival_id, seal
from intake.channels.mail.fields import header_text
from intake.channels.mail.imap import Facts, Mailbox, MailboxAddress, MailboxFailed, NotDone
from intake.channels.mail.judge import Judge
from intake.channels.mail.mime import split_head
from intake.channels.mail.settings import MailSettings
from intake.channels.mail.translate import lane

log = structlog.get_logger(__name__)

T = TypeVar("T")
FIRST_WAIT = 2.0
LONGEST_WAIT = 300.0
TRIES = 3
"""How often a mail is asked for whose fetching fails, before it is left in the mailbox with a note in the quarantine."""
_HEADER_SHOWN = 4000


class Poller:
    """Reads one mailbox for as long as `run` does.

    `pause` waits between two looks where the server has no IDLE, and after a failure.
    """

    def __init__(
        self,
        address: MailboxAddress,
        settings: MailSettings,
        doors: Doors,
        judge: Judge,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._address = address
        self._settings = settings
        self._doors = doors
        self._judge = judge
        self._pause = pause
        self._failed: Counter[tuple[int, int]] = Counter()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="mail-imap")
        self._mailbox: Mailbox | None = None

    async def run(self) -> None:
        """Read until cancelled; whatever fails is tried again, after a time that grows to five minutes."""
        wait = FIRST_WAIT
        try:
            while True:
                try:
                    await self._session()
                except (MailboxFailed, NotDone) as error:
                    log.warning("mailbox_away", mailbox=self._address.name, error=str(error), again_in=wait)
                except Exception:
                    log.exception("mailbox_failed", mailbox=self._address.name, again_in=wait)
                else:
                    wait = FIRST_WAIT
                    continue
                await self._close()
                await self._pause(wait)
                wait = min(wait * 2, LONGEST_WAIT)
        finally:
            if self._mailbox is not None:
                self._mailbox.cut()
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def _session(self) -> None:
        """Take in what has come and wait for more, on the connection that is open or on a new one."""
        if self._mailbox is None:
            self._mailbox = await self._in_thread(lambda: Mailbox(self._address))
        mailbox = self._mailbox
        await self._take_new(mailbox)
        if mailbox.idles:
            await self._in_thread(lambda: mailbox.wait(self._settings.mail_imap_seconds))
        else:
            await self._pause(self._settings.mail_imap_seconds)

    async def _close(self) -> None:
        if self._mailbox is not None:
            self._mailbox.cut()
            self._mailbox = None

    async def _take_new(self, mailbox: Mailbox) -> None:
        """Take in the mails above the mark; before the first mark only those that nobody has read.

        A mailbox that the server numbered anew is read from its beginning: what is here already is the same arrival.
        """
        validity, mark = _marked(await self._doors.bookmark(self._address.name))
        if validity is None:
            highest = await self._in_thread(mailbox.highest)
            uids = await self._in_thread(mailbox.unseen)
            for uid in uids:
                await self._take(mailbox, uid)
            await self._note(mailbox, max([highest, *uids]))
            return
        if validity != mailbox.validity:
            log.warning(
                "mailbox_renumbered", mailbox=self._address.name, before=validity, now=mailbox.validity
            )
            mark = 0
        for uid in await self._in_thread(lambda: mailbox.above(mark)):
            await self._take(mailbox, uid)
            await self._note(mailbox, uid)

    async def _note(self, mailbox: Mailbox, uid: int) -> None:
        await self._doors.keep_bookmark(self._address.name, f"{mailbox.validity}:{uid}")

    async def _take(self, mailbox: Mailbox, uid: int) -> None:
        """Keep one mail and then flag or remove it; one that cannot be had is noted and never holds up the next."""
        place = (mailbox.validity, uid)
        if self._failed[place] >= TRIES:
            return
        try:
            facts = await self._in_thread(lambda: mailbox.facts(uid))
            if facts is None:
                return
            if facts.size > self._settings.mail_max_size:
                await self._set_aside(mailbox, uid, facts)
                return
            raw = await self._in_thread(lambda: mailbox.content(uid))
        except NotDone as error:
            self._failed[place] = TRIES
            await self._left(uid, str(error))
            return
        except MailboxFailed as error:
            self._failed[place] += 1
            if self._failed[place] >= TRIES:
                await self._left(uid, str(error))
            raise
        await self._keep(raw, facts)
        await self._done(mailbox, uid)

    async def _keep(self, raw: bytes, facts: Facts) -> None:
        fields, _ = split_head(raw)
        returned = header_text(fields.first("return-path"))
        found = re.fullmatch(r"<?([^<>]*)>?", returned)
        desk = self._settings.mail_address
        envelope = Envelope(
            # Without a Return-Path nobody knows the sender; an empty one would make every mail a bounce.
            found[1].strip() if found and returned else "desconocido",
            (desk.lower(),) if desk else (),
            self._address.name,
            facts.received,
            self._judge.relayed(raw),
        )
        sealed = seal(envelope, raw)
        await self._doors.accept(
            Arrival(Channel.EMAIL, arrival_id(sealed), lane(sealed), sealed, self._doors.now())
        )

    async def _done(self, mailbox: Mailbox, uid: int) -> None:
        """Flag or remove a mail that is kept; a mailbox that may not be changed is read all the same."""
        act = mailbox.delete if self._settings.mail_imap_after == "delete" else mailbox.mark_seen
        try:
            await self._in_thread(lambda: act(uid))
        except NotDone as error:
            log.warning("mailbox_not_changed", mailbox=self._address.name, uid=uid, error=str(error))

    async def _set_aside(self, mailbox: Mailbox, uid: int, facts: Facts) -> None:
        """Note a mail that is too large, with its fields; it stays in the mailbox, even where others are deleted."""
        header = await self._in_thread(lambda: mailbox.content(uid, header=True))
        envelope = Envelope("desconocido", (), self._address.name, facts.received)
        megabytes = f"{facts.size / 1_048_576:.1f}".replace(".", ",")
        await self._doors.quarantine(
            Channel.EMAIL,
            "oversize",
            f"Un correo de {megabytes} MB (UID {uid}) quedó en el buzón {self._address.name} sin leer: pasa del límite.",
            seal(envelope, header[:_HEADER_SHOWN]),
        )

    async def _left(self, uid: int, why: str) -> None:
        log.warning("mail_not_fetched", mailbox=self._address.name, uid=uid, error=why)
        await self._doors.quarantine(
            Channel.EMAIL,
            "unreadable",
            f"El correo con UID {uid} sigue en el buzón {self._address.name}: {why}.",
            b"",
        )

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _marked(bookmark: str | None) -> tuple[int | None, int]:
    """Read how far a mailbox was read: its UIDVALIDITY and the highest UID."""
    found = re.fullmatch(r"(\d+):(\d+)", bookmark or "")
    return (int(found[1]), int(found[2])) if found else (None, 0)
