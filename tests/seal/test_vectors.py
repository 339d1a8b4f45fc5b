"""The frozen room: whatever changes in the code, bytes that were sealed once keep opening."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from bot.seal import event as events
from bot.seal import log, threshold
from bot.seal.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from bot.seal.epoch import accept_room_key, check_epoch
from bot.seal.event import Event, Head, check_event, genesis, open_event
from bot.seal.field import FieldKey, Place, lookup, open_field
from bot.seal.inbox import open_inbox
from bot.seal.keys import DeviceSecret, make_device, public_to_bytes, secret_from_bytes
from bot.seal.plain import Plain, Sealed
from bot.seal.signing import signing_key
from bot.seal.threshold import (
    Share,
    hash_escrow,
    open_escrow,
    open_share,
)
from bot.seal.wire import from_base64url as raw

Devices = dict[str, DeviceSecret]


@pytest.fixture(scope="module")
def frozen(vectors: Callable[[str], Any]) -> Any:  # noqa: ANN401 - the file's own shape
    """The file itself."""
    return vectors("seal_v1_room")


@pytest.fixture(scope="module")
def people(frozen: Any) -> Devices:  # noqa: ANN401 - likewise
    """The devices, from their key files."""
    return {name: secret_from_bytes(raw(each["key_file"])) for name, each in frozen["devices"].items()}


@pytest.fixture(scope="module")
def stream(frozen: Any, people: Devices) -> list[Event]:  # noqa: ANN401 - likewise
    """All events, in their order, each checked against the one before."""
    head: Head = genesis(frozen["room"])
    checked = []
    for each in frozen["events"]:
        event = events.from_bytes(raw(each["bytes"]))
        head = check_event(event, head, people[each["signer"]].public)
        assert head.hash == raw(each["hash"])
        assert events.to_bytes(event) == raw(each["bytes"])
        checked.append(event)
    return checked


def test_devices(frozen: Any, people: Devices) -> None:  # noqa: ANN401 - likewise
    """The same entropy gives the same keys and ids."""
    for name, each in frozen["devices"].items():
        made = make_device(raw(each["entropy"])).public
        assert made == people[name].public
        assert (made.device_id, public_to_bytes(made)) == (raw(each["device_id"]), raw(each["public"]))


def test_every_member_reads_their_epochs(frozen: Any, people: Devices, stream: list[Event]) -> None:  # noqa: ANN401 - likewise
    """Each recipient of an epoch opens its key and reads what was said in it."""
    starts = {event.epoch: event for event in stream if event.kind == "epoch"}
    for epoch in frozen["epochs"]:
        for name, sealed in epoch["sealed_keys"].items():
            key = accept_room_key(starts[epoch["epoch"]], Sealed(content=raw(sealed)), people[name])
            assert key.key == raw(epoch["key"])
            for event, each in zip(stream, frozen["events"], strict=True):
                if "plain" in each and event.epoch == epoch["epoch"]:
                    assert open_event(key, event).reveal().decode() == each["plain"]


def test_the_server_checks_each_epoch(frozen: Any, people: Devices, stream: list[Event]) -> None:  # noqa: ANN401 - likewise
    """Without a secret, sealed keys and escrow are those that the epoch event names."""
    starts = [event for event in stream if event.kind == "epoch"]
    for start, epoch in zip(starts, frozen["epochs"], strict=True):
        keys = {
            people[name].public.device_id: Sealed(content=raw(sealed))
            for name, sealed in epoch["sealed_keys"].items()
        }
        escrow = threshold.from_bytes(raw(epoch["escrow"]["bytes"]))
        manifest = check_epoch(start, room_keys=keys, escrows={epoch["escrow"]["organisation"]: escrow})
        assert manifest.kc == raw(epoch["kc"])


def test_any_two_supervisors_open(frozen: Any, people: Devices) -> None:  # noqa: ANN401 - likewise
    """Each supervisor opens their share on each device, and any two open the room."""
    for epoch in frozen["epochs"]:
        escrow = threshold.from_bytes(raw(epoch["escrow"]["bytes"]))
        assert hash_escrow(escrow) == raw(epoch["escrow"]["hash"])
        assert threshold.to_bytes(escrow) == raw(epoch["escrow"]["bytes"])
        for device in ("chief-a", "chief-a-laptop", "chief-b", "chief-c"):
            person = "p-" + device.removesuffix("-laptop")
            opened = open_share(escrow, person=person, secret=people[device])
            assert opened.value == raw(epoch["escrow"]["shares"][person])
        shares = [
            Share(person=person, value=raw(value)) for person, value in epoch["escrow"]["shares"].items()
        ]
        for two in combinations(shares, 2):
            assert open_escrow(escrow, two, kc=raw(epoch["kc"])).key == raw(epoch["key"])


def test_inbox_and_field(frozen: Any, people: Devices) -> None:  # noqa: ANN401 - likewise
    """The inbox row opens at the bridge, the field in its place, and the lookup hash is the same."""
    inbox, field = frozen["inbox"], frozen["field"]
    body = open_inbox(
        Sealed(content=raw(inbox["sealed"])),
        channel=inbox["channel"],
        native_id=inbox["native_id"],
        secret=people[inbox["bridge"]],
    )
    assert body.reveal().decode() == inbox["plain"]
    key = FieldKey(key=raw(field["key"]))
    place = Place(table=field["table"], column=field["column"], row=field["row"])
    value = open_field(key, place, Sealed(content=raw(field["sealed"])))
    assert value.reveal().decode() == field["plain"]
    assert lookup(key, field["kind"], Plain(field["plain"].encode())) == raw(field["lookup"])


def test_ledger(frozen: Any) -> None:  # noqa: ANN401 - likewise
    """Leaves, root and signed checkpoint are the same, byte for byte."""
    ledger = frozen["ledger"]
    leaves = [
        log.leaf_hash(kind=each["kind"], salt=raw(each["salt"]), body=raw(each["body"]))
        for each in ledger["entries"]
    ]
    assert leaves == [raw(each["leaf"]) for each in ledger["entries"]]
    head = Checkpoint(origin=ledger["origin"], size=len(leaves), root=raw(ledger["root"]))
    assert log.root_of(leaves) == head.root
    assert sign_checkpoint(head, signing_key(raw(ledger["seed"]))) == ledger["checkpoint"]
    public = raw(ledger["public"])
    assert verify_checkpoint(ledger["checkpoint"], origin=ledger["origin"], public=public) == head
