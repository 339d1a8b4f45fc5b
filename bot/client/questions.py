"""Questions for curators over HTTP, as their device reads them: opened here, and written nowhere."""

from dataclasses import dataclass, field
from typing import Final

from bot.client.answers import Json, bytes_of, number_of, rows_of, text_of
from bot.client.api import Api
from bot.client.device import PythonDevice
from bot.core.errors import BadInput, Unavailable
from bot.core.questions import Question, question_from_bytes
from bot.seal.errors import SealError
from bot.seal.plain import Sealed
from bot.seal.question import open_question

PATH: Final = "/api/v1/questions"
MOST: Final = 1_000  # questions of one page
_COUNTED: Final = 20_000  # rows: as many articles as there may be, of each kind
_PAGES: Final = 4096  # before a server that never ends is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A question as this device opened it; None for a copy that does not open: it was changed, or is another's."""

    id: str
    day: str
    question: Question | None = field(repr=False)


async def newest(api: Api, device: PythonDevice, *, organisation: str | None, limit: int) -> list[Read]:
    """At most so many questions, the newest day first. `organisation`: the device's own, unless another is named."""
    named = {"organisation": organisation or device.known.organisation}
    found: list[Read] = []
    for _ in range(_PAGES):
        plain = await api.get(PATH, **named)
        found += [_opened(row, named["organisation"], device) for row in rows_of(plain, "questions", MOST)]
        if plain.get("next") is None or len(found) >= limit:
            return found[:limit]
        named["after"] = text_of(plain, "next")
    raise Unavailable("the server's list does not end")


async def counts(api: Api, device: PythonDevice, *, organisation: str | None, days: int) -> Json:
    """How many there were, by kind and by article: of what the server says, what a person is shown."""
    named = organisation or device.known.organisation
    plain = await api.get(f"{PATH}/counts", organisation=named, days=days)
    kinds = plain.get("kinds")
    if not isinstance(kinds, dict):
        raise Unavailable("the server's answer has a field that is missing or of the wrong kind")
    return {
        "organisation": text_of(plain, "organisation"),
        "since": text_of(plain, "since"),
        "kinds": {kind: number_of(kinds, kind) for kind in kinds},
        "articles": [_row(row) for row in rows_of(plain, "articles", _COUNTED)],
    }


def _row(row: Json) -> Json:
    return {
        "article": text_of(row, "article"),
        "kind": text_of(row, "kind"),
        "count": number_of(row, "count"),
    }


def _opened(row: Json, organisation: str, device: PythonDevice) -> Read:
    id_, day = text_of(row, "id"), text_of(row, "day")
    try:
        sealed = Sealed(content=bytes_of(row, "sealed"))
        plain = open_question(sealed, organisation=organisation, day=day, id_=id_, secret=device.secret)
        return Read(id=id_, day=day, question=question_from_bytes(plain.reveal()))
    except (SealError, BadInput):
        return Read(id=id_, day=day, question=None)
