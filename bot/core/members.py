"""Who is in a room: the devices of both people, and a bridge only for whoever has none and may be reached by it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two people. `bridged`: is reached on a channel that both authorities let carry this talk."""

    person: PersonId
    devices: frozenset[bytes]  # ids of those that are active and may be in rooms
    bridged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Everybody who is to hold a room's key, and for whom."""

    devices: dict[bytes, PersonId]
    spoken_for: frozenset[PersonId]  # whom the bridge speaks for
    absent: frozenset[PersonId]  # whom no key reaches: they are talked to by telephone

    @property
    def complete(self) -> bool:
        """Whether everybody can take part."""
        return not self.absent

    def recipients(self, bridge: bytes) -> frozenset[bytes]:
        """The ids of the devices that the key is sealed to; `bridge` is the bridge's own."""
        return frozenset(self.devices) | (frozenset({bridge}) if self.spoken_for else frozenset())


def members_of(sides: Iterable[Side], *, identified: bool) -> Members:
    """Who must be in the room, all of them and nobody else.

    Whoever has a device of their own is in the room with that alone, whatever else reaches them. The bridge reads
    what it carries, so it is in for nobody once a person was named (`identified`).
    """
    known = tuple(sides)
    without = [side for side in known if not side.devices]
    spoken_for = frozenset(side.person for side in without if side.bridged and not identified)
    return Members(
        devices={device: side.person for side in known for device in sorted(side.devices)},
        spoken_for=spoken_for,
        absent=frozenset(side.person for side in without) - spoken_for,
    )
