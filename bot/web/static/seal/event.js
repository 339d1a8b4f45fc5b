/** A room's events: each encrypted, signed, and chained to the one before it. */

import { sha256 } from "../vendor/crypto.js";
import { Malformed, StaleHead, Tampered } from "./errors.js";
import { DEVICE_ID } from "./keys.js";
import { Label } from "./labels.js";
import { BUCKETS, pad, unpad } from "./padding.js";
import { Plain } from "./plain.js";
import * as signing from "./signing.js";
import { decrypt, derive, digest, encrypt, KEY, NONCE, TAG } from "./symmetric.js";
import { concat, count, equal, exact, lp, name, Reader } from "./wire.js";

export const EPOCH_KIND = "epoch"; // who holds the key of the epoch that begins
export const GRANT_KIND = "grant"; // whom the keys of earlier epochs were given
export const CLEAR_KINDS = Object.freeze([EPOCH_KIND, GRANT_KIND]); // in clear: ids and hashes, not what was said
export const MAX_MANIFEST = 2 ** 14; // bytes of such an event's `ct`
export const MAX_HEADER = 2 ** 11; // bytes; three names, two hashes, three numbers and a nonce fit
export const SIGNATURE = 1 + signing.SIGNATURE; // bytes; the first says which algorithm

const ED25519 = 1;
const MAX_CT = BUCKETS[BUCKETS.length - 1] + TAG;
const HASH = KEY;

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./room.js").RoomKey} RoomKey */
/** @typedef {{room: string, epoch: number, seq: number, hash: Bytes}} Head where a room stands; `hash`: 32 bytes */

/** One event as it is kept and sent. Its shape is sound by construction; `checkEvent` tells whether it holds. */
export class Event {
  /**
   * @param {{room: string, epoch: number, seq: number, prevHash: Bytes, deviceId: Bytes, author: string, kind: string,
   *   nonce: Bytes, ct: Bytes, sig: Bytes}} parts `deviceId`: the device that signed; `author`: the person who speaks
   */
  constructor({ room, epoch, seq, prevHash, deviceId, author, kind, nonce, ct, sig }) {
    this.room = name(room);
    this.epoch = count(epoch);
    this.seq = count(seq);
    this.prevHash = exact(prevHash, HASH);
    this.deviceId = exact(deviceId, DEVICE_ID);
    this.author = name(author);
    this.kind = name(kind);
    this.nonce = exact(nonce, NONCE);
    this.ct = ct;
    this.sig = exact(sig, SIGNATURE);
    if (sig[0] !== ED25519) throw new Malformed("That signature algorithm is unknown.");
    checkBody(kind, nonce, ct);
    Object.freeze(this);
  }
}

/** The head of a room in which nothing has happened. @param {string} room @returns {Head} */
export function genesis(room) {
  return Object.freeze({ room, epoch: 0, seq: 0, hash: digest(Label.ROOM, name(room)) });
}

/**
 * Pad, encrypt and sign what somebody said, as the event after `head`. `nonce`: 12 random bytes, new for every call,
 * also when sealing again after `StaleHead`. Throws `Malformed` when the key is not of the head's room and epoch, or
 * the text is too long.
 * @param {{roomKey: RoomKey, head: Head, secret: DeviceSecret, author: string, kind: string, plain: Plain,
 *   nonce: Bytes}} said
 */
export async function sealEvent({ roomKey, head, secret, author, kind, plain, nonce }) {
  if (roomKey.room !== head.room || roomKey.epoch !== head.epoch || CLEAR_KINDS.includes(kind)) {
    throw new Malformed("A message is sealed under the key of the room's own epoch.");
  }
  const header = nextHeader(head, head.epoch, secret, author, kind, nonce);
  const messageKey = await messageKeyOf(roomKey, secret.public.deviceId);
  return signed(header, await encrypt(messageKey, nonce, pad(plain.reveal()), { aad: header }), secret);
}

/**
 * Sign the manifest of the epoch after the head's; `startEpoch` is what calls this.
 * @param {{head: Head, secret: DeviceSecret, author: string, manifest: Bytes}} begun
 */
export function signEpoch({ head, secret, author, manifest }) {
  return signed(nextHeader(head, head.epoch + 1, secret, author, EPOCH_KIND, new Uint8Array(NONCE)), manifest, secret);
}

/**
 * Sign a grant in the head's epoch; `giveHistory` is what calls this.
 * @param {{head: Head, secret: DeviceSecret, author: string, grant: Bytes}} given
 */
export function signGrant({ head, secret, author, grant }) {
  return signed(nextHeader(head, head.epoch, secret, author, GRANT_KIND, new Uint8Array(NONCE)), grant, secret);
}

/**
 * Check chain, sequence, epoch and signature, without any secret; returns the room's new head. Throws `StaleHead` when
 * the room already has an event of that number, `Tampered` for everything else.
 * @param {Event} event @param {Head} head @param {DevicePublic} device @returns {Promise<Head>}
 */
