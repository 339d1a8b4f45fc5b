/** Re-deals: an escrow replaced by another of the same key, for other supervisors, signed by who did it. */

import { Malformed, Tampered } from "./errors.js";
import { DEVICE_ID } from "./keys.js";
import { Label } from "./labels.js";
import { signStatement, splitStatement, verifyStatement } from "./statement.js";
import { KEY } from "./symmetric.js";
import { hashEscrow } from "./threshold.js";
import { equal, lp, name, number, Reader, toBase64url } from "./wire.js";

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./threshold.js").Escrow} Escrow */
/**
 * One escrow in another's place. Who signed, `checkRedeal` says.
 * @typedef {Readonly<{organisation: string, room: string, epoch: number, opening: string, old: Bytes, new: Bytes,
 *   deviceId: Bytes, at: number, content: Bytes}>} Redeal `opening`: in which the key was had; `old`, `new`: hashes
 */

/**
 * Sign that `new` takes the place of `old`. Throws `Malformed` when it would take fewer people.
 * @param {{secret: DeviceSecret, organisation: string, opening: string, old: Escrow, new: Escrow, at: number}} dealt
 */
export async function signRedeal({ secret, organisation, opening, old, new: next, at }) {
  checkPair(old, next);
  const place = [name(organisation), old.room, old.epoch, name(opening)];
  const pair = [hashEscrow(old), hashEscrow(next), secret.public.deviceId, number(at)];
  const statement = lp(Label.REDEAL, ...place, ...pair);
  return redealFromBytes(await signStatement(Label.REDEAL_BYTES, statement, secret.signing));
}

/** Read a re-deal, or throw `Malformed`. @param {Bytes} content @returns {Redeal} */
export function redealFromBytes(content) {
  const kept = content.slice();
  const reader = new Reader(Label.REDEAL, splitStatement(Label.REDEAL_BYTES, kept).statement);
  const redeal = Object.freeze({
    organisation: reader.name(),
    room: reader.name(),
    epoch: reader.number({ least: 1 }),
    opening: reader.name(),
    old: reader.exact(KEY),
    new: reader.exact(KEY),
    deviceId: reader.exact(DEVICE_ID),
    at: reader.number(),
    content: kept,
  });
  reader.end();
  return redeal;
}

/**
 * Return when `new` takes the place of `old` by this device's word, else throw `Tampered` or `Malformed`. Whether the
 * new escrow holds the same key, nobody can see without opening it: `kc` tells then (FORMAT.md 19).
 * @param {Redeal} redeal @param {{organisation: string, old: Escrow, new: Escrow, device: DevicePublic}} known
 */
export async function checkRedeal(redeal, { organisation, old, new: next, device }) {
  checkPair(old, next);
  const { room, epoch } = old;
  const isPlaced = isOf(redeal, { organisation, room, epoch, inForce: hashEscrow(old) });
  if (!isPlaced || !equal(redeal.new, hashEscrow(next)) || !equal(redeal.deviceId, device.deviceId)) {
    throw new Tampered("The re-deal is of other escrows, or another device's.");
  }
  await checkSigned(redeal, device);
}

/**
 * The hash of the escrow in force: `first`, the manifest's, or where the chain of re-deals from there ends. `devices`:
 * those whose word counts, by id. The replaced escrows need not exist any more. Throws `Tampered` for a re-deal of
 * another place, by another device, or one that does not follow the one before it.
 * @param {readonly Redeal[]} redeals
 * @param {{organisation: string, room: string, epoch: number, first: Bytes,
 *   devices: ReadonlyMap<string, DevicePublic>}} known
 */
export async function followRedeals(redeals, { organisation, room, epoch, first, devices }) {
  let inForce = first;
  for (const redeal of redeals) {
    const device = devices.get(toBase64url(redeal.deviceId));
    if (device === undefined || !isOf(redeal, { organisation, room, epoch, inForce })) {
      throw new Tampered("A re-deal does not follow the one before it, or nobody who may has signed it.");
    }
    await checkSigned(redeal, device);
    inForce = redeal.new;
  }
  return inForce;
}

/** @param {Redeal} redeal @param {{organisation: string, room: string, epoch: number, inForce: Bytes}} place */
function isOf(redeal, { organisation, room, epoch, inForce }) {
  const isThere = redeal.organisation === organisation && redeal.room === room && redeal.epoch === epoch;
  return isThere && equal(redeal.old, inForce);
}

/** @param {Redeal} redeal @param {DevicePublic} device */
function checkSigned(redeal, device) {
  return verifyStatement(device.ed25519, splitStatement(Label.REDEAL_BYTES, redeal.content));
}

/** @param {Escrow} old @param {Escrow} next */
function checkPair(old, next) {
  if (old.room !== next.room || old.epoch !== next.epoch || next.t < old.t) {
    throw new Malformed("An escrow is replaced by one of the same room and epoch that takes as many people or more.");
  }
}
