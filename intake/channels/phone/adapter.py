"""The telephone sends nothing by itself."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from aiohttp import web

from cases.model import Parcel
from intake.channels.channel import Adapter, Doors, Refusal, Unknown


class Phone:
    """Answers are read out by a person (see `store.callbacks`), so there is nothing to hand over."""

    def routes(self) -> Sequence[web.RouteDef]:
        """Return nothing: no provider calls."""
        return ()

    async def send(self, parcel: Parcel) -> str:
        """Refuse: a person has to call."""
        raise Refusal(f"Hay que llamar al {parcel.address}.")

    async def find(self, parcel: Parcel, since: datetime) -> Sequence[str]:
        """Nobody can be asked whether a call was made."""
        raise Unknown(f"Nadie sabe si se llamó al {parcel.address} desde las {since:%H:%M}.")


@asynccontextmanager
async def open_phone(_settings: object, _doors: Doors) -> AsyncIterator[Adapter]:
    """Open the channel: it is always on."""
    yield Phone()
