/** Where a person's name begins, by where a word stands that is in no list (bot/core/guard/by_place.py). */

import { acts, beginsClause, hasTheirs, met, saidBy, sought } from "./acts.js";
import { isCapital } from "./match.js";

/** @typedef {import("./sentence.js").Sentence} Sentence */
/** @typedef {import("./words.js").Word} Word */

const SHORTEST = 3; // letters of a name that stands in no list

/** Two words in no list, the second a family name by shape or by what follows: klese nykmar 12. @param {Sentence} s @param {number} at */
export function beforeFamily(s, at) {
  const [word, after] = [s.words[at], s.after(at)];
  if (after === null || !word.stranger) return false;
  if (after.last) return !word.capital || !word.looks("public");
  if (word.capital || after.capital || !after.unknown || after.plain.length <= SHORTEST) return false;
  if (after.looks("family")) return !after.looks("everyday");
  return !after.everyday && (s.aged(at + 1) || s.speaks(at + 1));
}

/** A capital in the middle of a sentence, in no list, not where a place would stand. @param {Sentence} s @param {number} at */
export function stranger(s, at) {
  const [word, before] = [s.words[at], s.before(at)];
  if (word.opens || !word.capital || !word.stranger || s.isInstitution(at) || s.isMemorial(at)) return false;
  if (s.inListOfPlaces(at) || (before !== null && before.public && isCapital(before.shown))) return false;
  if (word.looks("definite") && !s.afterRole(at)) return false;
  if (before !== null && (s.isThing(at) || (word.lexicon.article.has(before.plain) && !s.hasFamily(at)))) return false;
  if (s.afterPlaceWord(at)) return isPair(s, at) && !word.looks("public");
  return !word.looks("public") || (word.looks("family") && s.afterPersonWord(at));
}

/** Two words with capitals at the start of a sentence, neither of them everyday. @param {Sentence} s @param {number} at */
export function strangers(s, at) {
  const word = s.words[at];
  if (!word.opens || !word.capital || !word.stranger || !isPair(s, at)) return false;
  return !s.isInstitution(at + 1);
}

/** At the start of a sentence: a word in no list that has an age or does what only people do. @param {Sentence} s @param {number} at */
export function acting(s, at) {
  const word = s.words[at];
  if (!word.stranger || word.looks("public") || s.isInstitution(at)) return false;
  if (word.opens && word.capital) {
    if (s.aged(at) || (s.speaks(at) && !word.looks("inflected"))) return true;
    if (s.does(at) && !word.looks("noun")) return true;
  }
  if (!beginsClause(s, at)) return false;
  if (hasTheirs(s, at)) return !word.looks("noun") && !word.looks("inflected");
  return (acts(s, at) || s.agedYears(at)) && isLikeAName(word);
}

/** In any spelling, a word in no list that one meets, or that said it: pratade med xhavit, sa dzenan. @param {Sentence} s @param {number} at */
export function encountered(s, at) {
  const word = s.words[at];
  if (!word.stranger || word.looks("public") || !isLikeAName(word)) return false;
  return met(s, at) || (word.looks("foreign") && (saidBy(s, at) || sought(s, at) || s.afterPersonWord(at)));
}

/** A word that is hardly Swedish, or one that has an ending of names and looks like no noun and no participle. @param {Word} word */
function isLikeAName(word) {
  if (word.looks("foreign")) return !word.looks("articled");
  if (word.looks("noun") || word.looks("inflected")) return false;
  return word.capital || word.looks("namelike");
}

/** @param {Sentence} s @param {number} at */
function isPair(s, at) {
  const [word, after] = [s.words[at], s.after(at)];
  if (after === null || !after.capital || (word.looks("public") && !after.last)) return false;
  return after.lastWeak || !(after.public || after.ordinary);
}
