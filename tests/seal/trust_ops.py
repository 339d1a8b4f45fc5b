"""The operations that cases name, on who is believed; see tests/vectors/README.md."""

from collections.abc import Callable
from typing import Any

from bot.seal import enrolment
from bot.seal.at_rest import unwrap_key, wrapping_key
from bot.seal.device_code import device_code
from bot.seal.directory import (
    Directory,
    Entry,
    Member,
    Verified,
    check_fresh,
    directory_from_bytes,
    directory_to_bytes,
    introductions_of,
    make_entry,
    verify_directory,
)
from bot.seal.enrolment import Right, approval_from_bytes, bundle_from_bytes, introduction_from_bytes
from bot.seal.epoch import read_epoch
from bot.seal.errors import Tampered
from bot.seal.event import EPOCH_KIND, Event
from bot.seal.event import from_bytes as event_from_bytes
from bot.seal.keys import DevicePublic, DeviceSecret, make_device
from bot.seal.sign_in import sign_challenge, verify_challenge
from bot.seal.signing import signing_key
from bot.seal.trust import (
    Answer,
    Pins,
    check_recipients,
    check_speaker,
    introduced,
    recipient,
    verify_directory_answer,
)

Fields = dict[str, Any]  # Any: each operation has its own fields, told in the README
raw = bytes.fromhex


def root_id(given: Fields) -> Fields:
    return {"id": enrolment.root_id(raw(given["public"])).hex()}


def make_bundle(given: Fields) -> Fields:
    made = enrolment.make_bundle(
        secret=_device(given),
        organisation=given["organisation"],
        person=given["person"],
        rights=enrolment.check_rights(given["rights"]),
        inviter=given["inviter"],
        invitation=raw(given["invitation"]),
        made_at=given["made_at"],
    )
    return {"bundle": made.content.hex()}


def read_bundle(given: Fields) -> Fields:
    bundle = bundle_from_bytes(raw(given["bundle"]))
    return {
        "organisation": bundle.organisation,
        "person": bundle.person,
        "rights": int(bundle.rights),
        "inviter": bundle.inviter,
        "invitation": bundle.invitation.hex(),
        "made_at": bundle.made_at,
        "device_id": bundle.device_id.hex(),
        "hash": bundle.hash.hex(),
    }


def approve(given: Fields) -> Fields:
    approval = enrolment.approve(
        bundle=bundle_from_bytes(raw(given["bundle"])),
        root=raw(given["root"]),
        approver=raw(given["approver"]),
        key=signing_key(raw(given["seed"])),
        at=given["at"],
    )
    return {"approval": approval.content.hex()}


def check_approval(given: Fields) -> Fields:
    approval, bundle = approval_from_bytes(raw(given["approval"])), bundle_from_bytes(raw(given["bundle"]))
    enrolment.check_approval(approval, bundle, root=raw(given["root"]), public=raw(given["public"]))
    return {}


def introduce(given: Fields) -> Fields:
    introduction = enrolment.introduce(
        organisation=given["organisation"],
        root=raw(given["root"]),
        other=given["other"],
        other_root=raw(given["other_root"]),
        approver=raw(given["approver"]),
        key=signing_key(raw(given["seed"])),
        at=given["at"],
    )
    return {"introduction": introduction.content.hex()}


def check_introduction(given: Fields) -> Fields:
    enrolment.check_introduction(
        introduction_from_bytes(raw(given["introduction"])),
        organisation=given["organisation"],
        root=raw(given["root"]),
        public=raw(given["public"]),
    )
    return {}


def read_directory(given: Fields) -> Fields:
    directory = _directory(given)
    assert directory_to_bytes(directory).hex() == given["directory"]
    devices = [
        {"device_id": one.device_id.hex(), "revoked_at": one.revoked_at, "hash": one.hash.hex()}
        for one in directory.devices
    ]
    return {
        "organisation": directory.organisation,
        "number": directory.number,
        "at": directory.at,
        "devices": devices,
        "introductions": [hashed.hex() for hashed in directory.introductions],
    }


def check_fresh_(given: Fields) -> Fields:
    check_fresh(_directory(given), now=given["now"], least=given["least"])
    return {}


def verify_directory_(given: Fields) -> Fields:
    verified = verify_directory(
        _directory(given),
        entries=[_entry(each) for each in given["entries"]],
        introductions=introductions_of([raw(each) for each in given["introductions"]]),
        root=raw(given["root"]),
    )
    return _verified(verified)


def verify_directory_answer_(given: Fields) -> Fields:
    answer = Answer(
        directory=raw(given["directory"]),
        entries=[(raw(each["bundle"]), [raw(one) for one in each["approvals"]]) for each in given["entries"]],
        introductions=[raw(each) for each in given["introductions"]],
        index=given["index"],
        salt=raw(given["salt"]),
        checkpoint=given["checkpoint"],
        inclusion=[raw(each) for each in given["inclusion"]],
        consistency=[raw(each) for each in given["consistency"]],
    )
    verified, kept = verify_directory_answer(answer, _pins(given["pins"]), now=given["now"])
    return {**_verified(verified), "pins": _pinned(kept)}


