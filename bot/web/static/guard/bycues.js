/** Where a person's name begins, by a word that announces one: "heter", a role, somebody's kin, an initial (bot/core/guard/by_cues.py). */

import { nicknamed } from "./acts.js";
import { isCapital } from "./match.js";

/** @typedef {import("./sentence.js").Sentence} Sentence */

export const INITIAL = /^(?:[A-ZÅÄÖ](?:-[A-ZÅÄÖ])?|[a-zåäö]-[a-zåäö])$/;
const TOLD = new RegExp(
  String.raw`,? ?\(?(?:(?:ja|jo|alltså|asså|så|typ),? )?(?:(?:han|hon|hen|den) (?:heter|hette|kallas)|kallas så|` +
    "(?:heter|hette|kallas|kallad|kallar|kallade) (?:(?:dom|de|vi|alla|ungarna|man) (?:honom|henne|hen)|" +
    "han|hon|hen)(?![a-zåäö])|kallade?[,.]|(?:är|e|var) (?:hans|hennes|hens|killens|tjejens|pojkens|flickans|barnets) (?:smek)?namn)",
  "y",
);
const SHORTEST = 3; // letters of a name that stands in no list

/** After "heter", "kallas", "namn:", "kallar honom". @param {Sentence} s @param {number} at */
export function cued(s, at) {
  const word = s.words[at];
  const byOthers = nicknamed(s, at);
  if (word.public || word.shouted || !(byOthers || s.announced(at))) return false;
  if (word.capital && !word.opens) return !word.ordinary || word.weak;
  if (word.weak && !word.grammar) return true;
  if ((byOthers || s.nicknamed(at)) && !word.ordinary && !word.looks("everyday")) return true;
  return !word.everyday && word.plain.length > 1;
}

/** Before "kallas han", "ja han heter så", "är hennes namn". @param {Sentence} s @param {number} at */
export function called(s, at) {
  const word = s.words[at];
  if (word.lexicon.cueFiller.has(word.plain) || word.lexicon.pronoun.has(word.plain)) return false;
  if ((word.public || (word.everyday && !word.capital)) && !(word.weak && !word.grammar)) return false;
  TOLD.lastIndex = word.end;
  return TOLD.test(s.shown);
}

/** E. Tapper, C-G Wennberg, p-o rönnqvist, J.L. @param {Sentence} s @param {number} at */
export function initials(s, at) {
  const word = s.words[at];
  if (!INITIAL.test(word.shown) || at + 1 === s.words.length) return false;
  const after = s.words[at + 1];
  if (after.shown.length === 1) {
    return [".", ". "].includes(after.gap) && isCapital(after.shown) && s.shown[after.end] === ".";
  }
  const isLong = word.shown.length > 1;
  const isClose = after.gap === ". " || ([" ", "."].includes(after.gap) && (isLong || after.last));
  if (!after.capital) return isClose && (after.last || (after.lastWeak && isLong));
  return isClose && !after.public && (after.lastWeak || !after.ordinary);
}

/** Le Van Thanh, El Hassan: a particle with a capital before names; without one after "heter" or a role. @param {Sentence} s @param {number} at */
export function particle(s, at) {
  const [word, after] = [s.words[at], s.after(at)];
  const { lexicon } = word;
  if (!lexicon.particle.has(word.plain) || after === null) return false;
  if (!word.capital) {
    const isLower = s.afterRole(at) && (after.last || after.lastWeak || after.weak) && !after.grammar;
    return isLower || ((s.announced(at) || s.afterRole(at)) && isParticled(s, at));
  }
  if (!after.capital) return false;
  if (word.opens && (lexicon.pronoun.has(word.plain) || lexicon.article.has(word.plain))) return false;
  return !after.public && (after.first || after.last || after.weak || after.unknown);
}

/** After "mamman", "grannen", "läraren": a capital, or a word that is hardly Swedish. @param {Sentence} s @param {number} at */
export function role(s, at) {
  const word = s.words[at];
  if (!s.afterRole(at) || word.public || word.shouted) return false;
  if (word.capital) return !word.ordinary && (word.looks("family") || !word.looks("public"));
  if (!word.stranger) return false;
  if (s.does(at) || s.isSomebodys(at - 1)) return !word.looks("participle") && !word.looks("public");
  return word.plain.length > SHORTEST && word.looks("foreign");
}

/** Before somebody's kin or friend: sagas mamma. @param {Sentence} s @param {number} at */
export function owner(s, at) {
  const [word, after] = [s.words[at], s.after(at)];
  if (after === null || !word.lexicon.role.has(after.plain) || !word.plain.endsWith("s")) return false;
  if (word.shouted || word.lexicon.firstWeak.has(word.plain)) return false;
  if (word.weak) return !word.lexicon.rarelyName.has(word.plain.slice(0, -1)) || word.capital;
  if (!word.capital && (s.isStem(at, "inflected") || s.isStem(at, "everyday"))) return false;
  return word.stranger && word.plain.length > SHORTEST + 1 && !word.looks("public");
}

/** Whether a name with a capital follows one particle or two: van der Berg. @param {Sentence} s @param {number} at */
function isParticled(s, at) {
  for (const step of [at + 1, at + 2]) {
    if (!s.touching(step)) return false;
    const word = s.words[step];
    if (!word.lexicon.particle.has(word.plain)) return word.capital && (word.lastWeak || !word.public);
  }
  return false;
}
