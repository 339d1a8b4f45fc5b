"""Whom a device believes in: the devices of the organisations whose directories it has checked, and since when."""

from collections.abc import Callable
from typing import Final

from bot.client.api import Api
from bot.client.device import PythonDevice, read_directory
from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.errors import Tampered
from bot.seal.keys import DevicePublic

Now = Callable[[], int]  # seconds since 1970, of the device's own clock
FRESH: Final = 600  # seconds for which a directory is not read again


class Trust:
    """Checked directories, read again when asked for fresher ones."""

    def __init__(self, api: Api, device: PythonDevice, now: Now) -> None:
        """None yet."""
        self._api, self._device, self._now = api, device, now
        self._read: dict[str, int] = {}
        self.members: dict[bytes, Member] = {}

    async def check(self, organisations: frozenset[str], *, within: int = 0) -> None:
        """Read and check these directories, but for those that were within so many seconds; 0: all of them.

        Also each other that was read before and has grown old: a server cannot keep a device on a stale directory by
        no longer naming whose it is, or by giving none. Raises Malformed or Tampered for one that does not hold, Problem or Unavailable without an answer.
        """
        for organisation in sorted(organisations | self._read.keys()):
            read, least = self._read.get(organisation), within if organisation in organisations else FRESH
            if least and read is not None and 0 <= self._now() - read < least:
                continue
            found = await read_directory(self._api, self._device, organisation, now=self._now())
            others = {id_: m for id_, m in self.members.items() if m.organisation != organisation}
            self.members = {**others, **found.members}
            self._read[organisation] = self._now()

    def active(self, devices: frozenset[bytes]) -> bool:
        """Whether all of these are listed and none is revoked."""
        known = [self.members.get(device) for device in devices]
        return all(member is not None and member.active for member in known)

    def member_keys(self, device: bytes, person: str | None = None) -> DevicePublic:
        """The keys of somebody's device that may be in rooms; of that very person, where one is named.

        Raises `Tampered` for any other device (FORMAT.md 55).
        """
        member = self.members.get(device)
        if member is None or not member.active or not member.rights & Right.MEMBER:
            raise Tampered("Nothing is sealed to that device.")
        if person not in (None, member.person):
            raise Tampered("That device is somebody else's.")
        return member.public
