"""What a client is given to believe a directory: every bundle and word, and the proofs from the ledger."""

from dataclasses import dataclass

from bot.core.errors import BadInput, Unavailable
from bot.core.ids import OrganisationId
from bot.flow import proofs
from bot.flow.device_directory import in_directory
from bot.flow.ports import Tx
from bot.flow.refusals import Code, Refused
from bot.seal.trust import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryAnswer:
    """An answer, and of which size its checkpoint is."""

    answer: Answer
    number: int
    size: int


def directory_answer(tx: Tx, organisation: OrganisationId, since: int = 0) -> DirectoryAnswer:
    """The newest directory, with all that `seal.trust.verify_directory_answer` asks for.

    `since`: the size of the checkpoint accepted before; 0: none. Raises Refused without a directory, BadInput when
    the ledger has not that size.
    """
    published = tx.devices.published(organisation)
    if published is None:
        raise Refused(Code.NO_ROOT, told="the organisation has no root yet: samjour organisation init")
    note = proofs.checkpoint(tx, organisation)
    included = proofs.inclusion(tx, organisation, published.index)
    if note is None or included is None:
        raise Unavailable("the directory stands under no checkpoint")
    if not 0 <= since <= included.size:
        raise BadInput("the ledger has not that size")
    continued = proofs.consistency(tx, organisation, since, included.size) if since else None
    listed = sorted(in_directory(published))
    known = (device for id_ in listed if (device := tx.devices.get(id_)) is not None)
    return DirectoryAnswer(
        answer=Answer(
            directory=published.body,
            entries=[(device.bundle, tx.devices.approvals(device.id)) for device in known],
            introductions=tx.devices.introductions(organisation),
            index=published.index,
            salt=published.salt,
            checkpoint=note,
            inclusion=included.proof,
            consistency=[] if continued is None else continued.proof,
        ),
        number=published.number,
        size=included.size,
    )
