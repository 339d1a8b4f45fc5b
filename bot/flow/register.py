"""The register: what is entered when somebody is named and when something is disclosed, who sees it, and the receipt it gives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.consultation import Consultation
from bot.core.disclosures import Disclosure
from bot.core.errors import Denied
from bot.core.facts import facts_about
from bot.core.ids import OrganisationId
from bot.core.policy import Act, decide
from bot.core.registers import Register, RegisterId, RegisterKind
from bot.flow.deps import Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.speaker import Speaker
from bot.flow.times import moment
from bot.flow.words import Words

KIND: Final = "register"  # of an entry on the ledger
MOST: Final = 1_000  # entries shown at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entries of one register, the oldest first. `more`: others follow the last of them."""

    entries: tuple[Register, ...]
    more: bool


def new_id(deps: Deps, at: datetime) -> RegisterId:
    """An id for the next entry."""
    return RegisterId(fresh_id(at, deps.entropy))


def enter(
    tx: Tx,
    deps: Deps,
    c: Consultation,
    id_: RegisterId,
    at: datetime,
    rules: tuple[str, ...],
    disclosure: Disclosure | None = None,
) -> None:
    """Enter on the receiving board's ledger that somebody was named or, with `disclosure`, that something was disclosed.

    Nobody's name stands in it, not that of the two who talk either: it stays when the talk is erased.
    """
    assert c.organisation is not None
    kind = RegisterKind.IDENTIFIED if disclosure is None else RegisterKind.DISCLOSURE
    entry = Register(
        id=id_, consultation=c.id, organisation=c.organisation, at=at, kind=kind, disclosure=disclosure
    )
    told = fact(deps, c.organisation, KIND, at, rules=list(rules), content=deps.content().digest)
    tx.registers.put(entry, told)


def receipt_of(tx: Tx, c: Consultation) -> Register | None:
    """That somebody was named, as it was entered; None while nobody was, and for talks from before there was a register."""
    if not c.identified:
        return None
    return next((one for one in tx.registers.of_talk(c.id) if one.kind is RegisterKind.IDENTIFIED), None)


def receipt_line(tx: Tx, words: Words, c: Consultation) -> str:
    """The receipt in a sentence: when, by which board, kept as what; empty while nobody was named. Nothing of whom or what."""
    found = receipt_of(tx, c)
    if found is None:
        return ""
    return words.say("receipt.line", at=moment(words, found.at), board=words.label(words.owner(c).label))


def page(
    tx: Tx,
    organisation: OrganisationId,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    after: RegisterId | None = None,
    limit: int = MOST,
) -> Page:
    """A page of an organisation's register, of a span of time if one is named."""
    most = min(max(limit, 1), MOST)
    found = tx.registers.of_board(organisation, since=since, before=before, after=after, limit=most + 1)
    return Page(entries=found[:most], more=len(found) > most)


def may_view(deps: Deps, who: Speaker, organisation: OrganisationId) -> None:
    """Raises Denied where no rule lets this person see that organisation's register."""
    content = deps.content()
    facts = facts_about(content.structure, who.person, who.now, concerns=(organisation,))
    if not decide(content.policy, who.roles, Act.REGISTER_VIEW, facts).allowed:
        raise Denied("no rule lets this person see that register")
