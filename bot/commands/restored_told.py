"""What `samjour restore` says of a backup: until when it reaches, and how much is known to be missing since."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands import out
from bot.core.errors import Unavailable
from bot.core.ids import OrganisationId
from bot.flow.ports import Tx
from bot.flow.retention_certificates import trusted
from bot.flow.verify_ledger import Signers, read_note
from bot.seal.certificate import Certificate
from bot.seal.errors import SealError
from bot.settings import Settings
from bot.store.certificate_folder import CertificateFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A backup before it was taken into use. `until`: when its newest entry was made; None where it has none."""

    until: datetime | None
    sizes: Mapping[str, int]  # entries, by ledger
    certificates: frozenset[str]  # ids of those that it has


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What outlived the database knows to be missing: entries at least, by ledger, and certificates of erasure."""

    entries: Mapping[str, int]
    certificates: int
    is_known: bool  # whether a later checkpoint was at hand; certificates alone tell the least that it can be


def reach_of(tx: Tx) -> Reach:
    """How far the backup reaches, in two looks at each ledger."""
    organisations = tx.audit.organisations()
    newest = [at for own in organisations if (at := _newest(tx, own)) is not None]
    return Reach(
        until=max(newest, default=None),
        sizes={own: tx.ledger.size(own) for own in organisations},
        certificates=tx.retention.certificates(),
    )


def missing_since(reach: Reach, notes: Sequence[str], settings: Settings, signers: Signers) -> Missing:
    """What later checkpoints, and certificates of erasure beside the keys, show to be missing; what nobody here signed
    is passed by.
    """
    later = [one for one in _certificates(settings, signers) if one.id not in reach.certificates]
    signed, entries = list(_signed(reach, notes, signers)), dict[str, int]()
    for own, size in (*signed, *_covered(later)):
        gone = size - reach.sizes.get(own, 0)
        if gone > 0:
            entries[own] = max(gone, entries.get(own, 0))
    return Missing(entries=entries, certificates=len(later), is_known=bool(signed))


def say(reach: Reach, size: int, missing: Missing, zone: ZoneInfo) -> None:
    """Say it to whoever restores, on stderr. `size`: bytes of the backup's file."""
    held = sum(reach.sizes.values())
    if reach.until is None:
        out.note(f"the backup has {size} bytes and no entry: everything is missing")
    else:
        at = reach.until.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        out.note(f"the backup has {size} bytes and {held} entries; the newest is of {at}")
        out.note(f"suspensions, revocations and everything after {at} are not in it: repeat them")
    for own, gone in sorted(missing.entries.items()):
        out.note(f"{own}: at least {gone} entries are missing, by what was kept outside the backup")
    if missing.certificates:
        out.note(f"{missing.certificates} certificates of erasure are newer than the backup")
    if not missing.is_known:
        out.note(
            "how many entries are missing: --checkpoint FILE, with a later checkpoint (witness.state), tells"
        )
    out.note("devices that have seen more refuse the server: they are enrolled anew")


def told(reach: Reach, size: int, missing: Missing) -> dict[str, object]:
    """The same for scripts; `until` in UTC."""
    return {
        "backup": {
            "bytes": size,
            "entries": sum(reach.sizes.values()),
            "until": None if reach.until is None else reach.until.isoformat(),
        },
        "missing": {
            "known": missing.is_known,
            "entries": dict(sorted(missing.entries.items())),
            "certificates": missing.certificates,
        },
    }


def _newest(tx: Tx, own: OrganisationId) -> datetime | None:
    return max((recorded.entry.at for recorded in tx.audit.entries(own)), default=None)


def _signed(reach: Reach, notes: Sequence[str], signers: Signers) -> Iterator[tuple[str, int]]:
    for note in notes:
        for own in reach.sizes:
            try:
                yield own, read_note(note, OrganisationId(own), signers).size
            except SealError:
                continue


def _covered(certificates: Sequence[Certificate]) -> Iterator[tuple[str, int]]:
    """A ledger had at least the entries that were erased from it."""
    for certificate in certificates:
        for erased in certificate.ledgers:
            yield erased.organisation, erased.last + 1


def _certificates(settings: Settings, signers: Signers) -> list[Certificate]:
    """Those beside the keys that a key of ours signed; none where the folder cannot be read, which `erase again` tells."""
    folder = CertificateFolder(settings.certificates)

    async def read() -> dict[str, str]:
        return {id_: await folder.read(id_) for id_ in sorted(await folder.finished())}

    try:
        kept = asyncio.run(read())
    except Unavailable:
        return []
    return list(_trusted(kept, signers))


def _trusted(kept: Mapping[str, str], signers: Signers) -> Iterator[Certificate]:
    for id_, note in kept.items():
        try:
            yield trusted(signers, id_, note)
        except SealError:
            continue
