/** Widens a span over words that a pattern cannot see: those of a street's name before its last (bot/core/guard/grow.py). */

import { wordBefore } from "./match.js";

/** @typedef {import("./match.js").Match} Match */
/** @typedef {import("./knowledge.js").Knowledge} Knowledge */

const MAX_BEFORE = 3; // words of a street's name before its last

/** Where the street's name begins: Professor Wallers plats, Nedre Slottsbacken. @param {Match} match @param {Knowledge} know */
function street({ text, start, name }, know) {
  const isBare = know.lexicon.bareStreet.has(name);
  let from = start;
  for (let left = MAX_BEFORE; left > 0; left -= 1) {
    const before = wordBefore(text, from);
    if (before === null || !belongs(...before, isBare, know)) break;
    from -= before[0].length + 1;
  }
  return from;
}

/** Whether a word before a street is part of its name. @param {string} word @param {boolean} hasCapital @param {boolean} isBare @param {Knowledge} know */
function belongs(word, hasCapital, isBare, { lexicon }) {
  if (lexicon.direction.has(word)) return true;
  if (hasCapital && (lexicon.first.has(word) || lexicon.firstWeak.has(word))) return isBare;
  const isKnown = lexicon.ordinary.has(word) || lexicon.place.has(word) || lexicon.role.has(word);
  return isBare && !isKnown && (hasCapital || word.endsWith("s"));
}

/** @type {Record<string, (match: Match, know: Knowledge) => number>} */
export const GROWTHS = { street };
