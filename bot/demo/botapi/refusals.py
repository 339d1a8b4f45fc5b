"""How the Bot API says no: the codes and sentences of the public server (tdlib/telegram-bot-api, Client.cpp)."""

from bot.core.errors import SamjourError


class Refused(SamjourError):  # noqa: N818 - reads as what happened
    """The Bot API refused the call."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        """`code` is both the HTTP status and `error_code`; `retry_after` in seconds."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad_request(why: str) -> Refused:
    """400: what was asked cannot be done."""
    return Refused(400, f"Bad Request: {why}")


def forbidden(why: str) -> Refused:
    """403: the other side does not want the bot."""
    return Refused(403, f"Forbidden: {why}")


def conflict(why: str) -> Refused:
    """409: two ways of fetching updates at once."""
    return Refused(409, f"Conflict: {why}")


def flood(retry_after: int) -> Refused:
    """429: too much, come back in that many seconds."""
    return Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def not_found() -> Refused:
    """404: no such method, or a token that is not even one."""
    return Refused(404, "Not Found")


def unauthorized() -> Refused:
    """401: a token of no bot."""
    return Refused(401, "Unauthorized")
