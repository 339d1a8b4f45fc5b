"""What the library answers: an article, a question back, or a person."""

from collections.abc import Mapping

from bot.core.ids import ArticleId, ConsultationId
from bot.core.library.article import Article, filled
from bot.core.library.search import Answer
from bot.core.press import Helped, Open, Page, Pick, encode
from bot.flow.chat.spoken import Speech
from bot.flow.chat.turn import Turn, board_of, type_words
from bot.flow.messages import Button
from bot.flow.reading import open_article, reader_at
from bot.flow.speaker import home_board


def answered(turn: Turn, name: str) -> Speech:
    """What the library said."""
    match name:
        case "answer":
            return _answer(turn)
        case "unsure":
            return _unsure(turn)
        case "withheld" | "nothing" | "not_helped" | "changed":
            text = turn.say(f"ask.{name}", stop=_stop(turn))
            return turn.speech(_named(turn) + text, (_connect(turn),))
        case _:
            return turn.speech(turn.say(f"ask.{name}"))


def _answer(turn: Turn) -> Speech:
    assert turn.person is not None
    content, board = turn.deps.content(), home_board(turn.deps, turn.person, turn.words.now)
    reader = reader_at(content.structure, board, turn.words.now)
    found = open_article(content.library, ArticleId(turn.params["article"]), reader)
    if not isinstance(found, Answer):  # since it was given, the library has changed
        return answered(turn, "changed" if found is None else "withheld")
    article = found.article
    text = told(turn, article, reader.fields, stop=_stop(turn, article))
    c = ConsultationId(turn.params["consultation"])
    helped = turn.button("button.helped", Helped(consultation=c, yes=True))
    not_helped = turn.button("button.not_helped", Helped(consultation=c, yes=False))
    return turn.speech(_named(turn) + text, ((helped, not_helped), _connect(turn)))


def _unsure(turn: Turn) -> Speech:
    c = ConsultationId(turn.params["consultation"])
    articles = [_article(turn, a) for a in turn.params["articles"].split(",")]
    rows = [
        (Button(text=article.title, press=encode(Pick(consultation=c, index=n))),)
        for n, article in enumerate(articles)
        if article is not None
    ]
    if not rows:  # since it was asked, the library has changed
        return answered(turn, "changed")
    none = turn.button("button.none_of_these", Pick(consultation=c, index=None))
    return turn.speech(_named(turn) + turn.say("ask.unsure", stop=_stop(turn)), (*rows, (none,)))


def told(turn: Turn, article: Article, fields: Mapping[str, str], *, stop: str = "") -> str:
    """An article as an answer: with its sources, how old its law is and when it was read; a draft says so."""
    return turn.say(
        "ask.answer",
        stop=stop,
        draft=turn.say("ask.draft") if article.status == "draft" else "",
        title=article.title,
        body=filled(article, fields),
        sources="; ".join(source.ref for source in article.sources),
        law_as_of=turn.say("ask.law_as_of", day=article.law_as_of.isoformat()) if article.law_as_of else "",
        reviewed=article.reviewed.isoformat(),
    )


def _stop(turn: Turn, article: Article | None = None) -> str:
    """The danger line above an answer, never instead of it."""
    stop = turn.params.get("stop") or (article.stop if article is not None else None) or ""
    if stop != "jour":
        return turn.say(f"stop.{stop}") if stop else ""
    number = turn.words.first_number(board_of(turn))
    return turn.say("stop.jour", label=number["label"], number=number["number"])


def _named(turn: Turn) -> str:
    """What is said first when a question pointed somebody out."""
    types = turn.params.get("named", "")
    return f"{turn.say('ask.named', types=type_words(turn, types))}\n\n" if types else ""


def _connect(turn: Turn) -> tuple[Button, ...]:
    return (turn.button("button.connect", Open(page=Page.CONSULT)),)


def _article(turn: Turn, id_: str) -> Article | None:
    return turn.deps.content().library.by_id.get(ArticleId(id_))
