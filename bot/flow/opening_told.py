"""Who is told of an opening: the other supervisors that a share is asked for, the participants that it was opened."""

from collections.abc import Iterable
from datetime import datetime

from bot.core.consultation import Consultation
from bot.core.ids import PersonId
from bot.flow.deps import Deps
from bot.flow.opening_people import living, took_part
from bot.flow.ports import Tx
from bot.flow.record import reply
from bot.flow.records_openings import Notice, Opening


def ring_others(tx: Tx, deps: Deps, opening: Opening) -> None:
    """Ask the other supervisors for their shares: a doorbell without content."""
    others = (person for person in living(tx, deps, opening.organisation) if person != opening.person)
    _ring(tx, deps, others, "opening.asked")


def ring_asker(tx: Tx, deps: Deps, opening: Opening) -> None:
    """Tell whoever asked that somebody has passed on all that they have."""
    _ring(tx, deps, (opening.person,), "opening.passed")


def ring_successor(tx: Tx, deps: Deps, person: PersonId) -> None:
    """Tell somebody that seats were handed on to them."""
    _ring(tx, deps, (person,), "opening.seat")


def notices(tx: Tx, c: Consultation, opening: Opening, now: datetime) -> tuple[Notice, ...]:
    """That everybody who has had part in the talk is told of its opening."""
    return tuple(
        Notice(opening=opening.id, person=person, consultation=c.id, at=now)
        for person in sorted(took_part(tx, c))
    )


def tell(tx: Tx, deps: Deps, found: Iterable[Notice]) -> None:
    """Say it on every channel that reaches them; their own status page says it too."""
    for notice in found:
        for address in tx.people.addresses(notice.person):
            named = {"opening": notice.opening, "consultation": notice.consultation}
            reply(tx, deps, notice.person, address.channel, "opening.told", **named)


def _ring(tx: Tx, deps: Deps, people: Iterable[PersonId], key: str) -> None:
    for person in people:
        for address in tx.people.addresses(person):
            reply(tx, deps, person, address.channel, key)
