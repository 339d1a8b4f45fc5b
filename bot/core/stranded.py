"""Stranded: requests under way whose place another structure does not have."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.core.consultation import Consultation
from bot.core.errors import BadInput
from bot.core.places import Structure, owner


def stranded_faults(structure: Structure, under_way: Iterable[Consultation], at: datetime) -> tuple[str, ...]:
    """What `structure` may not leave out while these are under way: one line for each place, with how many.

    A place that ends by its date (`valid_to`) strands nobody who asked where somebody else answers from that day on.
    """
    counted = Counter(place for c in under_way for place in _missing(structure, c, at))
    return tuple(
        f"{file}: {reason}, but {n} open {'request needs' if n == 1 else 'requests need'} it: "
        "end them first, or give it a last day (valid_to)"
        for (file, reason), n in sorted(counted.items())
    )


def _missing(structure: Structure, c: Consultation, at: datetime) -> Iterator[tuple[str, str]]:
    """The file and what is gone from it."""
    if c.organisation is not None and c.organisation not in structure.organisations:
        yield f"policies/organisations/{c.organisation}.yaml", "the organisation is gone"
    elif c.request is not None:
        try:
            owner(structure, c.request.district, at)
        except BadInput:
            yield "policies/organisations", f"the district {c.request.district} is gone"
