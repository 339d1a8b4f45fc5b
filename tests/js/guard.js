/** The guard's twin: what Python says of every text, it says; what Python folds, it folds alike. */

import { same } from "./check.js";
import { Guarding } from "../../bot/web/static/guarding.js";
import { Trouble } from "../../bot/web/static/trouble.js";
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
    { name: "the page loads the rules once and asks for them again", run: async () => loads(await read("guard_rules")) },
    { name: "without rules nothing goes", run: async () => withoutRules(await read("guard_rules")) },
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

function otherForms(rulesDocument) {
  for (const other of [null, {}, { ...rulesDocument, version: 2 }]) refused(() => build(other), Error);
  const named = ["x", "NAME", "a", null, "magic", null];
  refused(() => build({ ...rulesDocument, rules: [named] }), Error);
  refused(() => build({ ...rulesDocument, rules: [["x", "NAME", "a", null, null, "constructor"]] }), Error);
}

const TEXT = "grannen Fatemeh hörde skrik";

/** A server of rules: gives what stands in `answers`, one after the other; null is no answer. */
function serving(answers) {
  const api = { asked: 0, guard: async () => answers[Math.min(api.asked++, answers.length - 1)] ?? Promise.reject(new Error("away")) };
  return api;
}

async function loads(rulesDocument) {
  const told = { ...rulesDocument, digest: "one", texts: { "guard.NAME": "ett namn" } };
  const api = serving([told, null, told, { ...told, digest: "two", rules: [], decisions: [] }]);
  const page = new Guarding(api);
  same(api.asked, 0);
  const { blocked, texts, stopped, pieces: cut } = await page.judge(TEXT, "unnamed");
  same([blocked, texts["guard.NAME"], cut(stopped)[1].text, api.asked], [true, "ett namn", "Fatemeh", 1]);
  for (const found of [true, true]) {
    page.begin(); // the server is away, then it has the same
    same((await page.judge(TEXT, "unnamed")).blocked, found);
  }
  page.begin();
  same([(await page.judge("dnr 2026-00123", "named")).spans.length, api.asked], [0, 4]);
}

async function withoutRules(rulesDocument) {
  const page = new Guarding(serving([null, { version: 2 }, { ...rulesDocument, digest: "one", texts: {} }]));
  page.begin();
  for (let times = 0; times < 2; times += 1) {
    const error = await page.judge("hej", "unnamed").catch((thrown) => thrown);
    same([error instanceof Trouble, error.code], [true, "unguarded"]);
  }
  same((await page.judge("hej", "unnamed")).blocked, false);
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
