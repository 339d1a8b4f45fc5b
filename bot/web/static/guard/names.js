/** People's names: where one begins (`starts`), and how far it goes (bot/core/guard/names.py). */

import { INITIAL } from "./bycues.js";
import { LETTER } from "./fold.js";
import { STARTS } from "./starts.js";

/** @typedef {import("./sentence.js").Sentence} Sentence */
/** @typedef {import("./words.js").Word} Word */

const MAX_WORDS = 5; // of one name after its first
const AFTER_LETTER = [" ", ". ", "."]; // between an initial and what it belongs to
const LAST_LETTER = new RegExp(` [A-ZÅÄÖ](?!${LETTER}|[0-9_.'-])`, "y"); // Rasmus W

/** Every name of the folded text; they do not overlap. @param {Sentence} sentence @returns {Generator<{start: number, end: number, rule: string}>} */
export function* findNames(sentence) {
  let at = 0;
  while (at < sentence.words.length) {
    const rule = begins(sentence, at);
    if (rule === null) {
      at += 1;
      continue;
    }
    const last = lastOf(sentence, at);
    const { end } = sentence.words[last];
    LAST_LETTER.lastIndex = end;
    yield { start: sentence.words[at].start, end: LAST_LETTER.test(sentence.shown) ? end + 2 : end, rule };
    at = last + 1;
  }
}

/** @param {Sentence} sentence @param {number} at */
function begins(sentence, at) {
  if (sentence.words[at].plainlyOrdinary) return null;
  return STARTS.find(([, starts]) => starts(sentence, at))?.[0] ?? null;
}

/** The place of the last word of the name that begins at `at`. @param {Sentence} s @param {number} at */
function lastOf(s, at) {
  const isInitial = INITIAL.test(s.words[at].shown) && at + 1 < s.words.length;
  let last = isInitial && AFTER_LETTER.includes(s.words[at + 1].gap) ? at + 1 : at;
  while (last - at < MAX_WORDS) {
    const step = stepOf(s, at, last);
    if (step === 0) break;
    last += step;
  }
  return last;
}

/** How many of the words after `last` belong to the name: one, none, or two with a "von" or a letter. @param {Sentence} s @param {number} at @param {number} last */
function stepOf(s, at, last) {
  if (!s.touching(last + 1)) return 0;
  const [word, after] = [s.words[last + 1], s.after(last + 1)];
  if (word.lexicon.particle.has(word.plain) && after !== null && followsParticle(word, after)) return 2;
  if (INITIAL.test(word.shown) && last + 2 < s.words.length) return followsLetter(s.words[last + 2]) ? 2 : 0;
  return belongs(s, last + 1, last === at) ? 1 : 0;
}

/** Whether a name goes on after "von", "al"; a pronoun that looks like one ("den") wants a capital after it. @param {Word} word @param {Word} after */
function followsParticle(word, after) {
  if (after.public) return false;
  return after.capital || after.last || (after.first && !word.lexicon.article.has(word.plain));
}

/** Anna K. Berg. @param {Word} word */
function followsLetter(word) {
  return [". ", " "].includes(word.gap) && word.capital && (word.lastWeak || !word.ordinary);
}

/** Whether the word goes on the name before it; without a capital only right after a lone first name. @param {Sentence} s @param {number} at @param {boolean} isLone */
function belongs(s, at, isLone) {
  const word = s.words[at];
  if (word.first || word.last) return true;
  if (word.shouted || (word.public && !word.lastWeak)) return false;
  if (word.capital) return word.weak || word.lastWeak || !word.ordinary;
  if (!isLone) return false;
  if (word.lastWeak || word.weak) return mayEnd(s, at) && (word.lastWeak || !word.ordinary);
  if (word.ordinary || word.looks("family")) return !word.ordinary;
  return !word.everyday && word.plain.length > 3 && !word.looks("verb");
}

/** Whether a name could end with this word: nothing more, a sign, an age, or what a person does. @param {Sentence} s @param {number} at */
function mayEnd(s, at) {
  return s.after(at) === null || s.aged(at) || s.does(at);
}
