"""Upkeep: signs each ledger's head, so that what stood there can be shown later; forgets what may be forgotten."""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from bot.core.errors import Tampered
from bot.core.ids import OrganisationId
from bot.flow.cosign import witnesses_of
from bot.flow.deps import Deps
from bot.flow.opening_end import end_expired
from bot.flow.ports import Tx
from bot.flow.questions import close_over
from bot.flow.sendings import forget as forget_sendings
from bot.flow.verify_ledger import Signers
from bot.seal.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from bot.seal.errors import SealError

log = logging.getLogger(__name__)
REMEMBERED = timedelta(days=2)  # Telegram keeps an update for one (Bot API, getUpdates)
EVERY = timedelta(seconds=30)  # within a minute of any entry (sealing.md 5)


async def keep_up(deps: Deps) -> None:
    """End openings and days that are over, sign what is unsigned, forget what is old; now and then, until cancelled."""
    while True:
        await end_expired(deps)
        await sign_heads(deps)
        await forget(deps)
        await forget_sendings(deps)
        await close_over(deps)
        await deps.clock.sleep(EVERY)


async def forget(deps: Deps) -> int:
    """Forget the numbers of updates too old to be brought again; Telegram may give them to others."""
    before = deps.clock.now() - REMEMBERED
    return await deps.store.write(lambda tx: tx.inbox.forget(before))


async def sign_heads(deps: Deps) -> int:
    """Sign the head of every ledger that has grown; returns how many were signed.

    A ledger that no longer holds what its last checkpoint says is not signed: our own signature must not cover
    what somebody rewrote.
    """

    def act(tx: Tx) -> int:
        return sum(sign_head(tx, deps, organisation) for organisation in tx.ledger.unsigned())

    return await deps.store.write(act)


def origin(base_url: str, organisation: OrganisationId) -> str:
    """The ledger's name: `<host>/<organisation>` (C2SP tlog-checkpoint)."""
    return f"{urlsplit(base_url).hostname}/{organisation}"


def signers(deps: Deps) -> Signers:
    """Whose checkpoints and cosignatures count here: those of our own ledger key, those of known witnesses."""
    return Signers(
        origin=lambda o: origin(deps.base_url, o),
        publics=(deps.keys.ledger.public,),
        witnesses=lambda o: witnesses_of(deps.content(), o),
    )


def sign_head(tx: Tx, deps: Deps, organisation: OrganisationId) -> bool:
    """Sign the head of one ledger; False, with the reason in the log, when it contradicts what was signed."""
    try:
        _check_last(tx, deps, organisation)
    except (SealError, Tampered) as error:
        log.error("ledger not signed", extra={"ledger": organisation, "kind": type(error).__name__})  # noqa: TRY400 - the kind says it
        return False
    size = tx.ledger.size(organisation)
    head = Checkpoint(
        origin=origin(deps.base_url, organisation), size=size, root=tx.ledger.root(organisation)
    )
    tx.ledger.put_checkpoint(organisation, size, sign_checkpoint(head, deps.keys.ledger))
    return True


def _check_last(tx: Tx, deps: Deps, organisation: OrganisationId) -> None:
    note = tx.ledger.last_checkpoint(organisation)
    if note is None:
        return
    named, public = origin(deps.base_url, organisation), deps.keys.ledger.public
    last = verify_checkpoint(note, origin=named, public=public)
    if last.size > tx.ledger.size(organisation) or tx.ledger.root(organisation, last.size) != last.root:
        raise Tampered("the ledger is not the one that its last checkpoint names")
