"""Turns what the flow gives into what the routes of rooms answer, and what they are given into bytes."""

from collections.abc import Mapping, Sequence

from bot.core.consultation import WAITING, Consultation
from bot.core.disclosures import Direction
from bot.core.finding import Found
from bot.core.ids import PersonId
from bot.core.registers import Register
from bot.core.request import Offer, Request
from bot.core.retention import class_of
from bot.core.secrecy_policy import Offered, read_on
from bot.flow.find import how, title, told
from bot.flow.handover import Given, Receiver
from bot.flow.records import Room
from bot.flow.records_devices import Device
from bot.flow.records_talks import KeptKey
from bot.flow.referred import target_of
from bot.flow.refusals import Code, Refused
from bot.flow.room_epochs import Opening, Plan, opening_from
from bot.flow.room_reading import View
from bot.flow.take_over import Takeable
from bot.flow.words import Words
from bot.seal.errors import Malformed
from bot.seal.event import Head
from bot.seal.plain import Sealed
from bot.seal.wire import from_base64url, to_base64url
from bot.web import room_models as models
from bot.web.shapes import RoomHead


def read_bytes(text: str) -> bytes:
    """Bytes of their one spelling. Raises Refused for any other."""
    try:
        return from_base64url(text)
    except Malformed as error:
        raise Refused(Code.BAD_SEAL) from error


def read_opening(asked: models.NewEpoch) -> Opening:
    """What begins an epoch. Raises Refused, also where a device or an organisation comes twice."""
    keys = {read_bytes(one.device): read_bytes(one.key) for one in asked.keys}
    escrows = {one.organisation: read_bytes(one.escrow) for one in asked.escrows}
    if (len(keys), len(escrows)) != (len(asked.keys), len(asked.escrows)):
        raise Refused(Code.BAD_SEAL)
    return opening_from(read_bytes(asked.event), keys, escrows)


def read_grant(asked: models.NewGrant) -> Given:
    """A grant with its keys. Raises Refused, also where an epoch comes twice."""
    keys = {one.epoch: Sealed(content=read_bytes(one.key)) for one in asked.keys}
    if len(keys) != len(asked.keys):
        raise Refused(Code.BAD_SEAL)
    return Given(content=read_bytes(asked.event), keys=keys)


def head(of: Room | Head) -> RoomHead:
    """Where a room stands."""
    hashed = of.head if isinstance(of, Room) else of.hash
    return RoomHead(epoch=of.epoch, seq=of.seq, hash=to_base64url(hashed))


def wish(words: Words, request: Request) -> models.Wish:
    """What was asked for."""
    return models.Wish(
        district=request.district,
        place=words.district(request),
        matter=request.matter,
        need=request.need,
        urgency=request.urgency,
        at=request.at,
        interview_at=request.interview_at,
        decision=request.decision,
    )


def consultation(
    words: Words, c: Consultation, me: PersonId, receipt: Register | None = None
) -> models.ConsultationAnswer:
    """A consultation as one of its two sees it. `receipt`: that somebody was named in it."""
    assert c.request is not None
    assert c.organisation is not None
    return models.ConsultationAnswer(
        consultation=c.id,
        state=c.state,
        organisation=c.organisation,
        role=_role(c, me),
        request=wish(words, c.request),
        room=c.room,
        identified=c.identified,
        owed=c.owed,
        due=c.due,
        said=c.said,
        asked=tuple(dict.fromkeys(words.who(c, offer) for offer in c.pending)),
        function=words.holder(c) if c.holder is not None else None,
        ending=c.ending,
        target=target(words, found) if (found := target_of(words.content, c)) is not None else None,
        receipt=_receipt(receipt, c) if receipt is not None else None,
        call=_call(words, c) if c.state in WAITING else None,
    )


def _receipt(entry: Register, c: Consultation) -> models.ReceiptAnswer:
    return models.ReceiptAnswer(
        entry=entry.id, at=entry.at, organisation=entry.organisation, kept_as=class_of(c)
    )


def _call(words: Words, c: Consultation) -> models.Call:
    number = words.first_number(words.owner(c))
    return models.Call(label=number["label"], number=number["number"])


def grounds(words: Words, found: Mapping[Direction, Sequence[Offered]]) -> models.GroundsAnswer:
    """The grounds that can be chosen, in the reader's language."""
    return models.GroundsAnswer(
        directions=tuple(
            models.DirectionAnswer(direction=direction, grounds=tuple(_ground(words, one) for one in offered))
            for direction, offered in found.items()
        )
    )


