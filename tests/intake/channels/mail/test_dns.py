"""The lookup over the net, asked of a name server on this machine."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from dns import message, rcode, resolver, rrset

from intake.channels.mail.dns import DnsFailed, over_the_net

ZONE = {
    ("example.org.", "TXT"): ['"v=spf1 " "-all"', '"otra"'],
    ("example.org.", "MX"): ["10 mx.example.org."],
    ("mx.example.org.", "A"): ["198.51.100.7"],
    ("alias.example.org.", "TXT"): [],
}


class NameServer(asyncio.DatagramProtocol):
    """Answers from the zone; what is not in it does not exist, and `caido` fails."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        asked = message.from_wire(data)
        answer = message.make_response(asked)
        (question,) = asked.question
        name, kind = question.name.to_text(), question.rdtype.name
        known = [records for (owner, kinds), records in ZONE.items() if (owner, kinds) == (name, kind)]
        if "caido" in name:
            answer.set_rcode(rcode.SERVFAIL)
        elif known and known[0]:
            answer.answer.append(rrset.from_text(name, 60, "IN", kind, *known[0]))
        elif not any(owner == name for owner, _ in ZONE):
            answer.set_rcode(rcode.NXDOMAIN)
        self._transport.sendto(answer.to_wire(), addr)


@pytest.fixture
async def servers() -> AsyncIterator[resolver.Resolver]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(NameServer, ("127.0.0.1", 0))
    found = resolver.Resolver(configure=False)
    found.nameservers = ["127.0.0.1"]
    found.port = transport.get_extra_info("sockname")[1]
    yield found
    transport.close()


@pytest.mark.parametrize(
    ("name", "kind", "records"),
    [
        ("example.org", "TXT", ["v=spf1 -all", "otra"]),
        ("example.org", "MX", ["10 mx.example.org."]),
        ("mx.example.org", "A", ["198.51.100.7"]),
        ("mx.example.org", "AAAA", []),
        ("alias.example.org", "TXT", []),
        ("nada.example.org", "TXT", []),
    ],
)
async def test_records_are_text(servers: resolver.Resolver, name: str, kind: str, records: list[str]) -> None:
    lookup = over_the_net(servers)

    assert sorted(await asyncio.to_thread(lookup, name, kind)) == sorted(records)


@pytest.mark.parametrize("name", ["caido.example.org", "a..b", "x" * 70 + ".org"])
async def test_no_answer_is_no_record(servers: resolver.Resolver, name: str) -> None:
    with pytest.raises(DnsFailed):
        await asyncio.to_thread(over_the_net(servers), name, "TXT")
