/** The words of one text with their neighbours: what a rule about names looks at (bot/core/guard/sentence.py). */

import { isCapital } from "./match.js";

/** @typedef {import("./words.js").Word} Word */

const AGE = /,? ?(?:[1-9]|1[0-9])(?:[ ,.\n]|år|(?![\s\S]))/y;
const YEARS = /,? [1-9][0-9]? ?år(?![a-zåäö])/y;
const CUE_REACH = 4; // words between "heter" and the name

/** Words by their place, `at`; a neighbour that is not there, or in another sentence, is null. */
export class Sentence {
  /** @param {Word[]} words @param {string} shown */
  constructor(words, shown) {
    this.words = words;
    this.shown = shown;
  }

  /** The word before, if no sentence ends between. @param {number} at @returns {Word | null} */
  before(at) {
    return at > 0 && !this.words[at].opens ? this.words[at - 1] : null;
  }

  /** Whether only a space stands between this word and the one before it. @param {number} at */
  touching(at) {
    return at > 0 && at < this.words.length && this.words[at].gap === " ";
  }

  /** The next word, if only a space stands between. @param {number} at @returns {Word | null} */
  after(at) {
    return this.touching(at + 1) ? this.words[at + 1] : null;
  }

  /** Whether an age follows ("Emre 13"). @param {number} at */
  aged(at) {
    AGE.lastIndex = this.words[at].end;
    return AGE.test(this.shown);
  }

  /** Whether years follow ("Leokadia 84 år"). @param {number} at */
  agedYears(at) {
    YEARS.lastIndex = this.words[at].end;
    return YEARS.test(this.shown);
  }

  /** Whether it follows "mamman", or "bror till". @param {number} at */
  afterRole(at) {
    let before = this.before(at);
    if (before === null || !this.touching(at)) return false;
    if (before.plain === "till" && at > 1 && this.touching(at - 1)) before = this.words[at - 2];
    return before.kin;
  }

  /** Whether it follows "i", "på", "från". @param {number} at */
  afterPlaceWord(at) {
    const before = this.before(at);
    return before !== null && before.lexicon.placeBefore.has(before.plain);
  }

  /** Whether it follows "hos", "med", "av", or a role. @param {number} at */
  afterPersonWord(at) {
    const before = this.before(at);
    return before !== null && (before.lexicon.personBefore.has(before.plain) || this.afterRole(at));
  }

  /** Whether it follows "heter", "kallas", "namn:", "c/o"; a filling word may stand between. @param {number} at */
  announced(at) {
    for (let step = at; step > Math.max(0, at - CUE_REACH); step -= 1) {
      const before = this.before(step);
      if (before === null) break;
      if (before.lexicon.nameCue.has(before.plain) && ["", ":", "="].includes(this.words[step].gap.trim())) {
        return !this.#isOfAHouse(step - 1);
      }
      if (!this.touching(step) || !before.lexicon.cueFiller.has(before.plain)) break;
    }
    const { start } = this.words[at];
    return this.shown.slice(Math.max(0, start - 4), start).toLowerCase() === "c/o ";
  }

  /** Whether it is what a house is called: boendet Nattugglan, boendet heter Solgläntan. @param {number} at */
  isThing(at) {
    const before = this.before(at);
    if (before === null || (before.capital && !before.opens)) return false;
    if (before.lexicon.nameCue.has(before.plain)) return this.#isOfAHouse(at - 1);
    return before.lexicon.thing.has(before.plain) || (before.looks("public") && this.words[at].looks("noun"));
  }

  /** Whether a family name follows. @param {number} at */
  hasFamily(at) {
    const after = this.after(at);
    return after !== null && after.capital && (after.last || after.lastWeak);
  }

