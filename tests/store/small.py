"""A small world for the store: one officer, two workers, three chiefs, a night that fills every table."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count

from bot.core.checks import Outcome as CheckOutcome
from bot.core.checks import Stage
from bot.core.codec import consultation_body, instant_to_text, to_json
from bot.core.consultation import Consultation, step
from bot.core.disclosures import Direction, Disclosure, GroundId, disclosure_kind
from bot.core.drills import Drill, Skipped
from bot.core.events import (
    Accepted,
    Answered,
    Asked,
    Closed,
    Declined,
    Ending,
    Erased,
    Event,
    HandedOver,
    Identified,
    Offered,
    Referred,
    Said,
)
from bot.core.feed import Feed, FeedId, Format, Found, Outcome, looked
from bot.core.ids import (
    AreaId,
    ArticleId,
    ConsultationId,
    DistrictId,
    OfferId,
    OrganisationId,
    PersonId,
    RoomId,
    StepId,
)
from bot.core.people import Person, Posting, Role, Vetting, VettingState
from bot.core.places import NumberId
from bot.core.promises import Promise, PromiseKind
from bot.core.questions import QuestionKind
from bot.core.registers import Register, RegisterId, RegisterKind
from bot.core.request import Matter, Need, Offer, Request, Urgency
from bot.core.roster import Override, OverrideId, Shift, ShiftId
from bot.core.staffing import Post, PostId
from bot.core.waking import Did, Means, Purpose, Ring, told
from bot.flow.ports import Tx
from bot.flow.records import Address, Arrival, Entry, Kind, Room, Saying, Session, Spot, Ticket
from bot.flow.records_coverage import NumberTest, Scope, Summary, Token, TokenId
from bot.flow.records_devices import DeviceState
from bot.flow.records_handovers import Handed, HandoverId
from bot.flow.records_openings import Place
from bot.flow.records_questions import SealedQuestion
from bot.flow.records_readiness import Check
from bot.flow.records_retention import Hold
from bot.flow.records_talks import KeptKey, KeyRead, Sending
from bot.flow.retention_certificates import instant, note_digest, ranges
from bot.flow.verify_ledger import Signers
from bot.seal import event as seal
from bot.seal import log, threshold
from bot.seal.certificate import Certificate, ErasedFrom, sign_certificate
from bot.seal.checkpoint import Checkpoint, checkpoint_from_text, sign_checkpoint
from bot.seal.cosignature import sign_cosignature, witness_id
from bot.seal.enrolment import Right
from bot.seal.epoch import start_epoch
from bot.seal.event import EPOCH_KIND, check_event, genesis, seal_event
from bot.seal.field import FieldKey
from bot.seal.grant import give_history
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.note import Verifier, parse_note
from bot.seal.plain import Plain, Sealed
from bot.seal.question import seal_question
from bot.seal.room import RoomKey, seal_room_key
from bot.seal.signing import signing_key
from bot.store.cipher import FieldCipher
from tests.store import small_devices, small_graves, small_openings, small_swaps

AT = datetime(2026, 11, 21, 22, 40, 0, 123456, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
MALMO, POLISEN = OrganisationId("malmo"), OrganisationId("polisen")
OFFICER, WORKER, OTHER = PersonId("p-officer"), PersonId("p-worker"), PersonId("p-other")
CHIEFS = (PersonId("p-chief-1"), PersonId("p-chief-2"), PersonId("p-chief-3"))
NAME, PHONE = "Tora Provsson", "070-1740612"

_chance = count()


def draw(size: int) -> bytes:
    """Bytes that never come twice."""
    return sha256(f"chance {next(_chance)}".encode()).digest()[:size]


CIPHER = FieldCipher(key=FieldKey(key=b"f" * 32), draw=draw)
LEDGER_KEY = signing_key(b"l" * 32)
WITNESS_KEY = signing_key(b"w" * 32)
WITNESS = Verifier(name="polisen.example/witness", public=WITNESS_KEY.public)
BRIDGE = make_device(b"b" * 64)
OFFICER_DEVICE = make_device(b"o" * 64)
SPARE_DEVICE = make_device(b"s" * 64)
CHIEF_DEVICES = {person: make_device(bytes([number]) * 64) for number, person in enumerate(CHIEFS, start=1)}
SIGNERS = Signers(
    origin=lambda o: f"localhost:8400/{o}", publics=(LEDGER_KEY.public,), witnesses=lambda _: (WITNESS,)
)
REQUEST = Request(
    officer=OFFICER,
    district=DistrictId("malmo-norr"),
    matter=Matter.CHILD,
    need=Need.ADVICE,
    urgency=Urgency.NOW,
    at=AT,
)


def entry(
    organisation: OrganisationId = MALMO, kind: str = "content", at: datetime = AT, **facts: object
) -> Entry:
    """A ledger entry of plain facts."""
    body = to_json({"at": instant_to_text(at), **facts})
    return Entry(organisation=organisation, kind=kind, body=body, salt=draw(16), at=at)


def person(
    id_: PersonId, *, name: str = NAME, phone: str | None = PHONE, role: Role = Role.SOCIAL_WORKER
) -> Person:
    """Somebody vetted and posted in Malmö."""
    first = date(2026, 1, 1)
    return Person(
        id=id_,
        name=name,
        phone=phone,
        vetting=Vetting(state=VettingState.CLEARED, since=first),
        postings=(Posting(organisation=MALMO, role=role, valid_from=first),),
    )


def shift(
    id_: str, who: PersonId = WORKER, starts: datetime = AT - HOUR, ends: datetime = AT + 8 * HOUR
) -> Shift:
    """A duty in Malmö."""
    return Shift(
        id=ShiftId(id_),
        person=who,
        organisations=(MALMO,),
        role=Role.SOCIAL_WORKER,
        starts=starts,
        ends=ends,
        source="file",
    )


def override(id_: str, *, on_duty: bool, starts: datetime = AT, ends: datetime = AT + HOUR) -> Override:
    """The other worker pressed a button."""
    return Override(
        id=OverrideId(id_), person=OTHER, on_duty=on_duty, starts=starts, ends=ends, by=OTHER, made=starts
    )


def address(who: PersonId, lookup: bytes = b"", channel: str = "telegram") -> Address:
    """Where somebody is reached."""
    return Address(
        channel=channel,
        lookup=lookup or sha256(who.encode()).digest(),
        person=who,
        sealed=b"encrypted " + who.encode(),
        language="sv",
        linked_at=AT,
    )


def arrival(native_id: str) -> Arrival:
    """A native update."""
    return Arrival(
        channel="telegram", native_id=native_id, body=Sealed(content=b"sealed " + native_id.encode()), at=AT
    )


def saying(
    id_: str, who: PersonId | None = OFFICER, kind: Kind = Kind.TELL, *, ref: str = "", due: datetime = AT
) -> Saying:
    """Something to be said."""
    return Saying(id=id_, person=who, channel="telegram", kind=kind, ref=ref, due=due)


def happen(tx: Tx, before: Consultation, event: Event, organisation: OrganisationId = MALMO) -> Consultation:
    """One event, saved and recorded."""
    after, _ = step(before, event)
    body = consultation_body(after.id, after.version, event, ("rule-1",), "d" * 64)
    recorded = Entry(organisation=organisation, kind="consultation", body=body, salt=draw(16), at=event.at)
    tx.consultations.save(before, after, recorded)
    return after


def new(id_: str) -> Consultation:
    """A consultation in which nothing has happened."""
    return Consultation(id=ConsultationId(id_))


def referred(at: datetime = AT) -> Referred:
    """Somebody is asked for in Malmö."""
    return Referred(at=at, organisation=MALMO, area=AreaId("malmo-norr"), request=replace(REQUEST, at=at))


def offered(id_: str, who: PersonId = WORKER, at: datetime = AT) -> Offered:
    """Somebody is asked for a minute."""
    return Offered(
        at=at, offer=Offer(id=OfferId(id_), person=who, step=StepId("evening"), at=at, until=at + MINUTE)
    )


def seeking(tx: Tx, id_: str, offers: tuple[str, ...] = (), at: datetime = AT) -> Consultation:
    """A consultation that has been referred, with one offer to each of the workers at most."""
    c = happen(tx, new(id_), referred(at))
    for offer, who in zip(offers, (WORKER, OTHER), strict=False):
        c = happen(tx, c, offered(offer, who, at))
    return c


def begin_epoch(tx: Tx, room: Room, at: datetime = AT, *more: DeviceSecret) -> tuple[Room, RoomKey]:
    """The room's next epoch, for the bridge and more: event, sealed keys, escrow, ledger entry."""
    key = RoomKey(room=room.id, epoch=room.epoch + 1, key=draw(32))
    sealed = {d.public.device_id: seal_room_key(key, d.public) for d in (BRIDGE, *more)}
    chiefs = [threshold.Supervisor(person=p, devices=[d.public]) for p, d in CHIEF_DEVICES.items()]
    escrow = threshold.make_escrow(key, t=2, supervisors=chiefs, escrow_key=draw(32), iv=draw(12))
    began = start_epoch(
        room_key=key,
        head=_head(room),
        secret=BRIDGE,
        author=WORKER,
        room_keys=sealed,
        escrows={MALMO: escrow},
    )
    after = _append(tx, room, began)
    for device, blob in sealed.items():
        tx.rooms.put_key(room.id, KeptKey(epoch=after.epoch, device=device, seq=after.seq, blob=blob))
    tx.rooms.put_escrow(room.id, after.epoch, MALMO, threshold.to_sealed(escrow))
    _told(tx, after, at)
    return after, key


