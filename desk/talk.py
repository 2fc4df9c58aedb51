"""The conversation of a case as its page shows it: how each answer went out, and by which ways one can go out now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.errors import Conflict, Invalid, NotFound
from cases.model import Account, Attachment, Case, Message
from cases.rights import Action, demand
from cases.traffic import DeliveryProof
from cases.vocabulary import Channel, Direction
from desk.desk import Desk, open_to
from desk.marks import write_entry
from intake.reply import APPROVED, NOTICE, window_closed
from store.identities import Identity
from store.traffic_report import TrafficReport
from store.withdrawal import INSTEAD
from store.work import StoreWork

MOST_FILES = 10
MOST_BYTES = 16 * 1024 * 1024
"""What all files of one answer may weigh: what every channel that carries files takes."""
STRANGER = "answered_by_other"
APART = "kept_apart"


@dataclass(frozen=True, slots=True)
class Way:
    """A channel by which a case's person can be answered.

    `origin`: the case came by it. `unreachable` says why nothing arrives there; `closed`: free text does not go out
    until the person writes; `announces`: then an approved template tells them that an answer waits.
    """

    channel: Channel
    address: str
    origin: bool
    attachments: bool
    by_voice: bool
    unreachable: str | None
    closed: bool
    announces: bool

    @property
    def free(self) -> bool:
        """Say whether an answer goes out at once."""
        return self.unreachable is None and not self.closed


@dataclass(frozen=True, slots=True)
class CaseTalk:
    """What the conversation of a case shows beside its messages.

    `proofs` are by message, `held` the messages that wait until the person writes. `stranger` is the number of the
    case to which somebody else seems to have answered, until a person of the desk has decided.
    """

    proofs: Mapping[int, Sequence[DeliveryProof]]
    held: frozenset[int]
    ways: Sequence[Way]
    identities: Sequence[Identity]
    stranger: str | None


async def talk_of(desk: Desk, account: Account, number: str) -> CaseTalk:
    """Return how a case's answers went out and how its person can be reached; raises NotFound."""

    def read(work: StoreWork) -> CaseTalk:
        case = open_to(work, account, number)
        return talk_with(desk, work, case, work.messages.of(case.id), work.people.addresses(case.person))

    return await desk.database.read(read)


def talk_with(
    desk: Desk, work: StoreWork, case: Case, said: Sequence[Message], known: Mapping[Channel, str]
) -> CaseTalk:
    """Read the conversation of a case in which all of this was said, and whose person is known at these addresses."""
    out = [message.id for message in said if message.direction is Direction.OUT]
    return CaseTalk(
        proofs=work.outbox.proofs(out),
        held=TrafficReport(work.connection).held_of(case.id) if out else frozenset(),
        ways=tuple(_ways(desk, work, case, known)),
        identities=work.identities.of(case.person),
        stranger=_undecided(work, case),
    )


def ways(desk: Desk, work: StoreWork, case: Case) -> Iterator[Way]:
    """Yield the channels by which a case's person can be answered, the case's own first."""
    return _ways(desk, work, case, work.people.addresses(case.person))


def _ways(desk: Desk, work: StoreWork, case: Case, known_at: Mapping[Channel, str]) -> Iterator[Way]:
    own = work.people.conversation_of(case.conversation)
    addresses = {own.channel: own.address}
    addresses |= {channel: address for channel, address in known_at.items() if channel not in addresses}
    report, now = TrafficReport(work.connection), desk.now()
    for channel, address in addresses.items():
        if channel not in desk.channels:
            continue
        can, talk = desk.channels[channel].can, report.talk(channel, address)
        known = can.templates and any(
            template.name == NOTICE and template.status == APPROVED for template in work.templates(channel)
        )
        yield Way(
            channel=channel,
            address=address,
            origin=channel is own.channel,
            attachments=can.attachments,
            by_voice=can.by_voice,
            unreachable=talk.unreachable,
            closed=window_closed(can, talk.last_inbound, now),
            announces=known or talk.noticed,
        )


def check_files(desk: Desk, channel: Channel, files: Sequence[Attachment]) -> None:
    """Raise Invalid for files that an answer by this channel cannot carry."""
    weight = sum(len(file.content) for file in files)
    if not files:
        return
    if channel not in desk.channels or not desk.channels[channel].can.attachments:
        fault = "Por ese canal no salen archivos; envíe solo el texto o elija otro canal."
    elif len(files) > MOST_FILES:
        fault = f"Son {len(files)} archivos; pueden ser hasta {MOST_FILES}."
    elif weight > MOST_BYTES:
        fault = f"Pesan {weight / 1_048_576:.1f} MB en total; pueden ser hasta {MOST_BYTES // 1_048_576} MB."
    elif empty := next((file.name for file in files if not file.content), None):
        fault = f"El archivo «{empty}» está vacío."
    else:
        return
    raise Invalid("Los archivos no pueden salir así.", {"files": fault})


def give_way(desk: Desk, work: StoreWork, case: Case, message: int, channel: Channel) -> None:
    """Let a held answer never go out by itself, because its person is answered by another channel.

    Raises Conflict where it is not held any more, NotFound.
    """
    if work.messages.get(message).case != case.id:
        raise NotFound("Ese mensaje no es de este caso.")
    parts = TrafficReport(work.connection).held_parts(message)
    if not parts:
        raise Conflict("La respuesta que esperaba ya salió: revise la conversación antes de repetirla.")
    label = desk.channels[channel].label if channel in desk.channels else str(channel)
    for part in parts:
        work.outbox.failed(part, f"{INSTEAD} {label}.", desk.now())


async def keep_apart(desk: Desk, account: Account, number: str) -> Case:
    """Decide that a stranger's reply is a matter of its own; it stays linked, so that what follows joins it."""
    demand(account, Action.MERGE)

    def act(work: StoreWork) -> Case:
        case = open_to(work, account, number)
        other = _undecided(work, case)
        if other is None:
            raise Conflict("Sobre este caso ya se decidió.")
        write_entry(desk, work, case, APART, {"case": other}, account.username, desk.now(), internal=True)
        work.publish("case-changed", case=case.number)
        return case

    return await desk.database.write(act)


def _undecided(work: StoreWork, case: Case) -> str | None:
    """Return the case that a stranger seems to have answered with this one, while nobody has decided."""
    if case.parent is None or case.closed is not None:
        return None
    kinds = {entry.kind for entry in work.record.of(case.id)}
    if STRANGER not in kinds or APART in kinds:
        return None
    return work.cases.by_id(case.parent).number
