import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.seal.errors import Malformed, SealError, Tampered, WrongShare
from bot.seal.hpke import seal_to
from bot.seal.keys import DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.passing import (
    Passed,
    check_passed,
    check_sender,
    for_opening,
    for_successor,
    join_passed,
    open_passed,
    pass_share,
    passed_from_bytes,
    passed_to_bytes,
    read_pass,
    successor,
)
from bot.seal.room import RoomKey
from bot.seal.statement import sign_bare
from bot.seal.threshold import (
    Escrow,
    Share,
    Supervisor,
    context,
    hash_escrow,
    make_escrow,
    open_share,
)
from bot.seal.wire import lp

Devices = dict[str, DeviceSecret]
USE = for_opening("o-1")


@pytest.fixture(scope="module")
def share_b(escrow: Escrow, devices: Devices) -> Share:
    """chief-b's share, opened on their own device."""
    return open_share(escrow, person="chief-b", secret=devices["chief-b"])


@pytest.fixture(scope="module")
def passed(escrow: Escrow, share_b: Share, devices: Devices) -> Passed:
    """chief-b's share, passed on to chief-a for an opening."""
    return pass_share(
        escrow=escrow, share=share_b, use=USE, to=devices["chief-a"].public, secret=devices["chief-b"]
    )


def take(passed: Passed, escrow: Escrow, devices: Devices, use: str = USE, at: str = "chief-a") -> Share:
    """Open it on the requester's device."""
    return open_passed(passed, escrow, use=use, sender=devices["chief-b"].public, secret=devices[at])


def forged(escrow: Escrow, value: bytes, to: DevicePublic, secret: DeviceSecret) -> Passed:
    """Whatever a sender without our scruples seals and signs, as chief-b's share."""
    blob = seal_to(to.kem, value, info=lp(Label.PASSED_SHARE, USE, context(escrow), "chief-b", to.device_id))
    return signed_anew(escrow, blob, to, secret)


def signed_anew(escrow: Escrow, blob: bytes, to: DevicePublic, secret: DeviceSecret) -> Passed:
    """Any blob, properly signed."""
    statement = lp(
        Label.SHARE_PASS,
        USE,
        hash_escrow(escrow),
        "chief-b",
        secret.public.device_id,
        to.device_id,
        hashlib.sha256(blob).digest(),
    )
    return join_passed(read_pass(statement, sign_bare(statement, secret.signing)), blob)


def test_a_passed_share_arrives(passed: Passed, escrow: Escrow, share_b: Share, devices: Devices) -> None:
    """What one device passes on the other opens, through the bytes, and it is the share that was dealt."""
    again = passed_from_bytes(passed_to_bytes(passed))
    assert again == passed
    check_passed(again, escrow, use=USE, sender=devices["chief-b"].public, receiver=devices["chief-a"].public)
    taken = take(again, escrow, devices)
    assert (taken.person, taken.value) == ("chief-b", share_b.value)


def test_only_what_was_dealt_is_passed_on(escrow: Escrow, share_b: Share, devices: Devices) -> None:
    """MUST 64: a share that does not hold, or of no seat, is not even sealed."""
    for wrong, refusal in (
        (replace(share_b, value=bytes(33)), WrongShare),
        (replace(share_b, person="chief-c"), WrongShare),
        (replace(share_b, person="p-stranger"), Malformed),
    ):
        with pytest.raises(refusal):
            pass_share(
                escrow=escrow, share=wrong, use=USE, to=devices["chief-a"].public, secret=devices["chief-b"]
            )


def test_a_share_for_one_opening_serves_no_other(passed: Passed, escrow: Escrow, devices: Devices) -> None:
    """MUST 65: what was passed for one opening is refused in another, and is not a hand-on either."""
    for other in (for_opening("o-2"), for_successor("chief-a"), "opening:", "o-1"):
        with pytest.raises(Tampered):
            take(passed, escrow, devices, use=other)


def test_a_share_opens_on_the_device_it_was_passed_to(
    passed: Passed, escrow: Escrow, devices: Devices
) -> None:
    """MUST 65: another device refuses it, the server's bridge among them."""
    for other in ("chief-b", "chief-c", "bridge"):
        with pytest.raises(Tampered):
            take(passed, escrow, devices, at=other)


def test_the_sender_signs(passed: Passed, escrow: Escrow, devices: Devices) -> None:
    """MUST 65: a share in another sender's name, or signed by another, is refused."""
    for other in ("chief-a", "chief-c", "bridge"):
        with pytest.raises(Tampered):
            check_sender(passed.signed, devices[other].public)
        with pytest.raises(Tampered):
            open_passed(passed, escrow, use=USE, sender=devices[other].public, secret=devices["chief-a"])
    statement = passed.signed.content
    renamed = read_pass(statement, sign_bare(statement, devices["bridge"].signing))
    with pytest.raises(Tampered):
        check_sender(renamed, devices["chief-b"].public)


