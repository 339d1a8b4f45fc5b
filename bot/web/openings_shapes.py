"""Turns what the flow gives of openings and seats into what the routes answer, and what they take into places."""

import re
from typing import Final

from bot.core.errors import BadInput
from bot.core.ids import RoomId
from bot.core.openings_policy import Offered
from bot.flow import opening_words
from bot.flow.opening_list import Shown, Whole
from bot.flow.opening_pass import Came
from bot.flow.opening_read import Kept
from bot.flow.opening_ready import Safety
from bot.flow.opening_redeal import Dealt, Seating
from bot.flow.opening_seats import Held
from bot.flow.records_openings import HandOn, PassedShare, Place, Redealt, Sitting
from bot.flow.words import Words
from bot.seal.passing import join_passed, passed_to_bytes, read_pass
from bot.web import openings_models as models

_PLACE: Final = re.compile(r"([^:]{1,255}):([1-9][0-9]{0,9})")


def place_of(text: str | None) -> Place | None:
    """The page's beginning in the query, as an answer's `next` had it. Raises BadInput for anything else."""
    if text is None:
        return None
    found = _PLACE.fullmatch(text)
    if found is None:
        raise BadInput("that is no page")
    return Place(room=RoomId(found[1]), epoch=int(found[2]))


def came(asked: models.NewShares) -> tuple[Came, ...]:
    """Shares as they came."""
    return tuple(
        Came(place=Place(room=RoomId(one.room), epoch=one.epoch), content=one.passed) for one in asked.shares
    )


def dealt(asked: models.NewRedeals) -> tuple[Dealt, ...]:
    """New escrows as they came."""
    return tuple(
        Dealt(place=Place(room=RoomId(one.room), epoch=one.epoch), statement=one.redeal, escrow=one.escrow)
        for one in asked.redeals
    )


def purpose(words: Words, offered: Offered) -> models.PurposeAnswer:
    """A purpose with its grounds."""
    return models.PurposeAnswer(
        purpose=offered.purpose.id,
        label=words.label(offered.purpose.label),
        gives=offered.purpose.gives,
        minutes=offered.purpose.minutes,
        grounds=tuple(
            models.GroundAnswer(
                ground=ground.id,
                label=words.label(ground.label),
                says=None if ground.says is None else words.label(ground.says),
            )
            for ground in offered.grounds
        ),
    )


def opening(words: Words, shown: Shown) -> models.OpeningAnswer:
    """An opening as one supervisor sees it."""
    one = shown.opening
    return models.OpeningAnswer(
        opening=one.id,
        organisation=one.organisation,
        room=one.room,
        person=one.person,
        name=shown.name,
        mine=shown.mine,
        purpose=one.purpose,
        purpose_label=opening_words.purpose(words, one.purpose),
        ground=one.ground,
        ground_label=opening_words.ground(words, one.ground),
        gives=one.gives,
        asked_at=one.asked_at,
        until=one.until,
        opened_at=one.opened_at,
        ended_at=one.ended_at,
        ended=one.ended,
        helpers=shown.helpers,
        left=shown.left,
    )


def whole(words: Words, found: Whole) -> models.OpeningDetail:
    """An opening with its epochs."""
    return models.OpeningDetail(
        opening=opening(words, found.shown),
        request=found.shown.opening.request,
        asker=found.asker.id.hex(),
        asker_public=found.asker.public,
        directory=found.directory,
        epochs=tuple(_epoch(one) for one in found.epochs),
        next=following(found.following),
    )


def material(kept: Kept) -> models.MaterialEpoch:
    """An epoch with the shares that count."""
    return models.MaterialEpoch(
        room=kept.place.room,
        epoch=kept.place.epoch,
        began=kept.began.content,
        escrow=kept.escrow.content,
        redeals=_redeals(kept.redeals),
        hand_ons=_hand_ons(kept.hand_ons),
        shares=tuple(_share(one) for one in kept.standing if one.blob is not None),
    )


def seating(found: Seating) -> tuple[models.SeatingAnswer, ...]:
    """Who must be seated."""
    return tuple(
        models.SeatingAnswer(person=person, devices=tuple(device.hex() for device in devices))
        for person, devices in found
    )


def held(found: Held) -> models.HeldEpoch:
    """An epoch where one holds a seat."""
    place, began, escrow, redeals, hand_ons, sitting = found
    return models.HeldEpoch(
        room=place.room,
        epoch=place.epoch,
        began=began.content,
        escrow=escrow.content,
        redeals=_redeals(redeals),
        hand_ons=_hand_ons(hand_ons),
        seats=_seats(sitting),
    )


def state(found: Safety) -> models.SeatsState:
    """How safely the keys are kept."""
    return models.SeatsState(
        organisation=found.organisation,
        enrolled=found.enrolled,
        needed=found.needed,
        of=found.of,
        epochs=found.keeping.epochs,
        thin=found.keeping.thin,
        lost=found.keeping.lost,
        alarm=found.alarm,
        devices=tuple(
            models.HavingAnswer(person=one.person, device=one.device.hex(), epochs=one.epochs)
            for one in found.devices
        ),
        behind=tuple(models.PlaceAnswer(room=one.room, epoch=one.epoch) for one in found.behind),
    )


def following(place: Place | None) -> str | None:
    """Where the next page begins, as `place_of` reads it."""
    return None if place is None else f"{place.room}:{place.epoch}"


def _epoch(kept: Kept) -> models.EpochAnswer:
    return models.EpochAnswer(
        room=kept.place.room,
        epoch=kept.place.epoch,
        began=kept.began.content,
        escrow=kept.escrow.content,
        redeals=_redeals(kept.redeals),
        hand_ons=_hand_ons(kept.hand_ons),
        passed=tuple(
            models.PassedAnswer(
                seat=share.seat,
                person=share.person,
                at=share.at,
                wrong=share not in kept.standing,
            )
            for share in kept.shares
        ),
        wrong=tuple(one.seat for one in kept.wrong),
        needed=kept.needed,
        ready=kept.ready,
    )


def _share(share: PassedShare) -> bytes:
    assert share.blob is not None
    return passed_to_bytes(join_passed(read_pass(share.statement, share.sig), share.blob.content))


def _redeals(found: tuple[Redealt, ...]) -> tuple[bytes, ...]:
    return tuple(one.content for one in found)


def _hand_ons(found: tuple[HandOn, ...]) -> tuple[bytes, ...]:
    return tuple(one.content.content for one in found)


def _seats(sitting: tuple[Sitting, ...]) -> tuple[models.HeldSeat, ...]:
    return tuple(
        models.HeldSeat(
            seat=seat,
            person=next(one.person for one in sitting if one.seat == seat),
            devices=tuple(one.device.hex() for one in sitting if one.seat == seat),
        )
        for seat in dict.fromkeys(one.seat for one in sitting)
    )