def give(tx: Tx, room: Room, keys: list[RoomKey], to: DeviceSecret, at: datetime) -> Room:
    """The bridge gives earlier keys to a device."""
    granted, sealed = give_history(
        room_keys=keys, head=_head(room), secret=BRIDGE, author=WORKER, to=to.public
    )
    after = _append(tx, room, granted)
    for epoch, blob in sealed.items():
        kept = KeptKey(epoch=epoch, device=to.public.device_id, seq=after.seq, blob=blob)
        tx.rooms.put_key(room.id, kept)
    _told(tx, after, at)
    return after


def read_keys(
    tx: Tx, room: Room, epochs: list[int], device: DeviceSecret, who: PersonId, at: datetime
) -> None:
    """A device is handed the keys of these epochs for the first time."""
    id_ = device.public.device_id
    reads = [KeyRead(room=room.id, epoch=epoch, device=id_, person=who, at=at) for epoch in epochs]
    named = {"room": room.id, "consultation": room.consultation, "person": who, "device": id_.hex()}
    tx.key_reads.put(reads, entry(MALMO, "read", at, epochs=epochs, **named))


def receipt(tx: Tx, room: Room, key: RoomKey, device: DeviceSecret, who: PersonId, at: datetime) -> Room:
    """Somebody's own device says that everything was read."""
    sealed = seal_event(
        room_key=key,
        head=_head(room),
        secret=device,
        author=who,
        kind="receipt",
        plain=Plain(f"read {room.seq}".encode()),
        nonce=draw(12),
    )
    after = _append(tx, room, sealed, device)
    _told(tx, after, at)
    return after


