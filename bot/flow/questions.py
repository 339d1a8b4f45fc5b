"""Keeps what the library could not settle: made unnamed, sealed to the curators' devices, counted; and nobody's.

What is kept has a day and no more: no person, no consultation, no time. It goes on the ledger when the day is over,
in the order of random ids, so that it cannot be laid beside what the ledger says of who asked when.
"""

from datetime import date, datetime
from typing import Final

from bot.core.consultation import Consultation
from bot.core.facts import facts_about, roles_on
from bot.core.guard import Span, Verdict
from bot.core.hours import local_day
from bot.core.ids import ArticleId, OrganisationId
from bot.core.library.search import Answer, Finding, Nothing, Unsure, Withheld
from bot.core.people import Person
from bot.core.policy import Act, decide, roles_for
from bot.core.questions import MOST_A_DAY, MOST_DEVICES, Question, QuestionKind, question_to_bytes, unnamed
from bot.core.retention import RetentionClass, Term, is_over, term
from bot.core.text import Language
from bot.flow.deps import QUESTION, Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_devices import Device, DeviceState
from bot.flow.records_questions import SealedQuestion
from bot.seal.keys import public_from_bytes
from bot.seal.plain import Plain
from bot.seal.question import seal_question

ID: Final = 16  # bytes


def keep(tx: Tx, deps: Deps, c: Consultation, text: str, verdict: Verdict, finding: Finding) -> None:
    """Keep a question that was not answered; one that was is only remembered, should it turn out not to have helped.

    Where the guard stops the text, or enough is kept already, or no curator has a device, it is counted and no more.
    """
    kind, articles = _meant(finding)
    owner, now = _owner(deps, c), deps.clock.now()
    question = None if verdict.blocked else _question(deps, kind, articles, text, verdict)
    if kind is not QuestionKind.UNHELPFUL:
        _count(tx, deps, owner, now, kind, articles[0] if articles else None, question)
        return
    deps.lately.forget(now)
    if question is not None:
        deps.lately.put(c.id, question, now + QUESTION)


def was_withheld(tx: Tx, deps: Deps, c: Consultation, article: ArticleId) -> None:
    """Count that an article was chosen which may not be given; the question itself is kept already."""
    _count(tx, deps, _owner(deps, c), deps.clock.now(), QuestionKind.WITHHELD, article, None)


def was_unhelpful(tx: Tx, deps: Deps, c: Consultation) -> None:
    """Keep a question whose answer did not help, once. What was answered before a restart is counted only."""
    now = deps.clock.now()
    if deps.lately.is_first(c.id):
        question = deps.lately.take(c.id, now)
        _count(tx, deps, _owner(deps, c), now, QuestionKind.UNHELPFUL, c.article, question)


async def close_over(deps: Deps) -> int:
    """Close every day that is over; returns how many."""
    today = local_day(deps.clock.now()).isoformat()
    if not await deps.store.read(lambda tx: tx.questions.open_days(today)):
        return 0
    return await deps.store.write(lambda tx: close_days(tx, deps))


def close_days(tx: Tx, deps: Deps) -> int:
    """Put every day that is over on the ledger; returns how many were closed."""
    now = deps.clock.now()
    over = tx.questions.open_days(local_day(now).isoformat())
    for organisation, day in over:
        kept, counted = (fact(deps, organisation, "question", now, act="closed", day=day) for _ in range(2))
        tx.questions.close_day(organisation, day, kept, counted)
    return len(over)


def due(tx: Tx, deps: Deps) -> tuple[tuple[OrganisationId, str, Term], ...]:
    """The days whose time a decision says is over: of which organisation, which, and by what."""
    content, today = deps.content(), local_day(deps.clock.now())
    found = []
    for organisation in sorted(content.structure.organisations):
        decided = term(content.retention, organisation, RetentionClass.QUESTIONS)
        for day in tx.questions.days(organisation) if decided is not None else ():
            closed = _date(day)
            if decided is not None and closed is not None and is_over(closed, decided.days, today):
                found.append((organisation, day, decided))
    return tuple(found)


def erase_due(tx: Tx, deps: Deps, by: str) -> int:
    """Destroy the questions of those days; returns of how many days. Their counts stay."""
    now, over = deps.clock.now(), due(tx, deps)
    for organisation, day, decided in over:
        why = {"day": day, "by": by, "decision": decided.decision}
        tx.questions.erase(organisation, day, fact(deps, organisation, "question", now, act="erased", **why))
    return len(over)


def readers(tx: Tx, deps: Deps, organisation: OrganisationId, now: datetime) -> tuple[Device, ...]:
    """The active devices of whoever may read the organisation's questions, by id; MOST_DEVICES at most."""
    posted = tx.people.posted(organisation, roles_for(deps.content().policy, Act.QUESTIONS_READ))
    people = [one for one in posted if may_read(deps, one, organisation, now)]
    found = [device for one in people for device in tx.devices.of_person(one.id)]
    active = sorted((one for one in found if one.state is DeviceState.ACTIVE), key=lambda one: one.id)
    return tuple(active[:MOST_DEVICES])


def may_read(deps: Deps, person: Person, organisation: OrganisationId, now: datetime) -> bool:
    """Whether the rules let somebody read the questions of an organisation."""
    content = deps.content()
    facts = facts_about(content.structure, person, now, concerns=(organisation,))
    return decide(content.policy, roles_on(person, now), Act.QUESTIONS_READ, facts).allowed


def _meant(finding: Finding) -> tuple[QuestionKind, tuple[ArticleId, ...]]:
    match finding:
        case Answer(article=article):
            return QuestionKind.UNHELPFUL, (article.id,)
        case Unsure(candidates=candidates):
            return QuestionKind.UNSURE, tuple(article.id for article in candidates)
        case Withheld(article=article):
            return QuestionKind.WITHHELD, (article.id,)
        case Nothing():
            return QuestionKind.NOTHING, ()


def _question(
    deps: Deps, kind: QuestionKind, articles: tuple[ArticleId, ...], text: str, verdict: Verdict
) -> Question:
    def label(span: Span) -> str:
        return deps.content().texts.say(Language.SV, f"question_mark.{span.type}")

    return Question(kind=kind, articles=articles, text=unnamed(text, verdict.spans, label))


def _copy(id_: bytes, day: str, owner: OrganisationId, device: Device, body: Plain) -> SealedQuestion:
    blob = seal_question(
        public_from_bytes(device.public), organisation=owner, day=day, id_=id_.hex(), body=body
    )
    return SealedQuestion(id=id_, device=device.id, organisation=owner, day=day, blob=blob)


def _count(
    tx: Tx,
    deps: Deps,
    owner: OrganisationId,
    now: datetime,
    kind: QuestionKind,
    article: ArticleId | None,
    question: Question | None,
) -> None:
    """Count one, and keep it while there is room and somebody who may read it."""
    day = local_day(now).isoformat()
    tx.questions.count(owner, day, kind, article)
    if question is None or tx.questions.kept_on(owner, day) >= MOST_A_DAY:
        return
    id_, body = deps.entropy.draw(ID), Plain(question_to_bytes(question))
    copies = [_copy(id_, day, owner, device, body) for device in readers(tx, deps, owner, now)]
    if copies:
        tx.questions.put(copies)


def _date(day: str) -> date | None:
    """The day as it is stored; None for what is none, which `ledger verify` names."""
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


def _owner(deps: Deps, c: Consultation) -> OrganisationId:
    return c.organisation or deps.home
