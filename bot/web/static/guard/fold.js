/** Makes one plain spelling of a text, and remembers where every character of it came from (bot/core/guard/fold.py). */

import { asFigures } from "./lookalike.js";

export const OTHER_CAPITAL = "Ω"; // stands for every capital that is not of the Swedish alphabet
export const OTHER_LETTER = "ω"; // for every other letter
export const SIGN = "¤"; // for everything that is neither
export const LETTER = `[A-Za-zÅÄÖåäö${OTHER_CAPITAL}${OTHER_LETTER}]`;
export const CAPITAL = `[A-ZÅÄÖ${OTHER_CAPITAL}]`;

const SWEDISH = "åäöÅÄÖ";
const JOINED = { "a\u030a": "å", "a\u0308": "ä", "o\u0308": "ö", "A\u030a": "Å", "A\u0308": "Ä", "O\u0308": "Ö" };
const SIMPLE = /^[\n\x20-_a-~åäöÅÄÖéÉèÈüÜ–—§’”]*$/;
const SIMPLE_TABLE = { é: "e", É: "E", è: "e", È: "E", ü: "u", Ü: "U", "–": "-", "—": "-", "’": "'", "§": SIGN, "”": '"' };

/**
 * The text in plain spelling: `shown` with its capitals, `plain` without, its numbers in figures. Both hold only characters of one UTF-16 unit.
 * `origin(start, end)`: the code points of the text as given that became that stretch.
 * @typedef {{shown: string, plain: string, origin: (start: number, end: number) => [number, number]}} Folded
 * @typedef {(text: string) => Folded} Fold
 */

/** @param {{read: string, marks: string, unseen: string, zeros: number[], special: Record<string, string>}} tables @returns {Fold} */
export function foldBy({ read, marks, unseen, zeros, special }) {
  const tables = {
    read: classOf(read),
    mark: classOf(marks),
    unseen: classOf(unseen),
    special: new Map([...Object.entries(special), ...zeros.flatMap(digits)]),
  };
  /** @type {Map<string, string>} */
  const known = new Map();
  const plain = (/** @type {string} */ char) => {
    let found = known.get(char);
    if (found === undefined) known.set(char, (found = plainOf(char, tables)));
    return found;
  };
  return (text) => foldQuickly(text) ?? foldSlowly(text, tables.mark, plain);
}

/** @param {string} text @returns {Folded | null} */
function foldQuickly(text) {
  if (!SIMPLE.test(text) || text.includes("  ")) return null;
  const shown = text.replace(/[éÉèÈüÜ–—’§”]/g, (char) => SIMPLE_TABLE[/** @type {keyof typeof SIMPLE_TABLE} */ (char)]);
  return { shown, plain: asFigures(shown.toLowerCase()), origin: (start, end) => [start, end] };
}

/** @param {string} text @param {RegExp} mark @param {(char: string) => string} plain @returns {Folded} */
function foldSlowly(text, mark, plain) {
  /** @type {string[]} */ const held = [];
  /** @type {number[]} */ const starts = [];
  /** @type {number[]} */ const ends = [];
  let at = -1;
  for (const char of text) {
    at += 1;
    const last = held.length - 1;
    if (last >= 0 && char > "\u02ff" && mark.test(char)) {
      held[last] = JOINED[/** @type {keyof typeof JOINED} */ (held[last] + char)] ?? held[last];
      ends[last] = at + 1;
      continue;
    }
    for (const part of plain(char)) {
      if (part === " " && held.at(-1) === " ") continue;
      held.push(part);
      starts.push(at);
      ends.push(at + 1);
    }
  }
  const shown = held.join("");
  return { shown, plain: asFigures(shown.toLowerCase()), origin: (start, end) => [starts[start], ends[end - 1]] };
}

/** A character as plain ones: usually one, none if it cannot be seen. @param {string} char @param {any} tables @returns {string} */
function plainOf(char, { read, mark, unseen, special }) {
  if (special.has(char)) return special.get(char);
  if ((char >= " " && char <= "~") || SWEDISH.includes(char) || char === "\n") return char;
  if (unseen.test(char) || mark.test(char)) return "";
  if (!read.test(char)) return SIGN;
  return Array.from(char.normalize("NFKC"), (part) => partOf(part, mark, special)).join("");
}

/** One character of a decomposition; a letter without its marks. @param {string} part @param {RegExp} mark @param {Map<string, string>} special */
function partOf(part, mark, special) {
  if (SWEDISH.includes(part)) return part;
  const bare = String.fromCodePoint(/** @type {number} */ (part.normalize("NFD").codePointAt(0)));
  if (special.has(bare)) return special.get(bare);
  if (bare >= " " && bare <= "~") return bare;
  if (mark.test(bare)) return "";
  if (!/^\p{L}$/u.test(bare)) return SIGN;
  return bare.toLowerCase() === bare ? OTHER_LETTER : OTHER_CAPITAL;
}

/** Ranges in hexadecimal as a character class. @param {string} ranges */
function classOf(ranges) {
  const ends = ranges.split(" ").map((each) => each.split("-"));
  return new RegExp(`^[${ends.map((e) => `\\u{${e[0]}}-\\u{${e.at(-1)}}`).join("")}]$`, "u");
}

/** @param {number} zero @returns {[string, string][]} */
function digits(zero) {
  return Array.from("0123456789", (digit) => [String.fromCodePoint(zero + Number(digit)), digit]);
}
