/**
 * Who hears what is said in a room: words go to those who were shown when they were written, and to nobody else.
 * Twin of bot/client/audience.py.
 */

import { Right } from "./seal/enrolment.js";
import { Tampered } from "./seal/errors.js";
import { Trouble } from "./trouble.js";

export const SIDES = 2; // of a room

/** @typedef {import("./seal/directory.js").Member} Member */
/**
 * Who holds a room's key: people by their own devices, and whether a bridge does.
 * @typedef {{people: readonly string[], isBridged: boolean}} Audience
 */

/**
 * Whom these devices belong to. Throws `Tampered` for more than a room has place for: two people, or one and a bridge
 * that speaks for the other. So no server lets a bridge listen beside two people who have devices.
 * @param {Iterable<Member>} inside @returns {Audience}
 */
export function audienceOf(inside) {
  const known = [...inside];
  const isBridged = known.some((member) => member.rights & Right.BRIDGE);
  const people = known.filter((member) => !(member.rights & Right.BRIDGE)).map((member) => member.person);
  const audience = { people: [...new Set(people)].sort(), isBridged };
  if (audience.people.length + Number(isBridged) > SIDES) throw new Tampered("Those are more than a room is for.");
  return audience;
}

/**
 * Throws `Trouble` "overheard" unless whoever hears it now was shown when it was written (FORMAT.md 69). `shown`: null
 * when nobody had been shown yet; then no bridge hears it. Where a bridge was shown the server was to hear it anyway,
 * and whoever it spoke for may have come in. `me`: whoever writes.
 * @param {Audience} present @param {Audience | null} shown @param {string} me
 */
export function checkAudience(present, shown, me) {
  if (shown?.isBridged) return;
  const known = shown && [...shown.people, me];
  if (present.isBridged || (known && !present.people.every((person) => known.includes(person)))) {
    throw new Trouble("overheard");
  }
}
