/** The guard's rules, compiled once from the document that the server hands out (bot/core/guard/rules.py, document.py). */

import { CHECKS } from "./checks.js";
import { foldBy } from "./fold.js";
import { GROWTHS } from "./grow.js";
import { Knowledge } from "./knowledge.js";

const VERSION = 1; // of the document's form

/** @typedef {import("./match.js").Match} Match */
/**
 * @typedef {{id: string, type: string | null, pattern: RegExp, needs: string | null,
 *   check: ((match: Match, know: Knowledge) => boolean) | null, grow: ((match: Match, know: Knowledge) => number) | null}} Rule
 * @typedef {{channels: string[], phases: string[], block: string[], warn: string[]}} Decision
 * @typedef {{rules: Rule[], know: Knowledge, fold: import("./fold.js").Fold, decisions: Decision[]}} GuardRules
 */

/** Throws Error for a document of another form, or one that names what this code does not have. @param {any} told @returns {GuardRules} */
export function build(told) {
  if (told?.version !== VERSION) throw new Error("The guard's rules are of another form than this page.");
  return {
    rules: told.rules.map(ruleOf),
    know: new Knowledge(told),
    fold: foldBy(told.fold),
    decisions: told.decisions,
  };
}

/** @param {[string, string | null, string, string | null, string | null, string | null]} written @returns {Rule} */
function ruleOf([id, type, pattern, needs, check, grow]) {
  return {
    id,
    type,
    pattern: new RegExp(pattern, "dg"),
    needs,
    check: check === null ? null : named(CHECKS, check),
    grow: grow === null ? null : named(GROWTHS, grow),
  };
}

/** @template T @param {Record<string, T>} table @param {string} name @returns {T} */
function named(table, name) {
  if (!Object.hasOwn(table, name)) throw new Error("The guard's rules name a check that this page does not have.");
  return table[name];
}
