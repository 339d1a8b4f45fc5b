/** What is the browser's own: keys that nobody reads out, numbers beyond 32 bits, texts in the order of their bytes. */

import { counting, flips, hex, raw, refused, same, utf8 } from "./check.js";
import { toSign } from "../../bot/web/static/reached.js";
import { Manifest, manifestFromBytes, manifestToBytes } from "../../bot/web/static/seal/epoch.js";
import { Malformed, SealError, StaleHead, Tampered, WrongShare } from "../../bot/web/static/seal/errors.js";
import { Event, fromBytes, genesis, sealEvent, toBytes } from "../../bot/web/static/seal/event.js";
import { KemKey, kemKey, openWith, OVERHEAD, sealTo } from "../../bot/web/static/seal/hpke.js";
import * as keys from "../../bot/web/static/seal/keys.js";
import { nodeHash } from "../../bot/web/static/seal/log.js";
import { isNative } from "../../bot/web/static/seal/mlkem.js";
import { Plain } from "../../bot/web/static/seal/plain.js";
import { verifyInclusion } from "../../bot/web/static/seal/proof.js";
import { RoomKey } from "../../bot/web/static/seal/room.js";
import { signingKey } from "../../bot/web/static/seal/signing.js";
import { decrypt, encrypt, expand } from "../../bot/web/static/seal/symmetric.js";
import { Share } from "../../bot/web/static/seal/threshold.js";
import { lp, Reader, toBase64url, toUtf8 } from "../../bot/web/static/seal/wire.js";

const ENTROPY = counting(7, 64);

/** @returns {import("./cases.js").Test[]} */
export function own() {
  return [
    { name: "a device's keys cannot be read out, where the browser has such", run: keepsKeys },
    { name: "a device is the same made at once, or of its parts", run: loadsParts },
    { name: "wrapped parts are unwrapped to keys that nobody reads", run: unwrapsParts },
    { name: "keys that are not the device's, or none, are noticed", run: noticesKeys },
    { name: "secrets are not in what is logged, cloned or sent", run: showsNothing },
    { name: "a blob changed anywhere, cut or extended does not open", run: refusesChanged },
    { name: "what the browser cannot do is not told as tampering", run: tellsApart },
    { name: "a ciphertext shorter than its tag is tampered with", run: refusesShort },
    { name: "HKDF-Expand is that of RFC 5869 over several blocks", run: expandsBlocks },
    { name: "manifests ascend by bytes, not by JavaScript's order of texts", run: ordersBytes },
    { name: "what was read stays what it was when the buffer is used again", run: copiesInput },
    { name: "an event keeps to its shape however it is made", run: keepsShape },
    { name: "a tree of more than 2^32 leaves is followed without losing bits", run: countsFar },
    { name: "values from JSON of another kind are malformed", run: refusesKinds },
    { name: "errors say what happened and why", run: tellsErrors },
    { name: "what is signed to say that one can be reached is what the server computes", run: signsReached },
  ];
}

async function keepsKeys() {
  const secret = await keys.makeDevice(ENTROPY);
  for (const [format, key] of [
    ["pkcs8", secret.ed25519],
    ["pkcs8", secret.x25519],
    ["raw-seed", secret.mlkem],
  ]) {
    if (!(key instanceof CryptoKey)) continue;
    same(key.extractable, false);
    await refused(DOMException, () => crypto.subtle.exportKey(format, key));
  }
  same(secret.mlkem instanceof CryptoKey, isNative());
  await keys.checkDevice(secret);
}

async function loadsParts() {
  const made = await keys.makeDevice(ENTROPY);
  const parts = keys.secretParts(ENTROPY);
  same([parts.ed25519.length, parts.mlkem.length, parts.x25519.length], [48, 64, 48]);
  const loaded = await keys.loadDevice(parts, keys.publicFromBytes(keys.publicToBytes(made.public)));
  await keys.checkDevice(loaded);
  const seeded = new keys.DeviceSecret({ ...loaded, mlkem: parts.mlkem });
  await keys.checkDevice(seeded);
  same(loaded.public.id, toBase64url(made.public.deviceId));
}

/** As FORMAT.md 4c keeps them: AES-GCM over each part. A browser without ML-KEM decrypts that part instead. */
async function unwrapsParts() {
  const { public: known } = await keys.makeDevice(ENTROPY);
  const parts = keys.secretParts(ENTROPY);
  const gcm = { name: "AES-GCM", iv: counting(0, 12), additionalData: utf8("aad") };
  const kek = await crypto.subtle.importKey("raw", counting(0, 32), "AES-GCM", false, [
    "encrypt",
    "decrypt",
    "unwrapKey",
  ]);
  const unwrap = async (part, format, algorithm, usage) => {
    const wrapped = await crypto.subtle.encrypt(gcm, kek, parts[part]);
    return crypto.subtle.unwrapKey(format, wrapped, kek, gcm, algorithm, false, [usage]);
  };
  const ed25519 = await unwrap("ed25519", "pkcs8", "Ed25519", "sign");
  const x25519 = await unwrap("x25519", "pkcs8", "X25519", "deriveBits");
  const mlkem = isNative() ? await unwrap("mlkem", "raw-seed", "ML-KEM-768", "decapsulateBits") : parts.mlkem;
  await keys.checkDevice(new keys.DeviceSecret({ ed25519, mlkem, x25519, public: known }));
}

