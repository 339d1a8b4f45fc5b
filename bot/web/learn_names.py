"""What the parts of the learning view are called, and where each stands."""

from typing import Final

from bot.core.text import Language
from bot.flow.learning import Lesson
from bot.web.frame import Frame

ALL: Final = "all"  # the path of everything on one page; no topic is called so
SWEDISH: Final = {"lang": "sv"}  # articles are Swedish, whatever the reader's language


def to(frame: Frame, path: str = "") -> str:
    """The address of a page of the learning view, in the reader's language."""
    return f"/learn{f'/{path}' if path else ''}{frame.query}"


def to_lesson(frame: Frame, lesson: Lesson) -> str:
    """The address of an article: by its id, so that it leads there also when the file has got another name or topic."""
    return to(frame, f"{lesson.topic}/{lesson.article.id}")


def topic_title(frame: Frame, topic: str) -> str:
    """What a topic is called; a new one by its folder, until somebody has named it."""
    key = f"learn.topic.{topic}"
    return frame.say(key) if is_said(frame, key) else topic.replace("-", " ").capitalize()


def place_title(frame: Frame, org: str) -> str:
    """What the organisation or group is called that an article is for."""
    structure, words = frame.words.content.structure, frame.words
    board = next((one for one in structure.organisations.values() if one.id == org), None)
    if board is not None:
        return words.label(board.label)
    return next((words.label(group.label) for id_, (_, group) in structure.groups.items() if id_ == org), org)


def is_said(frame: Frame, key: str) -> bool:
    """Whether there is such a sentence in the reader's language."""
    return key in frame.words.content.texts.sentences[Language(frame.words.language)]
