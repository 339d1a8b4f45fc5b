"""Enrolment: what a device says of itself, who vouches for it, and which other organisation's root is believed."""

import hashlib
from dataclasses import dataclass, field
from enum import IntFlag

from bot.seal import signing
from bot.seal.errors import Malformed, Tampered
from bot.seal.keys import DEVICE_ID, DevicePublic, DeviceSecret, public_from_bytes, public_to_bytes
from bot.seal.labels import Label
from bot.seal.signing import SigningKey
from bot.seal.statement import sign_statement, split_statement, verify_statement
from bot.seal.symmetric import KEY, digest
from bot.seal.wire import Reader, exact, lp, name, number

MAX_PUBLIC = 2**11  # bytes of `public_to_bytes`


class Right(IntFlag):
    """What a device may be believed in. The values stand in signed bytes: add, never change."""

    MEMBER = 1  # takes part in rooms
    SHARES = 2  # holds shares of escrows: a supervisor's
    APPROVE = 4  # approves devices
    VOUCH = 8  # approves devices that are members and nothing else: the jour's, at night
    BRIDGE = 16  # the server's own, which speaks for people on other channels; has no other right


ALL_RIGHTS = Right.MEMBER | Right.SHARES | Right.APPROVE | Right.VOUCH | Right.BRIDGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a device signs of itself when it is enrolled. Sound by construction; `from_bytes` also checks who signed."""

    organisation: str
    person: str  # a bridge's: the name of the deployment's bridge
    rights: Right
    inviter: str  # the person who invited; a bridge's or first approver's is the organisation itself
    invitation: bytes  # 32 bytes; SHA-256 of the invitation's secret
    made_at: int  # seconds since 1970
    public: DevicePublic
    content: bytes = field(repr=False)  # the signed bytes

    @property
    def device_id(self) -> bytes:
        """The 32 bytes that name the device."""
        return self.public.device_id

    @property
    def hash(self) -> bytes:
        """The 32 bytes by which approvals name this bundle."""
        return hashlib.sha256(self.content).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody's word for one bundle. Who signed is checked by `check_approval`, once the key is known."""

    organisation: str
    root: bytes  # 32 bytes; the root's id
    bundle: bytes  # 32 bytes; the bundle's hash
    approver: bytes  # 32 bytes; a device's id, or the root's
    at: int  # seconds since 1970
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """One organisation's word that a root is another organisation's."""

    organisation: str
    root: bytes  # 32 bytes; the id of the root of whoever introduces
    other: str
    other_root: bytes  # 32 bytes; the other root's public key
    approver: bytes  # 32 bytes; a device's id, or the root's
    at: int
    content: bytes = field(repr=False)


def root_id(public: bytes) -> bytes:
    """Return the 32 bytes that name an organisation's root. Raises `Malformed` for a key that is none."""
    signing.check_public(public)
    return digest(Label.ROOT, public)


def check_rights(rights: int) -> Right:
    """Return rights that a device can have: some, and none beside a bridge's. Raises `Malformed`."""
    if not 0 < rights <= ALL_RIGHTS or (rights & Right.BRIDGE and rights != Right.BRIDGE):
        raise Malformed("No device has such rights.")
    return Right(rights)


def make_bundle(
    *,
    secret: DeviceSecret,
    organisation: str,
    person: str,
    rights: Right,
    inviter: str,
    invitation: bytes,
    made_at: int,
) -> Bundle:
    """Sign a device's own bundle."""
    statement = lp(
        Label.BUNDLE,
        name(organisation),
        name(person),
        check_rights(rights),
        name(inviter),
        exact(invitation, KEY),
        made_at,
        public_to_bytes(secret.public),
    )
    return bundle_from_bytes(sign_statement(Label.BUNDLE_BYTES, statement, secret.signing))


