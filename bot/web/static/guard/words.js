/** The words of a text, each with what the guard's lists and shapes say of it (bot/core/guard/words.py). */

import { CAPITAL, LETTER } from "./fold.js";
import { isCapital } from "./match.js";

const WORD = new RegExp(`${LETTER}+(?:['-]${LETTER}+)*`, "g");
const SHOUTED = new RegExp(`^(?:${CAPITAL}|['-])+$`);
const JOINT = /[-']/;
const MIXED = /[a-zåäöω][A-ZÅÄÖΩ]/;
const SENTENCE = /[.!?\n]/;
const BEFORE_A_SENTENCE = /^[ "'([\-*:]*$/;
const ENDINGS = [
  ...["arna", "erna", "orna", "ens", "ets", "ade", "are", "na", "en", "et", "ar", "er", "or", "te", "de"],
  ...["n", "t", "s", "a", "r"],
];
const SHORTEST_STEM = 3;
const SHORTEST_TAIL = 4; // letters of an everyday word that ends a compound

/** @typedef {import("./knowledge.js").Knowledge} Knowledge */

/** One word: `start` to `end` of the folded text, and `gap`, what stands between it and the one before. */
export class Word {
  #know;
  /** What was asked of it once. @type {Record<string, boolean>} */
  #told = {};

  /** @param {{start: number, shown: string, gap: string, opens: boolean}} stands @param {Knowledge} know */
  constructor({ start, shown, gap, opens }, know) {
    this.start = start;
    this.end = start + shown.length;
    this.shown = shown;
    this.plain = shown.toLowerCase();
    this.gap = gap;
    this.opens = opens; // first of a sentence: its capital says nothing
    this.#know = know;
  }

  get lexicon() {
    return this.#know.lexicon;
  }

  /** It is written as a name: a capital, and none within (not SoL, LVU). */
  get capital() {
    return isCapital(this.shown) && !this.shouted && !this.#mixed;
  }

  /** All capitals, at least two. */
  get shouted() {
    return this.shown.length > 1 && SHOUTED.test(this.shown);
  }

  /** An everyday word without a capital that no name begins with, not even as a "van". */
  get plainlyOrdinary() {
    const { firstWeak, particle } = this.lexicon;
    if (isCapital(this.shown) || firstWeak.has(this.plain) || particle.has(this.plain)) return false;
    return this.lexicon.ordinary.has(this.plain);
  }

  /** A first name that is nothing else. */
  get first() {
    return (this.#told.first ??= this.#isIn(this.lexicon.first) || this.#isOfParts());
  }

  /** A first name that is an everyday word or a place as well. */
  get weak() {
    return !this.first && this.#isIn(this.lexicon.firstWeak);
  }

  /** A family name that is nothing else. */
  get last() {
    return (this.#told.last ??= !this.listed && !this.weak && (this.#isIn(this.lexicon.last) || this.looks("familySure")));
  }

  /** A family name that is an everyday word or a place as well. */
  get lastWeak() {
    return !this.last && this.#isIn(this.lexicon.lastWeak);
  }

  /** An everyday word, or a compound with a hyphen that has one in it (Rut-avdrag, not Öman-Sjö). */
  get ordinary() {
    const isListed = (/** @type {string} */ part) => this.lexicon.ordinary.has(part);
    return (this.#told.ordinary ??= this.#capitals ? this.#parts.every(isListed) : this.#parts.some(isListed));
  }

  /** A place, an organisation, an abbreviation: a proper noun that is no person. */
  get public() {
    return (this.#told.public ??= this.#isPublic());
  }

  /** An everyday word or a public noun. */
  get listed() {
    return this.lexicon.ordinary.has(this.plain) || this.public;
  }

  /** An everyday word by list, by ending, by stem, or as the end of a compound. */
  get everyday() {
    return (this.#told.everyday ??=
      this.ordinary ||
      this.looks("everyday") ||
      this.#know.isCompound(this.plain, SHORTEST_TAIL) ||
      this.#know.isOfTwo(this.plain) ||
      this.#isStemListed());
  }

  /** In no list at all. */
  get unknown() {
    return !(this.first || this.weak || this.last || this.lastWeak || this.listed);
  }

  /** @param {string} shape */
  looks(shape) {
    return this.#know.looks(this.plain, shape);
  }

  /** A capital within, not after a hyphen. */
  get #mixed() {
    return MIXED.test(this.shown);
  }

  /** Two parts or more, each with a capital. */
  get #capitals() {
    const shown = this.shown.split(JOINT);
    return shown.length > 1 && shown.every(isCapital);
  }

  get #parts() {
    const whole = this.plain.split(JOINT);
    const parts = whole.filter((part) => !this.lexicon.particle.has(part));
    return parts.length > 0 ? parts : whole;
  }

  /** As it stands, and without a genitive s. */
  get #spellings() {
    return this.plain.endsWith("s") ? [this.plain, this.plain.slice(0, -1)] : [this.plain];
  }

  #isPublic() {
    const { place, public: nobodys } = this.lexicon;
    if (this.#spellings.some((spelling) => place.has(spelling) || nobodys.has(spelling))) return true;
    const parts = this.#parts;
    if (parts.length > 1 && parts.every((part) => place.has(part))) return true;
    return (this.#mixed || this.shouted) && !this.first;
  }

  /** @param {Set<string>} names */
  #isIn(names) {
    if (names.has(this.plain)) return true;
    const { ordinary, public: nobodys, place } = this.lexicon;
    const isKnown = ordinary.has(this.plain) || nobodys.has(this.plain) || place.has(this.plain);
    return this.plain.endsWith("s") && !isKnown && names.has(this.plain.slice(0, -1));
  }

  /** Ulla-Britt, Haile-Mariam: a first name in it, and no everyday word without a capital (Rut-avdrag), unless all can be names. */
  #isOfParts() {
    if (!JOINT.test(this.plain)) return false;
    const { first, firstWeak } = this.lexicon;
    const parts = this.#parts;
    if (this.ordinary && !this.#capitals) {
      return parts.every((part) => first.has(part) || firstWeak.has(part)) && parts.some((part) => first.has(part));
    }
    return parts.some((part) => first.has(part) || first.has(part.replace(/s$/, "")));
  }

  #isStemListed() {
    const { ordinary } = this.lexicon;
    return ENDINGS.some((ending) => {
      if (!this.plain.endsWith(ending)) return false;
      const stem = this.plain.slice(0, -ending.length);
      return stem.length >= SHORTEST_STEM && ["", "a", "e"].some((vowel) => ordinary.has(stem + vowel));
    });
  }
}

/** The words of a folded text. A text all in capitals is read as if it had none. @param {string} shown @param {Knowledge} know */
export function wordsOf(shown, know) {
  const read = isShouting(shown) ? shown.toLowerCase() : shown;
  /** @type {Word[]} */
  const found = [];
  let end = 0;
  for (const match of read.matchAll(WORD)) {
    const gap = read.slice(end, match.index);
    const opens = (end === 0 && BEFORE_A_SENTENCE.test(gap)) || SENTENCE.test(gap);
    found.push(new Word({ start: match.index, shown: match[0], gap, opens }, know));
    end = match.index + match[0].length;
  }
  return found;
}

/** @param {string} shown */
function isShouting(shown) {
  return (shown.match(/[A-ZÅÄÖΩ]/g)?.length ?? 0) > (shown.match(/[a-zåäöω]/g)?.length ?? 0);
}
