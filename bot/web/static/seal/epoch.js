/** An epoch's beginning: the signed list of who holds the room's key, and of the escrows without which no room is. */

import { Malformed, Tampered } from "./errors.js";
import { EPOCH_KIND, signEpoch } from "./event.js";
import { SUITE } from "./hpke.js";
import { DEVICE_ID } from "./keys.js";
import { Label } from "./labels.js";
import { commit, hashSealedKey, openRoomKey } from "./room.js";
import { KEY } from "./symmetric.js";
import { checkEscrow, hashEscrow } from "./threshold.js";
import { compare, equal, exact, fromBase64url, lp, name, Reader, toBase64url, toUtf8 } from "./wire.js";

export const MAX_RECIPIENTS = 64; // devices in a room
export const MAX_ESCROWS = 8; // organisations that keep an escrow of it

const HASH = KEY;
const NONE = new Uint8Array(); // the hash of what is not there

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./event.js").Event} Event */
/** @typedef {import("./event.js").Head} Head */
/** @typedef {import("./keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./room.js").RoomKey} RoomKey */
/** @typedef {import("./threshold.js").Escrow} Escrow */
/** @typedef {ReadonlyMap<string, Bytes>} SealedKeys device id, as JSON has it -> the key sealed to it */
/** @typedef {ReadonlyMap<string, Escrow>} Escrows organisation -> its escrow */

/** What an epoch event says in clear: hashes and ids, nothing of what will be said. */
export class Manifest {
  /**
   * @param {{kc: Bytes, recipients: ReadonlyMap<string, Bytes>, escrows: ReadonlyMap<string, Bytes>}} parts `kc`: the
   *   commitment to the room's key; `recipients`: device id, as JSON has it -> hash of the key sealed to it; `escrows`:
   *   organisation -> hash of its escrow. At least one of each.
   */
  constructor({ kc, recipients, escrows }) {
    this.kc = exact(kc, HASH);
    checkCount(recipients.size, MAX_RECIPIENTS);
    checkCount(escrows.size, MAX_ESCROWS);
    for (const id of recipients.keys()) toDeviceId(id);
    for (const organisation of escrows.keys()) name(organisation);
    for (const hashed of [...recipients.values(), ...escrows.values()]) exact(hashed, HASH);
    /** @type {ReadonlyMap<string, Bytes>} */
    this.recipients = new Map(recipients);
    /** @type {ReadonlyMap<string, Bytes>} */
    this.escrows = new Map(escrows);
    Object.freeze(this);
  }
}

/**
 * Sign the event that starts the epoch after the head's. Throws `Malformed` without recipients or escrow, or when the
 * key is not of the next epoch.
 * @param {{roomKey: RoomKey, head: Head, secret: DeviceSecret, author: string, roomKeys: SealedKeys,
 *   escrows: Escrows}} begun
 */
export async function startEpoch({ roomKey, head, secret, author, roomKeys, escrows }) {
  if (roomKey.room !== head.room || roomKey.epoch !== head.epoch + 1) {
    throw new Malformed("An epoch starts with the key of the room's next epoch.");
  }
  const manifest = new Manifest({
    kc: await commit(roomKey),
    recipients: hashKeys(roomKeys, roomKey.room, roomKey.epoch),
    escrows: hashEscrows(escrows, roomKey.room, roomKey.epoch),
  });
  return signEpoch({ head, secret, author, manifest: manifestToBytes(manifest) });
}

/**
 * What an epoch event binds. Throws `Malformed` for any other event or a manifest that is none.
 * @param {Event} event
 */
export function readEpoch(event) {
  if (event.kind !== EPOCH_KIND) throw new Malformed("Only an epoch event has a manifest.");
  return manifestFromBytes(event.ct);
}

/**
 * Hold the sealed keys and escrows that came with an epoch event against what it signed; needs no secret. Throws
 * `Tampered` when one is missing, added or changed.
 * @param {Event} event @param {{roomKeys: SealedKeys, escrows: Escrows}} came
 */
