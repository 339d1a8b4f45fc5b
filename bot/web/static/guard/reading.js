/** The words of a text, one after the other (bot/core/guard/words.py). */

import { LETTER } from "./fold.js";
import { Word } from "./words.js";

/** @typedef {import("./knowledge.js").Knowledge} Knowledge */

const WORD = new RegExp(`${LETTER}+(?:['-]${LETTER}+)*`, "g");
const SENTENCE = /[.!?\n]/;
const BEFORE_A_SENTENCE = /^[ "'([\-*:]*$/;

/** The words of a folded text. A text all in capitals is read as if it had none. @param {string} shown @param {Knowledge} know */
export function wordsOf(shown, know) {
  const read = isShouting(shown) ? shown.toLowerCase() : shown;
  /** @type {Word[]} */
  const found = [];
  let end = 0;
  for (const match of read.matchAll(WORD)) {
    const gap = read.slice(end, match.index);
    const opens = (end === 0 && BEFORE_A_SENTENCE.test(gap)) || SENTENCE.test(gap);
    found.push(new Word({ start: match.index, shown: match[0], gap, opens }, know));
    end = match.index + match[0].length;
  }
  return found;
}

/** @param {string} shown */
function isShouting(shown) {
  return (shown.match(/[A-ZÅÄÖΩ]/g)?.length ?? 0) > (shown.match(/[a-zåäöω]/g)?.length ?? 0);
}