  /** Whether "han kallas", "flickan kallas för" stands before it. @param {number} at */
  nicknamed(at) {
    const step = at > 1 && this.touching(at) && this.words[at - 1].plain === "för" ? at - 2 : at - 1;
    if (step < 1 || !(this.touching(step) && this.touching(step + 1))) return false;
    const [word, who] = [this.words[step], this.words[step - 1]];
    const { nameCue, pronoun, role } = word.lexicon;
    return nameCue.has(word.plain) && (pronoun.has(who.plain) || role.has(who.plain));
  }

  /** Whether what "heter" is said of is a house or a place: boendet heter Solgläntan. @param {number} at */
  #isOfAHouse(at) {
    const who = this.before(at);
    if (who === null || who.lexicon.role.has(who.plain)) return false;
    if (!/[nt]$/.test(who.plain) || who.lexicon.public.has(who.plain) || (who.capital && !who.opens)) return false;
    return (who.plain.endsWith("et") || who.looks("public")) && !this.afterPlaceWord(at - 1);
  }

  /** Whether what follows is something that people do. @param {number} at */
  does(at) {
    const after = this.after(at);
    return after !== null && after.lexicon.personVerb.has(after.plain);
  }

  /** Whether what follows is something that only people do: says, calls, threatens. @param {number} at */
  speaks(at) {
    const after = this.after(at);
    return after !== null && after.lexicon.speakingVerb.has(after.plain);
  }

  /** Whether the word after makes it a place: Katarina kyrka; but "Ahmeds skola" is still Ahmed's. @param {number} at */
  isInstitution(at) {
    const [word, after] = [this.words[at], this.after(at)];
    if (after === null || !after.looks("institution")) return false;
    return !(word.first && word.plain.endsWith("s") && !word.lexicon.first.has(word.plain));
  }

  /** Whether a place is called after them: Selma Lagerlöfs torg, Maria Magdalena kyrka, Per Brahegymnasiet. @param {number} at */
  isMemorial(at) {
    const [word, after] = [this.words[at], this.after(at)];
    if (after === null) return false;
    if (after.looks("familyStreet")) return true;
    if (after.looks("memorial")) return after.capital || !word.first || after.looks("nobodys");
    const place = this.after(at + 1);
    if (place === null || place.plain.endsWith("s")) return false;
    if (after.capital) return place.looks("memorial");
    return after.plain.endsWith("s") && place.looks("nobodys");
  }

  /** Whether the word without its genitive s has that shape. @param {number} at @param {string} shape */
  isStem(at, shape) {
    return this.words[at].looksWithout("s", shape);
  }

  /** Whether "hans", "hennes", "min" stands before it: hans syrra. @param {number} at */
  isSomebodys(at) {
    const before = this.before(at);
    return before !== null && this.touching(at) && before.lexicon.possessive.has(before.plain);
  }

  /** Whether it is joined to a place: after "Bergsjön o", "Skäret, Ängen,", "Ale kommun och". @param {number} at */
  inListOfPlaces(at) {
    const word = this.words[at];
    if (at === 0 || word.opens) return false;
    const isJoined = at > 1 && this.touching(at) && word.lexicon.join.has(this.words[at - 1].plain);
    if (!isJoined && word.gap !== ", ") return false;
    let last = isJoined ? at - 2 : at - 1;
    if (last > 0 && this.touching(last) && this.isInstitution(last - 1)) last -= 1;
    const other = this.words[last];
    const isPlace = other.public || other.looks("public") || this.isInstitution(last);
    return isCapital(other.shown) && isPlace && !other.first;
  }

  /** Whether "o" or "och" stands between two words, and the other is a name that is nothing else. @param {number} at @param {number} other */
  joins(at, other) {
    const [low, high] = [Math.min(at, other), Math.max(at, other)];
    if (low < 0 || high >= this.words.length || !(this.touching(low + 1) && this.touching(high))) return false;
    const { first, last } = this.words[other];
    return this.words[at].lexicon.join.has(this.words[low + 1].plain) && (first || last);
  }
}
