"""One content from the first look to the last word: what was shown before a reload still works by id, or says that it does not."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.content import Content
from bot.core.consultation import State
from bot.core.ids import OrganisationId, PersonId
from bot.core.library.article import Article, Status
from bot.core.library.search import Unsure
from bot.core.text import Language
from bot.flow.chat.speech import compose
from bot.flow.deps import Content as Asked
from bot.flow.deps import pinned
from bot.flow.messages import Inbound
from bot.flow.reading import look_up, reader_at
from bot.flow.receive import receive
from bot.flow.records import Arrival, Kind, Saying
from bot.seal.plain import Plain, Sealed
from tests.flow.flow_world import CHANNEL, OFFICER, World, address

MALMO = "malmo"
Change = Callable[[Article], Article | None]


def changed(content: Content, change: Change) -> Content:
    """The content after some of its articles were changed or taken away; what finds them is as it was."""
    articles = {one.id: change(one) for one in content.library.articles}
    by_id = {id_: articles[one.id] for id_, one in content.library.by_id.items()}
    left = {id_: one for id_, one in by_id.items() if one is not None}
    return replace(content, digest="f" * 64, library=replace(content.library, by_id=left))


def without(content: Content, *ids: str) -> Content:
    """The content without these articles."""
    return changed(content, lambda one: None if one.id in ids else one)


def in_force(world: World, content: Content) -> None:
    """Publish it: every act from now on sees it."""
    world.deps = replace(world.deps, content=lambda: content)


def unsure(world: World, content: Content) -> tuple[str, tuple[Article, ...]]:
    """A question that is answered by a question back, and between which articles, all of which may be given."""
    board = content.structure.organisations[next(o for o in content.structure.organisations if o == MALMO)]
    reader = reader_at(content.structure, board, world.clock.now())
    for asked in (
        "barnet",
        "polisanmälan",
        "sekretess",
        "föräldrar",
        "jouren",
        "förhör",
        "våld",
        "tolk",
        "mamma",
    ):
        found = look_up(content.library, asked, reader)
        if isinstance(found, Unsure) and len(found.candidates) > 1:
            first, second, *_ = found.candidates
            if all(one.status is Status.DRAFT and not one.needs for one in (first, second)):
                return asked, found.candidates
    raise AssertionError("every one of these has one answer")


def said(content: Content, key: str) -> str:
    """The sentence, without what stands before it."""
    return content.texts.sentences[Language.SV][key].replace("{stop}", "")


async def test_a_choice_shown_before_leads_there_by_id(world: World, content: Content) -> None:
    """The order of the answers may be another since: what is given is the article whose title stood on the button."""
    asked, (first, second, *_) = unsure(world, content)
    await world.say(OFFICER, asked)
    c = await world.latest()
    assert c.candidates[:2] == (first.id, second.id)
    in_force(world, changed(content, lambda one: replace(one, body="Nytt.") if one.id == second.id else one))
    await world.press_shown(OFFICER, ":1")
    assert (await world.latest()).article == second.id
    assert second.title in world.texts(OFFICER)[-1]
    assert "Nytt." in world.texts(OFFICER)[-1]


async def test_a_choice_that_is_gone_says_so(world: World, content: Content) -> None:
    """Not another article, not silence, and not that it waits: that the library has changed, and a way on."""
    asked, (first, *_) = unsure(world, content)
    await world.say(OFFICER, asked)
    in_force(world, without(content, first.id))
    await world.press_shown(OFFICER, ":0")
    assert said(content, "ask.changed") in world.texts(OFFICER)[-1]
    assert world.messages(OFFICER)[-1].buttons
    c = await world.latest()
    assert (c.state, c.article) == (State.ASKED, None)
    assert (
        await world.deps.store.read(lambda tx: tx.questions.counts(c.organisation or world.deps.home, ""))
        == ()
    )


async def test_a_choice_that_was_merged_leads_to_what_stayed(world: World, content: Content) -> None:
    """The old id is an alias of the other article; the same press again shows the same answer."""
    asked, (first, second, *_) = unsure(world, content)
    await world.say(OFFICER, asked)
    by_id = {**content.library.by_id, first.id: content.library.by_id[second.id]}
    in_force(world, replace(content, digest="e" * 64, library=replace(content.library, by_id=by_id)))
    message = world.messages(OFFICER)[-1]
    press = next(one for one in message.presses if one.endswith(":0"))
    await world.press(OFFICER, press, message.id)
    assert (await world.latest()).article == second.id
    await world.press(OFFICER, press, message.id)
    assert second.title in world.texts(OFFICER)[-1]
    assert said(content, "ask.gone") not in world.texts(OFFICER)


def answering(world: World, content: Content) -> tuple[Article, Saying]:
    """An article that was given, as it waits to be delivered."""
    article = next(
        one
        for one in content.library.articles
        if one.status is Status.DRAFT and not one.needs and one.org is None
    )
    saying = Saying(
        id="0" * 32,
        kind=Kind.REPLY,
        channel=CHANNEL,
        person=PersonId(OFFICER),
        key="ask.answer",
        params={"consultation": "0" * 32, "article": article.id, "stop": "", "board": MALMO},
        due=world.clock.now(),
    )
    return article, saying


def with_status(article: Article, status: Status | None) -> Article | None:
    """The article with another status; None for none."""
    return None if status is None else replace(article, status=status)


@pytest.mark.parametrize(
    ("status", "key"), [(None, "ask.changed"), (Status.NEEDS_LAWYER, "ask.withheld"), (Status.DRAFT, "")]
)
async def test_what_was_withdrawn_before_it_was_delivered_is_not_given(
    world: World, content: Content, status: Status | None, key: str
) -> None:
    """An answer that waited through a reload is judged by what is in force when it leaves."""
    article, saying = answering(world, content)
    new = changed(content, lambda one: one if one is not article else with_status(one, status))
    deps = replace(world.deps, content=lambda: new)
    speech = await world.deps.store.read(lambda tx: compose(tx, deps, saying, "sv", world.clock.now()))
    assert speech is not None
    assert (article.body in speech.text) is (key == "")
    assert said(content, key) in speech.text if key else True


class Turning:
    """Content that is another each time it is asked for, as if a reload fell between any two looks."""

    def __init__(self, *contents: Asked) -> None:
        self._turns: Iterator[Asked] = iter(contents * 100)
        self.looks = 0

    def __call__(self) -> Asked:
        self.looks += 1
        return next(self._turns)


async def test_a_message_is_made_of_one_content(world: World, content: Content) -> None:
    """Title, text and sources of one answer never come from two."""
    article, saying = answering(world, content)
    new = changed(
        content, lambda one: replace(one, title="Ny rubrik", body="Ny text") if one is article else one
    )
    turning = Turning(content, new)
    deps = replace(world.deps, content=turning)
    for _ in range(2):
        speech = await world.deps.store.read(lambda tx: compose(tx, deps, saying, "sv", world.clock.now()))
        assert speech is not None
        assert ("Ny rubrik" in speech.text) is ("Ny text" in speech.text)
    assert turning.looks == 2


async def test_an_act_sees_one_content(world: World, content: Content) -> None:
    """A question is answered, recorded and kept by the same content: it is asked for once."""
    turning = Turning(content, without(content, *(one.id for one in content.library.articles)))
    deps = replace(world.deps, content=turning)
    asked = Inbound(
        channel=CHANNEL,
        address=address(OFFICER),
        native_id="9999",
        at=world.clock.now(),
        text=Plain(b"ny cykelkedja"),
    )
    await deps.store.write(
        lambda tx: tx.inbox.put(
            Arrival(channel=CHANNEL, native_id="9999", body=Sealed(content=b"-"), at=world.clock.now())
        )
    )
    await deps.store.write(lambda tx: receive(tx, deps, asked))
    assert turning.looks == 1
    recorded = await deps.store.read(lambda tx: list(tx.audit.entries(OrganisationId(MALMO))))
    assert content.digest.encode() in recorded[-1].entry.body


def test_what_is_pinned_is_otherwise_the_same(world: World) -> None:
    """Bells, memory and keys are those of everybody."""
    one = pinned(world.deps)
    assert one.content() is one.content()
    assert replace(one, content=world.deps.content) == world.deps
