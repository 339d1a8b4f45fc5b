"""What a command does with the database, wherever it is open."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, TypeVar

from bot.app import Samjour
from bot.commands import (
    coverage_acts,
    device_acts,
    duty_acts,
    forum_acts,
    given,
    register_acts,
    reload_acts,
    retention_acts,
    roster_acts,
    staffing_acts,
    watch_acts,
)
from bot.commands.admin import Act
from bot.commands.given import Args
from bot.commands.trust import believed
from bot.core import who, who_told
from bot.core.coverage import Gap, gaps
from bot.core.errors import BadInput
from bot.core.hours import STOCKHOLM
from bot.core.ids import OrganisationId, PersonId
from bot.core.matching import Worker
from bot.core.people import Person, from_dict
from bot.core.places import organisation, place_named
from bot.core.request import DecisionKind, Matter, Need, Urgency
from bot.core.roster import roster, shift_to_dict
from bot.flow import door, verify
from bot.flow.deps import Content
from bot.flow.ports import Tx
from bot.flow.sign_in import issue_link
from bot.flow.situation import workers

BY: Final = "command line"
C = TypeVar("C", bound=StrEnum)


async def who_now(samjour: Samjour, args: Args) -> dict[str, object]:
    """The chain of a place at a minute, by the stored people and rosters."""
    question = question_of(args)
    content = samjour.deps.content()
    until = who.waits_until(content.structure, question)

    def ask(tx: Tx) -> tuple[Sequence[Worker], Sequence[Worker] | None]:
        then = workers(tx, until) if until is not None else None
        return workers(tx, question.at, question.interview_at), then

    everybody, then = await samjour.store.read(ask)
    return explained(content, question, everybody, args, then)


def explained(
    content: Content,
    question: who.Question,
    everybody: Sequence[Worker],
    args: Args,
    then: Sequence[Worker] | None = None,
) -> dict[str, object]:
    """The report; with `explain` its reasons are sentences, and `sentence` tells all of it.

    `then`: workers of the instant that the matter waits for, where it does.
    """
    structure, language = content.structure, str(args.get("language", "sv"))
    if not args.get("explain"):
        return who.report(structure, everybody, question, then=then)
    say = sayer(content, language)
    found = who.report(structure, everybody, question, say, then)
    return {**found, "sentence": who_told.told(structure, question, found, say, language)}


async def roster_gaps(samjour: Samjour, args: Args) -> dict[str, object]:
    """Where between two instants only numbers answer."""
    first, last = given.instant(args, "from"), given.instant(args, "to")
    name = given.text(args, "org")
    board = place_named(samjour.deps.content().structure, name, None, first).organisation

    def ask(tx: Tx) -> tuple[Gap, ...]:
        known = roster(tx.rosters.shifts(first, last), tx.rosters.overrides(first, last))
        return gaps(board, tx.people.all(), known, first, last)

    found = await samjour.store.read(ask)
    return {"gaps": [_gap(gap) for gap in found]}


async def roster_show(samjour: Samjour, args: Args) -> dict[str, object]:
    """The shifts that touch a span of time."""
    first, last, own = given.instant(args, "from"), given.instant(args, "to"), given.text(args, "org")
    organisation(samjour.deps.content().structure, own)
    shifts = await samjour.store.read(lambda tx: tx.rosters.shifts(first, last))
    return {"shifts": [shift_to_dict(s) for s in shifts if OrganisationId(own) in s.organisations]}


async def people_add(samjour: Samjour, args: Args) -> dict[str, object]:
    """Add a person, or change one, from plain JSON."""
    given = args.get("person")
    if not isinstance(given, dict):
        raise BadInput("person: a person must be a JSON object")
    person = from_dict(given)
    for posting in person.postings:
        organisation(samjour.deps.content().structure, posting.organisation)
    await samjour.store.write(lambda tx: door.change(tx, samjour.deps, person, by=BY))
    samjour.deps.bells.ring()
    return {"person": person.id}


async def people_suspend(samjour: Samjour, args: Args) -> dict[str, object]:
    """Suspend somebody: nothing is offered to them or taken from them; what is put to them goes on at once."""

    def act(tx: Tx) -> None:
        door.suspend(tx, samjour.deps, _person(tx, args), by=BY)

    await samjour.store.write(act)
    samjour.deps.bells.ring()
    return {"person": given.text(args, "person"), "active": False}


async def people_invite(samjour: Samjour, args: Args) -> dict[str, object]:
    """A one-time link with which somebody signs in on the web."""
    person = await samjour.store.read(lambda tx: _person(tx, args))
    return {"person": person.id, "link": await issue_link(samjour.deps, person.id)}


async def people_link(samjour: Samjour, args: Args) -> dict[str, object]:
    """A one-time code with which somebody links their Telegram account."""

    def act(tx: Tx) -> str:
        return door.issue_code(tx, samjour.deps, _person(tx, args).id)

    return {"person": given.text(args, "person"), "code": await samjour.store.write(act)}


async def ledger_verify(samjour: Samjour, args: Args) -> dict[str, object]:
    """Whether the record holds: tree, chains, signatures, and that replaying it gives the stored state.

    `checkpoints`: signed notes kept elsewhere; `keys`: verifier keys to believe instead of our own.
    """
    deps, notes = samjour.deps, _texts(args, "checkpoints")
    signers = believed(
        _texts(args, "keys"), deps.content(), base_url=deps.base_url, own=lambda: deps.keys.ledger.public
    )
    return verdict_to_json(await samjour.store.read(lambda tx: verify.verify(tx, signers, notes)))


def verdict_to_json(found: verify.Verdict) -> dict[str, object]:
    """What `ledger verify --json` promises."""
    faults = [{"where": fault.where, "what": fault.what} for fault in found.faults]
    return {"entries": found.entries, "ok": not faults, "faults": faults}


def question_of(args: Args) -> who.Question:
    """A question about duty from plain values. Raises BadInput for a word that is none of ours."""
    return who.Question(
        name=given.text(args, "org") if not args.get("district") else str(args.get("org") or ""),
        at=given.instant(args, "at"),
        area=str(args["area"]) if args.get("area") else None,
        matter=_choice(Matter, args, "matter", Matter.OTHER) or Matter.OTHER,
        need=_choice(Need, args, "need", Need.ADVICE) or Need.ADVICE,
        decision=_choice(DecisionKind, args, "decision", None),
        urgency=_choice(Urgency, args, "urgency", Urgency.NOW) or Urgency.NOW,
        interview_at=given.instant(args, "interview_at") if args.get("interview_at") else None,
        district=str(args["district"]) if args.get("district") else None,
    )


def _gap(gap: Gap) -> dict[str, object]:
    local = {"from": gap.starts.astimezone(STOCKHOLM), "to": gap.ends.astimezone(STOCKHOLM)}
    return {"area": gap.area, **{name: at.isoformat() for name, at in local.items()}}


def _person(tx: Tx, args: Args) -> Person:
    person = tx.people.get(PersonId(given.text(args, "person")))
    if person is None:
        raise BadInput("there is no person with that id")
    return person


def _texts(args: Args, name: str) -> list[str]:
    given = args.get(name, [])
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise BadInput(f"{name}: is a list of texts")
    return given


def _choice(kind: type[C], args: Args, name: str, otherwise: C | None) -> C | None:
    if not args.get(name):
        return otherwise
    try:
        return kind(given.text(args, name))
    except ValueError as error:
        raise BadInput(f"{name}: is one of {', '.join(kind)}") from error


def sayer(content: Content, language: str) -> who.Say:
    """Reasons as sentences in one language."""
    return lambda key, **params: content.texts.say(language, key, **params)


ACTS: Final[dict[str, Act]] = {
    "who": who_now,
    **roster_acts.ACTS,
    "roster-gaps": roster_gaps,
    "roster-show": roster_show,
    "people-add": people_add,
    "people-suspend": people_suspend,
    "people-invite": people_invite,
    "people-link": people_link,
    "ledger-verify": ledger_verify,
    "reload": reload_acts.reload,
    "retention-run": retention_acts.retention_run,
    "retention-rehearse": retention_acts.retention_rehearse,
    "retention-reapply": retention_acts.retention_reapply,
    "hold-add": retention_acts.hold_add,
    "hold-remove": retention_acts.hold_remove,
    "hold-list": retention_acts.hold_list,
    **device_acts.ACTS,
    **staffing_acts.ACTS,
    **forum_acts.ACTS,
    **duty_acts.ACTS,
    **register_acts.ACTS,
    **coverage_acts.ACTS,
    **watch_acts.ACTS,
}
