"""Enrols a device that was invited: its bundle must say what the invitation says, and it must answer a challenge."""

from dataclasses import replace

from bot.core.errors import BadInput, Denied
from bot.core.people import Person
from bot.flow.deps import Deps
from bot.flow.device_sign_in import DEVICE, check_answer, take_challenge
from bot.flow.device_trust import read
from bot.flow.devices import add
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_devices import Device, Invitation, Tier
from bot.flow.refusals import Code, Refused
from bot.seal.enrolment import Bundle, bundle_from_bytes


def enrol(
    tx: Tx, deps: Deps, who: Person, content: bytes, *, tier: Tier, challenge: bytes, answer: bytes
) -> Device:
    """Keep the device; it waits for approval. Harmless the second time, when it has no challenge to spare.

    Raises BadInput for a bundle that does not hold, Denied for one that was not invited, Refused for one too many.
    """
    bundle = read(bundle_from_bytes, content)
    invitation = _invitation(tx, deps, who, bundle)
    if invitation.device == bundle.device_id:
        return add(tx, deps, content, person=who.id, tier=tier, by=who.id)
    if tier is Tier.SERVER:
        raise BadInput("only the server's own bridge is kept there")
    now = deps.clock.now()
    take_challenge(tx, challenge, DEVICE, now)
    check_answer(bundle.public, base_url=deps.base_url, challenge=challenge, answer=answer)
    device = add(tx, deps, content, person=who.id, tier=tier, by=who.id)
    told = fact(deps, device.organisation, "invitation", now, act="enrolled", by=who.id)
    tx.devices.put_invitation(replace(invitation, device=device.id), told)
    return device


def _invitation(tx: Tx, deps: Deps, who: Person, bundle: Bundle) -> Invitation:
    """The invitation that the bundle names, when it was redeemed by this person and says the same."""
    found = tx.devices.invitation(bundle.invitation)
    if found is None or found.redeemed_at is None or found.person != who.id:
        raise Denied("nobody has invited that device")
    said = (bundle.organisation, bundle.person, int(bundle.rights), bundle.inviter)
    if said != (found.organisation, found.person, found.rights, found.inviter):
        raise Denied("the bundle is not what the invitation says")
    if found.device is None and found.expires <= deps.clock.now():
        raise Refused(Code.INVITATION_OLD, told="the invitation is too old")
    if found.device not in (None, bundle.device_id):
        raise Denied("another device was enrolled with that invitation")
    return found
