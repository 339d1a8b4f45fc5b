/** What the guard finds, and the way from code points to the units that a page counts in (bot/core/guard/spans.py). */

/**
 * Code points `start` (included) to `end` (excluded) of the text as it was given; `rule` is what found it: the reason.
 * @typedef {{start: number, end: number, type: string, rule: string}} Span
 */

/** A text cut where spans begin and end, for showing: pieces in order, each with its span or null. @param {string} text @param {readonly Span[]} spans */
export function piecesOf(text, spans) {
  const points = Array.from(text);
  const cut = (/** @type {number} */ from, /** @type {number} */ to) => points.slice(from, to).join("");
  /** @type {{text: string, span: Span | null}[]} */
  const pieces = [];
  let at = 0;
  for (const span of spans) {
    if (span.start > at) pieces.push({ text: cut(at, span.start), span: null });
    pieces.push({ text: cut(span.start, span.end), span });
    at = span.end;
  }
  if (at < points.length) pieces.push({ text: cut(at, points.length), span: null });
  return pieces;
}

/** Where a span stands in UTF-16, as `slice` and text fields count. @param {string} text @param {Span} span @returns {[number, number]} */
export function unitsOf(text, { start, end }) {
  const points = Array.from(text);
  const from = points.slice(0, start).join("").length;
  return [from, from + points.slice(start, end).join("").length];
}

/** How many code points a text has. @param {string} text */
export function lengthOf(text) {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
