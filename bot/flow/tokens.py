"""Tokens with which a telephone exchange asks who is on duty: issued once, known by their digest, over on a day."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bot.core.errors import BadInput, Denied, NotNow
from bot.core.ids import OrganisationId
from bot.core.places import GroupId, Structure, members_at, organisation, place_named
from bot.flow.deps import Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_coverage import Scope, Token, TokenId
from bot.seal.wire import to_base64url

KIND: Final = "token"
SECRET: Final = 32  # random bytes
MAX_SECRET: Final = 43  # characters of them as base64url
MAX_DAYS: Final = 366  # a token is renewed at least every year
MOST_TOKENS: Final = 100  # that are alive at one time
_LABEL: Final = re.compile(r"[^<>{}@\x00-\x1f]{1,80}")


def issue(
    tx: Tx, deps: Deps, *, name: str, label: str, scope: Scope, days: int, by: str
) -> tuple[Token, str]:
    """Make a token for an organisation or a group; returns it and its secret, which is told this once and never again.

    Raises BadInput for an unknown place, a label of other than 1-80 plain characters, or days outside 1-366.
    """
    now, ledger = deps.clock.now(), _ledger(deps.content().structure, name)
    if not _LABEL.fullmatch(label):
        raise BadInput("label: is 1-80 characters, without markup")
    if not 1 <= days <= MAX_DAYS:
        raise BadInput(f"days: is a number from 1 to {MAX_DAYS}")
    if sum(alive(token, now) for token in tx.tokens.all()) >= MOST_TOKENS:
        raise NotNow(f"there are {MOST_TOKENS} tokens already: revoke one first")
    secret = to_base64url(deps.entropy.draw(SECRET))
    token = Token(
        id=TokenId(fresh_id(now, deps.entropy)),
        organisation=name,
        digest=_digest(secret),
        scope=scope,
        label=label,
        made=now,
        by=by,
        until=now + timedelta(days=days),
    )
    tx.tokens.put(token, fact(deps, ledger, KIND, now, by=by))
    return token, secret


def revoke(tx: Tx, deps: Deps, token: TokenId, by: str) -> Token:
    """End a token now; harmless the second time. Raises BadInput when there is none with that id."""
    known = tx.tokens.get(token)
    if known is None:
        raise BadInput("there is no token with that id")
    if known.revoked is not None:
        return known
    now = deps.clock.now()
    ended = replace(known, revoked=now)
    ledger = _ledger(deps.content().structure, known.organisation, deps.home)
    tx.tokens.put(ended, fact(deps, ledger, KIND, now, by=by))
    return ended


def admitted(tx: Tx, secret: str, now: datetime) -> Token | None:
    """The token with that secret while it is alive; nothing tells an unknown one from one that is over."""
    if len(secret) != MAX_SECRET:
        return None
    found = tx.tokens.by_digest(_digest(secret))
    return found if found is not None and alive(found, now) else None


def alive(token: Token, now: datetime) -> bool:
    """Whether it still opens anything."""
    return token.revoked is None and token.made <= now < token.until


def check_place(token: Token, structure: Structure, name: str, area: str | None, at: datetime) -> None:
    """Raise Denied unless the token is for that place at that minute, and BadInput for a place there is not."""
    if name == token.organisation:
        return
    jour, group = structure.groups.get(GroupId(token.organisation), (None, None))
    if jour is None or group is None:
        raise Denied("the token is for another organisation")
    asked = place_named(structure, name, area, at).organisation.id
    if asked != jour.id and asked not in members_at(group, at):
        raise Denied("the token is for another group")


def _ledger(structure: Structure, name: str, otherwise: OrganisationId | None = None) -> OrganisationId:
    """Whose ledger tells of a token: the organisation's own, or that of the group's jour."""
    jour, _ = structure.groups.get(GroupId(name), (None, None))
    if otherwise is not None and jour is None and OrganisationId(name) not in structure.organisations:
        return otherwise  # the place is gone, the token must go too
    return (jour or organisation(structure, name)).id


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
