/** What is done about what was found: the decision of the channel and the phase (bot/core/guard/verdict.py). */

import { find } from "./finding.js";

/** @typedef {import("./spans.js").Span} Span */

const EVERY_CHANNEL = "*";
const PHASES = ["question", "unnamed", "named"];

/** Whether the text may go on. `spans` is all that was found; `warned` the part that is only warned of. @typedef {{blocked: boolean, spans: Span[], warned: Span[], stopped: Span[]}} Verdict */

/**
 * What the rules say of `text` on this channel in this phase; without a decision, everything stops.
 * Throws RangeError for a phase there is not and for a text that is too long.
 * @param {import("./rules.js").GuardRules} rules @param {string} text @param {{channel: string, phase: string}} where @returns {Verdict}
 */
export function judge(rules, text, { channel, phase }) {
  if (!PHASES.includes(phase)) throw new RangeError("There is no such phase.");
  const spans = find(rules, text);
  const decision = rules.decisions.find(
    ({ phases, channels }) =>
      phases.includes(phase) && (channels.includes(channel) || channels.includes(EVERY_CHANNEL)),
  );
  const stopped = spans.filter(({ type }) => decision === undefined || decision.block.includes(type));
  const warned = spans.filter(({ type }) => decision !== undefined && decision.warn.includes(type));
  return { blocked: stopped.length > 0, spans, warned, stopped };
}
