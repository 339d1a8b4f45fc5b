"""What a device does about itself and others: enrol, sign in, read directories, approve, revoke."""

from dataclasses import dataclass, field
from pathlib import Path

from bot.client.answers import bytes_of, directory_answer, number_of, text_of
from bot.client.api import Api, Json, Problem
from bot.client.files import Known, read_key, read_known, write_key, write_known
from bot.client.link import Invite
from bot.client.other_ledger import shown_by, told_by
from bot.core.errors import Denied
from bot.seal.device_code import device_code
from bot.seal.directory import Verified
from bot.seal.enrolment import Bundle, approve, bundle_from_bytes, check_rights, make_bundle, root_id
from bot.seal.errors import SealError
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.sign_in import sign_challenge
from bot.seal.trust import introduced, verify_directory_answer
from bot.seal.wire import to_base64url

KEY_FILE, PINS_FILE = "device.key", "pins.json"


@dataclass(slots=True, kw_only=True)
class PythonDevice:
    """A device with its two files in one folder."""

    folder: Path
    secret: DeviceSecret = field(repr=False)
    known: Known
    pins: str = PINS_FILE  # the name of the file in the folder

    @property
    def id(self) -> bytes:
        """Its 32 bytes."""
        return self.secret.public.device_id

    @property
    def code(self) -> str:
        """What it shows for approval, computed of its own keys and the root in its invitation. Takes a tenth of a second."""
        return device_code(self.id, root_id(self.known.home.root))

    def keep(self, known: Known) -> None:
        """Keep what was accepted, on disk first."""
        write_known(self.folder / self.pins, known)
        self.known = known


def load(folder: Path) -> PythonDevice:
    """A device that was enrolled before. Raises Unavailable."""
    return PythonDevice(
        folder=folder, secret=read_key(folder / KEY_FILE), known=read_known(folder / PINS_FILE)
    )


async def enrol(api: Api, invite: Invite, folder: Path, *, entropy: bytes) -> PythonDevice:
    """Redeem an invitation and enrol a new device, made of 64 random bytes; it waits for approval.

    Keys are on disk before anybody hears of them. Raises Denied when the server says something else than the link.
    """
    told = await api.post("/api/v1/invitations/redemption", {"secret": to_base64url(invite.secret)})
    if text_of(told, "organisation") != invite.pins.organisation:
        raise Denied("the invitation is of another organisation than its link")
    secret = make_device(entropy)
    known = Known(
        origin=invite.origin,
        organisation=invite.pins.organisation,
        person=text_of(told, "person"),
        pins={invite.pins.organisation: invite.pins},
    )
    write_key(folder / KEY_FILE, secret)
    write_known(folder / PINS_FILE, known)
    challenge = await api.post("/api/v1/challenges", {})
    bundle = make_bundle(
        secret=secret,
        organisation=invite.pins.organisation,
        person=known.person,
        rights=check_rights(number_of(told, "rights")),
        inviter=text_of(told, "inviter"),
        invitation=invite.digest,
        made_at=number_of(challenge, "now"),
    )
    answer = {"bundle": to_base64url(bundle.content), "tier": "file", **_answer(api, secret, challenge)}
    await api.post("/api/v1/devices", answer)
    return PythonDevice(folder=folder, secret=secret, known=known)


async def sign_in(api: Api, device: PythonDevice) -> None:
    """Open a session that is bound to the device; the session's cookie stays in `api`. Raises Problem."""
    challenge = await api.post("/api/v1/challenges", {})
    named = {"device": device.id.hex(), **_answer(api, device.secret, challenge)}
    await api.post("/api/v1/session/device", named)


async def read_directory(api: Api, device: PythonDevice, organisation: str, *, now: int) -> Verified:
    """The devices of an organisation, believed from what this device has pinned on, and pinned from now on.

    One's own organisation's is read first; another's takes its introduction there. `now`: seconds since 1970, of the
    device's own clock. Raises Malformed or Tampered for an answer that does not hold: nothing of it is believed; of these
    OtherLedger where the server's ledger is not the one that this device has seen.
    """
    home = await _read_one(api, device, device.known.organisation, now=now)
    if organisation == device.known.organisation:
        return home
    known = device.known
    pins = introduced(known.home, home, organisation, known.pins.get(organisation))
    device.known = known.pinned(pins)
    return await _read_one(api, device, organisation, now=now)


async def waiting(api: Api, organisation: str) -> list[Bundle]:
    """The bundles of the devices that wait for approval there, each signed by its device; nobody has vouched for them."""
    told = await api.get(f"/api/v1/organisations/{organisation}/devices", state="pending")
    rows = told.get("devices")
    found = [bundle_from_bytes(bytes_of(row, "bundle")) for row in rows] if isinstance(rows, list) else []
    return [bundle for bundle in found if bundle.organisation == organisation]


def code_of(device: PythonDevice, bundle: Bundle) -> str:
    """What the device of that bundle must show, by the root that this device has pinned."""
    return device_code(bundle.device_id, root_id(device.known.pins[bundle.organisation].root))


async def give_word(api: Api, device: PythonDevice, bundle: Bundle, *, at: int) -> Json:
    """Approve a bundle, after people have compared the codes. `at`: seconds since 1970. Raises Problem."""
    word = approve(
        bundle=bundle,
        root=root_id(device.known.pins[bundle.organisation].root),
        approver=device.id,
        key=device.secret.signing,
        at=at,
    )
    path = f"/api/v1/devices/{bundle.device_id.hex()}/approvals"
    return await api.post(path, {"approval": to_base64url(word.content)})


async def revoke(api: Api, device_id: bytes) -> Json:
    """Revoke a device, one's own or by policy another's. Raises Problem."""
    return await api.post(f"/api/v1/devices/{device_id.hex()}/revocation", {})


async def _read_one(api: Api, device: PythonDevice, organisation: str, *, now: int) -> Verified:
    pins = device.known.pins[organisation]
    path = f"/api/v1/organisations/{organisation}/directory"
    try:
        answer = directory_answer(await api.get(path, since=pins.size))
    except Problem as problem:
        if (other := told_by(problem, pins)) is None:
            raise
        raise other from problem
    try:
        verified, kept = verify_directory_answer(answer, pins, now=now)
    except SealError as error:
        if (other := shown_by(answer, pins)) is None:
            raise
        raise other from error
    device.keep(device.known.pinned(kept))
    return verified


def _answer(api: Api, secret: DeviceSecret, challenge: Json) -> dict[str, str]:
    asked = bytes_of(challenge, "challenge")
    signed = sign_challenge(secret=secret, origin=api.origin, challenge=asked)
    return {"challenge": to_base64url(asked), "answer": to_base64url(signed)}
