/** Escrow: a room's key in a box that takes t of n supervisors to open, and tells whose share was wrong. */

import { Malformed, Tampered, WrongShare } from "./errors.js";
import { openWith, OVERHEAD, sealTo, SUITE } from "./hpke.js";
import { DEVICE_ID } from "./keys.js";
import { Label } from "./labels.js";
import { checkCommitment, RoomKey } from "./room.js";
import * as shamir from "./shamir.js";
import { decrypt, digest, encrypt, expand, KEY, NONCE, TAG } from "./symmetric.js";
import { count, equal, exact, lp, name, Reader, toBase64url } from "./wire.js";

export const LEAST = 2; // nobody opens a room alone
export const MAX_PEOPLE = 32; // supervisors of one escrow
export const MAX_DEVICES = 8; // of one supervisor
export const SHARE = KEY + 1; // bytes

const BOX = KEY + TAG;
const SEALED_SHARE = SHARE + OVERHEAD;
const MAX_CTX = 2 ** 14; // bytes; 32 ids of 255 bytes fit
const HASH = KEY;

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./keys.js").DeviceSecret} DeviceSecret */
/** @typedef {{person: string, devices: readonly DevicePublic[]}} Supervisor who is to hold a share */

/** One person's share, sealed to one of their devices. */
export class SealedShare {
  /** @param {{deviceId: Bytes, blob: Bytes}} parts */
  constructor({ deviceId, blob }) {
    this.deviceId = exact(deviceId, DEVICE_ID);
    this.blob = exact(blob, SEALED_SHARE);
    Object.freeze(this);
  }
}

/** One person's place in an escrow: what their share must be, and where it is. */
export class Seat {
  /** @param {{person: string, commitment: Bytes, shares: readonly SealedShare[]}} parts */
  constructor({ person, commitment, shares }) {
    this.person = name(person);
    this.commitment = exact(commitment, HASH);
    this.shares = Object.freeze([...shares]);
    if (shares.length < 1 || shares.length > MAX_DEVICES) {
      throw new Malformed("A supervisor has one to eight devices.");
    }
    Object.freeze(this);
  }
}

/** One room key in its box, with a seat per supervisor; seat i holds the share with x = i, from 1. */
export class Escrow {
  /** @param {{room: string, epoch: number, t: number, seats: readonly Seat[], iv: Bytes, box: Bytes}} parts */
  constructor({ room, epoch, t, seats, iv, box }) {
    this.room = name(room);
    this.epoch = count(epoch);
    this.t = t;
    this.seats = Object.freeze([...seats]);
    this.iv = exact(iv, NONCE);
    this.box = exact(box, BOX);
    checkSize(t, seats.length);
    checkDistinct(seats.map((seat) => seat.person));
    checkDistinct(seats.flatMap((seat) => seat.shares.map((share) => toBase64url(share.deviceId))));
    Object.freeze(this);
  }
}

/** One person's opened share; a secret until the box is open. */
export class Share {
  #value;

  /** @param {{person: string, value: Bytes}} parts `value`: 32 bytes of y, then x */
  constructor({ person, value }) {
    this.person = person;
    this.#value = value;
    Object.freeze(this);
  }

  get value() {
    return this.#value;
  }
}

/**
 * Box the room key under `escrowKey` and deal that key to the supervisors, t of whom open it. `escrowKey`: 32 random
 * bytes, `iv`: 12, both new for every call and kept by nobody. Throws `Malformed` when t is under 2 or over n, or
 * somebody is named twice.
 * @param {RoomKey} roomKey @param {{t: number, supervisors: readonly Supervisor[], escrowKey: Bytes, iv: Bytes}} dealt
 */
export async function makeEscrow(roomKey, { t, supervisors, escrowKey, iv }) {
  const people = supervisors.map((supervisor) => supervisor.person);
  checkSize(t, people.length);
  const { room, epoch } = roomKey;
  const ctx = toCtx(room, epoch, t, people);
  const shares = await dealShares(escrowKey, t, people.length, ctx);
  const seats = await Promise.all(supervisors.map((who, place) => makeSeat(who, shares[place], ctx)));
  const box = await encrypt(escrowKey, iv, roomKey.key, { aad: ctx });
  return new Escrow({ room, epoch, t, seats, iv, box });
}

