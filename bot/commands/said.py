"""What a terminal says of a refusal: the sentence that a person would read on the page, and nothing that a terminal obeys."""

from bot.client.api import Problem
from bot.core.errors import SamjourError
from bot.flow.deps import Content
from bot.flow.refusals import Refused

LANGUAGE = "en"  # of what this command line says itself


def of_problem(error: Problem) -> str:
    """The server's own sentence, in the language of whoever is signed in; the bare code where it gave none."""
    detail = error.plain.get("detail")
    return visible(detail) if isinstance(detail, str) and detail else str(error)


def of_refusal(error: SamjourError, content: Content) -> str:
    """The error as a sentence: a refusal that has only a name says what the page says of it."""
    if isinstance(error, Refused) and str(error) == error.code.value:
        return content.texts.say(LANGUAGE, f"web.problem.{error.code.value}")
    return str(error)


def visible(text: str) -> str:
    """Nothing that a terminal would obey."""
    return "".join(c if c.isprintable() else " / " if c == "\n" else "?" for c in text)