async function noticesKeys() {
  const [mine, other] = [await keys.makeDevice(ENTROPY), await keys.makeDevice(counting(8, 64))];
  for (const part of ["ed25519", "mlkem", "x25519"]) {
    await refused(Tampered, () => keys.checkDevice(new keys.DeviceSecret({ ...mine, [part]: other[part] })), part);
    for (const wrong of [null, undefined, "key", new Uint8Array(63), mine[part === "ed25519" ? "x25519" : "ed25519"]]) {
      await refused(Malformed, () => new keys.DeviceSecret({ ...mine, [part]: wrong }), part);
    }
  }
  const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  await refused(Malformed, () => new keys.DeviceSecret({ ...mine, ed25519: pair.publicKey }));
}

async function showsNothing() {
  const secret = raw("5e".repeat(32));
  const holders = [
    new RoomKey({ room: "r", epoch: 1, key: secret }),
    new Share({ person: "p", value: secret }),
    new Plain(secret),
  ];
  for (const holder of holders) {
    same(
      Object.values(holder).some((value) => value instanceof Uint8Array),
      false,
    );
    for (const each of [holder, structuredClone(holder)]) {
      same(JSON.stringify({ ...each }).includes(String(secret[0])), false);
    }
  }
  await refused(TypeError, () => JSON.stringify(holders[2]));
  same(`${holders[2]}`, "Plain(redacted)");
}

async function refusesChanged() {
  const key = await kemKey(raw("6b".repeat(32)));
  const info = utf8("info");
  const blob = await sealTo(key.public, utf8("text"), { info });
  same(blob.length, 4 + OVERHEAD);
  for (const changed of flips(blob)) await refused(Tampered, () => openWith(key, changed, { info }));
  const cuts = [0, 100, 1120, 1136, blob.length - 1].map((end) => blob.slice(0, end));
  for (const changed of [...cuts, raw(`${hex(blob)}00`)])
    await refused(Tampered, () => openWith(key, changed, { info }));
  await refused(Tampered, () => openWith(key, blob, { info: utf8("else") }));
}

/** A key that may not be used gives InvalidAccessError: a fault of ours, not of whoever sealed. */
async function tellsApart() {
  const key = await kemKey(raw("6b".repeat(32)));
  const pair = await crypto.subtle.generateKey("X25519", false, ["deriveKey"]);
  const broken = new KemKey({ ...key, x25519: pair.privateKey });
  const blob = await sealTo(key.public, utf8("text"), { info: utf8("") });
  const error = await openWith(broken, blob, { info: utf8("") }).catch((reason) => reason);
  same(error instanceof Error && !(error instanceof SealError), true);
}

async function refusesShort() {
  const [key, nonce, aad] = [new Uint8Array(32), new Uint8Array(12), new Uint8Array()];
  for (const size of [0, 15, 16]) await refused(Tampered, () => decrypt(key, nonce, new Uint8Array(size), { aad }));
  same((await decrypt(key, nonce, await encrypt(key, nonce, new Uint8Array(), { aad }), { aad })).length, 0);
  await refused(Malformed, () => encrypt(new Uint8Array(31), nonce, aad, { aad }));
  await refused(Malformed, () => encrypt(key, new Uint8Array(11), aad, { aad }));
}

async function expandsBlocks() {
  const key = counting(1, 32);
  const whole = await expand(key, 992, "samjour/shamir/v1", 2, 3);
  same(whole.length, 992);
  for (const length of [1, 32, 33, 64])
    same(await expand(key, length, "samjour/shamir/v1", 2, 3), whole.slice(0, length));
}

/** U+FF5E comes before U+1F600 in UTF-8, and after it in UTF-16. */
async function ordersBytes() {
  const hash = raw("bb".repeat(32));
  const recipients = new Map([0xff, 0x00, 0x7f].map((byte) => [toBase64url(new Uint8Array(32).fill(byte)), hash]));
  const escrows = new Map(["\u{1F600}", "\uFF5E", "a"].map((organisation) => [organisation, hash]));
  const content = manifestToBytes(new Manifest({ kc: hash, recipients, escrows }));
  const at = ["a", "\uFF5E", "\u{1F600}"].map((organisation) =>
    hex(content).indexOf(hex(toUtf8(organisation)), 2 * 250),
  );
  same(
    at,
    [...at].sort((one, other) => one - other),
  );
  same(manifestToBytes(manifestFromBytes(content)), content);
  await refused(Malformed, () => new Manifest({ kc: hash, recipients: new Map([["AA=", hash]]), escrows }));
}