def test_a_share_of_another_epoch_is_refused(
    passed: Passed, room_key: RoomKey, supervisors: list[Supervisor], devices: Devices
) -> None:
    """MUST 65: epochs are not to be swapped; each share is of one escrow, by its hash."""
    later = make_escrow(
        replace(room_key, epoch=2), t=2, supervisors=supervisors, escrow_key=b"e" * 32, iv=b"i" * 12
    )
    with pytest.raises(Tampered):
        take(passed, later, devices)


def test_a_share_of_a_replaced_escrow_blames_nobody(
    passed: Passed, room_key: RoomKey, supervisors: list[Supervisor], devices: Devices
) -> None:
    """After a re-deal among the same people an old share is refused as another escrow's; its sender is not accused."""
    dealt_again = make_escrow(room_key, t=2, supervisors=supervisors, escrow_key=b"n" * 32, iv=b"i" * 12)
    with pytest.raises(Tampered):
        take(passed, dealt_again, devices)


def test_an_altered_share_names_its_seat(escrow: Escrow, share_b: Share, devices: Devices) -> None:
    """MUST 65: a supervisor who signs and passes on something else than their share is named."""
    to, secret = devices["chief-a"].public, devices["chief-b"]
    altered = bytes([share_b.value[0] ^ 1]) + share_b.value[1:]
    other_x = share_b.value[:-1] + b"\x03"
    for value in (altered, other_x, bytes(33)):
        with pytest.raises(WrongShare) as caught:
            take(forged(escrow, value, to, secret), escrow, devices)
        assert caught.value.people == ("chief-b",)
    unopenable = signed_anew(escrow, bytes(1169), to, secret)
    with pytest.raises(WrongShare) as caught:
        take(unopenable, escrow, devices)
    assert caught.value.people == ("chief-b",)


def test_a_share_for_no_seat_is_refused(escrow: Escrow, passed: Passed, devices: Devices) -> None:
    """MUST 65: a share that says it is of a seat which the escrow does not have is refused."""
    other = replace(escrow, seats=(escrow.seats[0], replace(escrow.seats[1], person="x"), escrow.seats[2]))
    with pytest.raises(Tampered):
        take(passed, other, devices)


def test_every_flipped_byte_is_refused(
    passed: Passed, escrow: Escrow, devices: Devices, flips: Callable[[bytes], list[bytes]]
) -> None:
    """No byte of a passed share can be changed on its way; nobody is accused of what somebody else changed."""
    for changed in flips(passed_to_bytes(passed)):
        with pytest.raises((Malformed, Tampered)):
            take(passed_from_bytes(changed), escrow, devices)


def test_what_is_cut_or_added_is_refused(passed: Passed) -> None:
    """Truncated and trailing bytes, and a blob of another length, are no passed share."""
    content = passed_to_bytes(passed)
    for wrong in (b"", content[:-1], content + b"\0", content[1:]):
        with pytest.raises(Malformed):
            passed_from_bytes(wrong)
    for blob in (b"", passed.blob[:-1], passed.blob + b"\0", bytes(1169)):
        with pytest.raises(Malformed):
            join_passed(passed.signed, blob)


def test_what_was_signed_stays_without_the_share(passed: Passed, devices: Devices) -> None:
    """When the sealed share is destroyed, who passed it for what can still be proved; the parts give the whole."""
    kept = read_pass(passed.signed.content, passed.signed.sig)
    check_sender(kept, devices["chief-b"].public)
    assert (kept.use, kept.seat) == (USE, "chief-b")
    assert join_passed(kept, passed.blob) == passed
    with pytest.raises(SealError):
        read_pass(kept.content, kept.sig[:-1])
    with pytest.raises(SealError):
        check_sender(read_pass(kept.content, b"\x02" + kept.sig[1:]), devices["chief-b"].public)


def test_uses_say_what_for() -> None:
    """A hand-on names its successor, an opening does not; neither is ever empty or too long."""
    assert successor(for_successor("p-1")) == "p-1"
    for wrong in (for_opening("p-1"), "hand-on:", "p-1", ""):
        with pytest.raises(Malformed):
            successor(wrong)
    for make in (for_opening, for_successor):
        for wrong in ("", "x" * 250):
            with pytest.raises(Malformed):
                make(wrong)


def test_the_same_share_is_sealed_anew_each_time(
    passed: Passed, escrow: Escrow, share_b: Share, devices: Devices
) -> None:
    """Passing twice gives two blobs; nobody who compares them learns anything."""
    again = pass_share(
        escrow=escrow, share=share_b, use=USE, to=devices["chief-a"].public, secret=devices["chief-b"]
    )
    assert again.blob != passed.blob
    assert again.signed.hash != passed.signed.hash
