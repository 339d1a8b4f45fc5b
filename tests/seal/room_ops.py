"""The operations that cases name, on rooms, events and escrows; see tests/vectors/README.md."""

from collections.abc import Callable
from typing import Any

from bot.seal import epoch, event, shamir, threshold
from bot.seal.epoch import (
    Manifest,
    accept_room_key,
    check_epoch,
    manifest_from_bytes,
    read_epoch,
    start_epoch,
)
from bot.seal.event import Event, Head, check_event, genesis, hash_event, open_event, seal_event
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.plain import Plain, Sealed
from bot.seal.room import RoomKey, commit, hash_sealed_key, open_room_key, seal_room_key
from bot.seal.threshold import (
    Escrow,
    Share,
    Supervisor,
    check_escrow,
    hash_escrow,
    make_escrow,
    open_escrow,
    open_share,
)

Fields = dict[str, Any]  # Any: each operation has its own fields, told in the README
raw = bytes.fromhex


def commit_(given: Fields) -> Fields:
    return {"kc": commit(_room_key(given)).hex()}


def seal_room_key_(given: Fields) -> Fields:
    room_key, secret = _room_key(given), _device(given)
    sealed, kc = seal_room_key(room_key, secret.public), commit(room_key)
    opened = open_room_key(sealed, room=room_key.room, epoch=room_key.epoch, kc=kc, secret=secret)
    assert opened.key == room_key.key
    return {"length": len(sealed.content)}


def open_room_key_(given: Fields) -> Fields:
    opened = open_room_key(
        Sealed(content=raw(given["sealed"])),
        room=given["room"],
        epoch=given["epoch"],
        kc=raw(given["kc"]),
        secret=_device(given),
    )
    return {"key": opened.key.hex()}


def hash_sealed_key_(given: Fields) -> Fields:
    hashed = hash_sealed_key(
        Sealed(content=raw(given["sealed"])),
        room=given["room"],
        epoch=given["epoch"],
        device_id=raw(given["device_id"]),
    )
    return {"hash": hashed.hex()}


def read_manifest(given: Fields) -> Fields:
    manifest = manifest_from_bytes(raw(given["bytes"]))
    assert epoch.manifest_to_bytes(manifest).hex() == given["bytes"]
    return _manifest(manifest)


def read_epoch_(given: Fields) -> Fields:
    return _manifest(read_epoch(_event(given)))


def start_epoch_(given: Fields) -> Fields:
    started = start_epoch(
        room_key=_room_key(given),
        head=_head(given),
        secret=_device(given),
        author=given["author"],
        room_keys=_room_keys(given),
        escrows=_escrows(given),
    )
    return {"event": event.to_bytes(started).hex()}


def check_epoch_(given: Fields) -> Fields:
    check_epoch(_event(given), room_keys=_room_keys(given), escrows=_escrows(given))
    return {}


def accept_room_key_(given: Fields) -> Fields:
    accepted = accept_room_key(_event(given), Sealed(content=raw(given["sealed"])), _device(given))
    return {"key": accepted.key.hex()}


def genesis_(given: Fields) -> Fields:
    return {"head": _told(genesis(given["room"]))}


def seal_event_(given: Fields) -> Fields:
    sealed = seal_event(
        room_key=_room_key(given),
        head=_head(given),
        secret=_device(given),
        author=given["author"],
        kind=given["kind"],
        plain=Plain(raw(given["plain"])),
        nonce=raw(given["nonce"]),
    )
    return {"event": event.to_bytes(sealed).hex(), "hash": hash_event(sealed).hex()}


def read_event(given: Fields) -> Fields:
    read = _event(given)
    assert event.to_bytes(read).hex() == given["event"]
    return {
        "room": read.room,
        "epoch": read.epoch,
        "seq": read.seq,
        "prev_hash": read.prev_hash.hex(),
        "device_id": read.device_id.hex(),
        "author": read.author,
        "kind": read.kind,
        "nonce": read.nonce.hex(),
        "hash": hash_event(read).hex(),
    }


def check_event_(given: Fields) -> Fields:
    return {"head": _told(check_event(_event(given), _head(given), _device(given).public))}


def open_event_(given: Fields) -> Fields:
    return {"plain": open_event(_room_key(given), _event(given)).reveal().hex()}


