"""The keyring: the server's own secrets, in files of mode 0600, made once and never in the database."""

import os
from collections.abc import Callable
from pathlib import Path

from bot.core.errors import Unavailable
from bot.flow.deps import Keys
from bot.flow.ports import Entropy
from bot.seal.errors import SealError
from bot.seal.field import FieldKey
from bot.seal.keys import (
    ENTROPY,
    DeviceSecret,
    make_device,
    secret_from_bytes,
    secret_to_bytes,
    signing_from_bytes,
    signing_to_bytes,
)
from bot.seal.signing import SEED, SigningKey, signing_key
from bot.seal.symmetric import KEY

BRIDGE, LEDGER, FIELDS, WEBHOOK = "bridge.key", "ledger.key", "fields.key", "webhook.key"
SECRET = 24  # random bytes each of the webhook's path and its secret
_PRIVATE = 0o077  # what nobody else may do with a key file


def open_keys(folder: Path, entropy: Entropy, *, database: Path) -> Keys:
    """Read the keys in `folder`; where there is no database yet, those that are missing are made.

    Raises Unavailable, naming the file. A database whose keys are gone is not given new ones: nobody could ever
    read it again, and nobody would notice until somebody tries.
    """
    missing = [name for name in (BRIDGE, LEDGER, FIELDS, WEBHOOK) if not (folder / name).exists()]
    if missing and database.exists():
        raise Unavailable(f"{folder / missing[0]}: the key is missing; restore it, the database needs it")
    webhook = _read_or_make(folder / WEBHOOK, lambda: entropy.draw(2 * SECRET))
    try:
        return Keys(
            bridge=read_device(folder / BRIDGE, entropy),
            ledger=read_signing(folder / LEDGER, entropy),
            fields=FieldKey(key=_read_or_make(folder / FIELDS, lambda: entropy.draw(KEY))),
            webhook_path=webhook[:SECRET].hex(),
            webhook_secret=webhook[SECRET:].hex(),
        )
    except SealError as error:
        raise Unavailable(f"{folder}: a key file is damaged") from error


def read_device(path: Path, entropy: Entropy) -> DeviceSecret:
    """Read a device's key file, or make it. Raises Unavailable."""
    try:
        return secret_from_bytes(
            _read_or_make(path, lambda: secret_to_bytes(make_device(entropy.draw(ENTROPY))))
        )
    except SealError as error:
        raise Unavailable(f"{path}: the key file is damaged") from error


def read_signing(path: Path, entropy: Entropy) -> SigningKey:
    """Read the key file of a ledger or of an organisation's root, or make it. Raises Unavailable."""
    try:
        return signing_from_bytes(
            _read_or_make(path, lambda: signing_to_bytes(signing_key(entropy.draw(SEED))))
        )
    except SealError as error:
        raise Unavailable(f"{path}: the key file is damaged") from error


def read_ledger_public(folder: Path) -> bytes:
    """The public part of the ledgers' key, for whoever only verifies; nothing is made. Raises Unavailable."""
    path = folder / LEDGER
    try:
        return signing_from_bytes(path.read_bytes()).public
    except (OSError, SealError) as error:
        raise Unavailable(f"{path}: the ledgers' key cannot be read; put it back, or give --vkey") from error


def read_fields(folder: Path) -> FieldKey:
    """The key of staff's contact details, for whoever keeps some outside the database; nothing is made. Raises Unavailable."""
    path = folder / FIELDS
    if not path.exists():
        raise Unavailable(f"{path}: the key is missing: `samjour serve` makes it at its first start")
    try:
        return FieldKey(key=_read_or_make(path, bytes))
    except SealError as error:
        raise Unavailable(f"{path}: the key file is damaged") from error


def _read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    _make_folder(path.parent)
    try:
        if not path.exists():
            _write_new(path, make())
        if path.stat().st_mode & _PRIVATE:
            raise Unavailable(f"{path}: others can read this key; chmod 600 it, or replace the key")
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(f"{path}: the key file cannot be read or made") from error


def _write_new(path: Path, content: bytes) -> None:
    """Write under another name first: a key file is whole or it is not there."""
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Unavailable(f"{folder}: the folder for keys cannot be made") from error
