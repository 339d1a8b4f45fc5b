"""Coverage as those who oversee an organisation see it: gaps of the days ahead, numbers that nobody has tested."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.core.coverage import AHEAD, NeedGap, gaps_by_need, stretches
from bot.core.errors import BadInput, Denied
from bot.core.facts import facts_about
from bot.core.hours import local_day
from bot.core.in_force import numbers_on
from bot.core.people import Person
from bot.core.places import Number, NumberId, Organisation, organisation
from bot.core.policy import Act, decide
from bot.core.readiness import is_answering
from bot.core.request import Need
from bot.core.roster import roster
from bot.core.text import day_and_time
from bot.flow.deps import Content, Deps
from bot.flow.numbers_tested import answers_since, keep_test
from bot.flow.ports import Tx
from bot.flow.readiness import Row, drill_rows, reached_rows, sentence, state_of
from bot.flow.speaker import Speaker, organisations_of
from bot.flow.words import Words

MOST: Final = 50  # gaps shown of one organisation; the rest is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One stretch as sentences: when, and for what and where."""

    when: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One number: what it is called, since when it is known to answer, and whether that is enough."""

    id: NumberId
    label: str
    sentence: str
    ok: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What somebody sees of one organisation, and which others they may choose."""

    organisation: Organisation
    others: tuple[Organisation, ...]
    sentence: str
    gaps: tuple[Gap, ...]
    more: str
    numbers: tuple[Tested, ...]
    ready: Row | None = None
    reached: tuple[Row, ...] = ()
    drills: tuple[Row, ...] = ()


def gaps_ahead(
    tx: Tx, people: Sequence[Person], board: Organisation, first: datetime, last: datetime
) -> tuple[NeedGap, ...]:
    """Where between two instants nobody of the organisation's chain could be asked, by area and need."""
    known = roster(tx.rosters.shifts(first, last), tx.rosters.overrides(first, last))
    return gaps_by_need(board, people, known, first, last)


def coverage_of(tx: Tx, deps: Deps, who: Speaker, named: str) -> Coverage:
    """One organisation, one's own first unless another is named. Raises Denied where no rule lets them look."""
    content = deps.content()
    structure, words = content.structure, Words(content, who.language, who.now)
    mine = [structure.organisations[one] for one in organisations_of(who.person, who.now)]
    seen = tuple(own for own in mine if own.steps and _may(content, who, own))
    own = organisation(structure, named) if named else next(iter(seen), None)
    if own is None or not _may(content, who, own):
        raise Denied("no rule lets this person see the gaps of that organisation")
    found = gaps_ahead(tx, tx.people.all(), own, who.now, who.now + AHEAD)
    told, state = _told(words, own, found), state_of(tx, content, own, who.now)
    return Coverage(
        organisation=own,
        others=seen,
        sentence=_sentence(words, len(told)),
        gaps=told[:MOST],
        more=words.say("coverage.more", count=str(len(told) - MOST)) if len(told) > MOST else "",
        numbers=_numbers(tx, words, own),
        ready=Row(label="", sentence=sentence(words, state.missing, state.shut), ok=not state.missing),
        reached=reached_rows(words, state),
        drills=drill_rows(words, state),
    )


def keep_number_test(
    tx: Tx, deps: Deps, who: Speaker, *, named: str, number: NumberId, answered: bool
) -> None:
    """Keep that somebody rang a number of that organisation. Raises Denied for another's, BadInput for none of it."""
    content = deps.content()
    own = organisation(content.structure, named)
    if not _may(content, who, own, Act.NUMBER_TEST):
        raise Denied("no rule lets this person test the numbers of that organisation")
    if number not in {one.id for one in numbers_on(own, local_day(who.now))}:
        raise BadInput("there is no such number there")
    keep_test(tx, deps, number, answered=answered, by=who.person.id)


def may_see(content: Content, who: Speaker, own: Organisation) -> bool:
    """Whether the rules let somebody see how an organisation is covered, and how ready it is."""
    return _may(content, who, own)


def _may(content: Content, who: Speaker, own: Organisation, act: Act = Act.COVERAGE_VIEW) -> bool:
    facts = facts_about(content.structure, who.person, who.now, concerns=(own.id,))
    return decide(content.policy, who.roles, act, facts).allowed


def _sentence(words: Words, count: int) -> str:
    key = "coverage.none" if not count else "coverage.one" if count == 1 else "coverage.some"
    return words.say(key, count=str(count), days=str(AHEAD.days))


def _told(words: Words, own: Organisation, found: Sequence[NeedGap]) -> tuple[Gap, ...]:
    labels = {area.id: words.label(area.label) for area in own.areas}
    return tuple(
        Gap(
            when=words.say("coverage.when", starts=_day(words, one.starts), ends=_day(words, one.ends)),
            what=words.say(
                "coverage.what",
                area=labels[one.area] if one.area is not None else words.label(own.label),
                needs=_needs(words, one.needs),
            ),
        )
        for one in stretches(found)
    )


def _day(words: Words, at: datetime) -> str:
    return day_and_time(at, words.now, words.language)


def _needs(words: Words, needs: Sequence[Need]) -> str:
    if len(needs) == len(Need):
        return words.say("coverage.every_need")
    return ", ".join(words.say(f"need.{need}") for need in needs)


def _numbers(tx: Tx, words: Words, own: Organisation) -> tuple[Tested, ...]:
    last, today = tx.coverage.last_tests(), local_day(words.now)
    return tuple(
        _tested(words, number, answers_since(number, last), today) for number in numbers_on(own, today)
    )


def _tested(words: Words, number: Number, since: date | None, today: date) -> Tested:
    told = words.say("coverage.silent") if since is None else words.say("web.tested", day=since.isoformat())
    return Tested(
        id=number.id,
        label=f"{words.label(number.label)} {number.number}",
        sentence=told,
        ok=is_answering(since, today),
    )