def bundle_from_bytes(content: bytes) -> Bundle:
    """Read a bundle and check that the device in it signed it. Raises `Malformed` or `Tampered`."""
    statement, sig = split_statement(Label.BUNDLE_BYTES, content)
    reader = Reader(Label.BUNDLE, statement)
    bundle = Bundle(
        organisation=reader.name(),
        person=reader.name(),
        rights=check_rights(reader.number()),
        inviter=reader.name(),
        invitation=reader.exact(KEY),
        made_at=reader.number(),
        public=public_from_bytes(reader.up_to(MAX_PUBLIC)),
        content=content,
    )
    reader.end()
    verify_statement(bundle.public.ed25519, statement, sig)
    return bundle


def approve(*, bundle: Bundle, root: bytes, approver: bytes, key: SigningKey, at: int) -> Approval:
    """Approve a bundle. `root`: the root's id; `approver`: the id of the device or root whose `key` signs."""
    statement = lp(
        Label.APPROVAL,
        bundle.organisation,
        exact(root, KEY),
        bundle.hash,
        exact(approver, DEVICE_ID),
        number(at),
    )
    return approval_from_bytes(sign_statement(Label.APPROVAL_BYTES, statement, key))


def approval_from_bytes(content: bytes) -> Approval:
    """Read an approval, or raise `Malformed`; whether it holds, `check_approval` says."""
    reader = Reader(Label.APPROVAL, split_statement(Label.APPROVAL_BYTES, content)[0])
    approval = Approval(
        organisation=reader.name(),
        root=reader.exact(KEY),
        bundle=reader.exact(KEY),
        approver=reader.exact(DEVICE_ID),
        at=reader.number(),
        content=content,
    )
    reader.end()
    return approval


def check_approval(approval: Approval, bundle: Bundle, *, root: bytes, public: bytes) -> None:
    """Return when the approval is of this bundle, under this root (its id), signed by `public`; else raise `Tampered`."""
    named = (approval.organisation, approval.root, approval.bundle)
    if named != (bundle.organisation, root, bundle.hash):
        raise Tampered("The approval is of another device, organisation or root.")
    verify_statement(public, *split_statement(Label.APPROVAL_BYTES, approval.content))


def introduce(
    *,
    organisation: str,
    root: bytes,
    other: str,
    other_root: bytes,
    approver: bytes,
    key: SigningKey,
    at: int,
) -> Introduction:
    """Introduce another organisation's root to the devices of one's own. `root`: one's own root's id."""
    signing.check_public(other_root)
    statement = lp(
        Label.INTRODUCTION,
        name(organisation),
        exact(root, KEY),
        name(other),
        other_root,
        exact(approver, DEVICE_ID),
        number(at),
    )
    return introduction_from_bytes(sign_statement(Label.INTRODUCTION_BYTES, statement, key))


def introduction_from_bytes(content: bytes) -> Introduction:
    """Read an introduction, or raise `Malformed`; whether it holds, `check_introduction` says."""
    reader = Reader(Label.INTRODUCTION, split_statement(Label.INTRODUCTION_BYTES, content)[0])
    introduction = Introduction(
        organisation=reader.name(),
        root=reader.exact(KEY),
        other=reader.name(),
        other_root=reader.exact(signing.PUBLIC),
        approver=reader.exact(DEVICE_ID),
        at=reader.number(),
        content=content,
    )
    reader.end()
    signing.check_public(introduction.other_root)
    if introduction.other == introduction.organisation:
        raise Malformed("Nobody introduces their own root.")
    return introduction


def check_introduction(introduction: Introduction, *, organisation: str, root: bytes, public: bytes) -> None:
    """Return when it is that organisation's, under its root (the id), signed by `public`; else raise `Tampered`."""
    if (introduction.organisation, introduction.root) != (organisation, root):
        raise Tampered("The introduction is of another organisation or root.")
    verify_statement(public, *split_statement(Label.INTRODUCTION_BYTES, introduction.content))
