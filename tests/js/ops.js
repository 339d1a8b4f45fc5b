/** The operations that cases name, on wire, keys, rooms, escrows and the ledger; see tests/vectors/README.md. */

import { hex, raw, same, utf8 } from "./check.js";
import { SHARE_OPS } from "./share_ops.js";
import { TRUST_OPS } from "./trust_ops.js";
import {
  Checkpoint,
  checkpointFromText,
  signCheckpoint,
  verifyCheckpoint,
} from "../../bot/web/static/seal/checkpoint.js";
import * as epochs from "../../bot/web/static/seal/epoch.js";
import * as events from "../../bot/web/static/seal/event.js";
import * as hpke from "../../bot/web/static/seal/hpke.js";
import { makeDevice, publicFromBytes, publicToBytes } from "../../bot/web/static/seal/keys.js";
import * as log from "../../bot/web/static/seal/log.js";
import { parseNote, signNote, Verifier, verifierFromText, verifyNote } from "../../bot/web/static/seal/note.js";
import { pad, unpad } from "../../bot/web/static/seal/padding.js";
import { Plain } from "../../bot/web/static/seal/plain.js";
import * as proof from "../../bot/web/static/seal/proof.js";
import * as rooms from "../../bot/web/static/seal/room.js";
import * as shamir from "../../bot/web/static/seal/shamir.js";
import * as signing from "../../bot/web/static/seal/signing.js";
import * as threshold from "../../bot/web/static/seal/threshold.js";
import * as wire from "../../bot/web/static/seal/wire.js";

/** What only a server does; the README marks these with P. */
export const SERVER_ONLY = new Set([
  "read_device_secret",
  "read_signing_secret",
  "seal_inbox",
  "open_inbox",
  "seal_field",
  "open_field",
  "lookup",
  "append",
  "sign_cosignature",
  "read_witness_secret",
  "cosign",
  "sign_certificate",
  "verify_certificate",
]);

