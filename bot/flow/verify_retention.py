"""Checks what is erased: every missing body has a certificate, every certificate its missing bodies and its entries."""

from collections import Counter
from typing import Final

from bot.core.errors import BadInput, Tampered
from bot.core.events import Erased
from bot.core.ids import ConsultationId, OrganisationId
from bot.flow.findings import Findings
from bot.flow.ports_retention import RetentionNouns
from bot.flow.records import Recorded
from bot.flow.retention_certificates import instant, note_digest, ranges, trusted
from bot.flow.verify_ledger import Signers
from bot.seal import log
from bot.seal.certificate import Certificate, ErasedFrom

BLANK: Final = "erased"  # of an entry without a body


class Erasures:
    """What the certificates name, and what of it was found on the ledgers."""

    def __init__(self, nouns: RetentionNouns, signers: Signers, findings: Findings) -> None:
        """Read every certificate; one that no key of ours has signed counts for nothing."""
        self._nouns = nouns
        self._findings = findings
        self._digests: dict[str, str] = {}
        self._certificates: dict[str, Certificate] = {}
        self._listed: dict[ConsultationId, str] = {}  # consultation -> certificate
        self._numbers: dict[tuple[str, OrganisationId], object] = {}  # as the ledger has recorded them
        self._gone: Counter[str] = Counter()  # consultations that replayed to erased, by certificate
        with findings.within("certificates"):
            for id_, note in nouns.notes():
                with findings.within(f"certificate {id_}"):
                    self._read(trusted(signers, id_, note), note)

    def check_blank(self, recorded: Recorded) -> None:
        """Raise Tampered unless the entry looks as erasing leaves it, by a certificate that names its ledger."""
        entry = recorded.entry
        certificate = self._certificates.get(recorded.erased_by or "")
        if certificate is None or self._of(certificate, entry.organisation) is None:
            raise Tampered("its body is gone, and no certificate says why")
        if entry.body or entry.salt:
            raise Tampered("it was erased, and is there again")
        if (entry.kind, instant(entry.at), recorded.about) != (BLANK, certificate.at, None):
            raise Tampered("an erased entry says more than its certificate")

    def recorded(self, recorded: Recorded, plain: dict[str, object]) -> None:
        """Take a ledger's entry that records a certificate."""
        organisation = recorded.entry.organisation
        match plain:
            case {"certificate": str(id_), "note": str(digest), "numbers": list(numbers)}:
                certificate = self._certificates.get(id_)
                ledger = self._of(certificate, organisation)
                if certificate is None or ledger is None or self._digests[id_] != digest:
                    raise Tampered(f"certificate {id_} is missing, or is another one")
                if (id_, organisation) in self._numbers:
                    raise Tampered(f"certificate {id_} is recorded twice")
                if instant(recorded.entry.at) != certificate.at or ledger.last >= recorded.index:
                    raise Tampered(f"certificate {id_} is not of that time")
                self._numbers[id_, organisation] = numbers
            case _:
                raise BadInput("the erasure entry has a field that is missing or of the wrong kind")

    def erased(self, id_: ConsultationId, event: Erased) -> None:
        """Take that a consultation is erased. Raises Tampered unless that certificate names it, at that time."""
        certificate = self._certificates.get(event.certificate)
        if certificate is None or self._listed.get(id_) != event.certificate:
            raise Tampered(f"no certificate names consultation {id_}")
        if instant(event.at) != certificate.at:
            raise Tampered(f"consultation {id_} was erased at another time than its certificate says")
        self._gone[event.certificate] += 1

    def finish(self) -> None:
        """Compare each certificate with what is gone."""
        for id_, certificate in self._certificates.items():
            if self._gone[id_] != len(certificate.consultations):
                self._findings.add(f"certificate {id_}", "a consultation that it names is not erased")
            for ledger in certificate.ledgers:
                where = f"{ledger.organisation}/certificate {id_}"
                with self._findings.within(where):
                    self._compare(id_, ledger)

    def _read(self, certificate: Certificate, note: str) -> None:
        self._certificates[certificate.id] = certificate
        self._digests[certificate.id] = note_digest(note)
        for name in certificate.consultations:
            if ConsultationId(name) in self._listed:
                raise Tampered("a consultation that it names was erased by another")
            self._listed[ConsultationId(name)] = certificate.id

    def _of(self, certificate: Certificate | None, organisation: OrganisationId) -> ErasedFrom | None:
        ledgers = certificate.ledgers if certificate is not None else ()
        return next((one for one in ledgers if one.organisation == organisation), None)

    def _compare(self, id_: str, ledger: ErasedFrom) -> None:
        organisation = OrganisationId(ledger.organisation)
        numbers: list[int] = []

        def leaf(number: int, hashed: bytes) -> bytes:
            numbers.append(number)
            return hashed

        root = log.root_of(leaf(*row) for row in self._nouns.erased(id_, organisation))
        if (len(numbers), numbers[:1], numbers[-1:], root) != (
            ledger.count,
            [ledger.first],
            [ledger.last],
            ledger.root,
        ):
            raise Tampered("the erased entries are not those that it names")
        if self._numbers.get((id_, organisation)) != ranges(numbers):
            raise Tampered("it is not on the ledger, or for other entries")
