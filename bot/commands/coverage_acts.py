"""What commands about gaps, numbers and tokens do with the database, wherever it is open."""

from datetime import datetime, timedelta
from typing import Final

from bot.app import Samjour
from bot.commands import given
from bot.commands.admin import Act
from bot.commands.given import Args
from bot.core.errors import BadInput
from bot.core.hours import STOCKHOLM, local_day
from bot.core.in_force import numbers_on
from bot.core.places import NumberId, place_named
from bot.flow.coverage import gaps_ahead
from bot.flow.numbers_tested import answers_since, keep_test
from bot.flow.readiness import plain, state_of
from bot.flow.records_coverage import Scope, Token, TokenId
from bot.flow.tokens import alive, issue, revoke

BY: Final = "command line"
MOST_AHEAD: Final = timedelta(days=731)  # between which gaps are looked for


async def gaps_by_need(samjour: Samjour, args: Args) -> dict[str, object]:
    """Where between two instants nobody could be asked, by area and need."""
    first, last = given.instant(args, "from"), given.instant(args, "to")
    if not first < last <= first + MOST_AHEAD:
        raise BadInput(f"to: is later than from, by at most {MOST_AHEAD.days} days")
    own = place_named(samjour.deps.content().structure, given.text(args, "org"), None, first).organisation
    found = await samjour.store.read(lambda tx: gaps_ahead(tx, tx.people.all(), own, first, last))
    listed = [
        {"area": gap.area, "need": gap.need.value, "from": _local(gap.starts), "to": _local(gap.ends)}
        for gap in found
    ]
    return {"gaps": listed}


async def numbers_tested(samjour: Samjour, args: Args) -> dict[str, object]:
    """Keep that a number was rung now, and whether it was answered."""
    number, answered = NumberId(given.text(args, "number")), args.get("answered") is True
    found = await samjour.store.write(
        lambda tx: keep_test(tx, samjour.deps, number, answered=answered, by=BY)
    )
    return {"number": found.number, "at": _local(found.at), "answered": found.answered}


async def numbers_list(samjour: Samjour, args: Args) -> dict[str, object]:
    """Every number of an organisation, and since when it is known to answer."""
    now = samjour.deps.clock.now()
    own = place_named(samjour.deps.content().structure, given.text(args, "org"), None, now).organisation
    last = await samjour.store.read(lambda tx: tx.coverage.last_tests())
    since = ((number, answers_since(number, last)) for number in numbers_on(own, local_day(now)))
    listed = [
        {"id": number.id, "number": number.number, "answered": day.isoformat() if day else None}
        for number, day in since
    ]
    return {"numbers": listed}


async def readiness(samjour: Samjour, args: Args) -> dict[str, object]:
    """How ready an organisation is: what is missing, whom nothing reaches, what the last drills brought."""
    now, content = samjour.deps.clock.now(), samjour.deps.content()
    own = place_named(content.structure, given.text(args, "org"), None, now).organisation
    return plain(await samjour.store.read(lambda tx: state_of(tx, content, own, now)))


async def token_issue(samjour: Samjour, args: Args) -> dict[str, object]:
    """Make a token and show its secret."""
    days = args.get("days")
    if not isinstance(days, int):
        raise BadInput("days: is a number")
    name, label, scope = given.text(args, "org"), given.text(args, "label"), _scope(args)
    made, secret = await samjour.store.write(
        lambda tx: issue(tx, samjour.deps, name=name, label=label, scope=scope, days=days, by=BY)
    )
    return {**_told(made, samjour.deps.clock.now()), "token": secret}


async def token_list(samjour: Samjour, args: Args) -> dict[str, object]:
    """Every token, without its secret."""
    del args
    now = samjour.deps.clock.now()
    return {"tokens": [_told(t, now) for t in await samjour.store.read(lambda tx: tx.tokens.all())]}


async def token_revoke(samjour: Samjour, args: Args) -> dict[str, object]:
    """End a token now."""
    named = TokenId(given.text(args, "id"))
    ended = await samjour.store.write(lambda tx: revoke(tx, samjour.deps, named, by=BY))
    return _told(ended, samjour.deps.clock.now())


def _told(token: Token, now: datetime) -> dict[str, object]:
    return {
        "id": token.id,
        "organisation": token.organisation,
        "label": token.label,
        "scope": token.scope.value,
        "made": _local(token.made),
        "until": _local(token.until),
        "revoked": None if token.revoked is None else _local(token.revoked),
        "alive": alive(token, now),
    }


def _local(at: datetime) -> str:
    return at.astimezone(STOCKHOLM).isoformat(timespec="seconds")


def _scope(args: Args) -> Scope:
    try:
        return Scope(given.text(args, "scope"))
    except ValueError as error:
        raise BadInput(f"scope: is one of {', '.join(Scope)}") from error


ACTS: Final[dict[str, Act]] = {
    "roster-gaps-by-need": gaps_by_need,
    "numbers-tested": numbers_tested,
    "numbers-list": numbers_list,
    "readiness": readiness,
    "token-issue": token_issue,
    "token-list": token_list,
    "token-revoke": token_revoke,
}
