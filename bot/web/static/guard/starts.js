/** Where a person's name begins: by the lists, and by the words around it (bot/core/guard/starts.py). */

import { isCapital } from "./match.js";

/** @typedef {import("./sentence.js").Sentence} Sentence */
/** @typedef {import("./words.js").Word} Word */

export const INITIAL = /^[A-ZÅÄÖ](?:-[A-ZÅÄÖ])?$/;
const SHORTEST = 3; // letters of a name that stands in no list

// ---- by the lists -------------------------------------------------------------------------------------------

/** A first name that is nothing else, whatever its spelling; not "Katarina kyrka". @param {Sentence} s @param {number} at */
function known(s, at) {
  const word = s.words[at];
  return word.first && !(word.capital && s.isInstitution(at));
}

/** A first name that is an everyday word too: only where something says that it is a name. @param {Sentence} s @param {number} at */
function weak(s, at) {
  const word = s.words[at];
  return word.weak && !word.shouted && (weakInPair(s, at) || weakAlone(s, at));
}

/** @param {Sentence} s @param {number} at */
function weakInPair(s, at) {
  const [word, after] = [s.words[at], s.after(at)];
  if (after === null) return false;
  if (after.capital && word.capital) {
    return after.lastWeak || (!after.public && (after.last || after.unknown || after.first));
  }
  return after.last && !word.ordinary;
}

/** @param {Sentence} s @param {number} at */
function weakAlone(s, at) {
  const [word, before] = [s.words[at], s.before(at)];
  if (s.afterPlaceWord(at) || (before !== null && word.lexicon.article.has(before.plain))) return false;
  if (word.capital && !word.opens) {
    return !/[0-9] *$/.test(s.shown.slice(0, word.start)) && !s.inListOfPlaces(at);
  }
  if (s.afterRole(at) && !word.ordinary) return true;
  if (word.lexicon.pronoun.has(word.plain)) return false; // Vi ringde
  const isRare = word.lexicon.rarelyName.has(word.plain);
  if (!word.capital) return word.opens && s.speaks(at) && !isRare;
  const isAged = s.aged(at) && (!word.ordinary || s.shown.startsWith(", ", word.end));
  return isAged || s.speaks(at) || (s.does(at) && !isRare);
}

/** A family name by itself: with a capital, or an ending that leaves no doubt. @param {Sentence} s @param {number} at */
function family(s, at) {
  const word = s.words[at];
  if (word.last && word.looks("familySure")) return true;
  if (!word.capital) return word.last && s.afterRole(at);
  if (word.last) return !s.afterPlaceWord(at);
  return word.lastWeak && !word.opens && !word.public && s.afterPersonWord(at);
}

/** Hos Ströms, familjen Berg, herr Rask. @param {Sentence} s @param {number} at */
function inFamily(s, at) {
  const [word, before] = [s.words[at], s.before(at)];
  if (before === null || !s.touching(at) || !word.lexicon.familyCue.has(before.plain)) return false;
  if (!(word.last || word.lastWeak) && (word.public || word.looks("public"))) return false;
  if (!word.capital) return word.last || (word.lastWeak && !word.listed);
  return word.last || word.lastWeak || word.weak || !word.ordinary;
}

/** Daniyar o Emil, sofia och emil: joined to a first name that is nothing else. @param {Sentence} s @param {number} at */
function joined(s, at) {
  const word = s.words[at];
  if (word.shouted || (word.listed && !word.weak) || word.lexicon.rarelyName.has(word.plain)) return false;
  if (!(word.weak || (word.capital && isStranger(word)))) return false;
  return s.joins(at, at + 2) || s.joins(at, at - 2);
}

// ---- by what stands around ----------------------------------------------------------------------------------

/** After "heter", "kallas", "namn:". @param {Sentence} s @param {number} at */
function cued(s, at) {
  const word = s.words[at];
  if (word.public || word.shouted || !s.announced(at)) return false;
  if (word.capital && !word.opens) return !word.ordinary || word.weak;
  if (s.nicknamed(at) && !word.ordinary && !word.looks("everyday")) return true;
  return !word.everyday && word.plain.length > 1;
}

/** Before "kallas han". @param {Sentence} s @param {number} at */
function called(s, at) {
  const [word, after, who] = [s.words[at], s.after(at), s.after(at + 1)];
  if (after === null || who === null || word.public || (word.everyday && !word.capital)) return false;
  const { lexicon } = word;
  return lexicon.called.has(after.plain) && lexicon.pronoun.has(who.plain) && !lexicon.cueFiller.has(word.plain);
}

/** E. Tapper, C-G Wennberg. @param {Sentence} s @param {number} at */
function initials(s, at) {
  const word = s.words[at];
  if (!INITIAL.test(word.shown) || at + 1 === s.words.length) return false;
  const after = s.words[at + 1];
  const isLong = word.shown.length > 1;
  const isClose = after.gap === ". " || ([" ", "."].includes(after.gap) && (isLong || after.last));
  return isClose && after.capital && !after.public && (after.lastWeak || !after.ordinary);
}

