"""Invites somebody to enrol a device: one secret, used once, within a day, handed over in a link's fragment."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from bot.core.errors import BadInput, Denied
from bot.core.hours import holds, local_day
from bot.core.ids import OrganisationId
from bot.core.people import Person, Role
from bot.core.policy import Act
from bot.flow.deps import Deps
from bot.flow.device_permit import permit
from bot.flow.device_trust import root_of
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_devices import Invitation
from bot.flow.refusals import Code, Refused
from bot.flow.sign_in import SignedIn, draw_token, open_session
from bot.flow.upkeep import origin
from bot.seal.enrolment import Right, check_rights
from bot.seal.errors import SealError
from bot.seal.note import Verifier, verifier_to_text
from bot.seal.wire import to_base64url

LIFETIME = timedelta(hours=24)
SECRET = 32  # random bytes

# Whose device may be given which right; membership takes a posting of any kind.
_ROLES: dict[Right, frozenset[Role]] = {
    Right.SHARES: frozenset({Role.SUPERVISOR}),
    Right.APPROVE: frozenset({Role.SUPERVISOR, Role.COORDINATOR, Role.POLICE_COORDINATOR}),
    Right.VOUCH: frozenset({Role.JOUR}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An invitation that was just made. The secret goes into the link and is kept nowhere."""

    secret: bytes = field(repr=False)
    invitation: Invitation
    link: str = field(repr=False)


def invite(
    tx: Tx, deps: Deps, who: Person, subject: Person, *, organisation: OrganisationId, rights: int
) -> Invited:
    """Invite somebody in one's own name. Raises Denied by policy, BadInput for rights that the person cannot have."""
    now = deps.clock.now()
    permit(deps.content(), who, Act.DEVICE_INVITE, now, organisation=organisation, subject=subject)
    if subject.id == who.id and rights != Right.MEMBER:
        raise Denied("nobody gives themselves more than taking part")
    return make(tx, deps, subject, organisation=organisation, rights=rights, inviter=who.id)


def make(
    tx: Tx, deps: Deps, subject: Person, *, organisation: OrganisationId, rights: int, inviter: str
) -> Invited:
    """Make the invitation. `inviter`: a person, or the organisation itself for its operator at the command line."""
    now, secret = deps.clock.now(), deps.entropy.draw(SECRET)
    root = root_of(tx, organisation)
    invitation = Invitation(
        digest=sha256(secret).digest(),
        organisation=organisation,
        person=subject.id,
        rights=_fitting(subject, organisation, rights, now),
        inviter=inviter,
        expires=now + LIFETIME,
    )
    tx.devices.put_invitation(
        invitation, fact(deps, organisation, "invitation", now, act="invited", by=inviter)
    )
    return Invited(
        secret=secret, invitation=invitation, link=_link(deps, organisation, secret=secret, root=root)
    )


def redeem(
    tx: Tx, deps: Deps, secret: bytes, *, instead_of: str | None = None
) -> tuple[Invitation, SignedIn]:
    """Take an invitation, once, and sign its person in: what follows, a passkey and a device, takes a session.

    Raises Denied when it is unknown, redeemed or too old, or its person is not active; which, is told to nobody.
    """
    now, known = deps.clock.now(), tx.devices.invitation(sha256(secret).digest())
    person = None if known is None else tx.people.get(known.person)
    if known is None or known.redeemed_at is not None or known.expires <= now:
        raise Denied("the invitation has been used or is too old")
    if person is None or not person.active:
        raise Denied("the invitation has been used or is too old")
    taken = replace(known, redeemed_at=now)
    told = fact(deps, known.organisation, "invitation", now, act="redeemed", by=known.person)
    tx.devices.put_invitation(taken, told)
    return taken, open_session(tx, person.id, draw_token(deps.entropy), now, instead_of=instead_of)


def ledger_key(deps: Deps, organisation: OrganisationId) -> str:
    """The verifier key of an organisation's ledger, as it is handed on (C2SP signed-note)."""
    name = origin(deps.base_url, organisation)
    return verifier_to_text(Verifier(name=name, public=deps.keys.ledger.public))


def _link(deps: Deps, organisation: OrganisationId, *, secret: bytes, root: bytes) -> str:
    """What the fragment holds goes to no server: the secret, and what the new device pins from the start."""
    told = {
        "v": "1",
        "organisation": organisation,
        "secret": to_base64url(secret),
        "root": to_base64url(root),
        "ledger": ledger_key(deps, organisation),
    }
    return f"{deps.base_url.rstrip('/')}/enrol#{urlencode(told)}"


def _fitting(subject: Person, organisation: OrganisationId, rights: int, now: datetime) -> int:
    try:
        wanted = check_rights(rights)
    except SealError as error:
        raise BadInput("no device has such rights") from error
    day = local_day(now)
    postings = [p for p in subject.postings if holds(day, p.valid_from, p.valid_to)]
    here = {p.role for p in postings if p.organisation == organisation}
    anywhere = {p.role for p in postings}
    if not subject.active or wanted & Right.BRIDGE:
        raise Refused(Code.NOT_POSTED, told="that person cannot be given a device")
    for right, roles in _ROLES.items():
        held = anywhere if right is Right.VOUCH else here
        if wanted & right and not roles & held:
            raise Refused(Code.NOT_POSTED, told="that person is not posted for such rights")
    if not here and not (wanted & Right.VOUCH):
        raise Refused(Code.NOT_POSTED, told="that person is not posted in the organisation")
    return int(wanted)