export function checkEpoch(event, { roomKeys, escrows }) {
  const manifest = readEpoch(event);
  if (!same(manifest.recipients, hashKeys(roomKeys, event.room, event.epoch))) {
    throw new Tampered("The sealed keys are not those that the epoch names.");
  }
  if (!same(manifest.escrows, hashEscrows(escrows, event.room, event.epoch))) {
    throw new Tampered("The escrows are not those that the epoch names.");
  }
  return manifest;
}

/**
 * Open one's own key as a recipient of the epoch. Throws `Tampered` unless the signed event names exactly it.
 * @param {Event} event @param {Bytes} sealed @param {DeviceSecret} secret
 */
export async function acceptRoomKey(event, sealed, secret) {
  const manifest = readEpoch(event);
  const { room, epoch } = event;
  const hashed = hashSealedKey(sealed, { room, epoch, deviceId: secret.public.deviceId });
  if (!equal(manifest.recipients.get(secret.public.id) ?? NONE, hashed)) {
    throw new Tampered("The epoch does not name this key for this device.");
  }
  return openRoomKey(sealed, { room, epoch, kc: manifest.kc, secret });
}

/** Write a manifest; recipients and escrows in ascending order of their ids' bytes. @param {Manifest} manifest */
export function manifestToBytes(manifest) {
  const recipients = ascending(manifest.recipients, toDeviceId).map(([id, hashed]) => [toDeviceId(id), hashed]);
  const escrows = ascending(manifest.escrows, toUtf8);
  const lists = [recipients, escrows].flatMap((list) => [list.length, ...list.flat()]);
  return lp(Label.EPOCH, SUITE, manifest.kc, ...lists);
}

/** Read a manifest, or throw `Malformed`; another order or a repetition is not one. @param {Bytes} content */
export function manifestFromBytes(content) {
  const reader = new Reader(Label.EPOCH, content);
  reader.number({ least: SUITE, most: SUITE });
  const kc = reader.exact(HASH);
  const recipients = readPairs(reader, MAX_RECIPIENTS, () => toBase64url(reader.exact(DEVICE_ID)));
  const escrows = readPairs(reader, MAX_ESCROWS, () => reader.name());
  reader.end();
  const manifest = new Manifest({ kc, recipients, escrows });
  if (!equal(manifestToBytes(manifest), content)) throw new Malformed();
  return manifest;
}

/** @param {Reader} reader @param {number} most @param {() => string} readKey */
function readPairs(reader, most, readKey) {
  /** @type {Map<string, Bytes>} */
  const pairs = new Map();
  for (let left = reader.number({ most }); left > 0; left -= 1) pairs.set(readKey(), reader.exact(HASH));
  return pairs;
}

/**
 * In the order of the bytes: JavaScript's own order of texts is another.
 * @param {ReadonlyMap<string, Bytes>} pairs @param {(key: string) => Bytes} toKey
 */
function ascending(pairs, toKey) {
  return [...pairs].sort(([one], [other]) => compare(toKey(one), toKey(other)));
}

/** @param {string} id */
function toDeviceId(id) {
  return exact(fromBase64url(id, { most: DEVICE_ID }), DEVICE_ID);
}

/** @param {number} size @param {number} most */
function checkCount(size, most) {
  if (size < 1 || size > most) {
    throw new Malformed("A room needs recipients and an escrow, and has room for 64 and 8.");
  }
}

/** @param {ReadonlyMap<string, Bytes>} named @param {ReadonlyMap<string, Bytes>} found */
function same(named, found) {
  for (const [key, hashed] of found) if (!equal(named.get(key) ?? NONE, hashed)) return false;
  return named.size === found.size;
}

/** @param {SealedKeys} roomKeys @param {string} room @param {number} epoch */
function hashKeys(roomKeys, room, epoch) {
  /** @type {Map<string, Bytes>} */
  const hashes = new Map();
  for (const [id, sealed] of roomKeys) hashes.set(id, hashSealedKey(sealed, { room, epoch, deviceId: toDeviceId(id) }));
  return hashes;
}

/** @param {Escrows} escrows @param {string} room @param {number} epoch */
function hashEscrows(escrows, room, epoch) {
  for (const escrow of escrows.values()) checkEscrow(escrow, { room, epoch });
  return new Map(Array.from(escrows, ([organisation, escrow]) => [organisation, hashEscrow(escrow)]));
}
