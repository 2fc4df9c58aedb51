"""A twin of a mailbox that stays elsewhere: an IMAP server with one folder, which fails on demand."""

import asyncio
import base64
import re
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

CAPABILITIES = "IMAP4rev1 AUTH=PLAIN UIDPLUS"
LINE = 65_536


class ImapFault(StrEnum):
    """What can go wrong with one command."""

    RESET = "reset"
    """The connection breaks before the answer."""
    CUT = "cut"
    """The command is done, and the connection breaks in the middle of the answer."""
    REFUSED = "refused"
    """NO."""
    GARBAGE = "garbage"
    """An answer that is not IMAP."""


@dataclass(slots=True)
class Kept:
    """One mail of the folder; `size` is what the server claims where that is not the truth."""

    raw: bytes
    flags: set[str] = field(default_factory=set)
    size: int | None = None


@dataclass(slots=True)
class ImapTwin:
    """A mailbox of one person; `faults` happen to the next commands of each kind (FETCH, STORE, IDLE…), see `fail`."""

    user: str = "soporte@example.bo"
    password: str = "clave"  # noqa: S105  # a made-up one
    folder: str = "INBOX"
    idles: bool = True
    validity: int = 1
    next_uid: int = 1
    port: int = 0
    mails: dict[int, Kept] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    faults: dict[str, deque[ImapFault]] = field(default_factory=dict)
    _seen: dict[asyncio.StreamWriter, int] = field(default_factory=dict)
    _idle: set[asyncio.StreamWriter] = field(default_factory=set)
    _open: dict[asyncio.StreamWriter, asyncio.Event] = field(default_factory=dict)

    def fail(self, command: str, *faults: ImapFault) -> None:
        """Let the next commands of one kind go wrong, one after another."""
        self.faults.setdefault(command.upper(), deque()).extend(faults)

    def put(self, raw: bytes, *flags: str, size: int | None = None) -> int:
        """Put a mail into the folder, tell those who wait, and return its UID."""
        uid, self.next_uid = self.next_uid, self.next_uid + 1
        self.mails[uid] = Kept(raw, set(flags), size)
        for writer in self._idle:
            writer.write(f"* {len(self.mails)} EXISTS\r\n".encode())
        return uid

    def renumber(self) -> None:
        """Give every mail a new UID, as servers do that restore a mailbox (RFC 9051, 2.3.1.1), and end every connection."""
        self.validity += 1
        self.mails = dict(enumerate(self.mails.values(), 1))
        self.next_uid = len(self.mails) + 1
        self.hang_up()

    def hang_up(self) -> None:
        """Cut every connection."""
        for writer in list(self._open):
            writer.transport.abort()

    @asynccontextmanager
    async def listening(
        self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> AsyncIterator["ImapTwin"]:
        """Serve while the context is open."""
        server = await asyncio.start_server(self._serve, host, port, limit=LINE, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            ended = list(self._open.values())
            self.hang_up()
            for one in ended:
                await one.wait()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        ended = self._open[writer] = asyncio.Event()
        try:
            writer.write(f"* OK [CAPABILITY {self._capabilities()}] listo\r\n".encode())
            while line := await reader.readline():
                if not await self._answer(line.decode("utf-8", "replace").strip(), reader, writer):
                    break
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._idle.discard(writer)
            self._seen.pop(writer, None)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            del self._open[writer]
            ended.set()

    def _capabilities(self) -> str:
        return f"{CAPABILITIES} IDLE" if self.idles else CAPABILITIES

    async def _answer(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one command and say whether the connection goes on."""
        tag, _, rest = line.partition(" ")
        words = rest.split(" ")
        name = words[1].upper() if words[0].upper() == "UID" and len(words) > 1 else words[0].upper()
        self.commands.append(name)
        waiting = self.faults.get(name)
        fault = waiting.popleft() if waiting else None
        if fault is ImapFault.RESET:
            return False
        if fault is ImapFault.REFUSED:
            writer.write(f"{tag} NO no ahora\r\n".encode())
            return True
        if fault is ImapFault.GARBAGE:
            writer.write(b"\x00\xff ???\r\n")
            return True
        if name == "IDLE":
            await self._wait(tag, reader, writer)
            return True
        if name == "AUTHENTICATE":
            writer.write(b"+ \r\n")
            secret = base64.b64decode(await reader.readline()).decode().split("\0")
            said: list[bytes] | None = [] if secret[1:] == [self.user, self.password] else None
        else:
            said = self._do(name, rest)
            if name == "SEARCH":
                self._seen[writer] = self.next_uid
        answer = b"".join(said or []) + f"{tag} {'NO no' if said is None else 'OK hecho'}\r\n".encode()
        if fault is ImapFault.CUT:
            writer.write(answer[: len(answer) // 2])
            return False
        writer.write(answer)
        return name != "LOGOUT"

    async def _wait(self, tag: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"+ esperando\r\n")
        if self._seen.get(writer) != self.next_uid:
            writer.write(f"* {len(self.mails)} EXISTS\r\n".encode())
        self._idle.add(writer)
        await reader.readline()
        self._idle.discard(writer)
        writer.write(f"{tag} OK hecho\r\n".encode())

    def _do(self, name: str, rest: str) -> list[bytes] | None:
        """Do a command and return its untagged answers; None refuses it."""
        known = {
            "CAPABILITY": lambda _: [f"* CAPABILITY {self._capabilities()}\r\n".encode()],
            "SELECT": self._selected,
            "SEARCH": lambda rest: [f"* SEARCH {' '.join(map(str, self._found(rest)))}\r\n".encode()],
            "FETCH": self._fetched,
            "STORE": self._stored,
            "EXPUNGE": self._expunged,
            "NOOP": lambda _: [],
            "LOGOUT": lambda _: [b"* BYE adios\r\n"],
        }
        act: Callable[[str], list[bytes] | None] | None = known.get(name)
        return act(rest) if act is not None else None

    def _selected(self, rest: str) -> list[bytes] | None:
        if rest.partition(" ")[2].strip('"') != self.folder:
            return None
        return [f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] ok\r\n".encode()]

    def _stored(self, rest: str) -> list[bytes]:
        found = re.search(r"STORE (\d+) \+FLAGS\S* \(([^)]*)\)", rest)
        if found and int(found[1]) in self.mails:
            self.mails[int(found[1])].flags |= set(found[2].split())
        return []

    def _expunged(self, rest: str) -> list[bytes]:
        only = re.search(r"EXPUNGE (\d+)", rest)
        for uid in [uid for uid, kept in self.mails.items() if r"\Deleted" in kept.flags]:
            if only is None or int(only[1]) == uid:
                del self.mails[uid]
        return []

    def _found(self, rest: str) -> list[int]:
        if rest.endswith("UNSEEN"):
            return [uid for uid, kept in self.mails.items() if r"\Seen" not in kept.flags]
        if rest.endswith("UID *"):
            return list(self.mails)[-1:]
        first = int(re.findall(r"UID (\d+):\*", rest)[-1])
        # `n:*` names the last mail even where its UID is lower.
        return sorted({uid for uid in self.mails if uid >= first} | set(list(self.mails)[-1:]))

    def _fetched(self, rest: str) -> list[bytes]:
        found = re.search(r"FETCH (\d+) \((.*)\)", rest)
        kept = self.mails.get(int(found[1])) if found else None
        if found is None or kept is None:
            return []
        begin = f"* {list(self.mails).index(int(found[1])) + 1} FETCH (UID {found[1]} ".encode()
        if "RFC822.SIZE" in found[2]:
            size = len(kept.raw) if kept.size is None else kept.size
            date = "03-Mar-2026 14:22:00 +0000"
            return [begin + f'RFC822.SIZE {size} INTERNALDATE "{date}")\r\n'.encode()]
        header = "HEADER" in found[2]
        raw = kept.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if header else kept.raw
        return [begin, f"BODY[{'HEADER' if header else ''}] {{{len(raw)}}}\r\n".encode(), raw, b")\r\n"]
