/** A room's key: one per room and epoch, sealed to each device that is in the room. */

import { Tampered } from "./errors.js";
import { openWith, OVERHEAD, sealTo } from "./hpke.js";
import { Label } from "./labels.js";
import { derive, digest, KEY } from "./symmetric.js";
import { count, equal, exact, lp, name } from "./wire.js";

export const SEALED_KEY = KEY + OVERHEAD; // bytes of a room key sealed to one device

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./keys.js").DeviceSecret} DeviceSecret */

/** The 32 bytes that open one epoch of one room. */
export class RoomKey {
  #key;

  /** @param {{room: string, epoch: number, key: Bytes}} parts `epoch`: from 1 */
  constructor({ room, epoch, key }) {
    this.room = name(room);
    this.epoch = count(epoch);
    this.#key = exact(key, KEY);
    Object.freeze(this);
  }

  get key() {
    return this.#key;
  }
}

/**
 * `kc`, 32 bytes that stand for the key: AES-GCM alone would let one ciphertext open under two keys.
 * @param {RoomKey} roomKey
 */
export function commit(roomKey) {
  return derive(roomKey.key, Label.ROOM_COMMIT, roomKey.room, roomKey.epoch);
}

/** Throws `Tampered` unless `kc` is this key's commitment. @param {RoomKey} roomKey @param {Bytes} kc */
export async function checkCommitment(roomKey, kc) {
  if (!equal(await commit(roomKey), kc)) throw new Tampered("This key is not the one that the room committed to.");
}

/** Seal the key to one device. @param {RoomKey} roomKey @param {DevicePublic} device */
export function sealRoomKey(roomKey, device) {
  return sealTo(device.kem, roomKey.key, { info: infoOf(roomKey.room, roomKey.epoch, device) });
}

/**
 * Open what `sealRoomKey` made for this device, and hold it against the epoch's commitment. Throws `Tampered` for
 * another device, room or epoch, for changed bytes, or for a key that `kc` does not name.
 * @param {Bytes} sealed @param {{room: string, epoch: number, kc: Bytes, secret: DeviceSecret}} known
 */
export async function openRoomKey(sealed, { room, epoch, kc, secret }) {
  const info = infoOf(room, epoch, secret.public);
  const key = await openWith(secret.kem, exact(sealed, SEALED_KEY), { info });
  const roomKey = new RoomKey({ room, epoch, key });
  await checkCommitment(roomKey, kc);
  return roomKey;
}

/**
 * The 32 bytes by which an epoch event names one sealed key.
 * @param {Bytes} sealed @param {{room: string, epoch: number, deviceId: Bytes}} known
 */
export function hashSealedKey(sealed, { room, epoch, deviceId }) {
  return digest(Label.ROOM_KEY_HASH, room, epoch, deviceId, exact(sealed, SEALED_KEY));
}

/** @param {string} room @param {number} epoch @param {DevicePublic} device */
function infoOf(room, epoch, device) {
  return lp(Label.ROOM_KEY, room, epoch, device.deviceId);
}