def receive_event(given: Fields) -> Fields:
    return {**check_event_(given), **open_event_(given)}


def make_escrow_(given: Fields) -> Fields:
    supervisors = [
        Supervisor(
            person=each["person"], devices=[make_device(raw(device)).public for device in each["devices"]]
        )
        for each in given["supervisors"]
    ]
    made = make_escrow(
        _room_key(given),
        t=given["t"],
        supervisors=supervisors,
        escrow_key=raw(given["escrow_key"]),
        iv=raw(given["iv"]),
    )
    assert threshold.from_bytes(threshold.to_bytes(made)) == made
    return {
        "ctx": threshold.context(made).hex(),
        "box": made.box.hex(),
        "commitments": [seat.commitment.hex() for seat in made.seats],
    }


def read_escrow(given: Fields) -> Fields:
    escrow = _escrow(given)
    assert threshold.to_bytes(escrow).hex() == given["escrow"]
    return {
        "room": escrow.room,
        "epoch": escrow.epoch,
        "t": escrow.t,
        "people": [seat.person for seat in escrow.seats],
        "hash": hash_escrow(escrow).hex(),
    }


def check_escrow_(given: Fields) -> Fields:
    check_escrow(_escrow(given), room=given["room"], epoch=given["epoch"])
    return {}


def open_share_(given: Fields) -> Fields:
    return {"share": open_share(_escrow(given), person=given["person"], secret=_device(given)).value.hex()}


def open_escrow_(given: Fields) -> Fields:
    shares = [Share(person=each["person"], value=raw(each["share"])) for each in given["shares"]]
    return {"key": open_escrow(_escrow(given), shares, kc=raw(given["kc"])).key.hex()}


def deal(given: Fields) -> Fields:
    coefficients = [raw(each) for each in given["coefficients"]]
    return {"shares": [share.hex() for share in shamir.deal(raw(given["secret"]), coefficients, given["n"])]}


def combine(given: Fields) -> Fields:
    return {"secret": shamir.combine([raw(each) for each in given["shares"]]).hex()}


def _room_key(given: Fields) -> RoomKey:
    return RoomKey(room=given["room"], epoch=given["epoch"], key=raw(given["key"]))


def _device(given: Fields) -> DeviceSecret:
    return make_device(raw(given["entropy"]))


def _head(given: Fields) -> Head:
    head = given["head"]
    return Head(room=head["room"], epoch=head["epoch"], seq=head["seq"], hash=raw(head["hash"]))


def _told(head: Head) -> Fields:
    return {"room": head.room, "epoch": head.epoch, "seq": head.seq, "hash": head.hash.hex()}


def _event(given: Fields) -> Event:
    return event.from_bytes(raw(given["event"]))


def _escrow(given: Fields) -> Escrow:
    return threshold.from_bytes(raw(given["escrow"]))


def _room_keys(given: Fields) -> dict[bytes, Sealed]:
    return {raw(each["device_id"]): Sealed(content=raw(each["sealed"])) for each in given["room_keys"]}


def _escrows(given: Fields) -> dict[str, Escrow]:
    return {each["organisation"]: _escrow(each) for each in given["escrows"]}


def _manifest(manifest: Manifest) -> Fields:
    recipients = sorted(manifest.recipients.items())
    escrows = sorted(manifest.escrows.items(), key=lambda item: item[0].encode())
    return {
        "kc": manifest.kc.hex(),
        "recipients": [{"device_id": id_.hex(), "hash": hashed.hex()} for id_, hashed in recipients],
        "escrows": [{"organisation": id_, "hash": hashed.hex()} for id_, hashed in escrows],
    }


OPS: dict[str, Callable[[Fields], Fields]] = {
    op.__name__.removesuffix("_"): op
    for op in (
        commit_,
        seal_room_key_,
        open_room_key_,
        hash_sealed_key_,
        read_manifest,
        read_epoch_,
        start_epoch_,
        check_epoch_,
        accept_room_key_,
        genesis_,
        seal_event_,
        read_event,
        check_event_,
        open_event_,
        receive_event,
        make_escrow_,
        read_escrow,
        check_escrow_,
        open_share_,
        open_escrow_,
        deal,
        combine,
    )
}