/** @type {Record<string, (given: any) => any>} */
export const OPS = {
  ...TRUST_OPS,
  ...SHARE_OPS,

  lp: ({ label, fields }) => ({ bytes: hex(wire.lp(label, ...fields.map(toField))) }),

  read_lp({ label, bytes, fields }) {
    const reader = new wire.Reader(label, raw(bytes));
    const read = fields.map((field) => readField(reader, field));
    reader.end();
    return { fields: read };
  },

  name: ({ text }) => ({ bytes: hex(utf8(wire.name(text))) }),
  from_base64url: ({ text, most }) => ({ bytes: hex(wire.fromBase64url(text, { most })) }),
  to_base64url: ({ bytes }) => ({ text: wire.toBase64url(raw(bytes)) }),
  pad: ({ plain }) => ({ padded: hex(pad(raw(plain))) }),
  unpad: ({ padded }) => ({ plain: hex(unpad(raw(padded))) }),

  kem_key: async ({ seed }) => ({ public: hex((await hpke.kemKey(raw(seed))).public) }),

  check_kem_public({ public: key }) {
    hpke.checkPublic(raw(key));
    return {};
  },

  async seal_to({ public: key, plain, info, seed }) {
    const bound = { info: raw(info) };
    const blob = await hpke.sealTo(raw(key), raw(plain), bound);
    same(await hpke.openWith(await hpke.kemKey(raw(seed)), blob, bound), plain);
    return { length: blob.length };
  },

  async open_with({ seed, blob, info }) {
    return { plain: hex(await hpke.openWith(await hpke.kemKey(raw(seed)), raw(blob), { info: raw(info) })) };
  },

  check_ed25519_public({ public: key }) {
    signing.checkPublic(raw(key));
    return {};
  },

  async sign({ seed, message }) {
    const key = await signing.signingKey(raw(seed));
    return { public: hex(key.public), signature: hex(await signing.sign(key, raw(message))) };
  },

  async verify_signature({ public: key, message, signature }) {
    await signing.verify(raw(key), raw(message), raw(signature));
    return {};
  },

  async make_device({ entropy }) {
    const { public: known } = await makeDevice(raw(entropy));
    return { ...ofDevice(known), bytes: hex(publicToBytes(known)) };
  },

  read_device_public: ({ bytes }) => ofDevice(publicFromBytes(raw(bytes))),

  commit: async (given) => ({ kc: hex(await rooms.commit(toRoomKey(given))) }),

  async seal_room_key({ room, epoch, key, entropy }) {
    const [roomKey, secret] = [toRoomKey({ room, epoch, key }), await makeDevice(raw(entropy))];
    const [sealed, kc] = [await rooms.sealRoomKey(roomKey, secret.public), await rooms.commit(roomKey)];
    same((await rooms.openRoomKey(sealed, { room, epoch, kc, secret })).key, key);
    return { length: sealed.length };
  },

  async open_room_key({ sealed, room, epoch, kc, entropy }) {
    const secret = await makeDevice(raw(entropy));
    return { key: hex((await rooms.openRoomKey(raw(sealed), { room, epoch, kc: raw(kc), secret })).key) };
  },

  hash_sealed_key({ sealed, room, epoch, device_id: deviceId }) {
    return { hash: hex(rooms.hashSealedKey(raw(sealed), { room, epoch, deviceId: raw(deviceId) })) };
  },

  read_manifest: ({ bytes }) => ofManifest(epochs.manifestFromBytes(raw(bytes))),
  read_epoch: ({ event }) => ofManifest(epochs.readEpoch(events.fromBytes(raw(event)))),

  async start_epoch({ room, epoch, key, head, entropy, author, room_keys: roomKeys, escrows }) {
    const begun = await epochs.startEpoch({
      roomKey: toRoomKey({ room, epoch, key }),
      head: toHead(head),
      secret: await makeDevice(raw(entropy)),
      author,
      roomKeys: toRoomKeys(roomKeys),
      escrows: toEscrows(escrows),
    });
    return { event: hex(events.toBytes(begun)) };
  },

  check_epoch({ event, room_keys: roomKeys, escrows }) {
    const came = { roomKeys: toRoomKeys(roomKeys), escrows: toEscrows(escrows) };
    epochs.checkEpoch(events.fromBytes(raw(event)), came);
    return {};
  },

  async accept_room_key({ event, sealed, entropy }) {
    const secret = await makeDevice(raw(entropy));
    return { key: hex((await epochs.acceptRoomKey(events.fromBytes(raw(event)), raw(sealed), secret)).key) };
  },

  genesis: ({ room }) => ({ head: ofHead(events.genesis(room)) }),

  async seal_event({ room, epoch, key, head, entropy, author, kind, plain, nonce }) {
    const event = await events.sealEvent({
      roomKey: toRoomKey({ room, epoch, key }),
      head: toHead(head),
      secret: await makeDevice(raw(entropy)),
      author,
      kind,
      plain: new Plain(raw(plain)),
      nonce: raw(nonce),
    });
    return { event: hex(events.toBytes(event)), hash: hex(events.hashEvent(event)) };
  },

  read_event({ event }) {
    const read = events.fromBytes(raw(event));
    same(events.toBytes(read), event);
    const { room, epoch, seq, prevHash, deviceId, author, kind, nonce } = read;
    const ids = { prev_hash: hex(prevHash), device_id: hex(deviceId), nonce: hex(nonce) };
    return { room, epoch, seq, author, kind, ...ids, hash: hex(events.hashEvent(read)) };
  },

  async check_event({ event, head, entropy }) {
    const { public: known } = await makeDevice(raw(entropy));
    return { head: ofHead(await events.checkEvent(events.fromBytes(raw(event)), toHead(head), known)) };
  },

  async open_event({ room, epoch, key, event }) {
    const plain = await events.openEvent(toRoomKey({ room, epoch, key }), events.fromBytes(raw(event)));
    return { plain: hex(plain.reveal()) };
  },

  async receive_event({ event, head, entropy, room, epoch, key }) {
    const received = events.fromBytes(raw(event));
    const { public: known } = await makeDevice(raw(entropy));
    const after = await events.checkEvent(received, toHead(head), known);
    const plain = await events.openEvent(toRoomKey({ room, epoch, key }), received);
    return { head: ofHead(after), plain: hex(plain.reveal()) };
  },

  async make_escrow({ room, epoch, key, t, supervisors, escrow_key: escrowKey, iv }) {
    const roomKey = toRoomKey({ room, epoch, key });
    const seated = await Promise.all(supervisors.map(toSupervisor));
    const dealt = { t, supervisors: seated, escrowKey: raw(escrowKey), iv: raw(iv) };
    const escrow = await threshold.makeEscrow(roomKey, dealt);
    const [content, ctx] = [threshold.toBytes(escrow), threshold.context(escrow)];
    same(threshold.toBytes(threshold.fromBytes(content)), content);
    return { ctx: hex(ctx), box: hex(escrow.box), commitments: escrow.seats.map((seat) => hex(seat.commitment)) };
  },

  read_escrow({ escrow }) {
    const read = threshold.fromBytes(raw(escrow));
    same(threshold.toBytes(read), escrow);
    const { room, epoch, t, seats } = read;
    return { room, epoch, t, people: seats.map((seat) => seat.person), hash: hex(threshold.hashEscrow(read)) };
  },

  check_escrow({ escrow, room, epoch }) {
    threshold.checkEscrow(threshold.fromBytes(raw(escrow)), { room, epoch });
    return {};
  },

  async open_share({ escrow, person, entropy }) {
    const who = { person, secret: await makeDevice(raw(entropy)) };
    return { share: hex((await threshold.openShare(threshold.fromBytes(raw(escrow)), who)).value) };
  },

  async open_escrow({ escrow, shares, kc }) {
    const opened = shares.map(({ person, share }) => new threshold.Share({ person, value: raw(share) }));
    const read = threshold.fromBytes(raw(escrow));
    return { key: hex((await threshold.openEscrow(read, opened, { kc: raw(kc) })).key) };
  },

  deal: ({ secret, coefficients, n }) => ({ shares: shamir.deal(raw(secret), coefficients.map(raw), n).map(hex) }),
  combine: ({ shares }) => ({ secret: hex(shamir.combine(shares.map(raw))) }),

  leaf_hash: ({ kind, salt, body }) => ({ hash: hex(log.leafHash({ kind, salt: raw(salt), body: raw(body) })) }),
  root_of: ({ leaves }) => ({ root: hex(log.rootOf(leaves.map(raw))) }),

  verify_inclusion({ index, size, leaf, proof: path, root }) {
    proof.verifyInclusion({ index, size, leaf: raw(leaf), proof: path.map(raw), root: raw(root) });
    return {};
  },

  verify_consistency({ old, new: size, old_root: oldRoot, new_root: newRoot, proof: path }) {
    const roots = { oldRoot: raw(oldRoot), newRoot: raw(newRoot) };
    proof.verifyConsistency({ old, new: size, ...roots, proof: path.map(raw) });
    return {};
  },

  read_note({ note }) {
    const { text, signatures } = parseNote(note);
    const ofLine = ({ name, keyId, signature }) => ({ name, key_id: hex(keyId), signature: hex(signature) });
    return { text, signatures: signatures.map(ofLine) };
  },

  async verify_note({ note, name, public: key }) {
    return { text: await verifyNote(note, new Verifier({ name, public: raw(key) })) };
  },

  async sign_note({ text, name, seed }) {
    return { note: await signNote(text, { name, key: await signing.signingKey(raw(seed)) }) };
  },

  read_verifier({ text }) {
    const { name, public: key } = verifierFromText(text);
    return { name, public: hex(key) };
  },

  read_checkpoint: ({ text }) => ofCheckpoint(checkpointFromText(text)),

  async verify_checkpoint({ note, origin, public: key }) {
    return ofCheckpoint(await verifyCheckpoint(note, { origin, public: raw(key) }));
  },

  async sign_checkpoint({ origin, size, root, seed }) {
    const key = await signing.signingKey(raw(seed));
    return { note: await signCheckpoint(new Checkpoint({ origin, size, root: raw(root) }), key) };
  },
};