export async function checkEvent(event, head, device) {
  checkPlace(event, head);
  if (!equal(event.deviceId, device.deviceId)) throw new Tampered("Another device signed the event.");
  const [header, ctHash] = [headerOf(event), sha256(event.ct)];
  await signing.verify(device.ed25519, lp(Label.EVENT_SIG, header, ctHash), event.sig.slice(1));
  const hash = digest(Label.EVENT_HASH, header, ctHash, event.sig);
  return Object.freeze({ room: event.room, epoch: event.epoch, seq: event.seq, hash });
}

/**
 * Decrypt an event that `checkEvent` has passed. Throws `Tampered` unless this key sealed exactly this event,
 * `Malformed` for an epoch, a grant, or padding that is none.
 * @param {RoomKey} roomKey @param {Event} event
 */
export async function openEvent(roomKey, event) {
  if (CLEAR_KINDS.includes(event.kind)) throw new Malformed("An epoch or a grant holds no message.");
  if (roomKey.room !== event.room || roomKey.epoch !== event.epoch) {
    throw new Tampered("The event is of another room or epoch than the key.");
  }
  const key = await messageKeyOf(roomKey, event.deviceId);
  return new Plain(unpad(await decrypt(key, event.nonce, event.ct, { aad: headerOf(event) })));
}

/** The 32 bytes by which the next event, and the ledger, name this one. @param {Event} event */
export function hashEvent(event) {
  return digest(Label.EVENT_HASH, headerOf(event), sha256(event.ct), event.sig);
}

/** Write an event for the wire. @param {Event} event */
export function toBytes(event) {
  return lp(Label.EVENT_BYTES, headerOf(event), event.ct, event.sig);
}

/** Read an event, or throw `Malformed`; only what `toBytes` writes is an event. @param {Bytes} content */
export function fromBytes(content) {
  const reader = new Reader(Label.EVENT_BYTES, content);
  const [header, ct, sig] = [reader.upTo(MAX_HEADER), reader.upTo(MAX_CT), reader.exact(SIGNATURE)];
  reader.end();
  return assemble(header, ct, sig);
}

/** @param {Bytes} header @param {Bytes} ct @param {Bytes} sig */
function assemble(header, ct, sig) {
  const reader = new Reader(Label.EVENT, header);
  const event = new Event({
    room: reader.name(),
    epoch: reader.number(),
    seq: reader.number(),
    prevHash: reader.exact(HASH),
    deviceId: reader.exact(DEVICE_ID),
    author: reader.name(),
    kind: reader.name(),
    nonce: reader.exact(NONCE),
    ct,
    sig,
  });
  reader.end();
  return event;
}

/** @param {Event} event @param {Head} head */
function checkPlace(event, head) {
  if (event.room !== head.room) throw new Tampered("The event is of another room.");
  if (event.seq <= head.seq) throw new StaleHead();
  if (event.seq !== head.seq + 1 || !equal(event.prevHash, head.hash)) {
    throw new Tampered("The event does not follow the one before it.");
  }
  if (event.epoch !== head.epoch + (event.kind === EPOCH_KIND ? 1 : 0)) {
    throw new Tampered("The event is of another epoch.");
  }
}

/** @param {Bytes} header @param {Bytes} ct @param {DeviceSecret} secret */
async function signed(header, ct, secret) {
  const signature = await signing.sign(secret.signing, lp(Label.EVENT_SIG, header, sha256(ct)));
  return assemble(header, ct, concat(Uint8Array.of(ED25519), signature));
}

/**
 * @param {Head} head @param {number} epoch @param {DeviceSecret} secret @param {string} author @param {string} kind
 * @param {Bytes} nonce
 */
function nextHeader(head, epoch, secret, author, kind, nonce) {
  return lp(Label.EVENT, head.room, epoch, head.seq + 1, head.hash, secret.public.deviceId, author, kind, nonce);
}

/** @param {Event} event */
function headerOf({ room, epoch, seq, prevHash, deviceId, author, kind, nonce }) {
  return lp(Label.EVENT, room, epoch, seq, prevHash, deviceId, author, kind, nonce);
}

/** @param {string} kind @param {Bytes} nonce @param {Bytes} ct */
function checkBody(kind, nonce, ct) {
  const isClear = CLEAR_KINDS.includes(kind);
  if (isClear && (nonce.some((byte) => byte !== 0) || ct.length > MAX_MANIFEST)) {
    throw new Malformed("An epoch or a grant has no nonce and a bounded body.");
  }
  if (!isClear && !BUCKETS.includes(ct.length - TAG)) throw new Malformed("A message has one of nine lengths.");
}

/** @param {RoomKey} roomKey @param {Bytes} deviceId */
function messageKeyOf(roomKey, deviceId) {
  return derive(roomKey.key, Label.MESSAGE_KEY, roomKey.room, roomKey.epoch, deviceId);
}
