"""Which consultation a ledger entry is about: what erasing it must find, whoever wrote the entry."""

from collections.abc import Mapping
from typing import Final

from bot.core.codec import object_from_json
from bot.core.errors import BadInput
from bot.core.ids import ConsultationId, RoomId

_NAMES: Final = (b'"consultation":', b'"room":')  # without one of these no body names any, and most are large


def named_in(body: bytes) -> tuple[ConsultationId | None, RoomId | None]:
    """The consultation and the room that a body names, at its top; what is no JSON object names none."""
    if not any(name in body for name in _NAMES):
        return None, None
    try:
        return named(object_from_json(body))
    except BadInput:
        return None, None


def named(plain: Mapping[str, object]) -> tuple[ConsultationId | None, RoomId | None]:
    """The same of a parsed body."""
    consultation, room = plain.get("consultation"), plain.get("room")
    return (
        ConsultationId(consultation) if isinstance(consultation, str) else None,
        RoomId(room) if isinstance(room, str) else None,
    )
