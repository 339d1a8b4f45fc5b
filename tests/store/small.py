"""A small world for the store: one officer, two workers, three chiefs, a night that fills every table."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count

from bot.core.codec import consultation_body, instant_to_text, to_json
from bot.core.consultation import Consultation, step
from bot.core.events import (
    Accepted,
    Answered,
    Asked,
    Closed,
    DeadlinePassed,
    Declined,
    Ending,
    Event,
    HandedOver,
    Offered,
    Referred,
    Said,
)
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
from bot.core.request import Matter, Need, Offer, Request, Urgency
from bot.core.roster import Override, OverrideId, Shift, ShiftId
from bot.flow.ports import Tx
from bot.flow.records import Address, Arrival, Device, Entry, Kind, Room, Saying, Session, Spot, Ticket
from bot.flow.verify_ledger import Signers
from bot.seal import event as seal
from bot.seal import threshold
from bot.seal.checkpoint import Checkpoint, sign_checkpoint
from bot.seal.epoch import start_epoch
from bot.seal.event import EPOCH_KIND, check_event, genesis, seal_event
from bot.seal.field import FieldKey
from bot.seal.keys import DevicePublic, make_device, public_to_bytes
from bot.seal.plain import Plain, Sealed
from bot.seal.room import RoomKey, seal_room_key
from bot.seal.signing import signing_key
from bot.store.cipher import FieldCipher

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
BRIDGE = make_device(b"b" * 64)
CHIEF_DEVICES = {person: make_device(bytes([number]) * 64) for number, person in enumerate(CHIEFS, start=1)}
SIGNERS = Signers(origin=lambda o: f"localhost:8400/{o}", publics=(LEDGER_KEY.public,))
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


def begin_epoch(tx: Tx, room: Room, at: datetime = AT) -> tuple[Room, RoomKey]:
    """The room's next epoch: event, sealed key, escrow, ledger entry."""
    key = RoomKey(room=room.id, epoch=room.epoch + 1, key=draw(32))
    sealed = {BRIDGE.public.device_id: seal_room_key(key, BRIDGE.public)}
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
    tx.rooms.put_key(room.id, after.epoch, BRIDGE.public.device_id, sealed[BRIDGE.public.device_id])
    tx.rooms.put_escrow(room.id, after.epoch, MALMO, threshold.to_sealed(escrow))
    facts = {"room": room.id, "consultation": room.consultation, "seq": after.seq, "hash": after.head.hex()}
    tx.ledger.append(entry(MALMO, "room", at, epoch=after.epoch, **facts))
    return after, key


def say(
    tx: Tx, c: Consultation, room: Room, key: RoomKey, who: PersonId, text: str, at: datetime
) -> tuple[Consultation, Room]:
    """One sealed message."""
    said = seal_event(
        room_key=key,
        head=_head(room),
        secret=BRIDGE,
        author=who,
        kind="said",
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


def populate(tx: Tx) -> None:
    """People, addresses, devices, rosters."""
    for number, who in enumerate((OFFICER, WORKER, OTHER, *CHIEFS)):
        phone = None if who == OTHER else f"070-17406{number + 10}"
        tx.people.put(person(who, name=f"{NAME} {number}", phone=phone), entry(POLISEN, "person", by="seed"))
    for who in (OFFICER, WORKER, OTHER):
        tx.people.link(address(who), entry(MALMO, "address"))
    _put_device(tx, "bridge", BRIDGE.public, None)
    for who, device in CHIEF_DEVICES.items():
        _put_device(tx, "supervisor", device.public, who)
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
    tx.people.put(person(OTHER, name="Ny Provsson"), entry(MALMO, "person", AT + SECOND, by="coordinator"))
    tx.people.unlink("telegram", OTHER, entry(MALMO, "address", AT + SECOND))
    tx.people.link(address(OTHER, b"o" * 32), entry(MALMO, "address", AT + SECOND))


def _put_device(tx: Tx, kind: str, public: DevicePublic, who: PersonId | None) -> None:
    device = Device(
        id=public.device_id,
        kind=kind,
        organisation=MALMO,
        person=who,
        public=public_to_bytes(public),
        active=True,
    )
    tx.people.put_device(device, entry(MALMO, "device"))


def whole_night(tx: Tx) -> None:
    """Two rooms talked in, one of them handed over; one waiting; one erased; everything else that rows are for."""
    populate(tx)
    for ledger in (MALMO, POLISEN):
        sign(tx, ledger)
    _talk(tx, "c-1", AT + MINUTE)
    _talk(tx, "c-2", AT + 10 * MINUTE)
    seeking(tx, "c-3", ("c-3-1", "c-3-2"), AT + 20 * MINUTE)
    _erase(tx, "c-4", AT + 30 * MINUTE)
    _erase(tx, "c-5", AT + 30 * MINUTE)
    tx.ledger.append(entry(POLISEN, "content", AT + HOUR, digest="d" * 64))
    for ledger in (MALMO, POLISEN):
        sign(tx, ledger)
    tx.inbox.put(arrival("1"))
    tx.outbox.put(saying("w-1"))
    tx.outbox.put_spot(
        Spot(person=OFFICER, channel="telegram", key="show:c-1", native_id="7", digest=b"s" * 32)
    )
    tx.people.issue(Ticket(digest=b"t" * 32, purpose="link", person=OFFICER, expires=AT + HOUR))
    tx.people.open_session(Session(digest=b"s" * 32, person=OFFICER, created=AT, expires=AT + HOUR))


def _talk(tx: Tx, id_: str, at: datetime) -> None:
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
    room, key = begin_epoch(tx, room, at + 5 * SECOND)
    c = happen(tx, c, HandedOver(at=at + 5 * SECOND, to=WORKER, answer_by=at + MINUTE))
    c, room = say(tx, c, room, key, WORKER, "Jag tar över.", at + 6 * SECOND)
    happen(tx, c, Closed(at=at + MINUTE, by=OFFICER, ending=Ending.ADVICE))


def _erase(tx: Tx, id_: str, at: datetime) -> None:
    c = seeking(tx, id_, (f"{id_}-1",), at)
    c = happen(tx, c, Closed(at=at + SECOND, by=OFFICER, ending=Ending.CANCELLED, erase_at=at + MINUTE))
    happen(tx, c, DeadlinePassed(at=at + MINUTE, due=at + MINUTE), MALMO)


def _head(room: Room) -> seal.Head:
    return seal.Head(room=room.id, epoch=room.epoch, seq=room.seq, hash=room.head)


def _append(tx: Tx, room: Room, event: seal.Event) -> Room:
    head = check_event(event, _head(room), BRIDGE.public)
    assert (event.kind == EPOCH_KIND) == (head.epoch > room.epoch)
    after = replace(room, epoch=head.epoch, seq=head.seq, head=head.hash)
    tx.rooms.append(room, after, seal.to_sealed(event))
    return after