/**
 * What anybody can check: that this well-formed escrow is of that room and epoch. Throws `Tampered`.
 * @param {Escrow} escrow @param {{room: string, epoch: number}} known
 */
export function checkEscrow(escrow, { room, epoch }) {
  if (escrow.room !== room || escrow.epoch !== epoch) throw new Tampered("The escrow is of another room or epoch.");
}

/**
 * Open a supervisor's share on one of their devices. Throws `Malformed` when none is sealed to that person's device,
 * `WrongShare` when it is not what was dealt.
 * @param {Escrow} escrow @param {{person: string, secret: DeviceSecret}} who
 */
export async function openShare(escrow, { person, secret }) {
  const seat = escrow.seats.find((each) => each.person === person);
  const sealed = seat?.shares.find((each) => equal(each.deviceId, secret.public.deviceId));
  if (sealed === undefined) throw new Malformed("This escrow has no share for that person on this device.");
  const share = new Share({ person, value: await openSealed(sealed, person, secret, context(escrow)) });
  checkShare(escrow, share);
  return share;
}

/**
 * Recombine the escrow key, deal it again, compare every commitment, open the box, check `kc`, the commitment in the
 * room's epoch event. Throws `Malformed` for fewer than t people or a stranger or the same person twice, `WrongShare`
 * naming whose share does not hold, `Tampered` for the box or another key.
 * @param {Escrow} escrow @param {readonly Share[]} shares @param {{kc: Bytes}} known
 */
export async function openEscrow(escrow, shares, { kc }) {
  const { room, epoch, t, seats } = escrow;
  const ctx = context(escrow);
  const values = onePerPerson(escrow, shares);
  nameTheWrong(escrow, values, ctx);
  const escrowKey = shamir.combine([...values.values()].slice(0, t));
  const dealt = await dealShares(escrowKey, t, seats.length, ctx);
  nameTheWrong(escrow, new Map(seats.map((seat, place) => [seat.person, dealt[place]])), ctx);
  const key = await decrypt(escrowKey, escrow.iv, escrow.box, { aad: ctx });
  const roomKey = new RoomKey({ room, epoch, key });
  await checkCommitment(roomKey, kc);
  return roomKey;
}

/**
 * Throws `WrongShare` unless the share is what was dealt to that seat, `Malformed` where there is no such seat.
 * @param {Escrow} escrow @param {Share} share
 */
export function checkShare(escrow, share) {
  if (!escrow.seats.some((seat) => seat.person === share.person)) {
    throw new Malformed("This escrow has no seat for that person.");
  }
  nameTheWrong(escrow, new Map([[share.person, share.value]]), context(escrow));
}

/** `ctx`, which binds an escrow's room, epoch, t and people to everything in it. @param {Escrow} escrow */
export function context({ room, epoch, t, seats }) {
  return toCtx(
    room,
    epoch,
    t,
    seats.map((seat) => seat.person),
  );
}

/** The 32 bytes by which an epoch event names an escrow. @param {Escrow} escrow */
export function hashEscrow(escrow) {
  return digest(Label.ESCROW_HASH, toBytes(escrow));
}

/** Write an escrow for the wire. @param {Escrow} escrow */
export function toBytes(escrow) {
  const seats = escrow.seats.flatMap(({ commitment, shares }) => {
    return [commitment, shares.length, ...shares.flatMap(({ deviceId, blob }) => [deviceId, blob])];
  });
  return lp(Label.ESCROW_BYTES, SUITE, context(escrow), escrow.iv, escrow.box, ...seats);
}

/** Read an escrow, or throw `Malformed`; only what `toBytes` writes is one. @param {Bytes} content */
export function fromBytes(content) {
  const reader = new Reader(Label.ESCROW_BYTES, content);
  reader.number({ least: SUITE, most: SUITE });
  const { room, epoch, t, people } = readCtx(reader.upTo(MAX_CTX));
  const [iv, box] = [reader.exact(NONCE), reader.exact(BOX)];
  const seats = people.map((person) => readSeat(person, reader));
  reader.end();
  return new Escrow({ room, epoch, t, seats, iv, box });
}

/** @param {Bytes} ctx */
function readCtx(ctx) {
  const reader = new Reader(Label.ESCROW, ctx);
  const [room, epoch] = [reader.name(), reader.number()];
  const t = reader.number({ most: MAX_PEOPLE });
  const people = Array.from({ length: reader.number({ most: MAX_PEOPLE }) }, () => reader.name());
  reader.end();
  return { room, epoch, t, people };
}