function toField({ bytes, number, text }) {
  return bytes === undefined ? (number ?? text) : raw(bytes);
}

function readField(reader, field) {
  if (field.exact !== undefined) return hex(reader.exact(field.exact));
  if (field.up_to !== undefined) return hex(reader.upTo(field.up_to));
  if (field.number !== undefined) return reader.number({ least: field.number[0], most: field.number[1] });
  return reader.name();
}

function ofDevice({ deviceId, ed25519 }) {
  return { device_id: hex(deviceId), ed25519: hex(ed25519) };
}

function toRoomKey({ room, epoch, key }) {
  return new rooms.RoomKey({ room, epoch, key: raw(key) });
}

function toRoomKeys(roomKeys) {
  return new Map(roomKeys.map(({ device_id: id, sealed }) => [wire.toBase64url(raw(id)), raw(sealed)]));
}

function toEscrows(escrows) {
  const read = ({ organisation, escrow }) => [organisation, threshold.fromBytes(raw(escrow))];
  return new Map(escrows.map(read));
}

async function toSupervisor({ person, devices }) {
  const made = await Promise.all(devices.map((entropy) => makeDevice(raw(entropy))));
  return { person, devices: made.map((device) => device.public) };
}

function toHead({ room, epoch, seq, hash }) {
  return { room, epoch, seq, hash: raw(hash) };
}

function ofHead({ room, epoch, seq, hash }) {
  return { room, epoch, seq, hash: hex(hash) };
}

function ofManifest(manifest) {
  const toId = (id) => hex(wire.fromBase64url(id));
  const recipients = Array.from(manifest.recipients, ([id, hash]) => ({ device_id: toId(id), hash: hex(hash) }));
  const escrows = Array.from(manifest.escrows, ([organisation, hash]) => ({ organisation, hash: hex(hash) }));
  return { kc: hex(manifest.kc), recipients, escrows };
}

function ofCheckpoint({ origin, size, root }) {
  return { origin, size, root: hex(root) };
}
