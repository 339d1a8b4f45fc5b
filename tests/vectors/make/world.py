"""A small world that cases share: eight devices, a room of two epochs, an escrow; all of it of fixed bytes but HPKE."""

from bot.seal import event, signing, threshold
from bot.seal.epoch import Manifest, manifest_to_bytes, start_epoch
from bot.seal.event import Event, Head, check_event, genesis, seal_event
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.labels import Label
from bot.seal.plain import Plain, Sealed
from bot.seal.room import RoomKey, commit, hash_sealed_key, seal_room_key
from bot.seal.threshold import Escrow, Supervisor, hash_escrow, make_escrow
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.kit import Topic

ENTROPY = {
    name: bytes([number]) * 64
    for number, name in enumerate(
        ("officer", "worker", "bridge", "chief-a", "chief-b", "chief-c", "laptop-a", "stranger"), start=1
    )
}
DEVICES = {name: make_device(entropy) for name, entropy in ENTROPY.items()}
ROOM = "room-1"
KEYS = {epoch: RoomKey(room=ROOM, epoch=epoch, key=bytes([0x10 + epoch]) * 32) for epoch in (1, 2)}
OTHER_KEY = RoomKey(room=ROOM, epoch=1, key=b"\x77" * 32)
CHIEFS = A, B, C = ("chief-a", "chief-b", "chief-c")
ESCROW_KEY, IV = b"\xee" * 32, b"\x1a" * 12
NONCE = bytes(range(12))
INSIDE = {1: ("officer", "worker", "bridge"), 2: ("officer", "bridge")}
START = genesis(ROOM)


def supervisors() -> list[Supervisor]:
    """Three people; the first has two devices."""
    a, b, c = (DEVICES[name].public for name in CHIEFS)
    devices = ([a, DEVICES["laptop-a"].public], [b], [c])
    return [Supervisor(person=person, devices=those) for person, those in zip(CHIEFS, devices, strict=True)]


def escrow_of(topic: Topic, epoch: int) -> Escrow:
    """The escrow of an epoch: 2 of 3."""

    def make() -> bytes:
        made = make_escrow(KEYS[epoch], t=2, supervisors=supervisors(), escrow_key=ESCROW_KEY, iv=IV)
        return threshold.to_bytes(made)

    return threshold.from_bytes(topic.kept(f"escrow-{epoch}", make))


def sealed_keys(topic: Topic, epoch: int) -> dict[str, bytes]:
    """The key of an epoch, sealed to those inside."""
    return {
        name: topic.kept(
            f"key-{epoch}-{name}",
            lambda name=name: seal_room_key(KEYS[epoch], DEVICES[name].public).content,  # type: ignore[misc]
        )
        for name in INSIDE[epoch]
    }


def begin(topic: Topic, epoch: int, head: Head) -> Event:
    """The event that begins an epoch, signed by the bridge."""
    keys = sealed_keys(topic, epoch)
    return start_epoch(
        room_key=KEYS[epoch],
        head=head,
        secret=DEVICES["bridge"],
        author="p-worker",
        room_keys={id_of(name): Sealed(content=sealed) for name, sealed in keys.items()},
        escrows={"malmo": escrow_of(topic, epoch)},
    )


def stream(topic: Topic) -> list[Event]:
    """Four events: an epoch, a message of the officer's, an epoch, a message through the bridge."""
    first = begin(topic, 1, START)
    second = said(after(first, START), "Hej")
    third = begin(topic, 2, after(second, after(first, START)))
    fourth = said(heads([first, second, third])[-1], "Hej igen", who="bridge", author="p-worker")
    return [first, second, third, fourth]


def said(head: Head, text: str, *, who: str = "officer", author: str = "p-officer") -> Event:
    """A message."""
    return seal_event(
        room_key=KEYS[head.epoch],
        head=head,
        secret=DEVICES[who],
        author=author,
        kind="said",
        plain=Plain(text.encode()),
        nonce=NONCE,
    )


def heads(events: list[Event]) -> list[Head]:
    """The room's head before the first event and after each."""
    all_ = [START]
    for each in events:
        all_.append(after(each, all_[-1]))
    return all_


def after(last: Event, head: Head) -> Head:
    """The head after an event."""
    signer = {secret.public.device_id: secret for secret in DEVICES.values()}[last.device_id]
    return check_event(last, head, signer.public)


def header(given: Event, **changed: bytes | int | str) -> bytes:
    """An event's header, with some fields changed; no check is made."""
    names = ("room", "epoch", "seq", "prev_hash", "device_id", "author", "kind", "nonce")
    return lp(Label.EVENT, *(changed.get(name, getattr(given, name)) for name in names))


def signed(hdr: bytes, ct: bytes, who: str) -> bytes:
    """Event bytes of any header and body, signed as they should be."""
    statement = lp(Label.EVENT_SIG, hdr, event._sha256(ct))
    return lp(Label.EVENT_BYTES, hdr, ct, b"\1" + signing.sign(DEVICES[who].signing, statement))


def manifest(topic: Topic, epoch: int = 1) -> bytes:
    """What an epoch's event says."""
    recipients = {
        id_of(name): hash_sealed_key(Sealed(content=sealed), room=ROOM, epoch=epoch, device_id=id_of(name))
        for name, sealed in sealed_keys(topic, epoch).items()
    }
    escrows = {"malmo": hash_escrow(escrow_of(topic, epoch))}
    return manifest_to_bytes(Manifest(kc=commit(KEYS[epoch]), recipients=recipients, escrows=escrows))


def id_of(name: str) -> bytes:
    """A device's id."""
    return secret_of(name).public.device_id


def secret_of(name: str) -> DeviceSecret:
    """A device's keys."""
    return DEVICES[name]


def told(head: Head) -> Fields:
    """A head as cases have it."""
    return {"room": head.room, "epoch": head.epoch, "seq": head.seq, "hash": head.hash}


def key_fields(room_key: RoomKey) -> Fields:
    """A room key as cases have it."""
    return {"room": room_key.room, "epoch": room_key.epoch, "key": room_key.key}
