"""The operations that cases name, on keys and shares that are given on; see tests/vectors/README.md."""

from collections.abc import Callable
from typing import Any

from bot.seal import threshold
from bot.seal.certificate import certificate_from_text, sign_certificate, verify_certificate
from bot.seal.checkpoint import Checkpoint, verify_checkpoint
from bot.seal.cosignature import (
    secret_from_text,
    sign_cosignature,
    verify_cosignature,
    witness_from_text,
)
from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.event import Event, Head
from bot.seal.event import from_bytes as event_from_bytes
from bot.seal.grant import accept_granted_key, check_grant, give_history, read_grant
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.note import Verifier
from bot.seal.notice import open_notice, seal_notice, sign_notice
from bot.seal.opening import ask, check_asker, check_covers, check_request, request_from_bytes
from bot.seal.passing import check_passed, open_passed, pass_share, passed_from_bytes, passed_to_bytes
from bot.seal.plain import Plain, Sealed
from bot.seal.redeal import check_redeal, follow_redeals, redeal_from_bytes, sign_redeal
from bot.seal.room import RoomKey, commit
from bot.seal.seats import follow_hand_ons, open_together
from bot.seal.signing import signing_key
from bot.seal.threshold import Escrow, Share, check_share
from bot.seal.witness import Seen, check_growth, judge

Fields = dict[str, Any]  # Any: each operation has its own fields, told in the README
raw = bytes.fromhex


def give_history_(given: Fields) -> Fields:
    keys = [RoomKey(room=given["room"], epoch=each["epoch"], key=raw(each["key"])) for each in given["keys"]]
    head, to = given["head"], make_device(raw(given["to"]))
    event, sealed = give_history(
        room_keys=keys,
        head=Head(room=head["room"], epoch=head["epoch"], seq=head["seq"], hash=raw(head["hash"])),
        secret=_device(given),
        author=given["author"],
        to=to.public,
    )
    check_grant(event, sealed)
    for key in keys:
        accepted = accept_granted_key(event, sealed[key.epoch], epoch=key.epoch, kc=commit(key), secret=to)
        assert accepted.key == key.key
    return {"epochs": sorted(sealed)}


def read_grant_(given: Fields) -> Fields:
    grant = read_grant(_event(given))
    keys = [{"epoch": epoch, "hash": hashed.hex()} for epoch, hashed in sorted(grant.keys.items())]
    return {"device_id": grant.device_id.hex(), "keys": keys}


def check_grant_(given: Fields) -> Fields:
    sealed = {each["epoch"]: Sealed(content=raw(each["sealed"])) for each in given["sealed"]}
    check_grant(_event(given), sealed)
    return {}


def accept_granted_key_(given: Fields) -> Fields:
    accepted = accept_granted_key(
        _event(given),
        Sealed(content=raw(given["sealed"])),
        epoch=given["epoch"],
        kc=raw(given["kc"]),
        secret=_device(given),
    )
    return {"key": accepted.key.hex()}


def ask_(given: Fields) -> Fields:
    told = ("opening", "organisation", "room", "purpose", "ground", "person", "at", "until")
    request = ask(secret=_device(given), **{name: given[name] for name in told})
    return {"request": request.content.hex()}


def check_request_(given: Fields) -> Fields:
    check_request(request_from_bytes(raw(given["request"])), _device(given).public, now=given["now"])
    return {}


def check_asker_(given: Fields) -> Fields:
    request = request_from_bytes(raw(given["request"]))
    check_asker(request, _member(given["member"]), passer=given["passer"], now=given["now"])
    return {}


def check_covers_(given: Fields) -> Fields:
    check_covers(request_from_bytes(raw(given["request"])), _escrow(given["escrow"]))
    return {}


def pass_share_(given: Fields) -> Fields:
    escrow, to, secret = _escrow(given["escrow"]), make_device(raw(given["to"])), _device(given)
    share = Share(person=given["person"], value=raw(given["share"]))
    passed = pass_share(escrow=escrow, share=share, use=given["use"], to=to.public, secret=secret)
    opened = open_passed(passed, escrow, use=given["use"], sender=secret.public, secret=to)
    assert (opened.person, opened.value) == (share.person, share.value)
    return {"length": len(passed_to_bytes(passed))}


def check_passed_(given: Fields) -> Fields:
    check_passed(
        passed_from_bytes(raw(given["passed"])),
        _escrow(given["escrow"]),
        use=given["use"],
        sender=make_device(raw(given["sender"])).public,
        receiver=make_device(raw(given["receiver"])).public,
    )
    return {}


def open_passed_(given: Fields) -> Fields:
    share = open_passed(
        passed_from_bytes(raw(given["passed"])),
        _escrow(given["escrow"]),
        use=given["use"],
        sender=make_device(raw(given["sender"])).public,
        secret=_device(given),
    )
    return {"person": share.person, "share": share.value.hex()}


def check_share_(given: Fields) -> Fields:
    check_share(_escrow(given["escrow"]), Share(person=given["person"], value=raw(given["share"])))
    return {}


def follow_hand_ons_(given: Fields) -> Fields:
    members = [_member(each) for each in given["members"]]
    escrow = _escrow(given["escrow"])
    holders = follow_hand_ons(
        escrow,
        [passed_from_bytes(raw(each)) for each in given["hand_ons"]],
        {member.public.device_id: member for member in members},
    )
    return {"holders": [{"seat": seat.person, "person": holders[seat.person]} for seat in escrow.seats]}


