"""What the logs and the terminal told: everything that a record holds, not only its message."""

import logging
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

LEAST = 6  # characters: shorter than that stands anywhere by chance


class Overheard(logging.Handler):
    """Keeps every record whole: message, arguments, what was added, traceback."""

    def __init__(self) -> None:
        """Nothing has been heard."""
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.heard.append(f"{record.getMessage()} {record.__dict__!r} {trace}")

    def repeats(self, secrets: Iterable[str]) -> list[str]:
        """Which of these were told."""
        told = "\n".join(self.heard)
        return [secret for secret in secrets if len(secret) >= LEAST and secret in told]


@contextmanager
def overhearing() -> Iterator[Overheard]:
    """Listen to our own loggers at DEBUG, as at SAMJOUR_LOG_LEVEL=DEBUG, and to all others from WARNING."""
    ears, root, ours = Overheard(), logging.getLogger(), logging.getLogger("bot")
    before = ours.level
    root.addHandler(ears)
    ours.setLevel(logging.DEBUG)
    try:
        yield ears
    finally:
        ours.setLevel(before)
        root.removeHandler(ears)