def say(
    tx: Tx,
    c: Consultation,
    room: Room,
    key: RoomKey,
    who: PersonId,
    text: str,
    at: datetime,
    disclosure: Disclosure | None = None,
) -> tuple[Consultation, Room]:
    """One sealed message, disclosed or not."""
    said = seal_event(
        room_key=key,
        head=_head(room),
        secret=BRIDGE,
        author=who,
        kind=disclosure_kind(disclosure) if disclosure is not None else "said",
        plain=Plain(text.encode()),
        nonce=draw(12),
    )
    after = _append(tx, room, said)
    event = Said(at=at, author=who, seq=after.seq, digest=after.head.hex(), due=at + 3 * MINUTE)
    return happen(tx, c, event), after


def sign(tx: Tx, organisation: OrganisationId) -> str:
    """A checkpoint over the whole ledger; the note is kept and returned."""
    size = tx.ledger.size(organisation)
    head = Checkpoint(origin=SIGNERS.origin(organisation), size=size, root=tx.ledger.root(organisation))
    note = sign_checkpoint(head, LEDGER_KEY)
    tx.ledger.put_checkpoint(organisation, size, note)
    return note


def cosign(tx: Tx, organisation: OrganisationId, at: datetime = AT) -> str:
    """What the witness says of the newest checkpoint; the line is kept and returned."""
    note = tx.ledger.last_checkpoint(organisation)
    assert note is not None
    head = checkpoint_from_text(parse_note(note).text)
    line = sign_cosignature(head, name=WITNESS.name, key=WITNESS_KEY, at=int(at.timestamp()))
    tx.cosignatures.put(organisation, head.size, witness_id(WITNESS), line)
    return line


def populate(tx: Tx) -> None:
    """People, addresses, devices, rosters."""
    for number, who in enumerate((OFFICER, WORKER, OTHER, *CHIEFS)):
        phone = None if who == OTHER else f"070-17406{number + 10}"
        tx.people.put(person(who, name=f"{NAME} {number}", phone=phone), entry(POLISEN, "person", by="seed"))
    for who in (OFFICER, WORKER, OTHER):
        tx.people.link(address(who), entry(MALMO, "address"))
    populate_devices(tx)
    tx.rosters.replace(
        MALMO,
        "file",
        (shift("s-1"), shift("s-2", OTHER), shift("s-3", OTHER, AT + 24 * HOUR, AT + 30 * HOUR)),
        entry(MALMO, "roster"),
    )
    tx.rosters.replace(
        MALMO, "file", (shift("s-1"), shift("s-2", WORKER), shift("s-4")), entry(MALMO, "roster")
    )
    tx.rosters.override(override("o-1", on_duty=False), entry(MALMO, "override"))
    tx.rosters.override(override("o-2", on_duty=True), entry(MALMO, "override"))
    populate_feeds(tx)
    populate_coverage(tx)
    small_swaps.populate_swaps(tx, WORKER, OTHER, AT, entry(MALMO, "swap"))
    tx.people.put(person(OTHER, name="Ny Provsson"), entry(MALMO, "person", AT + SECOND, by="coordinator"))
    tx.people.unlink("telegram", OTHER, entry(MALMO, "address", AT + SECOND))
    tx.people.link(address(OTHER, b"o" * 32), entry(MALMO, "address", AT + SECOND))