/** Le Van Thanh, El Hassan: a particle with a capital before names; without one after "heter" or a role. @param {Sentence} s @param {number} at */
function particle(s, at) {
  const [word, after] = [s.words[at], s.after(at)];
  const { lexicon } = word;
  if (!lexicon.particle.has(word.plain) || after === null) return false;
  if (!word.capital) return (s.announced(at) || s.afterRole(at)) && isParticled(s, at);
  if (!after.capital) return false;
  if (word.opens && (lexicon.pronoun.has(word.plain) || lexicon.article.has(word.plain))) return false;
  return !after.public && (after.first || after.last || after.weak || after.unknown);
}

/** After "mamman", "grannen", "läraren": a capital, or a word that is hardly Swedish. @param {Sentence} s @param {number} at */
function role(s, at) {
  const word = s.words[at];
  if (!s.afterRole(at) || word.public || word.shouted) return false;
  if (word.capital) return !word.ordinary && (word.looks("family") || !word.looks("public"));
  if (!isStranger(word)) return false;
  return (word.plain.length > SHORTEST && word.looks("foreign")) || (s.does(at) && !word.looks("participle"));
}

/** Before somebody's kin or friend: sagas mamma. @param {Sentence} s @param {number} at */
function owner(s, at) {
  const [word, after] = [s.words[at], s.after(at)];
  if (after === null || !word.lexicon.role.has(after.plain) || !word.plain.endsWith("s")) return false;
  if (word.shouted || word.lexicon.firstWeak.has(word.plain)) return false;
  if (word.weak) return !word.lexicon.rarelyName.has(word.plain.slice(0, -1)) || word.capital;
  return isStranger(word) && word.plain.length > SHORTEST + 1 && !word.looks("public");
}

/** Two words in no list, the second a family name by shape or by what follows: klese nykmar 12. @param {Sentence} s @param {number} at */
function beforeFamily(s, at) {
  const [word, after] = [s.words[at], s.after(at)];
  if (after === null || !isStranger(word)) return false;
  if (after.last) return !word.capital || !word.looks("public");
  if (word.capital || after.capital || !after.unknown || after.plain.length <= SHORTEST) return false;
  return after.looks("family") || (!after.everyday && (s.aged(at + 1) || s.speaks(at + 1)));
}

/** A capital in the middle of a sentence, in no list, not where a place would stand. @param {Sentence} s @param {number} at */
function stranger(s, at) {
  const [word, before] = [s.words[at], s.before(at)];
  if (word.opens || !word.capital || !isStranger(word) || s.isInstitution(at)) return false;
  if (s.inListOfPlaces(at) || (before !== null && before.public && isCapital(before.shown))) return false;
  if (word.looks("definite") && !s.afterRole(at)) return false;
  if (before !== null && (s.isThing(at) || (word.lexicon.article.has(before.plain) && !s.hasFamily(at)))) return false;
  if (s.afterPlaceWord(at)) return isPair(s, at) && !word.looks("public");
  return !word.looks("public") || (word.looks("family") && s.afterPersonWord(at));
}

/** Two words with capitals at the start of a sentence, neither of them everyday. @param {Sentence} s @param {number} at */
function strangers(s, at) {
  const word = s.words[at];
  if (!word.opens || !word.capital || !isStranger(word) || !isPair(s, at)) return false;
  return !s.isInstitution(at + 1);
}

/** At the start of a sentence: a word in no list that has an age or does what only people do. @param {Sentence} s @param {number} at */
function acting(s, at) {
  const word = s.words[at];
  if (!word.opens || !word.capital || !isStranger(word)) return false;
  if (word.looks("public") || s.isInstitution(at)) return false;
  if (s.aged(at) || (s.speaks(at) && !word.looks("inflected"))) return true;
  return s.does(at) && !word.looks("noun");
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

/** In no list, and not an everyday word by its look. @param {Word} word */
function isStranger(word) {
  return word.unknown && !word.everyday && word.plain.length >= SHORTEST;
}

/** @param {Sentence} s @param {number} at */
function isPair(s, at) {
  const [word, after] = [s.words[at], s.after(at)];
  if (after === null || !after.capital || (word.looks("public") && !after.last)) return false;
  return after.lastWeak || !(after.public || after.ordinary);
}

/** The surest first. @type {[string, (s: Sentence, at: number) => boolean][]} */
export const STARTS = [
  ["name-known", known],
  ["name-cued", cued],
  ["name-called", called],
  ["name-initials", initials],
  ["name-in-family", inFamily],
  ["name-weak", weak],
  ["name-owner", owner],
  ["name-before-family", beforeFamily],
  ["name-joined", joined],
  ["name-particle", particle],
  ["name-role", role],
  ["name-family", family],
  ["name-stranger", stranger],
  ["name-strangers", strangers],
  ["name-acting", acting],
];
