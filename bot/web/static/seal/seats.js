/** Seats: who holds which seat of an escrow now, and the opening that counts people instead of seats. */

import { Right } from "./enrolment.js";
import { Malformed, Tampered } from "./errors.js";
import { checkPassed, successor } from "./passing.js";
import { openEscrow } from "./threshold.js";
import { toBase64url } from "./wire.js";

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./directory.js").Member} Member */
/** @typedef {import("./passing.js").Passed} Passed */
/** @typedef {import("./threshold.js").Escrow} Escrow */
/** @typedef {import("./threshold.js").Share} Share */

/**
 * Seat -> the person who holds it now. `handOns`: those of this escrow, in the order in which they were made;
 * `members`: devices by id as a checked directory has them, revoked ones among them. Throws `Tampered` for a hand-on by
 * somebody who did not hold the seat, to a device that is not the successor's or may hold no shares, or to somebody who
 * holds another seat of this escrow.
 * @param {Escrow} escrow @param {readonly Passed[]} handOns @param {ReadonlyMap<string, Member>} members
 */
export async function followHandOns(escrow, handOns, members) {
  const holders = new Map(escrow.seats.map((seat) => [seat.person, seat.person]));
  for (const passed of handOns) {
    const { signed } = passed;
    const [sender, receiver] = [signed.sender, signed.receiver].map((id) => members.get(toBase64url(id)));
    if (sender === undefined || receiver === undefined) {
      throw new Tampered("A seat was handed on by, or to, a device that is not known.");
    }
    await checkPassed(passed, escrow, { use: signed.use, sender: sender.public, receiver: receiver.public });
    checkHandOn(holders, signed.seat, successor(signed.use), sender, receiver);
    holders.set(signed.seat, receiver.person);
  }
  return holders;
}

/**
 * Throws `Tampered` when the person would hold another seat beside this one: nobody is two people.
 * @param {ReadonlyMap<string, string>} holders @param {string} seat @param {string} person
 */
export function checkSitsOnce(holders, seat, person) {
  for (const [other, held] of holders) {
    if (other !== seat && held === person) throw new Tampered("Nobody holds two seats of one escrow.");
  }
}

/**
 * Open an escrow where seats may have been handed on. `holders`: seat -> the person who holds it now. Throws what
 * `openEscrow` throws, and `Malformed` when fewer than t different people stand behind the shares.
 * @param {Escrow} escrow @param {readonly Share[]} shares
 * @param {{holders: ReadonlyMap<string, string>, kc: Bytes}} known
 */
export async function openTogether(escrow, shares, { holders, kc }) {
  const people = shares.map((share) => holders.get(share.person));
  if (new Set(people).size < escrow.t || people.includes(undefined)) {
    throw new Malformed("Opening takes the shares of t different people who hold a seat.");
  }
  return openEscrow(escrow, shares, { kc });
}

/**
 * @param {ReadonlyMap<string, string>} holders @param {string} seat @param {string} person
 * @param {Member} sender @param {Member} receiver
 */
function checkHandOn(holders, seat, person, sender, receiver) {
  if (holders.get(seat) !== sender.person || receiver.person !== person) {
    throw new Tampered("A seat was handed on by somebody who did not hold it, or to another's device.");
  }
  if (!(receiver.rights & Right.SHARES)) {
    throw new Tampered("A seat was handed on to a device that may not hold shares.");
  }
  checkSitsOnce(holders, seat, person);
}