def populate_feeds(tx: Tx) -> None:
    """A feed that is good, and one that failed and has ended."""
    for number, ended in enumerate((None, AT + HOUR)):
        feed = Feed(
            id=FeedId(f"f-{number}"),
            organisation=MALMO,
            label=f"Schema {number}",
            url=f"https://schema.example/{number}?token=hemlig",
            format=Format.ICS,
            every=15 * MINUTE,
            made=AT,
            by="seed",
        )
        tx.feeds.put(feed, entry(MALMO, "feed", by="seed"))
        found = Found(
            outcome=Outcome.GOOD, whole=True, etag='"e"', modified="then", digest="d" * 64, shifts=3
        )
        look = looked(feed, None, found, AT)
        tx.feeds.put_look(look, entry(MALMO, "feed"))
        if ended:
            failed = Found(outcome=Outcome.UNREACHABLE)
            tx.feeds.put_look(looked(feed, look, failed, AT + SECOND), entry(MALMO, "feed", AT + SECOND))
        tx.feeds.put(replace(feed, ended=ended), entry(MALMO, "feed", AT + MINUTE, by="seed"))


def populate_coverage(tx: Tx) -> None:
    """Tokens, one of them revoked, tests of a number, the last without an answer, and the sum of a week."""
    for number, revoked in enumerate((None, AT + HOUR)):
        token = Token(
            id=TokenId(f"t-{number}"),
            organisation=MALMO,
            digest=f"{number}" * 64,
            scope=Scope.CHAIN,
            label=f"Växel {number}",
            made=AT,
            by="seed",
            until=AT + 2160 * HOUR,
        )
        tx.tokens.put(token, entry(MALMO, "token", by="seed"))
        tx.tokens.put(replace(token, revoked=revoked), entry(MALMO, "token", AT + MINUTE, by="seed"))
    for at, answered in ((AT, True), (AT + HOUR, False)):
        test = NumberTest(number=NumberId("malmo-jour"), at=at, by="seed", answered=answered)
        tx.coverage.put_test(test, entry(MALMO, "number", at, by="seed"))
    for week, at in (("2026-W47", AT), ("2026-W48", AT + HOUR)):
        summary = Summary(organisation=MALMO, week=week, at=at)
        tx.coverage.put_summary(summary, entry(MALMO, "summary"))
    populate_readiness(tx)


def populate_readiness(tx: Tx) -> None:
    """A check that was answered on a device, one that failed, a drill that was seen and one that was not tried."""
    asked = Check(
        id="check-1",
        person=WORKER,
        starts=AT + 30 * MINUTE,
        stage=Stage.HALF_HOUR,
        organisation=MALMO,
        role=Role.SOCIAL_WORKER,
        outcome=CheckOutcome.ASKED,
        asked=AT,
        until=AT + 10 * MINUTE,
    )
    tx.readiness.put_check(asked, entry(MALMO, "readiness"))
    answered = replace(
        asked,
        outcome=CheckOutcome.ANSWERED,
        means="device",
        answered=AT + MINUTE,
        device="ab" * 32,
        skew=-1200,
    )
    tx.readiness.put_check(answered, entry(MALMO, "readiness", AT + MINUTE))
    failed = replace(
        asked, id="check-2", stage=Stage.START, outcome=CheckOutcome.FAILED, called="sms:no_phone", told=AT
    )
    tx.readiness.put_check(failed, entry(MALMO, "readiness", AT + 2 * MINUTE))
    bell = Drill(
        organisation=MALMO,
        step=StepId("dag"),
        day=AT.date(),
        person=WORKER,
        at=AT,
        until=AT + MINUTE,
        seen=AT + SECOND,
    )
    tx.readiness.put_drill(bell, entry(MALMO, "drill"))
    nobody = replace(bell, step=StepId("kvall"), person=PersonId(""), seen=None, skipped=Skipped.NOBODY)
    tx.readiness.put_drill(nobody, entry(MALMO, "drill"))


