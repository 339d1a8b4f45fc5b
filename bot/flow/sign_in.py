"""Sign in on the web by a link: single use, short-lived, and worth nothing once it has been used."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from bot.core.errors import Denied
from bot.core.ids import PersonId
from bot.core.people import Person
from bot.flow.ports import Clock, Entropy, Store, Tx
from bot.flow.records import Session, Ticket

PURPOSE = "sign_in"
LINK_LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(hours=12)
TOKEN_BYTES = 32  # nobody guesses 256 bits
MAX_TOKEN = 128  # characters; ours have 43


class SignInDeps(Protocol):
    """What signing in needs of the composition root."""

    @property
    def store(self) -> Store:
        """The memory."""
        ...

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def entropy(self) -> Entropy:
        """The chance."""
        ...

    @property
    def base_url(self) -> str:
        """Where the web is found."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session that was just opened. `token` goes into the browser's cookie and is kept nowhere else."""

    token: str = field(repr=False)
    person: PersonId
    expires: datetime


async def issue_link(deps: SignInDeps, person: PersonId, lifetime: timedelta = LINK_LIFETIME) -> str:
    """Make a link that signs `person` in once, within `lifetime`.

    The token stands in the fragment, which browsers send to no server: no log and no preview of the link sees it.
    """
    token = draw_token(deps.entropy)
    ticket = Ticket(
        digest=_digest(token), purpose=PURPOSE, person=person, expires=deps.clock.now() + lifetime
    )
    await deps.store.write(lambda tx: tx.people.issue(ticket))
    return f"{deps.base_url.rstrip('/')}/in#{token}"


async def redeem(deps: SignInDeps, token: str, *, instead_of: str | None = None) -> SignedIn:
    """Turn a link's token into a session, in one transaction. `instead_of` is a session token that ends with it.

    Raises Denied when the token is unknown, used or too old, or its person is no longer active; which of
    them is told to nobody.
    """
    fresh, now = draw_token(deps.entropy), deps.clock.now()

    def act(tx: Tx) -> SignedIn:
        person = _active(tx, tx.people.redeem(_digest(token), PURPOSE, now))
        if person is None:
            raise Denied("the link has been used or is too old")
        return open_session(tx, person.id, fresh, now, instead_of=instead_of)

    return await deps.store.write(act)


def open_session(
    tx: Tx,
    person: PersonId,
    token: str,
    now: datetime,
    *,
    device: bytes | None = None,
    instead_of: str | None = None,
) -> SignedIn:
    """Open a session under a fresh token, on a device or without. `instead_of` is a session token that ends with it."""
    if instead_of is not None:
        tx.people.close_session(_digest(instead_of))
    expires = now + SESSION_LIFETIME
    tx.people.open_session(
        Session(digest=_digest(token), person=person, created=now, expires=expires, device=device)
    )
    return SignedIn(token=token, person=person, expires=expires)


async def session_person(deps: SignInDeps, token: str | None) -> Person | None:
    """Who is signed in with this cookie; None when it is missing, unknown, too old, or the person not active."""
    if token is None or len(token) > MAX_TOKEN:
        return None
    now = deps.clock.now()
    return await deps.store.read(lambda tx: signed_in(tx, token, now))


def signed_in(tx: Tx, token: str, now: datetime) -> Person | None:
    """Answer the same inside a transaction that goes on to read more."""
    session = session_of(tx, token, now)
    return None if session is None else _active(tx, session.person)


def session_of(tx: Tx, token: str, now: datetime) -> Session | None:
    """The session of that token, while it lasts."""
    return tx.people.session(_digest(token), now) if len(token) <= MAX_TOKEN else None


async def sign_out(deps: SignInDeps, token: str) -> None:
    """End the session; harmless the second time."""
    await deps.store.write(lambda tx: tx.people.close_session(_digest(token)))


def _active(tx: Tx, person: PersonId | None) -> Person | None:
    found = None if person is None else tx.people.get(person)
    return found if found is not None and found.active else None


def draw_token(entropy: Entropy) -> str:
    """A fresh token that nobody guesses."""
    return urlsafe_b64encode(entropy.draw(TOKEN_BYTES)).rstrip(b"=").decode()


def _digest(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()  # a cookie may hold bytes that are no text
