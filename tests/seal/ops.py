"""The operations that cases name, on wire, keys, notes and the ledger; see tests/vectors/README.md."""

from collections.abc import Callable
from typing import Any

from bot.seal import hpke, keys, log, proof, signing, wire
from bot.seal.checkpoint import Checkpoint, checkpoint_from_text, sign_checkpoint, verify_checkpoint
from bot.seal.field import FieldKey, Place, lookup, open_field, seal_field
from bot.seal.hpke import kem_key, open_with, seal_to
from bot.seal.inbox import open_inbox, seal_inbox
from bot.seal.keys import DevicePublic, make_device
from bot.seal.labels import Label
from bot.seal.note import Verifier, parse_note, sign_note, verifier_from_text, verify_note
from bot.seal.padding import pad, unpad
from bot.seal.plain import Plain, Sealed
from bot.seal.signing import signing_key
from tests.seal import room_ops, share_ops, trust_ops

Fields = dict[str, Any]  # Any: each operation has its own fields, told in the README
raw = bytes.fromhex


def lp(given: Fields) -> Fields:
    of: dict[str, Callable[[Any], bytes | int | str]] = {"bytes": raw, "number": int, "text": str}
    fields = [of[kind](value) for each in given["fields"] for kind, value in each.items()]
    return {"bytes": wire.lp(Label(given["label"]), *fields).hex()}


def read_lp(given: Fields) -> Fields:
    reader = wire.Reader(Label(given["label"]), raw(given["bytes"]))
    read: dict[str, Callable[[Any], str | int]] = {
        "exact": lambda size: reader.exact(size).hex(),
        "up_to": lambda most: reader.up_to(most).hex(),
        "number": lambda bounds: reader.number(least=bounds[0], most=bounds[1]),
        "name": lambda _: reader.name(),
    }
    fields = [read[kind](value) for each in given["fields"] for kind, value in each.items()]
    reader.end()
    return {"fields": fields}


def name(given: Fields) -> Fields:
    return {"bytes": wire.name(given["text"]).encode().hex()}


def from_base64url(given: Fields) -> Fields:
    return {"bytes": wire.from_base64url(given["text"], most=given["most"]).hex()}


def to_base64url(given: Fields) -> Fields:
    return {"text": wire.to_base64url(raw(given["bytes"]))}


def pad_(given: Fields) -> Fields:
    return {"padded": pad(raw(given["plain"])).hex()}


def unpad_(given: Fields) -> Fields:
    return {"plain": unpad(raw(given["padded"])).hex()}


def kem_key_(given: Fields) -> Fields:
    return {"public": kem_key(raw(given["seed"])).public.hex()}


def check_kem_public(given: Fields) -> Fields:
    hpke.check_public(raw(given["public"]))
    return {}


def seal_to_(given: Fields) -> Fields:
    plain, info = raw(given["plain"]), raw(given["info"])
    blob = seal_to(raw(given["public"]), plain, info=info)
    assert open_with(kem_key(raw(given["seed"])), blob, info=info) == plain
    return {"length": len(blob)}


def open_with_(given: Fields) -> Fields:
    opened = open_with(kem_key(raw(given["seed"])), raw(given["blob"]), info=raw(given["info"]))
    return {"plain": opened.hex()}


def check_ed25519_public(given: Fields) -> Fields:
    signing.check_public(raw(given["public"]))
    return {}


def sign(given: Fields) -> Fields:
    key = signing_key(raw(given["seed"]))
    return {"public": key.public.hex(), "signature": signing.sign(key, raw(given["message"])).hex()}


def verify_signature(given: Fields) -> Fields:
    signing.verify(raw(given["public"]), raw(given["message"]), raw(given["signature"]))
    return {}


def make_device_(given: Fields) -> Fields:
    public = make_device(raw(given["entropy"])).public
    return {**_named(public), "bytes": keys.public_to_bytes(public).hex()}


def read_device_public(given: Fields) -> Fields:
    return _named(keys.public_from_bytes(raw(given["bytes"])))


def read_device_secret(given: Fields) -> Fields:
    secret = keys.secret_from_bytes(raw(given["bytes"]))
    assert keys.secret_to_bytes(secret).hex() == given["bytes"]
    return {
        "device_id": secret.public.device_id.hex(),
        "signing_seed": secret.signing_seed.hex(),
        "kem_seed": secret.kem_seed.hex(),
    }


def read_signing_secret(given: Fields) -> Fields:
    key = keys.signing_from_bytes(raw(given["bytes"]))
    assert keys.signing_to_bytes(key).hex() == given["bytes"]
    return {"seed": key.seed.hex(), "public": key.public.hex()}


def seal_inbox_(given: Fields) -> Fields:
    bridge = make_device(raw(given["entropy"]))
    where, body = {key: given[key] for key in ("channel", "native_id")}, Plain(raw(given["plain"]))
    sealed = seal_inbox(bridge.public, **where, body=body)
    assert open_inbox(sealed, **where, secret=bridge).reveal() == body.reveal()
    return {"length": len(sealed.content)}


