"""Groups, where the desk does not talk about cases: asked once to write in private, counted after that."""

from collections import OrderedDict
from dataclasses import dataclass

from intake.channels.telegram.translate import joins
from intake.channels.telegram.update import Json, message_in, object_in

REMEMBERED = 1_000
"""How many groups are remembered; one that was forgotten is new again."""

PRIVATELY = (
    "Escríbanos en privado, por favor: para cuidar sus datos no atendemos solicitudes en grupos. "
    "Toque el nombre de este bot y luego «Iniciar»."
)


@dataclass(slots=True)
class _Group:
    updates: int = 0
    told: bool = False


class Groups:
    """What is known of the groups since the service started."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, _Group] = OrderedDict()

    def knows(self, group: int) -> bool:
        """Say whether something of a group was counted."""
        return group in self._known

    def count(self, group: int) -> int:
        """Count one update of a group; returns how many there were."""
        known = self._known.setdefault(group, _Group())
        known.updates += 1
        self._known.move_to_end(group)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return known.updates

    def tell(self, group: int) -> bool:
        """Say whether a counted group is still to be told; from now on it is."""
        known = self._known[group]
        told, known.told = known.told, True
        return not told


def may_be_told(update: Json) -> bool:
    """Say whether a person speaks in a group or lets the bot in; channels, edits and bots hear nothing."""
    message = message_in(update)
    if object_in(message, "chat").get("type") == "channel":
        return False
    return joins(update) or ("message" in update and object_in(message, "from").get("is_bot") is not True)
