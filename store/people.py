"""Persons, the addresses they write from, and their conversations."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import NotFound
from cases.model import Conversation, Person
from cases.vocabulary import Channel
from store.tables import cases, conversations, identities, persons


class PeopleRows:
    """Implements `cases.ports.People`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def at(self, channel: Channel, address: str, name: str | None, now: datetime) -> Person:
        """Return who writes from this address, registering them the first time."""
        known = (
            self._connection.execute(
                sa.select(persons.c.id, persons.c.name)
                .join(identities, identities.c.person_id == persons.c.id)
                .where(identities.c.channel == channel, identities.c.address == address)
            )
            .mappings()
            .first()
        )
        if known is None:
            return self._register(channel, address, name, now)
        if name and not known["name"]:
            self._connection.execute(persons.update().where(persons.c.id == known["id"]).values(name=name))
            return Person(known["id"], name)
        return Person(known["id"], known["name"])

    def _register(self, channel: Channel, address: str, name: str | None, now: datetime) -> Person:
        person = self._connection.execute(
            persons.insert().values(name=name, created_at=now).returning(persons.c.id)
        ).scalar_one()
        self._connection.execute(
            identities.insert().values(person_id=person, channel=channel, address=address, created_at=now)
        )
        return Person(person, name)

    def get(self, person: int) -> Person:
        """Return one person."""
        row = self._connection.execute(sa.select(persons).where(persons.c.id == person)).mappings().one()
        return Person(row["id"], row["name"])

    def addresses(self, person: int) -> dict[Channel, str]:
        """Return where a person can be reached: by channel, the newest address of each."""
        rows = self._connection.execute(
            sa.select(identities).where(identities.c.person_id == person).order_by(identities.c.id)
        ).mappings()
        return {Channel(row["channel"]): row["address"] for row in rows}

    def conversation(self, person: int, channel: Channel, address: str, now: datetime) -> Conversation:
        """Return the person's conversation on this channel, opening it the first time."""
        row = (
            self._connection.execute(
                sa.select(conversations).where(
                    conversations.c.channel == channel, conversations.c.address == address
                )
            )
            .mappings()
            .first()
        )
        if row is None:
            row = (
                self._connection.execute(
                    conversations.insert()
                    .values(person_id=person, channel=channel, address=address, state={}, opened_at=now)
                    .returning(conversations)
                )
                .mappings()
                .one()
            )
        return _conversation(row)

    def talk_at(self, channel: Channel, address: str) -> Conversation | None:
        """Return the conversation at an address, if there is one."""
        row = (
            self._connection.execute(
                sa.select(conversations).where(
                    conversations.c.channel == channel, conversations.c.address == address
                )
            )
            .mappings()
            .first()
        )
        return _conversation(row) if row is not None else None

    def conversation_of(self, conversation: int) -> Conversation:
        """Return one conversation."""
        row = (
            self._connection.execute(sa.select(conversations).where(conversations.c.id == conversation))
            .mappings()
            .first()
        )
        if row is None:
            raise NotFound(f"No existe la conversación {conversation}.")
        return _conversation(row)

    def heard(
        self, conversation: int, desk_address: str, now: datetime, *, answer_to: str | None = None
    ) -> None:
        """Note when the person last wrote, to which of the desk's addresses, and where they want to be answered."""
        values: dict[str, Any] = {"last_inbound_at": now, "unreachable": None}
        if desk_address:
            values["desk_address"] = desk_address
        if answer_to is not None:
            values["answer_to"] = answer_to
        self._connection.execute(
            conversations.update().where(conversations.c.id == conversation).values(values)
        )

    def unreachable(self, conversation: int, reason: str) -> None:
        """Note that nothing reaches the person here until they write again."""
        self._connection.execute(
            conversations.update().where(conversations.c.id == conversation).values(unreachable=reason)
        )

    def remember(self, conversation: int, state: dict[str, Any]) -> None:
        """Keep the dialogue's state; the cases say with it whether their person asked for somebody."""
        self._connection.execute(
            conversations.update().where(conversations.c.id == conversation).values(state=state)
        )
        wants = bool(state.get("wants_person"))
        self._connection.execute(
            cases.update()
            .where(cases.c.conversation_id == conversation, cases.c.wants_person != wants)
            .values(wants_person=wants)
        )


def _conversation(row: RowMapping) -> Conversation:
    return Conversation(
        id=row["id"],
        person=row["person_id"],
        channel=Channel(row["channel"]),
        address=row["address"],
        desk_address=row["desk_address"],
        state=row["state"],
        last_inbound=row["last_inbound_at"],
        answer_to=row["answer_to"],
        unreachable=row["unreachable"],
    )
