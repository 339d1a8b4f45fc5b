from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal import enrolment
from bot.seal.enrolment import (
    ALL_RIGHTS,
    Right,
    approval_from_bytes,
    approve,
    bundle_from_bytes,
    check_approval,
    check_introduction,
    check_rights,
    introduce,
    introduction_from_bytes,
    make_bundle,
    root_id,
)
from bot.seal.errors import Malformed, Tampered
from bot.seal.keys import make_device, public_to_bytes
from bot.seal.labels import Label
from bot.seal.signing import signing_key
from bot.seal.statement import sign_statement
from bot.seal.wire import MAX_NAME, MAX_NUMBER, lp
from tests.seal.trusting import NOW, OTHER_ROOT, ROOT, World, secret_of

NAMES = st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable())
SECRET = secret_of("anna-1")
ROOT_ID = root_id(ROOT.public)
RIGHTS = [Right(value) for value in (*range(1, 16), 16)]


def bundle_with(
    *,
    organisation: str = "malmo",
    person: str = "anna",
    rights: int = 1,
    inviter: str = "malmo",
    made_at: int = NOW,
    public: bytes = public_to_bytes(SECRET.public),
) -> bytes:
    """A bundle that nothing was checked of, signed by the device."""
    statement = lp(Label.BUNDLE, organisation, person, rights, inviter, bytes(32), made_at, public)
    return sign_statement(Label.BUNDLE_BYTES, statement, SECRET.signing)


@given(
    organisation=NAMES,
    person=NAMES,
    rights=st.sampled_from(RIGHTS),
    inviter=NAMES,
    invitation=st.binary(min_size=32, max_size=32),
    made_at=st.integers(0, MAX_NUMBER),
)
def test_bundle_round_trip(
    organisation: str, person: str, rights: Right, inviter: str, invitation: bytes, made_at: int
) -> None:
    """Whatever a device says of itself is read back, and is the same bytes."""
    bundle = make_bundle(
        secret=SECRET,
        organisation=organisation,
        person=person,
        rights=rights,
        inviter=inviter,
        invitation=invitation,
        made_at=made_at,
    )
    assert bundle_from_bytes(bundle.content) == bundle
    assert (bundle.organisation, bundle.person, bundle.rights) == (organisation, person, rights)
    assert bundle.device_id == SECRET.public.device_id


def test_bundle_in_hand_is_what_is_signed() -> None:
    """The bytes are those of FORMAT.md 4a, written by hand."""
    made = make_bundle(
        secret=SECRET,
        organisation="malmo",
        person="anna",
        rights=Right.MEMBER,
        inviter="malmo",
        invitation=bytes(32),
        made_at=NOW,
    )
    assert made.content == bundle_with()


def test_every_flipped_byte_of_a_bundle_is_refused(flips: Callable[[bytes], list[bytes]]) -> None:
    """A bundle of which the device did not sign every byte is none (MUST 45). Every eleventh byte: each costs a check."""
    for flipped in flips(bundle_with())[::11]:
        with pytest.raises((Malformed, Tampered)):
            bundle_from_bytes(flipped)


def test_bundle_signed_by_another_device_is_refused() -> None:
    """Nobody can put somebody else's keys into a bundle of their own."""
    other = make_device(b"x" * 64)
    with pytest.raises(Tampered):
        bundle_from_bytes(bundle_with(public=public_to_bytes(other.public)))


@pytest.mark.parametrize("rights", [0, 17, 18, 24, 31, 32, 2**40])
def test_impossible_rights_are_refused(rights: int) -> None:
    """No rights, rights beyond all, and a bridge with other rights (MUST 45)."""
    with pytest.raises(Malformed):
        bundle_from_bytes(bundle_with(rights=rights))
    with pytest.raises(Malformed):
        check_rights(rights)


def test_possible_rights_are_sixteen() -> None:
    """Any sum without the bridge's, and the bridge's alone."""
    possible = []
    for value in range(ALL_RIGHTS + 2):
        try:
            possible.append(check_rights(value))
        except Malformed:
            continue
    assert possible == RIGHTS


@pytest.mark.parametrize("field", ["organisation", "person", "inviter"])
@pytest.mark.parametrize("value", ["", "x" * (MAX_NAME + 1)])
def test_names_out_of_bounds_are_refused(field: str, value: str) -> None:
    """Identifiers have 1 to 255 bytes."""
    with pytest.raises(Malformed):
        bundle_from_bytes(bundle_with(**{field: value}))  # type: ignore[arg-type]  # one of three names


def test_oversized_keys_are_refused() -> None:
    """The public keys have a bound of their own, before anything is computed with them."""
    with pytest.raises(Malformed):
        bundle_from_bytes(bundle_with(public=b"x" * (enrolment.MAX_PUBLIC + 1)))


def test_more_fields_are_refused() -> None:
    """A bundle ends where it ends."""
    public = public_to_bytes(SECRET.public)
    statement = lp(Label.BUNDLE, "malmo", "anna", 1, "malmo", bytes(32), NOW, public, b"")
    with pytest.raises(Malformed):
        bundle_from_bytes(sign_statement(Label.BUNDLE_BYTES, statement, SECRET.signing))


