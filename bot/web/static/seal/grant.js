/** Grants: the keys of earlier epochs, given to a device that came later, on the room's own chain. */

import { Malformed, Tampered } from "./errors.js";
import { GRANT_KIND, signGrant } from "./event.js";
import { DEVICE_ID } from "./keys.js";
import { Label } from "./labels.js";
import { hashSealedKey, openRoomKey, sealRoomKey } from "./room.js";
import { KEY } from "./symmetric.js";
import { count, equal, exact, lp, Reader } from "./wire.js";

export const MAX_EPOCHS = 128; // in one grant; each takes 52 bytes of the body

const NONE = new Uint8Array(); // the hash of what is not there

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./event.js").Event} Event */
/** @typedef {import("./event.js").Head} Head */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./room.js").RoomKey} RoomKey */

/** What a grant says in clear: to which device, and epoch -> hash of the key sealed to it. */
export class Grant {
  /** @param {{deviceId: Bytes, keys: ReadonlyMap<number, Bytes>}} parts */
  constructor({ deviceId, keys }) {
    this.deviceId = exact(deviceId, DEVICE_ID);
    if (keys.size < 1 || keys.size > MAX_EPOCHS) throw new Malformed("A grant gives some epochs, and at most 128.");
    for (const epoch of keys.keys()) count(epoch);
    for (const hashed of keys.values()) exact(hashed, KEY);
    /** @type {ReadonlyMap<number, Bytes>} */
    this.keys = new Map(keys);
    Object.freeze(this);
  }
}

/**
 * Seal the keys of earlier epochs to `to`; returns the event to append and epoch -> sealed key. Throws `Malformed` for
 * a key of another room, or of an epoch that has not begun.
 * @param {{roomKeys: readonly RoomKey[], head: Head, secret: DeviceSecret, author: string, to: DevicePublic}} given
 */
export async function giveHistory({ roomKeys, head, secret, author, to }) {
  if (roomKeys.some((key) => key.room !== head.room || key.epoch > head.epoch)) {
    throw new Malformed("A grant gives keys of its own room, of epochs that have begun.");
  }
  /** @type {Map<number, Bytes>} */
  const sealed = new Map();
  for (const key of roomKeys) sealed.set(key.epoch, await sealRoomKey(key, to));
  const grant = new Grant({ deviceId: to.deviceId, keys: hashKeys(sealed, head.room, to.deviceId) });
  return { event: await signGrant({ head, secret, author, grant: grantToBytes(grant) }), sealed };
}

/**
 * What a grant event gives. Throws `Malformed` for any other event, a body that is none, or future epochs.
 * @param {Event} event
 */
export function readGrant(event) {
  if (event.kind !== GRANT_KIND) throw new Malformed("Only a grant event gives keys.");
  const grant = grantFromBytes(event.ct);
  if (Math.max(...grant.keys.keys()) > event.epoch)
    throw new Malformed("A grant gives keys of epochs that have begun.");
  return grant;
}

/**
 * Hold the sealed keys that came with a grant against what it signed; needs no secret. Throws `Tampered`.
 * @param {Event} event @param {ReadonlyMap<number, Bytes>} sealed
 */
export function checkGrant(event, sealed) {
  const grant = readGrant(event);
  const found = hashKeys(sealed, event.room, grant.deviceId);
  const isNamed = Array.from(found, ([epoch, hashed]) => equal(grant.keys.get(epoch) ?? NONE, hashed));
  if (found.size !== grant.keys.size || isNamed.includes(false)) {
    throw new Tampered("The sealed keys are not those that the grant names.");
  }
  return grant;
}

/**
 * Open one's own key of a checked grant. `kc`: the commitment in that epoch's own event. Throws `Tampered`.
 * @param {Event} event @param {Bytes} sealed @param {{epoch: number, kc: Bytes, secret: DeviceSecret}} known
 */
export async function acceptGrantedKey(event, sealed, { epoch, kc, secret }) {
  const grant = readGrant(event);
  const { deviceId } = secret.public;
  const hashed = hashSealedKey(sealed, { room: event.room, epoch, deviceId });
  if (!equal(grant.deviceId, deviceId) || !equal(grant.keys.get(epoch) ?? NONE, hashed)) {
    throw new Tampered("The grant does not name this key for this device.");
  }
  return openRoomKey(sealed, { room: event.room, epoch, kc, secret });
}

/** Write a grant's body; epochs ascend. @param {Grant} grant */
export function grantToBytes({ deviceId, keys }) {
  const pairs = [...keys].sort(([one], [other]) => one - other);
  return lp(Label.GRANT, deviceId, pairs.length, ...pairs.flat());
}

/** Read a grant's body, or throw `Malformed`; another order or a repetition is not one. @param {Bytes} content */
export function grantFromBytes(content) {
  const reader = new Reader(Label.GRANT, content);
  const deviceId = reader.exact(DEVICE_ID);
  /** @type {Map<number, Bytes>} */
  const keys = new Map();
  for (let left = reader.number({ most: MAX_EPOCHS }); left > 0; left -= 1)
    keys.set(reader.number(), reader.exact(KEY));
  reader.end();
  const grant = new Grant({ deviceId, keys });
  if (!equal(grantToBytes(grant), content)) throw new Malformed();
  return grant;
}

/** @param {ReadonlyMap<number, Bytes>} sealed @param {string} room @param {Bytes} deviceId */
function hashKeys(sealed, room, deviceId) {
  /** @type {Map<number, Bytes>} */
  const hashes = new Map();
  for (const [epoch, blob] of sealed) hashes.set(epoch, hashSealedKey(blob, { room, epoch, deviceId }));
  return hashes;
}
