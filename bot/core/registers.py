"""The register: that a talk became one about a named person, and that something was disclosed in it; nothing of whom or what.

What crosses between authorities under secrecy is registered without delay (OSL 2009:400, 5 kap. 1 §). It feeds the
authority's own register of documents, and is not that register.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.disclosures import Disclosure
from bot.core.ids import ConsultationId, OrganisationId

RegisterId = NewType("RegisterId", str)  # UUIDv7


class RegisterKind(StrEnum):
    """What was entered. The values go into rows and the ledger: add, never rename."""

    IDENTIFIED = "identified"  # somebody was named from here on
    DISCLOSURE = "disclosure"  # something was disclosed, in a direction and on a ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One entry in the register of `organisation`, the board that received it. `disclosure`: of that kind alone."""

    id: RegisterId
    consultation: ConsultationId
    organisation: OrganisationId
    at: datetime  # aware, UTC
    kind: RegisterKind
    disclosure: Disclosure | None = None


def register_to_dict(entry: Register) -> dict[str, object]:
    """An entry as plain JSON values: what is promised of `samjour register`."""
    disclosed = entry.disclosure
    return {
        "id": entry.id,
        "consultation": entry.consultation,
        "organisation": entry.organisation,
        "at": entry.at.isoformat(),
        "kind": entry.kind.value,
        "direction": disclosed.direction.value if disclosed is not None else None,
        "ground": disclosed.ground if disclosed is not None else None,
    }
