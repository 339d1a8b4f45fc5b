/** A word of a text, with what the guard's lists and shapes say of it (bot/core/guard/words.py). */

import { CAPITAL, OTHER_LETTER } from "./fold.js";
import { isCapital } from "./match.js";

const SHOUTED = new RegExp(`^(?:${CAPITAL}|['-])+$`);
const JOINT = /[-']/;
const VOWEL = new RegExp(`[aeiouyåäö${OTHER_LETTER}]`);
const MIXED = /[a-zåäöω][A-ZÅÄÖΩ]/;
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

  /** In no list, not an everyday word by its look, and no abbreviation (tbx): it has a vowel. */
  get stranger() {
    return this.plain.length >= SHORTEST_STEM && VOWEL.test(this.plain) && this.unknown && !this.everyday;
  }

  /** Kin or a role, by itself or as the end of a compound: mamman, patrullkollega. */
  get kin() {
    return (this.#told.kin ??= this.#know.isRole(this.plain));
  }

  /** A pronoun, an article, a helping verb: a name too, but hardly ever meant as one. */
  get grammar() {
    return this.lexicon.grammar.has(this.plain) || this.lexicon.pronoun.has(this.plain);
  }

  /** @param {string} shape */
  looks(shape) {
    return this.#know.looks(this.plain, shape);
  }

  /** Whether it has that shape without this ending. @param {string} ending @param {string} shape */
  looksWithout(ending, shape) {
    const isLong = this.plain.endsWith(ending);
    return this.#know.looks(isLong ? this.plain.slice(0, -ending.length) : this.plain, shape);
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