def introduced_(given: Fields) -> Fields:
    roots = {each["organisation"]: raw(each["root"]) for each in given["roots"]}
    verified = Verified(organisation=given["organisation"], number=1, members={}, roots=roots)
    known = given["known"] and _pins(given["known"])
    return {"pins": _pinned(introduced(_pins(given["home"]), verified, given["other"], known))}


def may_seal(given: Fields) -> Fields:
    verified = Verified(organisation="", number=1, members=_members(given), roots={})
    wanted = Right(given["right"])
    enough = wanted | Right.BRIDGE if wanted == Right.MEMBER else wanted
    recipient(verified, raw(given["device_id"]), enough)
    return {}


def check_author(given: Fields) -> Fields:
    event = _event(given)
    inside = read_epoch(event).recipients if event.kind == EPOCH_KIND else map(raw, given["recipients"])
    member = _members(given).get(event.device_id)
    if member is None:
        raise Tampered("Nobody vouches for the device.")
    check_speaker(event, member, recipients=set(inside))
    return {}


def check_members(given: Fields) -> Fields:
    check_recipients(read_epoch(_event(given)), _members(given))
    return {}


def sign_challenge_(given: Fields) -> Fields:
    challenge = raw(given["challenge"])
    answer = sign_challenge(secret=_device(given), origin=given["origin"], challenge=challenge)
    return {"answer": answer.hex()}


def verify_challenge_(given: Fields) -> Fields:
    verify_challenge(
        _device(given).public,
        origin=given["origin"],
        challenge=raw(given["challenge"]),
        sig=raw(given["answer"]),
    )
    return {}


def unwrap(given: Fields) -> Fields:
    device_id = raw(given["device_id"])
    kek = wrapping_key(raw(given["prf"]), device_id)
    key = unwrap_key(kek, device_id=device_id, key_name=given["name"], wrapped=raw(given["wrapped"]))
    return {"key": key.hex()}


def device_code_(given: Fields) -> Fields:
    return {"code": device_code(raw(given["device_id"]), raw(given["root"]))}


def _device(given: Fields) -> DeviceSecret:
    return make_device(raw(given["entropy"]))


def _directory(given: Fields) -> Directory:
    return directory_from_bytes(raw(given["directory"]))


def _entry(given: Fields) -> Entry:
    return make_entry(raw(given["bundle"]), [raw(each) for each in given["approvals"]])


def _event(given: Fields) -> Event:
    return event_from_bytes(raw(given["event"]))


def _members(given: Fields) -> dict[bytes, Member]:
    return {raw(each["device_id"]): _member(each) for each in given["members"]}


def _member(given: Fields) -> Member:
    public = object.__new__(DevicePublic)  # of its keys, a case has only the id
    object.__setattr__(public, "device_id", raw(given["device_id"]))
    return Member(
        organisation="",
        person=given["person"],
        rights=Right(given["rights"]),
        public=public,
        revoked_at=given["revoked_at"],
    )


def _verified(verified: Verified) -> Fields:
    members = [
        {
            "device_id": device_id.hex(),
            "person": member.person,
            "rights": int(member.rights),
            "revoked_at": member.revoked_at,
        }
        for device_id, member in sorted(verified.members.items())
    ]
    others = sorted(verified.roots.items(), key=lambda item: item[0].encode())
    roots = [{"organisation": organisation, "root": root.hex()} for organisation, root in others]
    return {"members": members, "roots": roots}


def _pins(given: Fields) -> Pins:
    return Pins(
        organisation=given["organisation"],
        root=raw(given["root"]),
        origin=given["origin"],
        ledger=raw(given["ledger"]),
        size=given["size"],
        tree=raw(given["tree"]),
        number=given["number"],
        index=given["index"],
        revoked={raw(each["device_id"]): each["at"] for each in given["revoked"]},
    )


def _pinned(pins: Pins) -> Fields:
    revoked = [{"device_id": id_.hex(), "at": at} for id_, at in sorted(pins.revoked.items())]
    return {
        "organisation": pins.organisation,
        "root": pins.root.hex(),
        "origin": pins.origin,
        "ledger": pins.ledger.hex(),
        "size": pins.size,
        "tree": pins.tree.hex(),
        "number": pins.number,
        "index": pins.index,
        "revoked": revoked,
    }


OPS: dict[str, Callable[[Fields], Fields]] = {
    op.__name__.removesuffix("_"): op
    for op in (
        root_id,
        make_bundle,
        read_bundle,
        approve,
        check_approval,
        introduce,
        check_introduction,
        read_directory,
        check_fresh_,
        verify_directory_,
        verify_directory_answer_,
        introduced_,
        may_seal,
        check_author,
        check_members,
        sign_challenge_,
        verify_challenge_,
        unwrap,
        device_code_,
    )
}
