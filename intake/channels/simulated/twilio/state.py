"""What the twin of Twilio knows: the phones' messages, the files, the templates, and what is to go wrong."""

import asyncio
import secrets
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

SENT_BY_PHONE, SENT_BY_DESK = "in", "out"
WINDOW = timedelta(hours=24)
BASE = "/simulated/twilio"
MESSAGES_PATH = "/channels/whatsapp/messages"
HANGING = 60
"""Seconds that a request which never is answered keeps its connection, unless it is let go."""


class Fault(StrEnum):
    """What can go wrong with the next request that it fits; see `TwilioTwin.faults`."""

    UNANSWERED = "unanswered"
    """The API does what it is asked, and no answer comes."""
    CUT = "cut"
    """The API does what it is asked, and the connection breaks."""
    BROKEN_AFTER = "broken-after"
    """The API does what it is asked, and answers 500."""
    RESET = "reset"
    """The connection breaks before the API does anything."""
    BROKEN = "broken"
    """The API does nothing and answers 500."""
    FLOOD = "flood"
    """The API does nothing and answers 429 with `Retry-After`."""
    REPORTS_FIRST = "reports-first"
    """A message's status callbacks come before the answer to its own request."""
    REPORTS_TWICE = "reports-twice"
    """Each status callback comes twice."""
    REPORTS_REORDERED = "reports-reordered"
    """The status callbacks come the last one first."""
    REPORTS_MISSING = "reports-missing"
    """No status callback comes."""
    WEBHOOK_TWICE = "webhook-twice"
    """An incoming message is posted twice."""
    WEBHOOK_MISSING = "webhook-missing"
    """An incoming message is never posted; Twilio's list has it."""


API_FAULTS = frozenset(
    {Fault.UNANSWERED, Fault.CUT, Fault.BROKEN_AFTER, Fault.RESET, Fault.BROKEN, Fault.FLOOD}
)
REPORT_FAULTS = frozenset(
    {Fault.REPORTS_FIRST, Fault.REPORTS_TWICE, Fault.REPORTS_REORDERED, Fault.REPORTS_MISSING}
)
WEBHOOK_FAULTS = frozenset({Fault.WEBHOOK_TWICE, Fault.WEBHOOK_MISSING})


@dataclass(slots=True)
class File:
    """A file that a message carries."""

    sid: str
    media_type: str
    content: bytes
    name: str | None = None


@dataclass(slots=True)
class Button:
    """Something to press under a message: what it says, what it sends back, and a line under it in a list."""

    title: str
    id: str
    line: str = ""


@dataclass(slots=True)
class Bubble:
    """One message on a phone; `status` is Twilio's word for how far it got, `callback` where that is reported.

    `opener` is what opens a list of choices; without it the choices are buttons. `extra` are the webhook's fields that
    an incoming message has beside its text.
    """

    sid: str
    direction: str
    body: str
    at: datetime
    to: str
    sender: str
    status: str = "delivered"
    error: int | None = None
    service: str | None = None
    callback: str = ""
    files: list[File] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    opener: str = ""
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Content:
    """A template of the Content API; `status` is WhatsApp's word on it."""

    sid: str
    name: str
    language: str
    variables: dict[str, str]
    types: Json
    at: datetime
    status: str = "unsubmitted"


@dataclass(slots=True)
class State:
    """Twilio with its phones, for one account and one number.

    `messages_url` is the service's inbound webhook; `now` tells the time; webhooks are signed with `token`. The next
    requests go wrong as `faults` say, in order. `numbers`: the only ones that may send, if any are named. Nothing
    reaches the numbers of `opted_out` (refused at once, 21610) or of `unreached` (reported with their error code).
    `strict`: a phone that has not written to this twin is outside the 24 hours too.
    """

    account: str
    token: str
    number: str
    messages_url: str
    now: Callable[[], datetime]
    phones: dict[str, list[Bubble]] = field(default_factory=lambda: defaultdict(list))
    contents: dict[str, Content] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    numbers: set[str] = field(default_factory=set)
    opted_out: set[str] = field(default_factory=set)
    unreached: dict[str, int] = field(default_factory=dict)
    strict: bool = False
    retry_after: int = 7
    calls: list[str] = field(default_factory=list)
    written: dict[str, datetime] = field(default_factory=dict)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where the twin's API is served."""
        return self.messages_url.partition("?")[0].removesuffix(MESSAGES_PATH) + BASE

    def take(self, kinds: frozenset[Fault]) -> Fault | None:
        """Return the next fault if it is of these kinds; another one waits for its own request."""
        return self.faults.popleft() if self.faults and self.faults[0] in kinds else None

    def found(self, sid: str) -> Bubble | None:
        """Return a message by its SID."""
        return next((b for bubbles in self.phones.values() for b in bubbles if b.sid == sid), None)

    def outside(self, phone: str) -> bool:
        """Say whether the phone last wrote more than 24 hours ago."""
        last = self.written.get(phone)
        return self.strict if last is None else self.now() - last > WINDOW


def new_sid(prefix: str) -> str:
    """Return a new SID of this kind (SM, MM, ME, HX)."""
    return f"{prefix}{secrets.token_hex(16)}"
