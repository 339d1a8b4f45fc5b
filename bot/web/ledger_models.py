"""What the ledger's public routes give."""

from typing import Annotated

from pydantic import Field

from bot.web.shapes import Strict

Hash = Annotated[str, Field(description="32 bytes, base64url without padding")]
Proof = Annotated[list[Hash], Field(max_length=64)]


class LedgerKey(Strict):
    """The key that signs one organisation's ledger."""

    organisation: str
    key: Annotated[str, Field(description="name+keyid+base64(0x01 || Ed25519 key), as in C2SP signed-note")]


class LedgerKeys(Strict):
    """The ledgers' verifier keys. Who relies on them compares them with what was handed over on paper."""

    keys: list[LedgerKey]


class InclusionProof(Strict):
    """RFC 9162 section 2.1.3: that leaf `index` is in the tree of `size` leaves."""

    index: int
    size: int
    leaf: Hash
    proof: Proof


class ServedFiles(Strict):
    """One entry of a ledger, whole: which files browsers are served. `body` is JSON: `{"at", "files": {path: SHA-256}}`.

    SHA-256(0x00 || LP("samjour/entry/v1", kind, salt, body)) is the leaf; `proof` leads from there to the checkpoint.
    """

    organisation: str
    kind: str
    index: int
    salt: Annotated[str, Field(description="16 bytes, base64url without padding")]
    body: Annotated[str, Field(description="the entry's bytes, base64url without padding")]
    checkpoint: Annotated[str, Field(description="a C2SP signed note")]
    proof: Proof


class ConsistencyProof(Strict):
    """RFC 9162 section 2.1.4: that the tree of `from` leaves is the beginning of that of `to`."""

    old: Annotated[int, Field(serialization_alias="from")]
    new: Annotated[int, Field(serialization_alias="to")]
    proof: Proof
