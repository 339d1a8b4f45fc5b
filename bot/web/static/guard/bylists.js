/** Where a person's name begins, by the lists of names (bot/core/guard/by_lists.py). */

import { acts, beginsClause, counts, met, saidBy, sought } from "./acts.js";

/** @typedef {import("./sentence.js").Sentence} Sentence */
/** @typedef {import("./words.js").Word} Word */

/** A first name that is nothing else, whatever its spelling; not "Katarina kyrka". @param {Sentence} s @param {number} at */
export function known(s, at) {
  const word = s.words[at];
  return word.first && !s.isMemorial(at) && !(word.capital && s.isInstitution(at));
}

/** A first name that is an everyday word too: only where something says that it is a name. @param {Sentence} s @param {number} at */
export function weak(s, at) {
  const word = s.words[at];
  if (!word.weak || word.shouted || (word.capital && s.isMemorial(at))) return false;
  return weakInPair(s, at) || weakAlone(s, at) || weakActing(s, at);
}

/** @param {Sentence} s @param {number} at */
function weakInPair(s, at) {
  const [word, after] = [s.words[at], s.after(at)];
  if (after === null) return false;
  if (after.capital && word.capital) {
    return after.lastWeak || (!after.public && (after.last || after.unknown || after.first));
  }
  if (after.last) return !word.ordinary || !word.grammar;
  if (word.grammar || after.capital) return false;
  if (after.lastWeak) return s.aged(at + 1) || acts(s, at + 1);
  return after.stranger && !word.ordinary && (after.looks("family") || after.looks("public"));
}

/** @param {Sentence} s @param {number} at */
function weakAlone(s, at) {
  const [word, before] = [s.words[at], s.before(at)];
  if ((s.afterPlaceWord(at) && !s.afterRole(at)) || (before !== null && word.lexicon.article.has(before.plain))) return false;
  if (word.capital && !word.opens) {
    return !/[0-9] *$/.test(s.shown.slice(0, word.start)) && !s.inListOfPlaces(at);
  }
  if (s.afterRole(at) && !word.grammar && (!word.ordinary || s.isSomebodys(at - 1) || acts(s, at))) return true;
  if (word.lexicon.pronoun.has(word.plain)) return false; // Vi ringde
  const isRare = word.lexicon.rarelyName.has(word.plain);
  if (!word.capital) return !isRare && ((word.opens && s.speaks(at)) || (beginsClause(s, at) && s.agedYears(at)));
  const isAged = s.aged(at) && (!word.ordinary || s.shown.startsWith(", ", word.end));
  return isAged || s.speaks(at) || (doesMore(s, at) && !isRare);
}

/** It does what people do, and not merely is: "Max är stängt". @param {Sentence} s @param {number} at */
function doesMore(s, at) {
  const after = s.after(at);
  return s.does(at) && after !== null && !after.lexicon.being.has(after.plain);
}

/** In any spelling: it does what only people do, or one meets it: lo vill inte, sa björn, körde hem liv. @param {Sentence} s @param {number} at */
function weakActing(s, at) {
  const word = s.words[at];
  if (word.grammar || (word.lexicon.rarelyName.has(word.plain) && counts(s, at))) return false;
  if (met(s, at)) return true;
  if (saidBy(s, at)) return !word.lexicon.abbreviation.has(word.plain);
  if (sought(s, at)) return !word.ordinary;
  return beginsClause(s, at) && acts(s, at) && !s.inListOfPlaces(at);
}

/** A family name by itself: one that is nothing else, or one that is a word too where it must be a person. @param {Sentence} s @param {number} at */
export function family(s, at) {
  const word = s.words[at];
  if (s.isMemorial(at)) return false;
  if (word.last) {
    if (word.looks("familySure") || s.afterRole(at)) return true;
    return isNobodysPlace(s, at) && (word.capital || isSomebody(s, at));
  }
  if (word.capital) return word.lastWeak && !word.opens && !word.public && s.afterPersonWord(at);
  return word.lastWeak && !word.ordinary && !word.grammar && isSure(s, at);
}

/** A family name stands neither after "i", "på" nor before what makes it a place. @param {Sentence} s @param {number} at */
function isNobodysPlace(s, at) {
  return !s.afterPlaceWord(at) && !s.isInstitution(at);
}

/** Whether a person can stand there: at the start, after "med" or "söker", before an age or a verb. @param {Sentence} s @param {number} at */
function isSomebody(s, at) {
  return beginsClause(s, at) || s.afterPersonWord(at) || sought(s, at) || s.aged(at) || s.does(at) || isSure(s, at);
}

/** Whether only a person can stand there. @param {Sentence} s @param {number} at */
function isSure(s, at) {
  return saidBy(s, at) || met(s, at) || (beginsClause(s, at) && acts(s, at));
}

/** Hos Ströms, familjen Berg, herr Rask. @param {Sentence} s @param {number} at */
export function inFamily(s, at) {
  const [word, before] = [s.words[at], s.before(at)];
  if (before === null || !s.touching(at) || !word.lexicon.familyCue.has(before.plain)) return false;
  const isShaped = word.looks("family") && !word.public;
  const isPlace = word.public || (word.looks("public") && (before.plain === "hos" || !word.capital));
  if (!(word.last || word.lastWeak || isShaped) && isPlace) return false;
  if (!word.capital) return word.last || (word.lastWeak && !word.listed) || (isShaped && word.stranger);
  return word.last || word.lastWeak || word.weak || !(word.ordinary || word.looks("everyday"));
}

/** Daniyar o Emil, sofia och emil, nyström och ek: joined to a name that is nothing else. @param {Sentence} s @param {number} at */
export function joined(s, at) {
  const word = s.words[at];
  if (word.shouted || (word.listed && !isNameToo(word)) || word.lexicon.rarelyName.has(word.plain)) return false;
  if (!(isNameToo(word) || (word.capital && word.stranger))) return false;
  return s.joins(at, at + 2) || s.joins(at, at - 2);
}

/** @param {Word} word */
function isNameToo(word) {
  return (word.weak || word.lastWeak) && !word.grammar;
}
