/** Finds what identifies a person in a text (bot/core/guard/finding.py). */

import { Match } from "./match.js";
import { findNames } from "./names.js";
import { Sentence } from "./sentence.js";
import { lengthOf } from "./spans.js";
import { wordsOf } from "./reading.js";

export const MAX_TEXT = 10_000; // code points
const HIDDEN = "\0"; // stands where a rule has taken something; folding never leaves one

/** @typedef {import("./fold.js").Folded} Folded */
/** @typedef {import("./rules.js").GuardRules} GuardRules */
/** @typedef {import("./rules.js").Rule} Rule */
/** @typedef {import("./spans.js").Span} Span */

/**
 * What identifies somebody in `text`, in order and without overlap; offsets are code points of `text`.
 * Throws RangeError for more than MAX_TEXT code points.
 * @param {GuardRules} rules @param {string} text @returns {Span[]}
 */
export function find(rules, text) {
  if (text.length > MAX_TEXT && lengthOf(text) > MAX_TEXT) throw new RangeError(`A text has at most ${MAX_TEXT} characters.`);
  const folded = rules.fold(text);
  let { plain } = folded;
  const has = { digit: /[0-9]/.test(plain), at: plain.includes("@"), dot: plain.includes(".") };
  /** @type {Span[]} */
  const found = [];
  for (const rule of rules.rules) {
    if (rule.needs !== null && !has[/** @type {keyof typeof has} */ (rule.needs)]) continue;
    for (const [start, end] of matches(rule, folded, plain, rules)) {
      plain = plain.slice(0, start) + HIDDEN.repeat(end - start) + plain.slice(end);
      if (rule.type !== null) found.push({ start, end, type: rule.type, rule: rule.id });
    }
  }
  const shown = hidden(folded.shown, plain);
  for (const name of findNames(new Sentence(wordsOf(shown, rules.know), shown))) found.push({ ...name, type: "NAME" });
  found.sort((one, other) => one.start - other.start);
  return found.map((span) => {
    const [start, end] = folded.origin(span.start, span.end);
    return { start, end, type: span.type, rule: span.rule };
  });
}

/** What stays to be read when the rules have taken theirs. @param {string} shown @param {string} plain */
function hidden(shown, plain) {
  if (!plain.includes(HIDDEN)) return shown;
  return plain.replace(/[^\0]+/g, (kept, /** @type {number} */ at) => shown.slice(at, at + kept.length));
}

/** What one rule takes; after a match that its check refuses, the search goes on one character further. @param {Rule} rule @param {Folded} folded @param {string} plain @param {GuardRules} rules */
function matches(rule, folded, plain, rules) {
  const { pattern } = rule;
  /** @type {[number, number][]} */
  const found = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(plain); match !== null; match = pattern.exec(plain)) {
    const span = accepted(rule, match, folded, rules);
    if (span === null) pattern.lastIndex = match.index + 1;
    else found.push(span);
  }
  return found;
}

/** @param {Rule} rule @param {RegExpExecArray} match @param {Folded} folded @param {GuardRules} rules @returns {[number, number] | null} */
function accepted({ check, grow }, match, folded, { know }) {
  const [start, end] = /** @type {any} */ (match.indices).at(-1);
  const here = new Match(folded, start, end);
  if (check !== null && !check(here, know)) return null;
  if (grow === null) return [start, end];
  const grown = grow(here, know);
  return [match.input.slice(grown, start).includes(HIDDEN) ? start : grown, end];
}
