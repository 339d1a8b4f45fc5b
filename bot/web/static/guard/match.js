/** A match of a pattern in a folded text: what checks and growths look at (bot/core/guard/match.py). */

const BEFORE = /([a-zåäö'-]+) $/;
const LONGEST = 40; // characters that are looked at before a place, for the word there
const FIGURES = /[0-9]+/g;

/** Characters `start` to `end` of a folded text. */
export class Match {
  /** @param {import("./fold.js").Folded} text @param {number} start @param {number} end */
  constructor(text, start, end) {
    this.text = text;
    this.start = start;
    this.end = end;
  }

  /** The match without capitals. */
  get plain() {
    return this.text.plain.slice(this.start, this.end);
  }

  /** The match with its capitals. */
  get shown() {
    return this.text.shown.slice(this.start, this.end);
  }

  /** What stands before it, without capitals. */
  get before() {
    return this.text.plain.slice(0, this.start);
  }

  /** Its figures, as they are grouped. */
  get groups() {
    return this.plain.match(FIGURES) ?? [];
  }

  /** Its figures alone. */
  get digits() {
    return this.groups.join("");
  }

  /** What stands before its first figure: the street of an address. */
  get name() {
    return this.plain.split(FIGURES)[0].replace(/^[ ,]+|[ ,]+$/g, "");
  }

  /** Whether it begins with a capital. */
  get capital() {
    return isCapital(this.shown);
  }
}

/** The word before a place, with a space between, and whether it begins with a capital. @param {import("./fold.js").Folded} text @param {number} start @returns {[string, boolean] | null} */
export function wordBefore(text, start) {
  const low = Math.max(0, start - LONGEST);
  const found = BEFORE.exec(text.plain.slice(low, start));
  return found === null ? null : [found[1], isCapital(text.shown[low + found.index])];
}

/** Whether a folded text begins with a capital. @param {string} text */
export function isCapital(text) {
  return /^[A-ZÅÄÖΩ]/.test(text);
}
