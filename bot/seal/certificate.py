"""Certificates of erasure: what was erased from which ledgers and by which decisions, as a signed note to be kept."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.seal.errors import Malformed
from bot.seal.labels import Label
from bot.seal.log import HASH
from bot.seal.note import BLANKS, HIDDEN, Verifier, from_base64, parse_note, sign_note, verify_note
from bot.seal.signing import SigningKey
from bot.seal.wire import MAX_NUMBER, exact, name, number

MAX_LEDGERS: Final = 32
MAX_CONSULTATIONS: Final = 500
MAX_DECISION: Final = 120  # characters of a decision's number

_FIRST: Final = str(Label.ERASURE)
_NONE: Final = "-"
_ID = re.compile(r"[0-9a-f]{32}")
_CLASS = re.compile(r"[a-z_]{1,40}")
_INSTANT = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z", re.ASCII
)
_DECIMAL = re.compile(r"0|[1-9]\d{0,15}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedFrom:
    """What was erased from one ledger: entries from number `first` to `last`, `count` in all, by the decision.

    `root`: of the tree over their leaves, in the order of their numbers.
    """

    organisation: str
    count: int
    first: int
    last: int
    root: bytes
    decision: str

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        _word(self.organisation)
        exact(self.root, HASH)
        if not (0 <= self.first <= self.last and 1 <= self.count <= self.last - self.first + 1):
            raise Malformed("There are not that many entries between these.")
        number(self.last)
        if not 1 <= len(self.decision) <= MAX_DECISION or not _is_line(self.decision):
            raise Malformed("That is no number of a decision.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One erasing. Instants are RFC 3339 in UTC with microseconds, so that they sort as text.

    `organisation`: whose consultations they were; `closed`: when the first and the last of them ended; `again`: the
    certificate that this one repeats, after a backup had brought back what was erased.
    """

    id: str
    organisation: str
    kept_as: str  # the retention class
    at: str
    closed: tuple[str, str]
    again: str | None = None
    ledgers: tuple[ErasedFrom, ...]
    consultations: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        _word(self.organisation)
        ids = (self.id, self.again or self.id)
        instants = (self.at, *self.closed)
        if not (
            all(_ID.fullmatch(one) for one in ids)
            and all(_INSTANT.fullmatch(one) for one in instants)
            and _CLASS.fullmatch(self.kept_as)
            and self.closed[0] <= self.closed[1]
            and self.again != self.id
        ):
            raise Malformed("That is no certificate.")
        _ascending([one.organisation for one in self.ledgers], MAX_LEDGERS)
        _ascending([_word(one) for one in self.consultations], MAX_CONSULTATIONS)


def sign_certificate(certificate: Certificate, *, origin: str, key: SigningKey) -> str:
    """Return the signed note; `origin` is the name of the organisation's ledger."""
    content = sign_note(certificate_to_text(certificate), name=origin, key=key)
    parse_note(content)  # one that is too long would be refused by every reader
    return content


def read_certificate(content: str) -> Certificate:
    """Return what a note says, whoever signed it: only to learn whose signature it should bear. Raises `Malformed`."""
    return certificate_from_text(parse_note(content).text)


def verify_certificate(content: str, *, origin: str, public: bytes) -> Certificate:
    """Return the certificate when the ledger's key signed it, else raise `Tampered` or `Malformed`."""
    return certificate_from_text(verify_note(content, Verifier(name=origin, public=public)))


def certificate_to_text(certificate: Certificate) -> str:
    """Write the lines that are signed."""
    c = certificate
    lines = [
        _FIRST,
        f"certificate {c.id}",
        f"organisation {c.organisation}",
        f"class {c.kept_as}",
        f"at {c.at}",
        f"closed {c.closed[0]} {c.closed[1]}",
        f"again {c.again or _NONE}",
        f"ledgers {len(c.ledgers)}",
        *(_ledger_to_line(one) for one in c.ledgers),
        f"consultations {len(c.consultations)}",
        *c.consultations,
    ]
    return "\n".join(lines) + "\n"


def certificate_from_text(text: str) -> Certificate:
    """Read the lines, or raise `Malformed`: what the writer would have written otherwise is refused."""
    try:
        certificate = _read(iter(text.split("\n")))
    except (StopIteration, ValueError) as error:
        raise Malformed("That is no certificate.") from error
    if certificate_to_text(certificate) != text:
        raise Malformed("That is no certificate.")
    return certificate


def _read(lines: Iterator[str]) -> Certificate:
    if next(lines) != _FIRST:
        raise ValueError
    id_ = _after("certificate ", next(lines))
    organisation, kept_as = _after("organisation ", next(lines)), _after("class ", next(lines))
    at, closed = _after("at ", next(lines)), _after("closed ", next(lines)).split(" ")
    again = _after("again ", next(lines))
    ledgers = [_ledger_from_line(next(lines)) for _ in range(_count("ledgers ", next(lines), MAX_LEDGERS))]
    many = _count("consultations ", next(lines), MAX_CONSULTATIONS)
    first, last = closed
    return Certificate(
        id=id_,
        organisation=organisation,
        kept_as=kept_as,
        at=at,
        closed=(first, last),
        again=None if again == _NONE else again,
        ledgers=tuple(ledgers),
        consultations=tuple([next(lines) for _ in range(many)]),
    )


def _ledger_to_line(one: ErasedFrom) -> str:
    root = base64.b64encode(one.root).decode()
    return f"{one.organisation} {one.count} {one.first} {one.last} {root} {one.decision}"


def _ledger_from_line(line: str) -> ErasedFrom:
    organisation, count, first, last, root, decision = line.split(" ", 5)
    return ErasedFrom(
        organisation=organisation,
        count=_decimal(count),
        first=_decimal(first),
        last=_decimal(last),
        root=from_base64(root, most=HASH),
        decision=decision,
    )


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise ValueError
    return line.removeprefix(word)


def _count(word: str, line: str, most: int) -> int:
    count = _decimal(_after(word, line))
    if not 1 <= count <= most:
        raise ValueError
    return count


def _decimal(text: str) -> int:
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_NUMBER:
        raise ValueError
    return int(text)


def _word(text: str) -> str:
    """An identifier that can stand in a line beside others."""
    if HIDDEN.search(name(text)) or BLANKS.search(text):
        raise Malformed("That is no identifier of a certificate.")
    return text


def _is_line(text: str) -> bool:
    """Whether it has no hidden character, and no blanks but U+0020 between others."""
    blanks = {found.group() for found in BLANKS.finditer(text)}
    return not HIDDEN.search(text) and blanks <= {" "} and text == text.strip(" ")


def _ascending(names: list[str], most: int) -> None:
    in_bytes = [one.encode() for one in names]
    if not 1 <= len(names) <= most or sorted(set(in_bytes)) != in_bytes:
        raise Malformed("These stand once each, in the order of their bytes.")
