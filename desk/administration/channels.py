"""The channels as an administrator keeps them: whether they really work, and the provider's templates."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from cases.errors import Conflict
from cases.model import Account
from cases.rights import Action, demand
from cases.traffic import Template
from cases.vocabulary import Channel, Direction
from desk.administration.book import note
from desk.desk import Desk
from intake.channels.channel import Adapter, Finding, Probes, Templates, Unknown
from store.work import StoreWork

MONTH = timedelta(days=30)
REMEMBERED = 200
"""How far back in the book a channel's last test is looked for."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One test of a channel: who asked for it, when, and what each part said."""

    at: datetime
    by: str
    findings: Sequence[Finding]

    @property
    def good(self) -> bool:
        """Whether every part answered as it should."""
        return all(finding.good for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What is known of a channel beside its traffic; `last_in` and `last_out` look back a month."""

    last_in: datetime | None
    last_out: datetime | None
    probe: Probe | None


async def upkeep(desk: Desk, account: Account) -> Mapping[Channel, Upkeep]:
    """Return each channel's last messages and its last test."""
    demand(account, Action.MONITOR)

    def read(work: StoreWork) -> Mapping[Channel, Upkeep]:
        probes: dict[str, Probe] = {}
        for entry in work.governing.book(REMEMBERED, kinds=("channel-probed",)):
            found = [Finding(**finding) for finding in entry.data["findings"]]
            probes.setdefault(str(entry.data["channel"]), Probe(entry.at, entry.actor, found))
        known = {}
        for channel in desk.channels:
            last = work.governing.last_messages(channel, desk.now() - MONTH)
            known[channel] = Upkeep(last[Direction.IN], last[Direction.OUT], probes.get(channel))
        return known

    return await desk.database.read(read)


async def probe_channel(desk: Desk, account: Account, channel: Channel, adapter: Adapter | None) -> Probe:
    """Ask a channel's provider whether it would work now; nothing is sent to anybody. Raises Conflict where it cannot be asked."""
    demand(account, Action.ADMINISTER)
    if adapter is None:
        raise Conflict("El canal no está configurado en este nodo: no hay nada que probar.")
    if not isinstance(adapter, Probes):
        raise Conflict("Este canal no depende de ningún proveedor: no hay nada que probar.")
    findings = await adapter.probe()

    def act(work: StoreWork) -> Probe:
        now = desk.now()
        data = {"channel": channel, "findings": [asdict(finding) for finding in findings]}
        note(work, account, "channel-probed", data, now)
        return Probe(now, account.username, findings)

    return await desk.database.write(act)


async def templates(desk: Desk, account: Account) -> Mapping[Channel, Sequence[Template]]:
    """Return the approved texts of each channel that has some."""
    demand(account, Action.ADMINISTER)
    able = [channel for channel, kind in desk.channels.items() if kind.can.templates]
    return await desk.database.read(lambda work: {channel: work.templates(channel) for channel in able})


async def refresh_templates(
    desk: Desk, account: Account, channel: Channel, adapter: Adapter | None, *, add_choices: bool = False
) -> int:
    """Take over the provider's templates now and return how many; `add_choices` registers the missing ones first.

    Raises Conflict where the channel is off or the provider does not answer.
    """
    demand(account, Action.ADMINISTER)
    if not isinstance(adapter, Templates):
        raise Conflict("El canal no está configurado en este nodo.")
    try:
        added = await adapter.add_choices() if add_choices else 0
        found = await adapter.sync()
    except Unknown as unknown:
        raise Conflict(unknown.why) from None
    data = {"channel": channel, "templates": found, "added": added}
    await desk.database.write(lambda work: note(work, account, "templates-refreshed", data, desk.now()))
    return found
