"""Compares the registers with the talks: who was named and what was disclosed stands there, and nothing else does.

A disclosure is marked by the device of whoever discloses, so that its direction and ground are not the server's word.
"""

from collections import Counter

from bot.core.codec import instant_to_text
from bot.core.consultation import Consultation
from bot.core.disclosures import Disclosure
from bot.core.events import Identified
from bot.core.ids import ConsultationId
from bot.core.registers import RegisterKind
from bot.flow.findings import Findings
from bot.flow.ports import Audit

_Disclosed = tuple[str, str, str]  # consultation, direction, ground


class RegistersDue:
    """Takes what talks say must stand in a register, and compares it in the end with what does."""

    def __init__(self, audit: Audit, findings: Findings) -> None:
        """`audit`: what is stored."""
        self._audit = audit
        self._findings = findings
        self._named: dict[str, tuple[str, str, str]] = {}  # entry -> consultation, organisation, at
        self._disclosed: Counter[_Disclosed] = Counter()
        self._erased: set[str] = set()  # talks that can say nothing any more

    def named(self, c: Consultation, event: Identified) -> None:
        """Somebody was named; before there was a register, nothing was entered."""
        if event.register is not None:
            self._named[event.register] = (c.id, str(c.organisation), instant_to_text(event.at))

    def disclosed(self, consultation: ConsultationId, disclosure: Disclosure) -> None:
        """Something was disclosed in its room."""
        self._disclosed[consultation, disclosure.direction, disclosure.ground] += 1

    def erased(self, consultation: ConsultationId) -> None:
        """What its events said is gone, and its entries stay."""
        self._erased.add(consultation)

    def finish(self) -> None:
        """Tell which entries nothing accounts for, and which are missing."""
        for key, told in self._audit.facts("registers"):
            if not self._is_due(key, told):
                self._findings.add(f"registers {key}", "nothing in its talk accounts for it")
        for key in self._named:
            self._findings.add(f"registers {key}", "somebody was named, and it is not in the register")
        for (consultation, *_), times in self._disclosed.items():
            if times:
                self._findings.add(
                    f"consultation {consultation}", "something was disclosed, and it is not in the register"
                )

    def _is_due(self, key: str, told: object) -> bool:
        match told:
            case {
                "consultation": str(consultation),
                "organisation": str(organisation),
                "at": str(at),
                "kind": RegisterKind.IDENTIFIED,
                "direction": None,
                "ground": None,
            }:
                due = self._named.pop(key, None)
                return due == (consultation, organisation, at) or (
                    due is None and consultation in self._erased
                )
            case {
                "consultation": str(consultation),
                "kind": RegisterKind.DISCLOSURE,
                "direction": str(direction),
                "ground": str(ground),
            }:
                return self._take((consultation, direction, ground)) or consultation in self._erased
            case _:
                return False

    def _take(self, disclosed: _Disclosed) -> bool:
        if not self._disclosed[disclosed]:
            return False
        self._disclosed[disclosed] -= 1
        return True
