/** Passing shares: a supervisor re-seals an opened share to another device, for one stated use. */

import { sha256 } from "../vendor/crypto.js";
import { Malformed, Tampered, WrongShare } from "./errors.js";
import { openWith, OVERHEAD, sealTo } from "./hpke.js";
import { DEVICE_ID } from "./keys.js";
import { Label } from "./labels.js";
import { MAX_STATEMENT, signBare, SIGNATURE, verifyStatement } from "./statement.js";
import { KEY } from "./symmetric.js";
import { checkShare, context, hashEscrow, SHARE, Share } from "./threshold.js";
import { equal, exact, lp, name, Reader } from "./wire.js";

export const PASSED = SHARE + OVERHEAD; // bytes of a share as it is passed on

const OPENING = "opening:";
const HAND_ON = "hand-on:";

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./threshold.js").Escrow} Escrow */
/**
 * What a sender signs of a share that is passed on; it stays as evidence when the share itself is gone.
 * @typedef {Readonly<{use: string, escrow: Bytes, seat: string, sender: Bytes, receiver: Bytes, hash: Bytes,
 *   content: Bytes, sig: Bytes}>} Pass `use`: `forOpening(id)` or `forSuccessor(person)`; `escrow`: its hash; `sender`,
 *   `receiver`: device ids; `hash`: SHA-256 of the sealed share
 */
/** @typedef {Readonly<{signed: Pass, blob: Bytes}>} Passed one seat's share, sealed to one device for one use */

/** The use of a share that is passed on for an opening. @param {string} opening */
export function forOpening(opening) {
  return name(`${OPENING}${name(opening)}`);
}

/**
 * The use of a share that is handed on to whoever sits in the seat from now on, or to one's own new device.
 * @param {string} person
 */
export function forSuccessor(person) {
  return name(`${HAND_ON}${name(person)}`);
}

/** The person that `forSuccessor` named. Throws `Malformed` for another use. @param {string} use */
export function successor(use) {
  if (!use.startsWith(HAND_ON)) throw new Malformed("That share was not handed on.");
  return name(use.slice(HAND_ON.length));
}

/**
 * Seal an opened share to another device, and sign that. Throws `WrongShare` for one that was not dealt.
 * @param {{escrow: Escrow, share: Share, use: string, to: DevicePublic, secret: DeviceSecret}} given
 * @returns {Promise<Passed>}
 */
export async function passShare({ escrow, share, use, to, secret }) {
  checkShare(escrow, share);
  const blob = await sealTo(to.kem, share.value, { info: infoOf(escrow, use, share.person, to) });
  const named = [name(use), hashEscrow(escrow), share.person, secret.public.deviceId, to.deviceId];
  const statement = lp(Label.SHARE_PASS, ...named, sha256(blob));
  return Object.freeze({ signed: readPass(statement, await signBare(statement, secret.signing)), blob });
}

/** Write a passed share. @param {Passed} passed */
export function passedToBytes({ signed, blob }) {
  return lp(Label.SHARE_PASS_BYTES, signed.content, blob, signed.sig);
}

/** Read a passed share, or throw `Malformed`. @param {Bytes} content */
export function passedFromBytes(content) {
  const reader = new Reader(Label.SHARE_PASS_BYTES, content);
  const [statement, blob, sig] = [reader.upTo(MAX_STATEMENT), reader.exact(PASSED), reader.exact(SIGNATURE)];
  reader.end();
  return joinPassed(readPass(statement, sig), blob);
}

/**
 * Put what was signed and the sealed share together. Throws `Malformed` when they are not each other's.
 * @param {Pass} signed @param {Bytes} blob @returns {Passed}
 */
export function joinPassed(signed, blob) {
  if (!equal(signed.hash, sha256(exact(blob, PASSED)))) throw new Malformed("The signed hash is of another share.");
  return Object.freeze({ signed, blob });
}

/**
 * Read what was signed, or throw `Malformed`; who signed, `checkSender` says.
 * @param {Bytes} statement @param {Bytes} sig @returns {Pass}
 */
export function readPass(statement, sig) {
  const reader = new Reader(Label.SHARE_PASS, statement);
  const signed = Object.freeze({
    use: reader.name(),
    escrow: reader.exact(KEY),
    seat: reader.name(),
    sender: reader.exact(DEVICE_ID),
    receiver: reader.exact(DEVICE_ID),
    hash: reader.exact(KEY),
    content: statement.slice(),
    sig: exact(sig, SIGNATURE),
  });
  reader.end();
  return signed;
}

/**
 * Return when that device signed it; else throw `Tampered`, or `Malformed` for another signature algorithm.
 * @param {Pass} signed @param {DevicePublic} sender
 */
export async function checkSender(signed, sender) {
  if (!equal(signed.sender, sender.deviceId)) throw new Tampered("Another device passed the share on.");
  await verifyStatement(sender.ed25519, { statement: signed.content, sig: signed.sig });
}

/**
 * What needs no secret: a share of a seat of this escrow, for this use and receiver, signed by that sender. Throws
 * `Tampered`. Whether the sender's person holds that seat, `followHandOns` says.
 * @param {Passed} passed @param {Escrow} escrow
 * @param {{use: string, sender: DevicePublic, receiver: DevicePublic}} known
 */
export async function checkPassed({ signed }, escrow, { use, sender, receiver }) {
  const isSeated = escrow.seats.some((seat) => seat.person === signed.seat);
  if (!equal(signed.escrow, hashEscrow(escrow)) || !isSeated) throw new Tampered("The share is of another escrow.");
  if (signed.use !== use || !equal(signed.receiver, receiver.deviceId)) {
    throw new Tampered("The share was passed on for another use, or to another device.");
  }
  await checkSender(signed, sender);
}

/**
 * Check a share that was passed on to this device, and open it. Throws what `checkPassed` throws, and `WrongShare`
 * (naming the seat) when it is not what was dealt.
 * @param {Passed} passed @param {Escrow} escrow
 * @param {{use: string, sender: DevicePublic, secret: DeviceSecret}} known
 */
export async function openPassed(passed, escrow, { use, sender, secret }) {
  await checkPassed(passed, escrow, { use, sender, receiver: secret.public });
  const share = new Share({ person: passed.signed.seat, value: await openSealed(passed, escrow, use, secret) });
  checkShare(escrow, share);
  return share;
}

/** @param {Passed} passed @param {Escrow} escrow @param {string} use @param {DeviceSecret} secret */
async function openSealed({ signed, blob }, escrow, use, secret) {
  try {
    return exact(await openWith(secret.kem, blob, { info: infoOf(escrow, use, signed.seat, secret.public) }), SHARE);
  } catch (error) {
    if (error instanceof Tampered) throw new WrongShare([signed.seat], { cause: error });
    throw error;
  }
}

/** @param {Escrow} escrow @param {string} use @param {string} seat @param {DevicePublic} device */
function infoOf(escrow, use, seat, device) {
  return lp(Label.PASSED_SHARE, name(use), context(escrow), seat, device.deviceId);
}
