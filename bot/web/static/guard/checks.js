/** What a pattern alone cannot tell: calendar, check digits, numbering plans, everyday words (bot/core/guard/checks.py). */

import * as birth from "./birth.js";
import { wordBefore } from "./match.js";
import { readings } from "./spoken.js";

/** @typedef {import("./match.js").Match} Match */
/** @typedef {import("./knowledge.js").Knowledge} Knowledge */

const SIXTY = 60; // what a coordination number adds to the day
const PHONE = /^(?:0[1-9][0-9]{6,9}|46[0-9]{7,9})$/;
const MOBILE = /^7[02369][0-9]{7}$/;
const FIGURES = /^[0-9]+$/;
const LETTERS = 3; // of a plate
const USUAL_REST = /^[ .:/-]?[0-9]{2}[a-z0-9]$/; // what follows them
const LETTERED = /[0-9][a-z]/; // a house that is no count: 88b
const BARE_LETTER = / [vg]$/; // Kristinas v
const MOST_OF_A_CASE = 40; // figures
const FEWEST = 4; // figures of a case
const YEAR = /^(?:19|20)[0-9]{2}$/;
const SHORTEST_TAIL = 4; // letters of an everyday word that ends a compound

/** Each says whether a match is what its rule takes it for; the rules name them. @type {Record<string, (match: Match, know: Knowledge) => boolean>} */
export const CHECKS = {
  personal: birth.isPersonal,
  coordination: birth.isCoordination,
  spoken_personal: ({ plain }) => birth.isSpoken(readings(plain)),
  said_personal: ({ plain }) => readings(plain).some((digits) => birth.isBirth(digits)),
  spoken_coordination: ({ plain }) => birth.isSpoken(readings(plain), SIXTY),
  spoken_phone: ({ plain }) => readings(plain).some((digits) => PHONE.test(digits) || MOBILE.test(digits)),
  spoken_case: ({ plain }) => readings(plain, MOST_OF_A_CASE).some((digits) => digits.length >= FEWEST),
  phone: ({ digits }, know) => know.phone.test(digits),
  phone_short: ({ digits }) => MOBILE.test(digits.replace(/^46/, "")),
  case: isCase,
  plate,
  unusual,
  handle,
  street,
  street_sure: streetSure,
  street_short: (match, know) =>
    (match.capital || know.looks(match.before, "home")) && !isEveryday(match.name.replace(/[. ]+$/, ""), know),
  dwelling,
  shouted: ({ shown }) => /^[A-ZÅÄÖΩ]{2}/.test(shown),
  village,
  property,
  street_letter: streetLetter,
};

/** At least four figures, and not a year alone. @param {Match} match */
function isCase({ groups, digits }) {
  if (groups.length === 1) return groups[0].length >= 4 && !YEAR.test(groups[0]);
  return digits.length > 4;
}

/** Letters that are no abbreviation, and no everyday word unless written as on a plate. @param {Match} match @param {Knowledge} know */
function plate({ plain, shown, capital }, { lexicon }) {
  const [letters, rest] = [plain.slice(0, LETTERS), plain.slice(LETTERS)];
  if (lexicon.public.has(letters) || lexicon.abbreviation.has(letters)) return false;
  const isShouted = /^[A-ZÅÄÖΩ]{3}/.test(shown);
  if (lexicon.ordinary.has(letters)) return isShouted && /[0-9]/.test(rest[0]);
  if (USUAL_REST.test(rest)) return true;
  if (lexicon.first.has(letters) || lexicon.place.has(letters)) return false;
  return " -".includes(rest[0]) ? capital : isShouted;
}

