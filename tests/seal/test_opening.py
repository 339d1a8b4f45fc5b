from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.keys import DeviceSecret
from bot.seal.labels import Label
from bot.seal.opening import (
    EVERY_ROOM,
    MAX_SECONDS,
    Request,
    ask,
    check_asker,
    check_covers,
    check_request,
    check_signer,
    request_from_bytes,
)
from bot.seal.statement import sign_statement, split_statement
from bot.seal.threshold import Escrow

Devices = dict[str, DeviceSecret]
AT = 1_790_000_000
HOUR = 3600
Ask = Callable[..., Request]


@pytest.fixture(scope="module")
def asked(devices: Devices) -> Ask:
    """A request by chief-a, changed as told."""

    def make(**changed: object) -> Request:
        told = {
            "secret": devices["chief-a"],
            "opening": "o-1",
            "organisation": "malmo",
            "room": "room-1",
            "purpose": "loggkontroll",
            "ground": "lag-2001-454-10",
            "person": "chief-a",
            "at": AT,
            "until": AT + HOUR,
        }
        return ask(**{**told, **changed})  # type: ignore[arg-type]  # each value has its field's type

    return make


def member(secret: DeviceSecret, **changed: object) -> Member:
    """A device of chief-a as a directory has it."""
    told = {
        "organisation": "malmo",
        "person": "chief-a",
        "rights": Right.MEMBER | Right.SHARES,
        "public": secret.public,
        "revoked_at": 0,
    }
    return Member(**{**told, **changed})  # type: ignore[arg-type]  # each value has its field's type


def test_a_request_says_who_asks_for_what(asked: Ask, devices: Devices) -> None:
    """What was signed is what is read, through the bytes; the device's own signature holds."""
    request = asked()
    assert request_from_bytes(request.content) == request
    assert (request.opening, request.organisation, request.room) == ("o-1", "malmo", "room-1")
    assert (request.purpose, request.ground, request.person) == (
        "loggkontroll",
        "lag-2001-454-10",
        "chief-a",
    )
    assert (request.device_id, request.at, request.until) == (
        devices["chief-a"].public.device_id,
        AT,
        AT + HOUR,
    )
    check_request(request, devices["chief-a"].public, now=AT)


@pytest.mark.parametrize("seconds", [0, -1, -HOUR, MAX_SECONDS + 1])
def test_the_time_box_is_bounded(asked: Ask, seconds: int) -> None:
    """An opening lasts from one second to four hours; nobody signs or reads any other."""
    with pytest.raises(Malformed):
        asked(until=AT + seconds)
    for longest in (1, MAX_SECONDS):
        assert asked(until=AT + longest).until == AT + longest


@pytest.mark.parametrize("now", [AT - 301, AT + HOUR + 1, 0, AT - MAX_SECONDS])
def test_nobody_passes_a_share_out_of_time(asked: Ask, devices: Devices, now: int) -> None:
    """A request is refused when its time is over, or more than five minutes before it comes."""
    with pytest.raises(Tampered):
        check_request(asked(), devices["chief-a"].public, now=now)
    for inside in (AT - 300, AT, AT + HOUR):
        check_request(asked(), devices["chief-a"].public, now=inside)


def test_the_request_is_the_devices_own(asked: Ask, devices: Devices) -> None:
    """A request of another device, or one that another device signed in its name, is refused."""
    request = asked()
    with pytest.raises(Tampered):
        check_request(request, devices["chief-b"].public, now=AT)
    statement, _ = split_statement(Label.OPENING_REQUEST_BYTES, request.content)
    forged = sign_statement(Label.OPENING_REQUEST_BYTES, statement, devices["chief-b"].signing)
    with pytest.raises(Tampered):
        check_signer(request_from_bytes(forged), devices["chief-a"].public)


def test_every_flipped_byte_is_refused(
    asked: Ask, devices: Devices, flips: Callable[[bytes], list[bytes]]
) -> None:
    """No byte of a request can be changed: not the room, nor the purpose, nor until when."""
    for changed in flips(asked().content):
        with pytest.raises(SealError):
            check_signer(request_from_bytes(changed), devices["chief-a"].public)


def test_what_is_cut_or_added_is_refused(asked: Ask) -> None:
    """Truncated and trailing bytes are no request."""
    content = asked().content
    for wrong in (b"", content[:-1], content + b"\0", content[1:]):
        with pytest.raises(Malformed):
            request_from_bytes(wrong)


def test_a_share_is_passed_to_another_supervisors_own_device(asked: Ask, devices: Devices) -> None:
    """MUST 63: the device stands in the directory as the requester's, active, with the right, and is not one's own."""
    request, secret = asked(), devices["chief-a"]
    check_asker(request, member(secret), passer="chief-b", now=AT)
    for wrong in (
        member(secret, person="chief-b"),
        member(secret, organisation="polisen"),
        member(secret, rights=Right.MEMBER),
        member(secret, rights=Right.MEMBER | Right.APPROVE),
        member(secret, revoked_at=AT - 1),
        member(devices["chief-c"]),
    ):
        with pytest.raises(Tampered):
            check_asker(request, wrong, passer="chief-b", now=AT)
    with pytest.raises(Tampered):
        check_asker(request, member(secret), passer="chief-a", now=AT)
    with pytest.raises(Tampered):
        check_asker(request, member(secret), passer="chief-b", now=AT + HOUR + 1)


def test_a_substituted_device_is_refused(asked: Ask, devices: Devices) -> None:
    """A server that puts its own device in the requester's place gets no share: it did not sign the request."""
    mallory = devices["bridge"]
    with pytest.raises(Tampered):
        check_asker(asked(), member(mallory), passer="chief-b", now=AT)
    with pytest.raises(
        Tampered
    ):  # nor by a request of its own in the requester's name, unless enrolled as theirs
        check_asker(asked(secret=mallory), member(devices["chief-a"]), passer="chief-b", now=AT)


def test_a_request_covers_its_own_room_alone(asked: Ask, escrow: Escrow) -> None:
    """MUST 63: asked for one room, nobody gets a share of another; only a re-deal asks for every room."""
    check_covers(asked(), escrow)
    check_covers(asked(room=EVERY_ROOM), escrow)
    for wrong in ("room-2", "", "ROOM-1"):
        with pytest.raises(SealError):
            check_covers(asked(room=wrong), escrow)
    with pytest.raises(Tampered):
        check_covers(asked(), replace(escrow, room="room-2"))