def ring(
    tx: Tx,
    id_: str,
    did: Did,
    *,
    about: str | None = "c-1",
    of: str = "",
    number: int = 0,
    at: datetime = AT,
    ledger: OrganisationId = MALMO,
) -> Ring:
    """Something that was done to wake the worker, for a talk or for none. `ledger`: on which it is told."""
    made = Ring(
        id=id_,
        purpose=Purpose.OFFER if about else Purpose.READINESS,
        ref=f"{about}-1" if about else "s-1",
        number=number or (2 if of else 1),
        person=WORKER,
        organisation=MALMO,
        consultation=ConsultationId(about) if about else None,
        means=Means.SMS,
        did=did,
        at=at,
        of=of,
    )
    tx.rings.put(made, entry(ledger, "ring", at, **{n: v for n, v in told(made).items() if n != "at"}))
    return made


def rings(tx: Tx) -> None:
    """A call and what came of it, of a talk and of none."""
    ring(tx, "ring-1", Did.CALLED)
    ring(tx, "ring-2", Did.DELIVERED, of="ring-1", at=AT + SECOND)
    ring(tx, "ring-3", Did.CALLED, about=None, at=AT + SECOND)


def populate_devices(tx: Tx) -> None:
    """Roots that introduce each other, the bridge, the chiefs, one of the police, and a directory of each."""
    both = ((MALMO, POLISEN), (POLISEN, MALMO))
    for organisation, _ in both:
        small_devices.put_root(tx, organisation, entry(organisation, "root"))
    enrolled = [small_devices.device_of(BRIDGE, MALMO, None, Right.BRIDGE, AT)]
    enrolled += [
        small_devices.device_of(device, MALMO, who, Right.SHARES | Right.APPROVE, AT)
        for who, device in CHIEF_DEVICES.items()
    ]
    enrolled.append(small_devices.device_of(OFFICER_DEVICE, POLISEN, OFFICER, Right.MEMBER, AT))
    enrolled.append(small_devices.device_of(SPARE_DEVICE, MALMO, CHIEFS[2], Right.SHARES, AT))
    for device in enrolled:
        first, second, third = (entry(device.organisation, "device") for _ in range(3))
        small_devices.certify(tx, device, (first, second, third))
    for organisation, other in both:
        small_devices.put_introduction(tx, organisation, other, entry(organisation, "introduction"))
        small_devices.publish(tx, entry(organisation))
    tx.devices.put_invitation(small_devices.invitation(b"i", MALMO, WORKER, AT + HOUR), entry(MALMO))
    tx.devices.put_invitation(small_devices.invitation(b"j", POLISEN, OFFICER, AT + HOUR), entry(POLISEN))
    tx.passkeys.put(small_devices.passkey(b"k", WORKER, AT), entry(MALMO))
    tx.passkeys.put(small_devices.passkey(b"l", OFFICER, AT), entry(POLISEN))


def post(number: int) -> Post:
    """A post of Malmö's."""
    return Post(
        id=PostId(f"post-{number}"),
        organisation=MALMO,
        function=Role.SOCIAL_WORKER,
        percent=100,
        placement="ungdomssektionen",
        since=date(2020, 1, number),
        basis="a test",
    )