/** A handle with @ that is more than an everyday word. @param {Match} match @param {Knowledge} know */
function unusual({ plain }, { lexicon }) {
  const word = plain.replace(/^@+/, "");
  const isKnown = lexicon.ordinary.has(word) || lexicon.place.has(word) || lexicon.public.has(word);
  return !isKnown && /[a-zåäö'-]/.test(word);
}

/** What somebody is called in an app, not the rest of the sentence. @param {Match} match @param {Knowledge} know */
function handle({ plain, shown, before }, know) {
  if (know.lexicon.ordinary.has(plain) || know.lexicon.public.has(plain) || FIGURES.test(plain)) return false;
  return /[0-9_.]/.test(plain.slice(1)) || shown.slice(1) !== plain.slice(1) || know.looks(before, "calls");
}

/** A street's name: a capital, an ending that only streets have, a house with a letter, or a home. @param {Match} match @param {Knowledge} know */
function street(match, know) {
  const { name } = match;
  const { lexicon } = know;
  if (lexicon.ordinary.has(name) || lexicon.bareStreet.has(name)) return isNamedBefore(match, know);
  if (lexicon.place.has(name) || lexicon.public.has(name)) return false;
  if (match.capital || know.looks(name, "street")) return true;
  if (LETTERED.test(match.plain) || know.looks(match.before, "home")) return true;
  return !isEveryday(name, know) && know.looks(match.before, "lives");
}

/** A street by an ending that only streets have, with something before it. @param {Match} match @param {Knowledge} know */
function streetSure({ plain }, know) {
  const names = (plain.match(/[a-zåäö'-]+/g) ?? []).filter((word) => know.looks(word, "street"));
  const { ordinary, bareStreet } = know.lexicon;
  return names.length > 0 && !names.some((name) => ordinary.has(name) || bareStreet.has(name));
}

/** A place of its own with a number: a capital, neither an everyday word nor a known place. @param {Match} match @param {Knowledge} know */
function dwelling({ name, capital }, know) {
  const { place, public: nobodys, first } = know.lexicon;
  return capital && !place.has(name) && !nobodys.has(name) && !first.has(name) && !isEveryday(name, know);
}

/** A place with a number that is neither known nor everyday: with a capital, or where somebody lives. @param {Match} match @param {Knowledge} know */
function village({ name, capital, before }, know) {
  const last = name.match(/[a-zåäö'-]+/g)?.at(-1) ?? "";
  const { place, public: nobodys, first, ordinary } = know.lexicon;
  if ([place, nobodys, first, ordinary].some((words) => words.has(last)) || know.looks(last, "everyday")) return false;
  if (!capital && know.looks(last, "definite")) return know.looks(before, "home");
  return capital || name.includes("-") || know.looks(before, "lives") || !isEveryday(last, know);
}

/** The name of a property, not the result of a match (Malmö 2:1) or a paragraph (SoL 19:1). @param {Match} match @param {Knowledge} know */
function property({ name: whole, before, shown }, know) {
  const name = whole.replace(/ s$/, "");
  const { ordinary, place, public: nobodys, abbreviation } = know.lexicon;
  if (know.looks(before, "estate")) return !ordinary.has(name);
  const isKnown = place.has(name) || nobodys.has(name) || abbreviation.has(name);
  const isNamed = /^[A-ZÅÄÖΩ][^A-ZÅÄÖΩ]+$/.test(shown.slice(0, name.length));
  return isNamed && !isKnown && !isEveryday(name, know);
}

/** A street whose end is one letter, with a capital: its own, or that of what it is called after. @param {Match} match @param {Knowledge} know */
function streetLetter(match, know) {
  const name = match.name.replace(/[. ]+$/, "");
  const { ordinary } = know.lexicon;
  if (BARE_LETTER.test(name)) return !ordinary.has(name.slice(0, -2)) && (match.capital || isNamedBefore(match, know));
  return match.capital && !isEveryday(name, know) && !ordinary.has(name.slice(0, -1));
}

/** Whether the word before a bare "väg" or "plats" is a name: a direction, a capital, somebody's. @param {Match} match @param {Knowledge} know */
function isNamedBefore({ text, start }, { lexicon }) {
  const [word, hasCapital] = wordBefore(text, start) ?? ["", false];
  if (hasCapital || lexicon.direction.has(word)) return true;
  return word.endsWith("s") && !lexicon.ordinary.has(word);
}

/** Whether the word, or what a compound ends with, is an everyday word. @param {string} word @param {Knowledge} know */
function isEveryday(word, know) {
  return know.lexicon.ordinary.has(word) || know.isCompound(word, SHORTEST_TAIL);
}