def _ground(words: Words, found: Offered) -> models.GroundAnswer:
    ground = found.ground
    assert ground.says is not None  # what is offered says when it holds
    return models.GroundAnswer(
        ground=ground.id,
        label=words.label(ground.label),
        basis=ground.basis,
        read=read_on(words.content.law, ground),
        says=words.label(ground.says),
        routines=tuple(words.label(says) for says in found.routines),
    )


def target(words: Words, found: Found) -> models.TargetAnswer:
    """Something that an officer can be referred to."""
    assert found.entry is not None
    does = told(words, found.entry.does)
    return models.TargetAnswer(target=found.id, label=title(words, found), does=does, reach=how(words, found))


def takeable(words: Words, one: Takeable, plan_: models.PlanAnswer | None = None) -> models.TakeableAnswer:
    """A colleague's talk that can be taken over."""
    assert one.c.request is not None
    return models.TakeableAnswer(
        offer=one.taken.id,
        consultation=one.c.id,
        because=one.because,
        due=one.c.due if one.c.owed else None,
        function=words.holder(one.c),
        request=wish(words, one.c.request),
        plan=plan_,
    )


def offer(
    words: Words, c: Consultation, found: Offer, plan_: models.PlanAnswer | None = None
) -> models.Offered:
    """An offer that waits."""
    assert c.request is not None
    return models.Offered(
        offer=found.id,
        consultation=c.id,
        at=found.at,
        until=found.until,
        request=wish(words, c.request),
        plan=plan_,
    )


def plan(found: Plan, devices: Mapping[bytes, Device], bridge: bytes) -> models.PlanAnswer:
    """What the next epoch must be. `devices`: the recipients."""
    return models.PlanAnswer(
        room=found.room.id,
        head=head(found.room),
        recipients=tuple(
            models.PlannedDevice(
                device=to_base64url(id_),
                organisation=device.organisation,
                person=found.members.devices.get(id_),
                bridge=id_ == bridge,
            )
            for id_, device in sorted(devices.items())
        ),
        escrows=tuple(
            models.PlannedEscrow(
                organisation=seats.organisation,
                t=seats.t,
                seats=tuple(
                    models.PlannedSeat(person=person, devices=tuple(to_base64url(d.id) for d in theirs))
                    for person, theirs in seats.people
                ),
            )
            for seats in found.escrows
        ),
    )


def room(found: View, plan_: models.PlanAnswer | None) -> models.RoomAnswer:
    """A room as one of its members sees it."""
    c, owners = found.c, {id_: one.person for one in found.sharers for id_, _ in one.devices}
    return models.RoomAnswer(
        room=found.room.id,
        consultation=c.id,
        organisation=found.room.organisation,
        state=c.state,
        identified=c.identified,
        owed=c.owed,
        due=c.due,
        head=head(found.room),
        epochs=tuple(models.BegunEpoch(epoch=epoch, seq=seq) for epoch, seq in found.epochs),
        members=tuple(
            models.RoomMember(
                person=one.person,
                role="officer" if one.is_officer else "holder",
                devices=tuple(
                    models.MemberDevice(device=to_base64url(id_), organisation=organisation)
                    for id_, organisation in one.devices
                ),
                bridged=one.bridged,
            )
            for one in found.sharers
        ),
        recipients=tuple(to_base64url(id_) for id_ in found.recipients),
        bridge=to_base64url(found.bridge) if found.bridge is not None else None,
        history=tuple(
            models.MissingHistory(device=to_base64url(id_), person=owners[id_], epochs=epochs)
            for id_, epochs in sorted(found.history.items())
        ),
        organisations=found.organisations,
        rekey=plan_ is not None,
        plan=plan_,
    )


def key(kept: KeptKey) -> models.KeptKeyAnswer:
    """One key as it was sealed to the device that asks."""
    return models.KeptKeyAnswer(epoch=kept.epoch, seq=kept.seq, key=to_base64url(kept.blob.content))


def receiver(found: Receiver) -> models.ReceiverAnswer:
    """Somebody who can be given the talk."""
    return models.ReceiverAnswer(
        person=found.person.id,
        name=found.person.name,
        role=found.posting.role,
        organisation=found.posting.organisation,
        grants=tuple(
            models.DueGrant(device=to_base64url(device.id), organisation=device.organisation, epochs=epochs)
            for device, epochs in found.grants
        ),
    )


def _role(c: Consultation, me: PersonId) -> str:
    return "officer" if c.officer == me else "holder"
