"""Asks the library: an answer, a question back, or a person."""

from bot.core import guard
from bot.core.consultation import Consultation, State
from bot.core.events import Answered, Asked, AskedBack, Closed, Ending
from bot.core.ids import ConsultationId
from bot.core.library.search import MAX_QUERY, Answer, Library, Nothing, Unsure, Withheld
from bot.core.places import Organisation
from bot.core.policy import Act
from bot.core.press import Helped, Pick
from bot.flow import questions
from bot.flow.advance import moment
from bot.flow.deps import QUESTION, Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.reading import look_up, open_article, reader_at
from bot.flow.record import happen
from bot.flow.speaker import Speaker, amend, answer, home_board, may
from bot.seal.plain import Plain

MAX_QUESTION = MAX_QUERY  # characters


def ask(tx: Tx, deps: Deps, who: Speaker, question: Plain) -> None:
    """Answer a question. What is recorded is that one was asked, and the article; `questions` says what curators get."""
    rules = may(deps, who, Act.LIBRARY_ASK)
    text = question.reveal().decode()
    if len(text) > MAX_QUESTION:
        answer(tx, deps, who, "home.too_long", length=str(len(text)), most=str(MAX_QUESTION))
        return
    content, board = deps.content(), home_board(deps, who.person, who.now)
    finding = look_up(content.library, text, reader_at(content.structure, board, who.now))
    c = _begin(tx, deps, who, board, rules)
    verdict = _judged(deps, who, text)
    questions.keep(tx, deps, c, text, verdict, finding)
    params = {**_params(c, board, finding.stop), **_named(verdict)}
    until = who.now + QUESTION
    match finding:
        case Answer(article=article):
            happen(tx, deps, c, Answered(at=who.now, article=article.id, until=until))
            answer(tx, deps, who, "ask.answer", article=article.id, **params)
        case Unsure(candidates=candidates):
            ids = tuple(article.id for article in candidates)
            happen(tx, deps, c, AskedBack(at=who.now, candidates=ids, until=until))
            answer(tx, deps, who, "ask.unsure", articles=",".join(ids), **params)
        case Withheld():
            answer(tx, deps, who, "ask.withheld", **params)
        case Nothing():
            answer(tx, deps, who, "ask.nothing", **params)


def pick(tx: Tx, deps: Deps, who: Speaker, press: Pick) -> None:
    """Take which of the articles asked back was meant."""
    c = _mine(tx, who, press.consultation)
    rules = may(deps, who, Act.LIBRARY_ASK)
    if c is None or not _answers(deps.content().library, c, press):
        answer(tx, deps, who, "ask.gone")
        return
    content, board = deps.content(), home_board(deps, who.person, who.now)
    params = _params(c, board, None)
    if press.index is None:
        amend(tx, deps, who, "ask.nothing", **params)
        return
    article = c.candidates[press.index]
    found = open_article(content.library, article, reader_at(content.structure, board, who.now))
    if found is None:
        amend(tx, deps, who, "ask.changed", **params)
        return
    if not isinstance(found, Answer):
        questions.was_withheld(tx, deps, c, article)
        amend(tx, deps, who, "ask.withheld", **params)
        return
    if c.state is State.ASKED:
        at = moment(c, who.now)
        happen(tx, deps, c, Answered(at=at, article=found.article.id, until=at + QUESTION), rules)
    amend(tx, deps, who, "ask.answer", **{**params, "stop": found.stop or "", "article": article})


def helped(tx: Tx, deps: Deps, who: Speaker, press: Helped) -> None:
    """Take whether the answer helped; if it did not, offer a person."""
    rules = may(deps, who, Act.LIBRARY_ASK)
    c = _mine(tx, who, press.consultation)
    if c is not None and c.ending is Ending.LIBRARY and press.yes:
        return  # said a moment ago
    if c is None or c.state is not State.ANSWERED:
        answer(tx, deps, who, "ask.gone")
        return
    if not press.yes:
        questions.was_unhelpful(tx, deps, c)
        answer(tx, deps, who, "ask.not_helped", consultation=c.id)
        return
    deps.lately.take(c.id, who.now)  # it helped: nothing of it is kept
    ended = Closed(at=moment(c, who.now), by=who.person.id, ending=Ending.LIBRARY)
    happen(tx, deps, c, ended, rules)
    answer(tx, deps, who, "ask.helped")


def latest_question(tx: Tx, who: Speaker) -> Consultation | None:
    """The question this person asked last, if it is still at hand: a person asked for now takes it over."""
    for c in tx.consultations.of_officer(who.person.id, 5):
        if c.state in (State.ASKED, State.ANSWERED):
            return c
    return None


def _begin(
    tx: Tx, deps: Deps, who: Speaker, board: Organisation | None, rules: tuple[str, ...]
) -> Consultation:
    c = Consultation(id=ConsultationId(fresh_id(who.now, deps.entropy)))
    owner = board.id if board is not None else deps.home
    asked = Asked(at=who.now, officer=who.person.id, organisation=owner, until=who.now + QUESTION)
    return happen(tx, deps, c, asked, rules)


def _params(c: Consultation, board: Organisation | None, stop: str | None) -> dict[str, str]:
    return {"consultation": c.id, "stop": stop or "", "board": board.id if board is not None else ""}


def _judged(deps: Deps, who: Speaker, text: str) -> guard.Verdict:
    return guard.judge(deps.content().guard, text, channel=who.inbound.channel, phase=guard.Phase.QUESTION)


def _named(verdict: guard.Verdict) -> dict[str, str]:
    """The kinds of identity in a question: it is answered all the same, and the officer is told not to."""
    types = ",".join(dict.fromkeys(span.type for span in verdict.spans))
    return {"named": types} if types else {}


def _answers(library: Library, c: Consultation, press: Pick) -> bool:
    """Whether the press answers what was asked back; the same press again shows the same answer.

    What was asked about may have been merged into another article since: its id leads there.
    """
    if press.index is None:
        return c.state is State.ASKED
    if not 0 <= press.index < len(c.candidates):
        return False
    if c.state is State.ASKED:
        return True
    chosen = c.candidates[press.index]
    known = library.by_id.get(chosen)
    return c.state is State.ANSWERED and c.article in (chosen, known.id if known is not None else chosen)


def _mine(tx: Tx, who: Speaker, consultation: ConsultationId) -> Consultation | None:
    c = tx.consultations.get(consultation)
    return c if c is not None and c.officer == who.person.id else None