def open_inbox_(given: Fields) -> Fields:
    opened = open_inbox(
        Sealed(content=raw(given["sealed"])),
        channel=given["channel"],
        native_id=given["native_id"],
        secret=make_device(raw(given["entropy"])),
    )
    return {"plain": opened.reveal().hex()}


def seal_field_(given: Fields) -> Fields:
    value, nonce = Plain(raw(given["plain"])), raw(given["nonce"])
    return {"sealed": seal_field(_field_key(given), _place(given), value, nonce=nonce).content.hex()}


def open_field_(given: Fields) -> Fields:
    sealed = Sealed(content=raw(given["sealed"]))
    return {"plain": open_field(_field_key(given), _place(given), sealed).reveal().hex()}


def lookup_(given: Fields) -> Fields:
    return {"hash": lookup(_field_key(given), given["kind"], Plain(raw(given["plain"]))).hex()}


def leaf_hash(given: Fields) -> Fields:
    hashed = log.leaf_hash(kind=given["kind"], salt=raw(given["salt"]), body=raw(given["body"]))
    return {"hash": hashed.hex()}


def root_of(given: Fields) -> Fields:
    return {"root": log.root_of(map(raw, given["leaves"])).hex()}


def append(given: Fields) -> Fields:
    rows = {(row["level"], row["index"]): raw(row["hash"]) for row in given["rows"]}
    added = log.append(given["size"], raw(given["leaf"]), lambda level, index: rows[level, index])
    return {"rows": [{"level": row.level, "index": row.index, "hash": row.hash.hex()} for row in added]}


def verify_inclusion(given: Fields) -> Fields:
    proof.verify_inclusion(
        index=given["index"],
        size=given["size"],
        leaf=raw(given["leaf"]),
        proof=[raw(each) for each in given["proof"]],
        root=raw(given["root"]),
    )
    return {}


def verify_consistency(given: Fields) -> Fields:
    proof.verify_consistency(
        old=given["old"],
        new=given["new"],
        old_root=raw(given["old_root"]),
        new_root=raw(given["new_root"]),
        proof=[raw(each) for each in given["proof"]],
    )
    return {}


def read_note(given: Fields) -> Fields:
    note = parse_note(given["note"])
    lines = [
        {"name": line.name, "key_id": line.key_id.hex(), "signature": line.signature.hex()}
        for line in note.signatures
    ]
    return {"text": note.text, "signatures": lines}


def verify_note_(given: Fields) -> Fields:
    verifier = Verifier(name=given["name"], public=raw(given["public"]))
    return {"text": verify_note(given["note"], verifier)}


def sign_note_(given: Fields) -> Fields:
    key = signing_key(raw(given["seed"]))
    return {"note": sign_note(given["text"], name=given["name"], key=key)}


def read_verifier(given: Fields) -> Fields:
    verifier = verifier_from_text(given["text"])
    return {"name": verifier.name, "public": verifier.public.hex()}


def read_checkpoint(given: Fields) -> Fields:
    return _told(checkpoint_from_text(given["text"]))


def verify_checkpoint_(given: Fields) -> Fields:
    return _told(verify_checkpoint(given["note"], origin=given["origin"], public=raw(given["public"])))


def sign_checkpoint_(given: Fields) -> Fields:
    checkpoint = Checkpoint(origin=given["origin"], size=given["size"], root=raw(given["root"]))
    return {"note": sign_checkpoint(checkpoint, signing_key(raw(given["seed"])))}


def _named(public: DevicePublic) -> Fields:
    return {"device_id": public.device_id.hex(), "ed25519": public.ed25519.hex()}


def _field_key(given: Fields) -> FieldKey:
    return FieldKey(key=raw(given["key"]))


def _place(given: Fields) -> Place:
    return Place(table=given["table"], column=given["column"], row=given["row"])


def _told(checkpoint: Checkpoint) -> Fields:
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}


OPS: dict[str, Callable[[Fields], Fields]] = {
    **room_ops.OPS,
    **trust_ops.OPS,
    **share_ops.OPS,
    **{
        op.__name__.removesuffix("_"): op
        for op in (
            lp,
            read_lp,
            name,
            from_base64url,
            to_base64url,
            pad_,
            unpad_,
            kem_key_,
            check_kem_public,
            seal_to_,
            open_with_,
            check_ed25519_public,
            sign,
            verify_signature,
            make_device_,
            read_device_public,
            read_device_secret,
            read_signing_secret,
            seal_inbox_,
            open_inbox_,
            seal_field_,
            open_field_,
            lookup_,
            leaf_hash,
            root_of,
            append,
            verify_inclusion,
            verify_consistency,
            read_note,
            verify_note_,
            sign_note_,
            read_verifier,
            read_checkpoint,
            verify_checkpoint_,
            sign_checkpoint_,
        )
    },
}
