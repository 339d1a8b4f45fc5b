/** The guard's twin: what Python says of every text, it says; what Python folds, it folds alike. */

import { same } from "./check.js";
import { build, find, judge, MAX_TEXT, piecesOf, unitsOf } from "../../bot/web/static/guard.js";

const SIGN = "¤"; // what folding makes of everything that is no letter

/** @param {(path: string) => Promise<string>} text */
export function guard(text) {
  const read = async (name) => JSON.parse(await text(`tests/vectors/${name}.json`));
  const rules = async () => build(await read("guard_rules"));
  return [
    { name: "every text of guard_texts.json", run: async () => allTexts(await rules(), await read("guard_texts")) },
    { name: "every text of guard.json", run: async () => byHand(await rules(), await read("guard")) },
    { name: "every code point folds as in Python", run: async () => letters(await rules(), await read("guard_letters")) },
    { name: "a text that is too long is refused", run: async () => tooLong(await rules()) },
    { name: "a phase that there is not is refused", run: async () => noPhase(await rules()) },
    { name: "without a decision everything stops", run: async () => undecided(await rules()) },
    { name: "rules of another form are refused", run: async () => otherForms(await read("guard_rules")) },
    { name: "spans are shown where they stand, also after astral characters", run: pieces },
  ];
}

/** The same texts, spans, reasons and verdicts. */
function allTexts(rules, { wheres, texts }) {
  for (const [written, done, spans] of texts) {
    const whole = typeof written === "string" ? written : written.map(([piece, times]) => piece.repeat(times)).join("");
    const found = find(rules, whole);
    same(found.map(({ start, end, type, rule }) => [start, end, type, rule]), spans, JSON.stringify(written));
    const told = wheres.map(([channel, phase]) => decided(judge(rules, whole, { channel, phase })));
    same(told.join(""), done, JSON.stringify(written));
  }
}

function decided({ blocked, warned }) {
  if (blocked) return "s";
  return warned.length > 0 ? "w" : "p";
}

/** What a person wrote down that must be found. */
function byHand(rules, { max_text: most, texts }) {
  same(most, MAX_TEXT);
  for (const { id, text, spans } of texts) {
    same(find(rules, text).map(({ start, end, type }) => ({ start, end, type })), spans, id);
  }
}

function letters({ fold }, { block, folded }) {
  const signs = sum(`a${SIGN}b`.repeat(block));
  for (let start = 0; start < 0x110000; start += block) {
    const all = Array.from({ length: block }, (_, at) => fold(`a${String.fromCodePoint(start + at)}b`).shown).join("");
    same(sum(all), folded[start.toString(16)] ?? signs, `from U+${start.toString(16)} on`);
  }
}

/** FNV-1a. */
function sum(text) {
  let total = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) total = Math.imul(total ^ text.charCodeAt(at), 0x01000193);
  return total >>> 0;
}

function tooLong(rules) {
  same(find(rules, "🚓".repeat(MAX_TEXT)).length, 0);
  refused(() => find(rules, "🚓".repeat(MAX_TEXT + 1)), RangeError);
}

function noPhase(rules) {
  refused(() => judge(rules, "hej", { channel: "web", phase: "later" }), RangeError);
}

function undecided(rules) {
  const { blocked, stopped, warned } = judge({ ...rules, decisions: [] }, "dnr 2026-00123", { channel: "web", phase: "named" });
  same([blocked, stopped.length, warned.length], [true, 1, 0]);
}

function otherForms(document) {
  for (const other of [null, {}, { ...document, version: 2 }]) refused(() => build(other), Error);
  const named = ["x", "NAME", "a", null, "magic", null];
  refused(() => build({ ...document, rules: [named] }), Error);
  refused(() => build({ ...document, rules: [["x", "NAME", "a", null, null, "constructor"]] }), Error);
}

function pieces() {
  const text = "👮🏽 Åke ringde";
  const span = { start: 3, end: 6, type: "NAME", rule: "name-known" };
  same(text.slice(...unitsOf(text, span)), "Åke");
  same(piecesOf(text, [span]).map((piece) => [piece.text, piece.span !== null]), [["👮🏽 ", false], ["Åke", true], [" ringde", false]]);
}

function refused(act, kind) {
  let error = null;
  try {
    act();
  } catch (thrown) {
    error = thrown;
  }
  same(error instanceof kind, true);
}