def test_root_that_is_no_key_is_refused() -> None:
    """A root of small order, under which anybody could sign, has no id."""
    with pytest.raises(Malformed):
        root_id(bytes(32))


def test_approval_round_trip_holds() -> None:
    """An approval is read back and holds for its bundle, under its root, by its approver."""
    world = World()
    bundle = world.enrol("anna-1", Right.MEMBER).bundle
    approval = approve(bundle=bundle, root=ROOT_ID, approver=ROOT_ID, key=ROOT, at=NOW)
    assert approval_from_bytes(approval.content) == approval
    check_approval(approval, bundle, root=ROOT_ID, public=ROOT.public)


def test_approval_of_something_else_is_refused() -> None:
    """Another bundle, organisation or root, or another signer (MUST 46)."""
    world, other = World(), World(organisation="lund")
    bundle = world.enrol("anna-1", Right.MEMBER).bundle
    same_person = world.enrol("anna-2", Right.MEMBER).bundle
    elsewhere = other.enrol("anna-1", Right.MEMBER).bundle
    approval = approve(bundle=bundle, root=ROOT_ID, approver=ROOT_ID, key=ROOT, at=NOW)
    for wrong in (same_person, elsewhere):
        with pytest.raises(Tampered):
            check_approval(approval, wrong, root=ROOT_ID, public=ROOT.public)
    with pytest.raises(Tampered):
        check_approval(approval, bundle, root=root_id(OTHER_ROOT.public), public=ROOT.public)
    with pytest.raises(Tampered):
        check_approval(approval, bundle, root=ROOT_ID, public=OTHER_ROOT.public)


def test_approval_is_of_one_set_of_rights() -> None:
    """Whoever approved a member's bundle has not approved the same device as a supervisor's."""
    world = World()
    member = world.enrol("anna-1", Right.MEMBER).bundle
    approval = approve(bundle=member, root=ROOT_ID, approver=ROOT_ID, key=ROOT, at=NOW)
    supervisor = world.enrol("anna-1", Right.SHARES).bundle
    assert supervisor.device_id == member.device_id
    with pytest.raises(Tampered):
        check_approval(approval, supervisor, root=ROOT_ID, public=ROOT.public)


def test_every_flipped_byte_of_an_approval_is_refused(flips: Callable[[bytes], list[bytes]]) -> None:
    """Nothing in an approval can be changed."""
    world = World()
    bundle = world.enrol("anna-1", Right.MEMBER).bundle
    approval = approve(bundle=bundle, root=ROOT_ID, approver=ROOT_ID, key=ROOT, at=NOW)
    for flipped in flips(approval.content):
        with pytest.raises((Malformed, Tampered)):
            check_approval(approval_from_bytes(flipped), bundle, root=ROOT_ID, public=ROOT.public)


def test_introduction_round_trip_holds() -> None:
    """An introduction is read back and holds under the root of whoever introduces."""
    word = World().introduce("lund")
    assert introduction_from_bytes(word.content) == word
    check_introduction(word, organisation="malmo", root=ROOT_ID, public=ROOT.public)
    assert (word.other, word.other_root) == ("lund", OTHER_ROOT.public)


def test_introduction_of_or_by_others_is_refused() -> None:
    """Another organisation's, under another root, or by another key (MUST 49)."""
    word = World().introduce("lund")
    for wrong in (
        {"organisation": "lund", "root": ROOT_ID, "public": ROOT.public},
        {"organisation": "malmo", "root": root_id(OTHER_ROOT.public), "public": ROOT.public},
        {"organisation": "malmo", "root": ROOT_ID, "public": OTHER_ROOT.public},
    ):
        with pytest.raises(Tampered):
            check_introduction(word, **wrong)  # type: ignore[arg-type]


def test_own_root_is_not_introduced() -> None:
    """An organisation's own root is pinned, never introduced."""
    with pytest.raises(Malformed):
        World().introduce("malmo")


def test_introduced_root_that_is_no_key_is_refused() -> None:
    """A key under which anybody could sign is no root, also when read off the wire."""
    with pytest.raises(Malformed):
        World().introduce("lund", public=bytes(32))
    statement = lp(Label.INTRODUCTION, "malmo", ROOT_ID, "lund", bytes(32), ROOT_ID, NOW)
    with pytest.raises(Malformed):
        introduction_from_bytes(sign_statement(Label.INTRODUCTION_BYTES, statement, ROOT))


def test_statements_do_not_pass_for_each_other() -> None:
    """A bundle is no approval and no introduction, and the other way round."""
    bundle = bundle_with()
    word = introduce(
        organisation="malmo",
        root=ROOT_ID,
        other="lund",
        other_root=signing_key(b"z" * 32).public,
        approver=ROOT_ID,
        key=ROOT,
        at=NOW,
    ).content
    for read, content in (
        (approval_from_bytes, bundle),
        (introduction_from_bytes, bundle),
        (approval_from_bytes, word),
        (bundle_from_bytes, word),
    ):
        with pytest.raises(Malformed):
            read(content)