/** @param {string} person @param {Reader} reader */
function readSeat(person, reader) {
  const commitment = reader.exact(HASH);
  const readShare = () => new SealedShare({ deviceId: reader.exact(DEVICE_ID), blob: reader.exact(SEALED_SHARE) });
  const shares = Array.from({ length: reader.number({ most: MAX_DEVICES }) }, readShare);
  return new Seat({ person, commitment, shares });
}

/** @param {string} room @param {number} epoch @param {number} t @param {readonly string[]} people */
function toCtx(room, epoch, t, people) {
  return lp(Label.ESCROW, room, epoch, t, people.length, ...people);
}

/** @param {number} t @param {number} n */
function checkSize(t, n) {
  if (!(Number.isInteger(t) && LEAST <= t && t <= n && n <= MAX_PEOPLE)) {
    throw new Malformed("An escrow takes at least two, and no more than it has, of at most 32 people.");
  }
}

/** @param {readonly string[]} ids */
function checkDistinct(ids) {
  if (new Set(ids).size < ids.length) {
    throw new Malformed("A supervisor, or a device, has two places in an escrow.");
  }
}

/**
 * Deal without chance, so that whoever recombines the key can deal it again and compare.
 * @param {Bytes} escrowKey @param {number} t @param {number} n @param {Bytes} ctx
 */
async function dealShares(escrowKey, t, n, ctx) {
  const stream = await expand(escrowKey, KEY * (t - 1), Label.SHAMIR, t, n, ctx);
  const coefficients = Array.from({ length: t - 1 }, (_, place) => stream.slice(place * KEY, (place + 1) * KEY));
  return shamir.deal(escrowKey, coefficients, n);
}

/** @param {Supervisor} supervisor @param {Bytes} share @param {Bytes} ctx */
async function makeSeat({ person, devices }, share, ctx) {
  const sealShare = async (/** @type {DevicePublic} */ device) => {
    const blob = await sealTo(device.kem, share, { info: shareInfo(ctx, person, device) });
    return new SealedShare({ deviceId: device.deviceId, blob });
  };
  return new Seat({ person, commitment: commitShare(share, ctx), shares: await Promise.all(devices.map(sealShare)) });
}

/** @param {SealedShare} sealed @param {string} person @param {DeviceSecret} secret @param {Bytes} ctx */
async function openSealed(sealed, person, secret, ctx) {
  try {
    return await openWith(secret.kem, sealed.blob, { info: shareInfo(ctx, person, secret.public) });
  } catch (error) {
    if (error instanceof Tampered) throw new WrongShare([person], { cause: error });
    throw error;
  }
}

/** @param {Escrow} escrow @param {readonly Share[]} shares */
function onePerPerson(escrow, shares) {
  const values = new Map(shares.map((share) => [share.person, share.value]));
  const seated = new Set(escrow.seats.map((seat) => seat.person));
  const areSeated = [...values.keys()].every((person) => seated.has(person));
  if (values.size < shares.length || values.size < escrow.t || !areSeated) {
    throw new Malformed("Opening takes the shares of t different people who have a seat.");
  }
  return values;
}

/** @param {Escrow} escrow @param {ReadonlyMap<string, Bytes>} values @param {Bytes} ctx */
function nameTheWrong(escrow, values, ctx) {
  const isWrong = (/** @type {Seat} */ seat, /** @type {number} */ place) => {
    const value = values.get(seat.person);
    return value !== undefined && !holds(seat, place + 1, value, ctx);
  };
  const wrong = escrow.seats.filter(isWrong).map((seat) => seat.person);
  if (wrong.length > 0) throw new WrongShare(wrong);
}

/** @param {Seat} seat @param {number} x @param {Bytes} value @param {Bytes} ctx */
function holds(seat, x, value, ctx) {
  return value.length === SHARE && value[KEY] === x && equal(seat.commitment, commitShare(value, ctx));
}

/** @param {Bytes} share @param {Bytes} ctx */
function commitShare(share, ctx) {
  return digest(Label.SHARE_COMMIT, ctx, share);
}

/** @param {Bytes} ctx @param {string} person @param {DevicePublic} device */
function shareInfo(ctx, person, device) {
  return lp(Label.SHARE, ctx, person, device.deviceId);
}
