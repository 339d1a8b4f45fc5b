/** The identity guard's twin: sees what identifies a person before it is sealed. It helps; it never claims to anonymise. */

export { MAX_TEXT, find } from "./guard/finding.js";
export { build } from "./guard/rules.js";
export { piecesOf, unitsOf } from "./guard/spans.js";
export { judge } from "./guard/verdict.js";