def whole_night(tx: Tx) -> None:
    """Two rooms talked in, one of them handed over; one waiting; one erased; everything else that rows are for."""
    populate(tx)
    for ledger in (MALMO, POLISEN):
        sign(tx, ledger)
        cosign(tx, ledger)
    _talk(tx, "c-1", AT + MINUTE)
    _talk(tx, "c-2", AT + 10 * MINUTE)
    rings(tx)
    seeking(tx, "c-3", ("c-3-1", "c-3-2"), AT + 20 * MINUTE)
    gone = _talk(tx, "c-4", AT + 25 * MINUTE), withdrawn(tx, "c-5", AT + 30 * MINUTE)
    more = withdrawn(tx, "c-6", AT + 30 * MINUTE)
    ring(tx, "ring-4", Did.SEEN, about="c-4", at=AT + 26 * MINUTE)
    erase(tx, *gone, at=AT + 40 * MINUTE)
    erase(tx, more, at=AT + 41 * MINUTE)
    for minutes, (held, decision) in enumerate((("c-1", "PROV 1"), ("c-1", "PROV 2"), ("c-2", "PROV 1"))):
        hold(tx, held, decision, AT + HOUR + minutes * MINUTE)
    tx.retention.drop_hold(ConsultationId("c-2"), "PROV 1", entry(MALMO, "hold", AT + HOUR))
    for ledger, seen in ((MALMO, AT + 40 * MINUTE), (POLISEN, AT + 41 * MINUTE)):
        tx.retention.put_look(ledger, seen, entry(ledger, "retention", seen))
    again = [Place(room=RoomId("r-c-2"), epoch=epoch) for epoch in (1, 2)]
    small_openings.deal_again(tx, CHIEF_DEVICES, again, AT + 50 * MINUTE)
    for place in again:
        device = CHIEF_DEVICES[CHIEFS[2]]
        small_openings.hand_on(tx, place, CHIEFS[2], device, SPARE_DEVICE, AT + 51 * MINUTE)
    for minutes, opened in ((52, "c-1"), (53, "c-2")):
        small_openings.open_talk(tx, CHIEF_DEVICES, opened, AT + minutes * MINUTE)
    ask_curators(tx, "2026-11-20", b"q" * 16, b"r" * 16, devices=tuple(CHIEF_DEVICES.values())[:2])
    tx.publishing.put_digest("c" * 64, AT, entry(POLISEN, "published", AT))
    tx.publishing.put_digest("d" * 64, AT + HOUR, entry(POLISEN, "published", AT + HOUR))
    for article, at in (("A01", AT), ("B03", AT + HOUR)):
        told = {(ArticleId(article), date(2027, 5, 22))}
        tx.publishing.put_told(told, at, entry(POLISEN, "freshness", at))
    for number in (1, 2):
        tx.posts.put(post(number), entry(MALMO, "post", AT))
        small_graves.tell(tx, number, (WORKER, CHIEFS[0])[number - 1], OFFICER, entry(MALMO, "grave"))
    tx.posts.put(post(3), entry(MALMO, "post", AT))
    tx.posts.drop(post(3).id, entry(MALMO, "post", AT + HOUR))
    tx.ledger.append(entry(POLISEN, "content", AT + HOUR, digest="d" * 64))
    for ledger in (MALMO, POLISEN):
        sign(tx, ledger)
        cosign(tx, ledger, AT + HOUR)
    tx.inbox.put(arrival("1"))
    tx.outbox.put(saying("w-1"))
    tx.outbox.put_spot(
        Spot(person=OFFICER, channel="telegram", key="show:c-1", native_id="7", digest=b"s" * 32)
    )
    tx.sendings.put(Sending(id=b"s" * 32, what=b"w" * 32, answer=b"{}", at=AT))
    tx.people.issue(Ticket(digest=b"t" * 32, purpose="link", person=OFFICER, expires=AT + HOUR))
    tx.people.open_session(Session(digest=b"s" * 32, person=OFFICER, created=AT, expires=AT + HOUR))


def one_night(tx: Tx) -> None:
    """The same with as little as there can be: one talk with a handover, one that waits, one that was erased.

    For tests that look at each stored byte: every table that the ledger answers for has rows, and few.
    """
    populate(tx)
    for ledger in (MALMO, POLISEN):
        sign(tx, ledger)
        cosign(tx, ledger)
    _talk(tx, "c-1", AT + MINUTE)
    ring(tx, "ring-1", Did.DELIVERED, of="ring-0")
    seeking(tx, "c-3", ("c-3-1",), AT + 20 * MINUTE)
    erase(tx, withdrawn(tx, "c-5", AT + 30 * MINUTE), at=AT + 40 * MINUTE)
    hold(tx, "c-1", "PROV 1")
    again = Place(room=RoomId("r-c-1"), epoch=2)
    small_openings.deal_again(tx, CHIEF_DEVICES, [again], AT + 50 * MINUTE)
    device = CHIEF_DEVICES[CHIEFS[2]]
    small_openings.hand_on(tx, again, CHIEFS[2], device, SPARE_DEVICE, AT + 51 * MINUTE)
    small_openings.open_talk(tx, CHIEF_DEVICES, "c-1", AT + 52 * MINUTE)
    ask_curators(tx, "2026-11-20", b"q" * 16, devices=(CHIEF_DEVICES[CHIEFS[0]],))
    tx.publishing.put_digest("c" * 64, AT, entry(POLISEN, "published", AT))
    tx.publishing.put_digest("d" * 64, AT + HOUR, entry(POLISEN, "published", AT + HOUR))
    tx.publishing.put_told(
        {(ArticleId("A01"), date(2027, 5, 22))}, AT + HOUR, entry(POLISEN, "freshness", AT + HOUR)
    )
    tx.posts.put(post(1), entry(MALMO, "post", AT + HOUR))
    small_graves.tell(tx, 1, WORKER, OFFICER, entry(MALMO, "grave"))
    _replace_device(tx, OFFICER_DEVICE, AT + 53 * MINUTE)
    for ledger in (MALMO, POLISEN):
        tx.retention.put_look(ledger, AT + HOUR, entry(ledger, "retention", AT + HOUR))
        sign(tx, ledger)
        cosign(tx, ledger, AT + HOUR)