function copiesInput() {
  const content = lp("samjour/room/v1", utf8("one"), utf8("two"));
  const reader = new Reader("samjour/room/v1", content);
  const first = reader.upTo(3);
  content.fill(0xff);
  same([first, reader.upTo(3)], [utf8("one"), utf8("two")]);
  reader.end();
}

async function keepsShape() {
  const secret = await keys.makeDevice(ENTROPY);
  const roomKey = new RoomKey({ room: "room-1", epoch: 1, key: counting(0, 32) });
  const head = { ...genesis("room-1"), epoch: 1, seq: 1 };
  const said = {
    roomKey,
    head,
    secret,
    author: "p-1",
    kind: "said",
    plain: new Plain(utf8("Hej")),
    nonce: counting(0, 12),
  };
  const event = await sealEvent(said);
  same(toBytes(fromBytes(toBytes(event))), toBytes(event));
  await refused(TypeError, () => {
    event.author = "p-2";
  });
  const wrong = {
    room: "",
    epoch: 0,
    seq: 1.5,
    prevHash: new Uint8Array(31),
    deviceId: null,
    author: 7,
    kind: "epoch",
  };
  for (const [part, value] of Object.entries({
    ...wrong,
    nonce: "",
    ct: new Uint8Array(255),
    sig: new Uint8Array(65),
  })) {
    await refused(Malformed, () => new Event({ ...event, [part]: value }), part);
  }
  for (const kind of ["epoch", "grant"]) await refused(Malformed, () => sealEvent({ ...said, kind }));
  await refused(Malformed, () => sealEvent({ ...said, head: { ...head, epoch: 2 } }));
}

async function countsFar() {
  const [size, index] = [2 ** 34, 2 ** 33 + 5]; // a full tree
  const proof = Array.from({ length: 34 }, (_, level) => new Uint8Array(32).fill(level));
  const leaf = raw("1e".repeat(32));
  let root = leaf;
  for (const [level, sibling] of proof.entries()) {
    root = (BigInt(index) >> BigInt(level)) & 1n ? nodeHash(sibling, root) : nodeHash(root, sibling);
  }
  verifyInclusion({ index, size, leaf, proof, root });
  for (const wrong of [5, index - 2 ** 32, index + 2 ** 32]) {
    await refused(Tampered, () => verifyInclusion({ index: wrong, size, leaf, proof, root }));
  }
  for (const wrong of [-1, 0.5, size, 2 ** 53, Number.NaN, "5"]) {
    await refused(Malformed, () => verifyInclusion({ index: wrong, size, leaf, proof, root }));
  }
}

async function refusesKinds() {
  for (const value of [null, undefined, 7, [], {}, "text"]) {
    await refused(Malformed, () => new keys.DevicePublic({ ed25519: value, kem: value }));
    await refused(Malformed, () => new RoomKey({ room: "r", epoch: 1, key: value }));
  }
  for (const value of [null, undefined, 0, 1.5, "1", [1], {}]) {
    await refused(Malformed, () => new RoomKey({ room: "r", epoch: value, key: counting(0, 32) }));
  }
  for (const value of [null, undefined, 7, [], {}]) await refused(Malformed, () => toUtf8(value));
}

async function tellsErrors() {
  same(new Tampered().message, "A seal, a chain or a signature does not hold.");
  same(new Malformed("Too long.").message, "Too long.");
  same([new StaleHead().name, new WrongShare(["p-1"]).name], ["StaleHead", "WrongShare"]);
  same(new WrongShare(["p-1", "p-2"]).message, "Not the share that was dealt: p-1, p-2.");
  same(
    [new Malformed(), new Tampered(), new StaleHead()].every((error) => error instanceof SealError),
    true,
  );
  const error = await refused(Malformed, () =>
    new Reader("samjour/room/v1", lp("samjour/room/v1", Uint8Array.of(0xff))).name(),
  );
  same(error.cause instanceof TypeError, true);
}

/** The same value stands in tests/flow/test_readiness_texts.py. */
function signsReached() {
  const nonce = Uint8Array.from({ length: 32 }, (_, n) => n);
  const signed = toSign("0".repeat(32), nonce, 1_790_000_000_000);
  same(hex(signed), "473f8e6ad32eaa3a9c068172a0919e7f97365f980168751bb4b6ed64ae398e03");
}
