/** Runs the cases of tests/vectors/seal_*.json; see the README there. */

import { OPS, SERVER_ONLY } from "./ops.js";
import { same } from "./check.js";
import { SealError } from "../../bot/web/static/seal/errors.js";

/** @typedef {{name: string, run: () => Promise<void> | void}} Test */

/**
 * Each case of a file as a test; the operations that only a server has are not among them.
 * @param {any} file @returns {Test[]}
 */
export function testsOf({ values, cases }) {
  const told = cases.filter((each) => !SERVER_ONLY.has(each.op));
  return told.map((each) => ({ name: each.id, run: () => runCase(each, values) }));
}

async function runCase({ id, op, in: given, expect }, values) {
  if (!Object.hasOwn(OPS, op)) throw new Error(`${id}: no operation is called ${op}`);
  same(await outcome(op, expand(given, values)), expand(expect, values), id);
}

/** What came of it, in the words of `expect`; an error that is none of seal's is a fault of ours. */
async function outcome(op, given) {
  try {
    return { ok: await OPS[op](given) };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return { error: error.name, ...(error.people && { people: error.people }) };
  }
}

/** Replace each form by the string that it stands for. */
function expand(given, values) {
  if (Array.isArray(given)) return given.map((each) => expand(each, values));
  if (given === null || typeof given !== "object") return given;
  const entries = Object.entries(given);
  const [form, content] = entries[0] ?? [];
  if (entries.length === 1 && Object.hasOwn(FORMS, form)) return FORMS[form](content, values);
  return Object.fromEntries(entries.map(([key, each]) => [key, expand(each, values)]));
}

const FORMS = {
  repeat: ([text, times], values) => expand(text, values).repeat(times),
  join: (parts, values) => expand(parts, values).join(""),
  value: (name, values) => expand(values[name], values),
  cut: ([bytes, start, end], values) => expand(bytes, values).slice(2 * start, 2 * end),
};