def ask_curators(tx: Tx, day: str, *ids: bytes, devices: tuple[DeviceSecret, ...]) -> None:
    """Questions of a day that is over, each sealed to every device; and how many there were."""
    for id_ in ids:
        tx.questions.put([_question(id_, day, device) for device in devices])
        tx.questions.count(MALMO, day, QuestionKind.UNSURE, ArticleId("A01"))
    tx.questions.count(MALMO, day, QuestionKind.NOTHING, None)
    tx.questions.close_day(MALMO, day, entry(MALMO, "question", AT), entry(MALMO, "question", AT))


def _question(id_: bytes, day: str, device: DeviceSecret) -> SealedQuestion:
    sealed = seal_question(device.public, organisation=MALMO, day=day, id_=id_.hex(), body=Plain(b"hur ofta"))
    return SealedQuestion(id=id_, device=device.public.device_id, organisation=MALMO, day=day, blob=sealed)


def _replace_device(tx: Tx, secret: DeviceSecret, at: datetime) -> None:
    """A device is revoked, and what invited its owner to another was taken."""
    device = tx.devices.get(secret.public.device_id)
    assert device is not None
    own, whole = device.organisation, at.replace(microsecond=0)
    gone = replace(device, state=DeviceState.REVOKED, revoked_at=whole)
    tx.devices.put(gone, entry(own, "device", at))
    small_devices.publish(tx, entry(own, at=at))
    taken = replace(small_devices.invitation(b"j", own, OFFICER, AT + HOUR), redeemed_at=at, device=device.id)
    tx.devices.put_invitation(taken, entry(own, at=at))


def _talk(tx: Tx, id_: str, at: datetime) -> Consultation:
    asked = Asked(at=at, officer=OFFICER, organisation=POLISEN, until=at + HOUR)
    c = happen(tx, new(id_), asked, POLISEN)
    c = happen(tx, c, Answered(at=at, article=ArticleId("A01"), until=at + HOUR), POLISEN)
    c = happen(tx, c, referred(at))
    c = happen(tx, c, offered(f"{id_}-1", WORKER, at))
    c = happen(tx, c, Declined(at=at + SECOND, offer=OfferId(f"{id_}-1")))
    c = happen(tx, c, offered(f"{id_}-2", OTHER, at + SECOND))
    start = genesis(f"r-{id_}")
    room = Room(id=RoomId(f"r-{id_}"), consultation=c.id, organisation=MALMO, epoch=0, seq=0, head=start.hash)
    tx.rooms.create(room)
    room, key = begin_epoch(tx, room, at + 2 * SECOND)
    accepted = Accepted(at=at + 2 * SECOND, offer=OfferId(f"{id_}-2"), room=room.id, answer_by=at + MINUTE)
    c = happen(tx, c, accepted)
    c, room = say(tx, c, room, key, OTHER, "Hej, vad gäller det?", at + 3 * SECOND)
    c, room = say(tx, c, room, key, OFFICER, "En fråga om ett barn.", at + 4 * SECOND)
    first, (room, key) = key, begin_epoch(tx, room, at + 5 * SECOND, OFFICER_DEVICE)
    room = give(tx, room, [first], OFFICER_DEVICE, at + 5 * SECOND)
    given = OfferId(f"{id_}-3")
    c = happen(tx, c, HandedOver(at=at + 5 * SECOND, to=WORKER, answer_by=at + MINUTE, offer=given))
    hand_over(tx, c.id, at + 5 * SECOND)
    read_keys(tx, room, [1, 2], OFFICER_DEVICE, OFFICER, at + 5 * SECOND)
    c, room = say(tx, c, room, key, WORKER, "Jag tar över.", at + 6 * SECOND)
    receipt(tx, room, key, OFFICER_DEVICE, OFFICER, at + 7 * SECOND)
    c = name(tx, c, room, key, at + 8 * SECOND)
    return happen(tx, c, Closed(at=at + MINUTE, by=OFFICER, ending=Ending.ADVICE))


def name(tx: Tx, c: Consultation, room: Room, key: RoomKey, at: datetime) -> Consultation:
    """Somebody is named, and something is disclosed of them: both are entered in the register."""
    entered = RegisterId(f"{c.id}-named")
    c = happen(tx, c, Identified(at=at, by=OFFICER, register=entered))
    register(tx, c, entered, at)
    given = Disclosure(direction=Direction.TO_POLICE, ground=GroundId("sol-15-7"))
    c, _ = say(tx, c, tx.rooms.get(room.id) or room, key, WORKER, "Ja.", at, given)
    register(tx, c, RegisterId(f"{c.id}-given"), at, given)
    return c


