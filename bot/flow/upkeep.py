"""Upkeep: signs each ledger's head, so that what stood there can be shown later; forgets what may be forgotten."""

from datetime import timedelta
from urllib.parse import urlsplit

from bot.core.ids import OrganisationId
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.verify_ledger import Signers
from bot.seal.checkpoint import Checkpoint, sign_checkpoint

REMEMBERED = timedelta(days=2)  # Telegram keeps an update for one (Bot API, getUpdates)
EVERY = timedelta(seconds=30)  # within a minute of any entry (sealing.md 5)


async def keep_up(deps: Deps) -> None:
    """Sign what is unsigned and forget what is old, now and then, until cancelled."""
    while True:
        await sign_heads(deps)
        await forget(deps)
        await deps.clock.sleep(EVERY)


async def forget(deps: Deps) -> int:
    """Forget the numbers of updates too old to be brought again; Telegram may give them to others."""
    before = deps.clock.now() - REMEMBERED
    return await deps.store.write(lambda tx: tx.inbox.forget(before))


async def sign_heads(deps: Deps) -> int:
    """Sign the head of every ledger that has grown; returns how many."""

    def act(tx: Tx) -> int:
        grown = tx.ledger.unsigned()
        for organisation in grown:
            _sign(tx, deps, organisation)
        return len(grown)

    return await deps.store.write(act)


def origin(base_url: str, organisation: OrganisationId) -> str:
    """The ledger's name: `<host>/<organisation>` (C2SP tlog-checkpoint)."""
    return f"{urlsplit(base_url).hostname}/{organisation}"


def signers(deps: Deps) -> Signers:
    """Whose checkpoints count here: those of our own ledger key."""
    return Signers(origin=lambda o: origin(deps.base_url, o), publics=(deps.keys.ledger.public,))


def _sign(tx: Tx, deps: Deps, organisation: OrganisationId) -> None:
    size = tx.ledger.size(organisation)
    head = Checkpoint(
        origin=origin(deps.base_url, organisation), size=size, root=tx.ledger.root(organisation)
    )
    tx.ledger.put_checkpoint(organisation, size, sign_checkpoint(head, deps.keys.ledger))
