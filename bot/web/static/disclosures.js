/**
 * Disclosures in a room: who lets whom know something of a named person, and on which ground, as its event's kind says.
 * Twin of bot/core/disclosures.py.
 */

const KIND = /^disclosure:(to_police|to_social):([a-z0-9]+(?:-[a-z0-9]+)*)$/;
const MAX_GROUND = 40; // characters

export const DIRECTIONS = Object.freeze(["to_police", "to_social"]);

/** @typedef {{direction: string, ground: string}} Disclosure */

/** The kind of an event that discloses so. @param {Disclosure} disclosure */
export function disclosureKind({ direction, ground }) {
  return `disclosure:${direction}:${ground}`;
}

/** What an event of that kind discloses; null for every other kind. @param {string} kind @returns {Disclosure | null} */
export function disclosedIn(kind) {
  const [, direction, ground] = KIND.exec(kind) ?? [];
  return ground !== undefined && ground.length <= MAX_GROUND ? { direction, ground } : null;
}