def register(
    tx: Tx, c: Consultation, id_: RegisterId, at: datetime, disclosure: Disclosure | None = None
) -> None:
    """An entry in the register of Malmö."""
    kind = RegisterKind.IDENTIFIED if disclosure is None else RegisterKind.DISCLOSURE
    made = Register(id=id_, consultation=c.id, organisation=MALMO, at=at, kind=kind, disclosure=disclosure)
    tx.registers.put(made, entry(MALMO, "register", at))


def hand_over(tx: Tx, id_: ConsultationId, at: datetime) -> None:
    """What was handed over and promised, as rows."""
    handed = Handed(
        id=HandoverId(f"h-{id_}"),
        consultation=id_,
        giver=OTHER,
        receiver=WORKER,
        at=at,
        talks=1,
        unread=1,
        promised=1,
    )
    named = {"consultation": id_, "handover": handed.id}
    tx.handovers.promise(
        id_,
        (Promise(kind=PromiseKind.CALL, due=at + HOUR),),
        OTHER,
        entry(MALMO, "promise", at, consultation=id_),
    )
    tx.handovers.put(handed, entry(MALMO, "handover", at, **named))


def erase(tx: Tx, *gone: Consultation, at: datetime, again: str | None = None) -> Certificate:
    """These, all of Malmö, are erased by a certificate of that instant, as `retention_erase` does it."""
    entries = sorted(
        (one for c in gone for one in tx.retention.about(c.id)),
        key=lambda one: (one.organisation, one.number),
    )
    ledgers = {
        o: [one for one in entries if one.organisation == o] for o in {e.organisation for e in entries}
    }
    certificate = Certificate(
        id=draw(16).hex(),
        organisation=MALMO,
        kept_as="unnamed",
        at=instant(at),
        closed=(instant(at - HOUR), instant(at - MINUTE)),
        again=again,
        ledgers=tuple(
            ErasedFrom(
                organisation=o,
                count=len(theirs),
                first=theirs[0].number,
                last=theirs[-1].number,
                root=log.root_of(one.leaf for one in theirs),
                decision=f"PROV 2026/{len(theirs)}",
            )
            for o, theirs in sorted(ledgers.items())
        ),
        consultations=tuple(sorted(c.id for c in gone)),
    )
    note = sign_certificate(certificate, origin=SIGNERS.origin(MALMO), key=LEDGER_KEY)
    tx.retention.blank(entries, certificate.id, at)
    tx.retention.remove(gone)
    tx.retention.put_certificate(certificate.id, note)
    for c in gone:
        assert c.begun_at is not None
        event = Erased(at=at, certificate=certificate.id, ending=c.ending, begun_at=c.begun_at)
        happen(tx, c, event, c.organisation or MALMO)
    for o, theirs in ledgers.items():
        named = {"certificate": certificate.id, "note": note_digest(note)}
        numbers = ranges(one.number for one in theirs)
        tx.ledger.append(entry(o, "erasure", at, numbers=numbers, **named))
    return certificate


def withdrawn(tx: Tx, id_: str, at: datetime) -> Consultation:
    """Somebody was asked, and then no longer."""
    c = seeking(tx, id_, (f"{id_}-1",), at)
    return happen(tx, c, Closed(at=at + SECOND, by=OFFICER, ending=Ending.CANCELLED))


def hold(tx: Tx, id_: str, decision: str, at: datetime = AT + HOUR) -> None:
    """The consultation is not to be erased."""
    held = Hold(consultation=ConsultationId(id_), decision=decision, since=at, by="p-chief-1")
    tx.retention.put_hold(held, entry(MALMO, "hold", at))


def _head(room: Room) -> seal.Head:
    return seal.Head(room=room.id, epoch=room.epoch, seq=room.seq, hash=room.head)


def _told(tx: Tx, room: Room, at: datetime) -> None:
    named = {"room": room.id, "consultation": room.consultation, "epoch": room.epoch}
    tx.ledger.append(entry(MALMO, "room", at, seq=room.seq, hash=room.head.hex(), **named))


def _append(tx: Tx, room: Room, event: seal.Event, device: DeviceSecret | None = None) -> Room:
    head = check_event(event, _head(room), (device or BRIDGE).public)
    assert (event.kind == EPOCH_KIND) == (head.epoch > room.epoch)
    after = replace(room, epoch=head.epoch, seq=head.seq, head=head.hash)
    tx.rooms.append(room, after, seal.to_sealed(event))
    return after
