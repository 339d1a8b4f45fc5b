"""Whose signatures a verification believes: keys given on the command line, else our own ledger's and the files' witnesses."""

from collections.abc import Callable, Sequence

from bot.core.errors import BadInput
from bot.flow.cosign import witnesses_of
from bot.flow.deps import Content
from bot.flow.upkeep import origin
from bot.flow.verify_ledger import Signers
from bot.seal.cosignature import witness_from_text
from bot.seal.errors import Malformed
from bot.seal.note import Verifier, verifier_from_text


def believed(vkeys: Sequence[str], files: Content, *, base_url: str, own: Callable[[], bytes]) -> Signers:
    """Signers of verifier keys of ledgers, which sign all ledgers of their host, and of witnesses besides the files'.

    `own`: the public key that counts where no ledger's is given, under `base_url`; asked for only then. Raises
    BadInput for what is no key and for ledgers of two hosts.
    """
    ledgers, witnesses = _sorted(vkeys)
    hosts = {ledger.name.rpartition("/")[0] for ledger in ledgers}
    if len(hosts) > 1:
        raise BadInput("--vkey: the ledgers are of two hosts; verify one at a time")
    host = next(iter(hosts), None)
    return Signers(
        origin=lambda organisation: f"{host}/{organisation}" if host else origin(base_url, organisation),
        publics=tuple({ledger.public for ledger in ledgers}) or (own(),),
        witnesses=lambda organisation: (*witnesses_of(files, organisation), *witnesses),
    )


def _sorted(vkeys: Sequence[str]) -> tuple[list[Verifier], list[Verifier]]:
    """Ledgers' keys, witnesses' keys: the type stands in the key."""
    ledgers, witnesses = [], []
    for vkey in vkeys:
        try:
            ledgers.append(verifier_from_text(vkey))
        except Malformed:
            witnesses.append(_witness(vkey))
    return ledgers, witnesses


def _witness(vkey: str) -> Verifier:
    try:
        return witness_from_text(vkey)
    except Malformed as error:
        raise BadInput("--vkey: is no verifier key") from error
