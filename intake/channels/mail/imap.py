"""A mailbox that stays elsewhere, over IMAP (RFC 9051): one connection, used from one thread."""

import imaplib
import re
import select
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BufferedReader
from typing import cast
from urllib.parse import unquote, urlsplit

from intake.channels.mail.text import one_line

SECONDS = 30
"""The longest that a server may be silent in the middle of something."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_SHORT = re.compile(rb'BODY\[(?:HEADER)?\] "((?:[^"\\]|\\.)*)"')
_BODY = re.compile(rb"BODY\[(?:HEADER)?\] ~?\{\d+\}$")


class MailboxFailed(Exception):
    """The server is away, refuses the login, or says what no IMAP server says."""


class NotDone(Exception):
    """One thing that the server refuses, such as a mail that it cannot give, while it goes on working."""


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """Where a mailbox is and how one logs in."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    folder: str

    @property
    def name(self) -> str:
        """The name under which it is noted how far the mailbox was read."""
        return f"imap:{self.user}@{self.host}/{self.folder}"

    @property
    def is_near(self) -> bool:
        """Whether the server is on this machine, where a certificate proves nothing."""
        return self.host == "localhost" or self.host.startswith("127.") or self.host == "::1"


def read_mailbox(url: str) -> MailboxAddress:
    """Read `imaps://user:pass@host:port/Folder` or `imap://…`; ValueError if it is neither."""
    wanted = "VENTANILLA_MAIL_IMAP_URL: se espera imaps://usuario:clave@servidor:puerto/carpeta o imap://…"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(wanted) from error
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise ValueError(wanted)
    tls = parts.scheme == "imaps"
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return MailboxAddress(
        parts.hostname, port or (993 if tls else 143), tls, unquote(parts.username), unquote(parts.password or ""), folder
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the server says of one mail."""

    size: int
    received: datetime


class Mailbox:
    """An open, selected mailbox; every method blocks and raises MailboxFailed when the connection is of no more use."""

    def __init__(self, address: MailboxAddress) -> None:
        """Connect, log in and select the folder."""
        self._folder = address.folder
        try:
            self._client = _connected(address)
        except (imaplib.IMAP4.error, OSError, EOFError, ValueError) as error:
            raise MailboxFailed(_words(error)) from error
        try:
            self._log_in(address)
            self.validity = self._select()
        except NotDone as error:
            self.cut()
            raise MailboxFailed(str(error)) from error
        except BaseException:
            self.cut()
            raise

    def _log_in(self, address: MailboxAddress) -> None:
        try:
            if "AUTH=PLAIN" in self._client.capabilities:
                secret = f"\0{address.user}\0{address.password}".encode()
                self._client.authenticate("PLAIN", lambda _: secret)
            else:
                self._client.login(address.user, address.password)
            # A server may offer more to whom it knows, IDLE above all.
            _, found = self._client.capability()
            self._offers = frozenset(
                b" ".join(part for part in found if part).decode("ascii", "replace").upper().split()
            )
        except (imaplib.IMAP4.error, OSError, EOFError, ValueError) as error:
            raise MailboxFailed(_words(error)) from error

    def _select(self) -> int:
        self._command("SELECT", quoted(self._folder))
        _, found = self._client.response("UIDVALIDITY")
        first = next((part for part in found if part), b"")
        return int(first) if first.isdigit() else 0

    @property
    def idles(self) -> bool:
        """Whether the server says by itself that mail has come (RFC 2177)."""
        return "IDLE" in self._offers

    def above(self, mark: int) -> list[int]:
        """Return the mails with a higher UID, the lowest first."""
        # `n:*` always names the last mail, even if its UID is lower (RFC 9051, 6.4.4).
        return [uid for uid in self._search(f"UID {mark + 1}:*") if uid > mark]

    def unseen(self) -> list[int]:
        """Return the mails that nobody has read, the lowest UID first."""
        return self._search("UNSEEN")

    def highest(self) -> int:
        """Return the highest UID, 0 in an empty mailbox."""
        try:
            return max(self._search("UID *"), default=0)
        except NotDone:
            # In an empty mailbox `*` names nothing, which some servers take for a mistake.
            return 0

    def _search(self, what: str) -> list[int]:
        found = self._command("UID", "SEARCH", what)
        words = b" ".join(part for part in found if isinstance(part, bytes)).split()
        return sorted({int(word) for word in words if word.isdigit()})

    def facts(self, uid: int) -> Facts | None:
        """Return what the server says of a mail, or None if it is gone; raises NotDone."""
        answer = self._fetch(uid, "(RFC822.SIZE INTERNALDATE)")
        if not answer:
            return None
        size = _SIZE.search(answer)
        if size is None:
            raise NotDone("el servidor no dice su tamaño")
        return Facts(int(size[1]), _date(_DATE.search(answer)))

    def content(self, uid: int, *, header: bool = False) -> bytes:
        """Return a mail as it is, or only its fields, without marking it as seen; raises NotDone."""
        found = self._fetched(uid, f"(BODY.PEEK[{'HEADER' if header else ''}])")
        for part in found:
            if isinstance(part, tuple) and _BODY.search(part[0]):
                return bytes(part[1])
            if isinstance(part, bytes) and (short := _SHORT.search(part)):
                return re.sub(rb"\\(.)", rb"\1", short[1])
        raise NotDone("el servidor no lo entrega")

    def _fetch(self, uid: int, what: str) -> bytes:
        return b" ".join(part for part in self._fetched(uid, what) if isinstance(part, bytes))

    def _fetched(self, uid: int, what: str) -> list[bytes | tuple[bytes, bytes]]:
        return [part for part in self._command("UID", "FETCH", str(uid), what) if part is not None]

    def mark_seen(self, uid: int) -> None:
        """Flag a mail as read."""
        self._command("UID", "STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def delete(self, uid: int) -> None:
        """Remove a mail, and no other where the server can tell them apart (RFC 4315)."""
        self._command("UID", "STORE", str(uid), "+FLAGS.SILENT", r"(\Seen \Deleted)")
        if "UIDPLUS" in self._offers:
            self._command("UID", "EXPUNGE", str(uid))
        else:
            self._command("EXPUNGE")

    def _command(self, name: str, *words: str) -> list[bytes | tuple[bytes, bytes] | None]:
        try:
            if name == "UID":
                state, found = self._client.uid(*words)
            elif name == "SELECT":
                state, found = self._client.select(words[0])
            else:
                state, found = self._client.expunge()
        except imaplib.IMAP4.abort as error:
            raise MailboxFailed(_words(error)) from error
        except imaplib.IMAP4.error as error:
            raise NotDone(_words(error)) from error
        except (OSError, EOFError, ValueError) as error:
            raise MailboxFailed(_words(error)) from error
        if state != "OK":
            raise NotDone(f"{name}: {_words(*found)}")
        return list(found)

    def wait(self, seconds: float) -> None:
        """Wait until the server says that something changed, or for so long (IDLE, RFC 2177)."""
        client = self._client
        native = getattr(client, "idle", None)
        try:
            if native is not None:  # Python 3.14 can do it itself, and reads ahead in another way.
                with native(seconds) as changes:
                    next(iter(changes), None)
                return
            client.send(b"W1 IDLE\r\n")
            changed = False
            while not (line := client.readline()).startswith(b"+"):
                if not line.startswith(b"* "):
                    raise MailboxFailed(f"IDLE: {_words(line)}")
                changed = True
            if not changed and not _has_read_ahead(client):
                select.select([client.socket()], [], [], seconds)
            client.send(b"DONE\r\n")
            while not (line := client.readline()).startswith(b"W1 "):
                if not line:
                    raise MailboxFailed("IDLE: la conexión terminó")
        except (imaplib.IMAP4.error, OSError, EOFError, ValueError) as error:
            raise MailboxFailed(_words(error)) from error

    def cut(self) -> None:
        """Close the connection at once; whatever waits on it in another thread ends with MailboxFailed."""
        with suppress(OSError, ValueError):
            # First, as closing the client waits for whoever reads from it.
            self._client.socket().shutdown(socket.SHUT_RDWR)
        with suppress(imaplib.IMAP4.error, OSError, EOFError, ValueError):
            self._client.shutdown()


def _has_read_ahead(client: imaplib.IMAP4) -> bool:
    """Say whether the server said more than was asked for; `select` does not see what the client has in its buffers."""
    connection = client.socket()
    connection.setblocking(False)
    try:
        return bool(cast("BufferedReader", client.file).peek(1))
    except ssl.SSLWantReadError:
        return False
    finally:
        connection.settimeout(SECONDS)


def _connected(address: MailboxAddress) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if address.is_near:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if address.tls:
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=SECONDS)
    client = imaplib.IMAP4(address.host, address.port, timeout=SECONDS)
    try:
        if "STARTTLS" in client.capabilities:
            client.starttls(context)
    except BaseException:
        client.shutdown()
        raise
    return client


def quoted(folder: str) -> str:
    """Return a folder's name as SELECT takes it: modified UTF-7 in quotes (RFC 3501, 5.1.3)."""
    pieces = []
    for run, plain in _runs(folder):
        if plain:
            pieces.append(run.replace("&", "&-"))
        else:
            coded = b64encode(run.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",").decode("ascii")
            pieces.append(f"&{coded}-")
    escaped = "".join(pieces).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    for found in re.finditer(r"([\x20-\x7e]+)|([^\x20-\x7e]+)", text):
        yield found[0], found[1] is not None


def _date(found: re.Match[bytes] | None) -> datetime:
    """Read an INTERNALDATE; a mail without one is dated the same each time, so that it stays the same arrival."""
    try:
        when = (
            parsedate_to_datetime(found[1].decode("ascii", "replace").strip().replace("-", " ", 2))
            if found
            else None
        )
    except (ValueError, TypeError, IndexError):
        when = None
    if when is None:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def _words(*said: object) -> str:
    text = " ".join(one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in said)
    return one_line(text)[:300] or "sin respuesta"
