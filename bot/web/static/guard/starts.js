/** Where a person's name begins: every rule with its id, the surest first (bot/core/guard/starts.py). */

import * as cues from "./bycues.js";
import * as lists from "./bylists.js";
import * as place from "./byplace.js";

/** @typedef {import("./sentence.js").Sentence} Sentence */

/** @type {[string, (s: Sentence, at: number) => boolean][]} */
export const STARTS = [
  ["name-known", lists.known],
  ["name-cued", cues.cued],
  ["name-called", cues.called],
  ["name-initials", cues.initials],
  ["name-in-family", lists.inFamily],
  ["name-weak", lists.weak],
  ["name-owner", cues.owner],
  ["name-before-family", place.beforeFamily],
  ["name-joined", lists.joined],
  ["name-particle", cues.particle],
  ["name-role", cues.role],
  ["name-family", lists.family],
  ["name-stranger", place.stranger],
  ["name-strangers", place.strangers],
  ["name-acting", place.acting],
  ["name-met", place.encountered],
];
