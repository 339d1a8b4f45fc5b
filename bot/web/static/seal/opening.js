/** Openings: the signed request to open a room, by which others know what they pass their shares for. */

import { MAX_AHEAD } from "./directory.js";
import { Right } from "./enrolment.js";
import { Malformed, Tampered } from "./errors.js";
import { DEVICE_ID } from "./keys.js";
import { Label } from "./labels.js";
import { signStatement, splitStatement, verifyStatement } from "./statement.js";
import { equal, lp, name, number, Reader } from "./wire.js";

export const MAX_SECONDS = 4 * 3600; // that an opening may last
export const EVERY_ROOM = "*"; // in a room's place: every escrow of the organisation, to be dealt again

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./directory.js").Member} Member */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./threshold.js").Escrow} Escrow */
/**
 * Who asks to open which room, why, on which device, and until when.
 * @typedef {Readonly<{opening: string, organisation: string, room: string, purpose: string, ground: string,
 *   person: string, deviceId: Bytes, at: number, until: number, content: Bytes}>} Request `room`: or `EVERY_ROOM`;
 *   `deviceId`: shares are passed to it and to no other; `at`, `until`: seconds since 1970
 */

/**
 * Sign a request on the device that is to receive the shares. Throws `Malformed` for a time box out of bounds.
 * @param {{secret: DeviceSecret, opening: string, organisation: string, room: string, purpose: string, ground: string,
 *   person: string, at: number, until: number}} asked
 */
export async function ask({ secret, opening, organisation, room, purpose, ground, person, at, until }) {
  const texts = [opening, organisation, room, purpose, ground, person].map(name);
  const statement = lp(Label.OPENING_REQUEST, ...texts, secret.public.deviceId, number(at), number(until));
  return requestFromBytes(await signStatement(Label.OPENING_REQUEST_BYTES, statement, secret.signing));
}

/** Read a request, or throw `Malformed`; who signed, `checkRequest` says. @param {Bytes} content @returns {Request} */
export function requestFromBytes(content) {
  const kept = content.slice();
  const reader = new Reader(Label.OPENING_REQUEST, splitStatement(Label.OPENING_REQUEST_BYTES, kept).statement);
  const request = Object.freeze({
    opening: reader.name(),
    organisation: reader.name(),
    room: reader.name(),
    purpose: reader.name(),
    ground: reader.name(),
    person: reader.name(),
    deviceId: reader.exact(DEVICE_ID),
    at: reader.number(),
    until: reader.number(),
    content: kept,
  });
  reader.end();
  const lasts = request.until - request.at;
  if (lasts < 1 || lasts > MAX_SECONDS) throw new Malformed("An opening ends after it begins, within four hours.");
  return request;
}

/**
 * Return when this device signed it and its time box (seconds) is open; else throw `Tampered`.
 * @param {Request} request @param {DevicePublic} device @param {{now: number}} clock
 */
export async function checkRequest(request, device, { now }) {
  await checkSigner(request, device);
  if (!(request.at - MAX_AHEAD <= now && now <= request.until)) {
    throw new Tampered("The time of this opening is over, or has not come.");
  }
}

/**
 * Return when this device signed it, whenever that was; else throw `Tampered`.
 * @param {Request} request @param {DevicePublic} device
 */
export async function checkSigner(request, device) {
  if (!equal(request.deviceId, device.deviceId)) throw new Tampered("Another device asks.");
  await verifyStatement(device.ed25519, splitStatement(Label.OPENING_REQUEST_BYTES, request.content));
}

/**
 * What a supervisor (`passer`) checks before passing any share on; throws `Tampered`. `member`: the requester's device
 * as a checked directory has it. Its keys, and no others, are sealed to.
 * @param {Request} request @param {Member} member @param {{passer: string, now: number}} here
 */
export async function checkAsker(request, member, { passer, now }) {
  if (member.organisation !== request.organisation || member.person !== request.person) {
    throw new Tampered("The device is another person's, or another organisation's.");
  }
  if (!member.active || !(member.rights & Right.SHARES)) throw new Tampered("The device may not hold shares.");
  if (request.person === passer) throw new Tampered("Nobody helps themselves to open a room.");
  await checkRequest(request, member.public, { now });
}

/**
 * Return when the request is for this escrow's room, or for every room; else throw `Tampered`.
 * @param {Request} request @param {Escrow} escrow
 */
export function checkCovers(request, escrow) {
  if (request.room !== escrow.room && request.room !== EVERY_ROOM) {
    throw new Tampered("The escrow is of another room than the one to be opened.");
  }
}