def open_together_(given: Fields) -> Fields:
    opened = open_together(
        _escrow(given["escrow"]),
        [Share(person=each["person"], value=raw(each["share"])) for each in given["shares"]],
        holders={each["seat"]: each["person"] for each in given["holders"]},
        kc=raw(given["kc"]),
    )
    return {"key": opened.key.hex()}


def sign_redeal_(given: Fields) -> Fields:
    redeal = sign_redeal(
        secret=_device(given),
        organisation=given["organisation"],
        opening=given["opening"],
        old=_escrow(given["old"]),
        new=_escrow(given["new"]),
        at=given["at"],
    )
    return {"redeal": redeal.content.hex()}


def check_redeal_(given: Fields) -> Fields:
    check_redeal(
        redeal_from_bytes(raw(given["redeal"])),
        organisation=given["organisation"],
        old=_escrow(given["old"]),
        new=_escrow(given["new"]),
        device=_device(given).public,
    )
    return {}


def follow_redeals_(given: Fields) -> Fields:
    devices = [make_device(raw(entropy)).public for entropy in given["devices"]]
    in_force = follow_redeals(
        [redeal_from_bytes(raw(each)) for each in given["redeals"]],
        organisation=given["organisation"],
        room=given["room"],
        epoch=given["epoch"],
        first=raw(given["first"]),
        devices={device.device_id: device for device in devices},
    )
    return {"in_force": in_force.hex()}


def sign_cosignature_(given: Fields) -> Fields:
    checkpoint = Checkpoint(origin=given["origin"], size=given["size"], root=raw(given["root"]))
    return {"line": _cosign(given, checkpoint)}


def verify_cosignature_(given: Fields) -> Fields:
    witness = Verifier(name=given["name"], public=raw(given["public"]))
    return {"at": verify_cosignature(given["note"], witness, latest=given["latest"])}


def read_witness(given: Fields) -> Fields:
    witness = witness_from_text(given["text"])
    return {"name": witness.name, "public": witness.public.hex()}


def read_witness_secret(given: Fields) -> Fields:
    name, key = secret_from_text(given["text"])
    return {"name": name, "public": key.public.hex()}


def cosign(given: Fields) -> Fields:
    """What a witness does (80)."""
    shown = verify_checkpoint(given["note"], origin=given["origin"], public=raw(given["public"]))
    last = given["last"] and Checkpoint(
        origin=given["origin"], size=given["last"]["size"], root=raw(given["last"]["root"])
    )
    if judge(last, shown) is Seen.GROWN:
        check_growth(last, shown, [raw(each) for each in given["consistency"]])
    return {"line": _cosign(given, shown)}


def sign_certificate_(given: Fields) -> Fields:
    certificate, key = certificate_from_text(given["text"]), signing_key(raw(given["seed"]))
    return {"note": sign_certificate(certificate, origin=given["origin"], key=key)}


def verify_certificate_(given: Fields) -> Fields:
    held = verify_certificate(given["note"], origin=given["origin"], public=raw(given["public"]))
    return {
        "id": held.id,
        "organisation": held.organisation,
        "ledgers": len(held.ledgers),
        "consultations": len(held.consultations),
    }


def _cosign(given: Fields, checkpoint: Checkpoint) -> str:
    key = signing_key(raw(given["seed"]))
    return sign_cosignature(checkpoint, name=given["name"], key=key, at=given["at"])


def sign_notice_(given: Fields) -> Fields:
    signed = sign_notice(Plain(raw(given["text"])), secret=_device(given), at=given["at"], **_notice(given))
    return {"body": signed.reveal().hex()}


def seal_notice_(given: Fields) -> Fields:
    to, secret, named = make_device(raw(given["to"])), _device(given), _notice(given)
    signed = sign_notice(Plain(raw(given["text"])), secret=secret, at=given["at"], **named)
    sealed = seal_notice(signed, to.public, organisation=named["organisation"], id_=named["id_"])
    opened = open_notice(sealed, at=given["at"], sender=secret.public, secret=to, **named)
    assert opened.reveal() == raw(given["text"])
    return {"length": len(sealed.content)}


def open_notice_(given: Fields) -> Fields:
    sender, sealed = make_device(raw(given["sender"])).public, Sealed(content=raw(given["sealed"]))
    opened = open_notice(sealed, at=given["at"], sender=sender, secret=_device(given), **_notice(given))
    return {"text": opened.reveal().hex()}


def _notice(given: Fields) -> Fields:
    return {"organisation": given["organisation"], "forum": given["forum"], "id_": given["id"]}


def _device(given: Fields) -> DeviceSecret:
    return make_device(raw(given["entropy"]))


def _event(given: Fields) -> Event:
    return event_from_bytes(raw(given["event"]))


def _escrow(content: str) -> Escrow:
    return threshold.from_bytes(raw(content))


def _member(given: Fields) -> Member:
    return Member(
        organisation=given["organisation"],
        person=given["person"],
        rights=Right(given["rights"]),
        public=_device(given).public,
        revoked_at=given["revoked_at"],
    )


OPS: dict[str, Callable[[Fields], Fields]] = {
    op.__name__.removesuffix("_"): op
    for op in (
        give_history_,
        read_grant_,
        check_grant_,
        accept_granted_key_,
        ask_,
        check_request_,
        check_asker_,
        check_covers_,
        pass_share_,
        check_passed_,
        open_passed_,
        check_share_,
        follow_hand_ons_,
        open_together_,
        sign_redeal_,
        check_redeal_,
        follow_redeals_,
        sign_cosignature_,
        verify_cosignature_,
        read_witness,
        read_witness_secret,
        cosign,
        sign_certificate_,
        verify_certificate_,
        sign_notice_,
        seal_notice_,
        open_notice_,
    )
}
