/** Beginning an epoch: a new key, sealed to exactly those whom the plan names and a checked directory vouches for. */

import { SIDES } from "./audience.js";
import { Right } from "./seal/enrolment.js";
import { startEpoch } from "./seal/epoch.js";
import { Tampered } from "./seal/errors.js";
import { toBytes as eventToBytes } from "./seal/event.js";
import { RoomKey, sealRoomKey } from "./seal/room.js";
import { KEY, NONCE } from "./seal/symmetric.js";
import { makeEscrow, toBytes as escrowToBytes } from "./seal/threshold.js";
import { recipient } from "./seal/trust.js";
import { exact, fromBase64url, toBase64url } from "./seal/wire.js";

const HASH = KEY;

/** @typedef {import("./seal/wire.js").Bytes} Bytes */
/** @typedef {import("./seal/event.js").Event} Event */
/** @typedef {import("./seal/event.js").Head} Head */
/** @typedef {import("./seal/keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./seal/keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./api.js").Json} Json */
/** @typedef {import("./directories.js").Directories} Directories */
/** @typedef {(size: number) => Bytes} Draw unpredictable bytes */
/** @typedef {{secret: DeviceSecret, person: string}} Self whose device this is */
/** @typedef {{event: Event, roomKey: RoomKey, body: Json}} Begun `body`: what the server is sent */

/**
 * Begin the epoch that `plan` (the server's) asks for, after `head`. Throws `Tampered` when it names a device that no
 * directory vouches for, more people than two, or leaves this device out.
 * @param {{plan: Json, head: Head, self: Self, directories: Directories, draw: Draw}} given @returns {Promise<Begun>}
 */
export async function beginEpoch({ plan, head, self, directories, draw }) {
  const { secret, person: author } = self;
  checkSides(plan, self);
  await directories.renew([...plan.recipients, ...plan.escrows].map(({ organisation }) => organisation));
  const roomKey = new RoomKey({ room: plan.room, epoch: head.epoch + 1, key: draw(KEY) });
  /** @type {Map<string, Bytes>} */
  const roomKeys = new Map();
  for (const planned of plan.recipients) {
    const device = await holderOf(planned, directories);
    roomKeys.set(device.id, await sealRoomKey(roomKey, device));
  }
  const escrows = new Map();
  for (const planned of plan.escrows) {
    const dealt = { t: planned.t, supervisors: await supervisorsOf(planned, directories) };
    escrows.set(planned.organisation, await makeEscrow(roomKey, { ...dealt, escrowKey: draw(KEY), iv: draw(NONCE) }));
  }
  const event = await startEpoch({ roomKey, head, secret, author, roomKeys, escrows });
  return { event, roomKey, body: bodyOf(event, roomKeys, escrows) };
}

/** Where the server says that a room stands. @param {string} room @param {Json} told @returns {Head} */
export function headOf(room, told) {
  return Object.freeze({
    room,
    epoch: told.epoch,
    seq: told.seq,
    hash: exact(fromBase64url(told.hash, { most: HASH }), HASH),
  });
}

/**
 * A room is for two people and, for one of them, a bridge; a third would be somebody's ear.
 * @param {Json} plan @param {Self} self
 */
function checkSides(plan, { secret, person }) {
  const people = new Set(plan.recipients.filter(isPersonal).map((/** @type {Json} */ planned) => planned.person));
  const own = plan.recipients.find((/** @type {Json} */ planned) => planned.device === secret.public.id);
  const bridges = plan.recipients.every(isPersonal) ? 0 : 1;
  if (people.size + bridges > SIDES || own?.person !== person) throw new Tampered("The plan is not of a room for two.");
}

/** @param {Json} planned */
function isPersonal({ bridge }) {
  return bridge !== true;
}

/** @param {Json} planned @param {Directories} directories @returns {Promise<DevicePublic>} */
async function holderOf(planned, directories) {
  const verified = await directories.of(planned.organisation);
  const right = isPersonal(planned) ? Right.MEMBER : Right.BRIDGE;
  const device = recipient(verified, planned.device, right);
  if (isPersonal(planned) && verified.members.get(planned.device)?.person !== planned.person) {
    throw new Tampered("The device is somebody else's.");
  }
  return device;
}

/** @param {Json} planned @param {Directories} directories */
async function supervisorsOf(planned, directories) {
  const verified = await directories.of(planned.organisation);
  return planned.seats.map((/** @type {{person: string, devices: string[]}} */ { person, devices }) => {
    if (devices.some((id) => verified.members.get(id)?.person !== person)) {
      throw new Tampered("The device is somebody else's.");
    }
    return { person, devices: devices.map((id) => recipient(verified, id, Right.SHARES)) };
  });
}

/**
 * @param {Event} event @param {ReadonlyMap<string, Bytes>} roomKeys
 * @param {ReadonlyMap<string, import("./seal/threshold.js").Escrow>} escrows @returns {Json}
 */
function bodyOf(event, roomKeys, escrows) {
  return {
    event: toBase64url(eventToBytes(event)),
    keys: Array.from(roomKeys, ([device, key]) => ({ device, key: toBase64url(key) })),
    escrows: Array.from(escrows, ([organisation, escrow]) => ({
      organisation,
      escrow: toBase64url(escrowToBytes(escrow)),
    })),
  };
}
