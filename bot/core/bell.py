"""Doorbells: when one that got no answer rings again, and how often it has."""

from datetime import datetime, timedelta
from typing import Final

from bot.core.in_force import steps_at
from bot.core.places import Organisation, Step
from bot.core.request import Offer

MOST: Final = 5  # times that one doorbell rings again


def step_of(board: Organisation, offer: Offer) -> Step | None:
    """The step at which somebody was asked, as it was then; None where the policy has it no longer."""
    return next((step for step in steps_at(board, offer.at) if step.id == offer.step), None)


def rings_at(step: Step | None, offer: Offer) -> tuple[datetime, ...]:
    """When the doorbell of an offer rings again, should nobody look or answer: always while there is time to."""
    if step is None or step.repeat is None:
        return ()
    times = (offer.at + n * timedelta(seconds=step.repeat) for n in range(1, MOST + 1))
    return tuple(at for at in times if at < offer.until)


def next_ring(step: Step | None, offer: Offer, after: datetime) -> datetime | None:
    """When it rings next, after an instant; None: not again."""
    return next((at for at in rings_at(step, offer) if at > after), None)
