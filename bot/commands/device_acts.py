"""What the commands of organisations and devices do with the database, wherever it is open."""

from typing import Final

from bot.app import Samjour
from bot.commands import given, rights
from bot.commands.admin import Act
from bot.commands.given import Args
from bot.core.errors import BadInput
from bot.core.ids import OrganisationId, PersonId
from bot.core.places import organisation
from bot.flow import device_introduce, device_invite, device_revoke, devices
from bot.flow.device_trust import found, read_bundle, root_of
from bot.flow.ports import Tx
from bot.flow.records_devices import Device
from bot.seal.device_code import device_code
from bot.seal.enrolment import root_id
from bot.seal.errors import SealError
from bot.seal.wire import from_base64url, to_base64url

BY: Final = "command line"


async def root_register(samjour: Samjour, args: Args) -> dict[str, object]:
    """Make an organisation's root known, and publish its first directory; harmless the second time."""
    own, public, deps = _organisation(samjour, args), _bytes(args, "root"), samjour.deps
    await samjour.store.write(lambda tx: devices.put_root(tx, deps, own, public, by=BY))
    return {"organisation": own, "root": to_base64url(public), "root_id": root_id(public).hex()}


async def root_show(samjour: Samjour, args: Args) -> dict[str, object]:
    """An organisation's root, public, as this server has it: to be compared with the organisation itself."""
    own = _organisation(samjour, args)
    public = await samjour.store.read(lambda tx: root_of(tx, own))
    return {
        "organisation": own,
        "root": to_base64url(public),
        "root_id": root_id(public).hex(),
        "ledger": device_invite.ledger_key(samjour.deps, own),
    }


async def device_bundle(samjour: Samjour, args: Args) -> dict[str, object]:
    """What a device has signed of itself, to be certified elsewhere."""
    id_ = _device(args)
    device = await samjour.store.read(lambda tx: found(tx, id_))
    read_bundle(device)
    return {"device": id_.hex(), "bundle": to_base64url(device.bundle)}


async def device_approve(samjour: Samjour, args: Args) -> dict[str, object]:
    """Take the root's, or a device's, word for a device."""
    id_, word, deps = _device(args), _bytes(args, "approval"), samjour.deps
    device = await samjour.store.write(lambda tx: devices.approve(tx, deps, word, device=id_, by=BY))
    deps.bells.ring()
    return _told(device)


async def device_introduce_act(samjour: Samjour, args: Args) -> dict[str, object]:
    """Take an organisation's word for another's root."""
    word, deps = _bytes(args, "introduction"), samjour.deps
    other = await samjour.store.write(lambda tx: device_introduce.introduce(tx, deps, word, by=BY))
    return {"introduced": other}


async def device_invite_act(samjour: Samjour, args: Args) -> dict[str, object]:
    """Invite somebody in the operator's name; the link works once, within a day."""
    own, deps = _organisation(samjour, args), samjour.deps
    person, asked = PersonId(given.text(args, "person")), args.get("rights")
    if not isinstance(asked, int):
        raise BadInput("rights: is a number")

    def act(tx: Tx) -> device_invite.Invited:
        subject = tx.people.get(person)
        if subject is None:
            raise BadInput("there is no person with that id")
        return device_invite.make(tx, deps, subject, organisation=own, rights=asked, inviter=own)

    made = await samjour.store.write(act)
    return {"person": person, "expires": made.invitation.expires.isoformat(), "link": made.link}


async def device_revoke_act(samjour: Samjour, args: Args) -> dict[str, object]:
    """Revoke a device, for good."""
    id_, deps = _device(args), samjour.deps
    device = await samjour.store.write(lambda tx: device_revoke.revoke(tx, deps, id_, by=BY))
    deps.bells.ring()
    return _told(device)


async def device_list(samjour: Samjour, args: Args) -> dict[str, object]:
    """The devices of an organisation, with the code that a waiting one shows."""
    own = _organisation(samjour, args)

    def ask(tx: Tx) -> tuple[bytes | None, list[tuple[Device, int]]]:
        known = [(device, len(tx.devices.approvals(device.id))) for device in tx.devices.of_organisation(own)]
        return tx.devices.root(own), known

    root, known = await samjour.store.read(ask)
    named = None if root is None else root_id(root)
    return {"devices": [{**_told(device, named), "approvals": count} for device, count in known]}


def _told(device: Device, root: bytes | None = None) -> dict[str, object]:
    plain: dict[str, object] = {
        "device": device.id.hex(),
        "organisation": device.organisation,
        "person": device.person,
        **rights.told(device.rights),
        "state": device.state.value,
        "tier": device.tier.value,
    }
    if root is not None and device.state.value == "pending":
        plain["code"] = device_code(device.id, root)
    return plain


def _organisation(samjour: Samjour, args: Args) -> OrganisationId:
    return organisation(samjour.deps.content().structure, given.text(args, "organisation")).id


def _device(args: Args) -> bytes:
    try:
        id_ = bytes.fromhex(given.text(args, "device"))
    except ValueError as error:
        raise BadInput("device: is 64 hexadecimal digits") from error
    if len(id_) != 32:
        raise BadInput("device: is 64 hexadecimal digits")
    return id_


def _bytes(args: Args, name: str) -> bytes:
    try:
        return from_base64url(given.text(args, name))
    except SealError as error:
        raise BadInput(f"{name}: is not what this takes") from error


ACTS: Final[dict[str, Act]] = {
    "root-register": root_register,
    "root-show": root_show,
    "device-bundle": device_bundle,
    "device-approve": device_approve,
    "device-introduce": device_introduce_act,
    "device-invite": device_invite_act,
    "device-revoke": device_revoke_act,
    "device-list": device_list,
}
