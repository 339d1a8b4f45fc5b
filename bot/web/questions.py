"""Routes of curators' questions. They take a device of one's own: the copies open there and nowhere else."""

from aiohttp import web

from bot.core.ids import OrganisationId
from bot.flow import question_reading
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.question_reading import MOST_DAYS, Reader
from bot.web import questions_models as models
from bot.web.acting import Actor, answered, look, look_and_record, number_of

MAX_NAME = 64  # characters of an organisation's name in the query
MONTH = 30  # days that are counted over unless it is said otherwise


async def newest(request: web.Request) -> web.Response:
    """The copies for this device, the newest day first; that they were handed out goes on record."""
    after = request.query.get("after")

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.QuestionsAnswer:
        who = _at(request, actor)
        found, following = question_reading.page(tx, deps, who, after)
        copies = [models.QuestionCopy(id=one.id.hex(), day=one.day, sealed=one.blob.content) for one in found]
        return models.QuestionsAnswer(organisation=who.organisation, questions=copies, next=following)

    return answered(await look_and_record(request, ask))


async def counts(request: web.Request) -> web.Response:
    """How many there were, by kind and by article."""
    days = number_of(request, "days", default=MONTH, most=MOST_DAYS)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.QuestionCounts:
        who = _at(request, actor)
        found = question_reading.counts(tx, deps, who, days)
        return models.QuestionCounts(
            organisation=who.organisation,
            since=found.since,
            kinds={kind.value: count for kind, count in sorted(found.kinds.items())},
            articles=[
                models.ArticleCount(article=article, kind=kind, count=count)
                for (article, kind), count in sorted(found.articles.items())
            ],
        )

    return answered(await look(request, ask))


def _at(request: web.Request, actor: Actor) -> Reader:
    """Whoever is signed in, at their device; of the device's own organisation unless another is named."""
    named = request.query.get("organisation", actor.own.organisation)[:MAX_NAME]
    return Reader(
        person=actor.who.person, device=actor.own, organisation=OrganisationId(named), now=actor.who.now
    )
