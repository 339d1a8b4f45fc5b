"""Introduces organisations to each other: one's word that a root is another's."""

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.flow.deps import Deps
from bot.flow.device_directory import publish
from bot.flow.device_trust import read, read_bundle, refuse_other_times, root_of
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_devices import DeviceState
from bot.flow.refusals import Code, Refused
from bot.seal.enrolment import Right, check_introduction, introduction_from_bytes, root_id
from bot.seal.errors import SealError


def introduce(tx: Tx, deps: Deps, content: bytes, by: str) -> OrganisationId:
    """Take an organisation's word for another's root into its directory; returns whose root it is.

    Raises BadInput for a word that does not hold, Refused when whoever gives it is not the root or an approver.
    """
    if take_introduction(tx, deps, content, by=by):
        publish(
            tx, deps, OrganisationId(read(introduction_from_bytes, content).organisation), deps.clock.now()
        )
    return OrganisationId(read(introduction_from_bytes, content).other)


def take_introduction(tx: Tx, deps: Deps, content: bytes, *, by: str) -> bool:
    """Keep it, unpublished; False when it is kept already."""
    given, now = read(introduction_from_bytes, content), deps.clock.now()
    organisation, other = OrganisationId(given.organisation), OrganisationId(given.other)
    root = root_of(tx, organisation)
    if content in tx.devices.introductions(organisation):
        return False
    public = root if given.approver == root_id(root) else _approver(tx, organisation, given.approver)
    try:
        check_introduction(given, organisation=organisation, root=root_id(root), public=public)
    except SealError as error:
        raise BadInput("the introduction does not hold") from error
    if tx.devices.root(other) not in (None, given.other_root):
        raise Refused(Code.OTHER_ROOT, told="that is not the root which the other organisation has here")
    if given.approver != root_id(root):
        refuse_other_times(given.at, now)
    told = fact(deps, organisation, "introduction", now, act="introduced", by=by)
    tx.devices.introduce(organisation, other, content, told)
    return True


def _approver(tx: Tx, organisation: OrganisationId, device: bytes) -> bytes:
    known = tx.devices.get(device)
    if known is None or known.state is not DeviceState.ACTIVE or known.organisation != organisation:
        raise Refused(Code.NOT_COUNTED, told="whoever introduces is no active device of that organisation")
    if not known.rights & Right.APPROVE:
        raise Refused(Code.NOT_COUNTED, told="that device may not introduce anybody")
    return read_bundle(known).public.ed25519
