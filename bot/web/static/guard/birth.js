/** Personal and coordination numbers: figures that begin with a day of birth (bot/core/guard/birth.py). */

const [LONG, SHORT, LAST] = [12, 10, 4]; // figures with a century, without, and after the day
const SIXTY = 60; // what a coordination number adds to the day
const CLOCK = /^(?:[01][0-9]|2[0-3])[0-5][0-9]$/;
// one sign between all parts: 85.02.11.9855
const ALIKE = /^(?:[0-9]{2})?[0-9]{2}(?:\.[0-9]{2}\.[0-9]{2}\.|:[0-9]{2}:[0-9]{2}:)[0-9]{4}$/;
const MOBILE = /^07[02369][0-9]{7}$/;
const SPOKEN_MOBILE = /^07[02369][0-9]{5,8}$/;
const CITY = /^0(?:8|1[013689]|2[136]|3[1356]|4[0246]|54|6[03]|90)/; // the short area codes
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** @typedef {import("./match.js").Match} Match */
/** @typedef {import("./knowledge.js").Knowledge} Knowledge */

/** @param {Match} match @param {Knowledge} know */
export function isPersonal(match, know) {
  return isBirth(match.digits) && isWrittenAsOne(match, know);
}

/** @param {Match} match @param {Knowledge} know */
export function isCoordination(match, know) {
  return isBirth(match.digits, SIXTY) && isWrittenAsOne(match, know);
}

/** Whether ten or twelve figures begin with a day that a calendar could have. @param {string} digits */
export function isBirth(digits, added = 0) {
  if (digits.length !== SHORT && digits.length !== LONG) return false;
  if (digits.length === LONG && !["18", "19", "20"].includes(digits.slice(0, 2))) return false;
  const month = Number(digits.slice(-8, -6));
  const day = Number(digits.slice(-6, -4)) - added;
  return 1 <= month && month <= 12 && 1 <= day && day <= 31;
}

/** Whether number words can be such a number, and no mobile. @param {string[]} figures */
export function isSpoken(figures, added = 0) {
  if (figures.some((digits) => SPOKEN_MOBILE.test(digits))) return false;
  return figures.some((digits) => isBirth(digits, added));
}

/** Whether the figures are grouped as in a personal number, and are neither a telephone number nor a time. @param {Match} match @param {Knowledge} know */
function isWrittenAsOne({ digits, groups, plain }, know) {
  if (MOBILE.test(digits) && Number(digits.slice(4, 6)) > SIXTY) return false;
  const isPhone = () => know.phone.test(digits);
  if (checksOut(digits)) return groups.length === 1 || isGrouped(groups) || !isPhone();
  if (groups.length === 1) return !MOBILE.test(digits) && !(CITY.test(digits) && isPhone());
  if (/[.:]/.test(plain) && !plain.includes("-") && !ALIKE.test(plain)) return false;
  const isTimed = digits.length === LONG || /[./:]/.test(plain);
  return isGrouped(groups) && !(isTimed && CLOCK.test(digits.slice(-LAST)));
}

/** Whether calendar and check digit hold, as the package `personnummer` has it. @param {string} digits */
function checksOut(digits) {
  const whole = digits.length === LONG ? digits : `20${digits}`;
  const [year, month] = [Number(whole.slice(0, 4)), Number(whole.slice(4, 6))];
  const day = Number(whole.slice(6, 8));
  const leap = month === 2 && (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) ? 1 : 0;
  const isDay = day > SIXTY ? day - SIXTY : day;
  if (isDay < 1 || isDay > (MONTH_DAYS[month - 1] ?? 0) + leap) return false;
  return whole.slice(8, 11) !== "000" && luhn(whole.slice(2)) % 10 === 0;
}

/** @param {string} digits */
function luhn(digits) {
  const doubled = Array.from(digits, (digit, at) => Number(digit) * (at % 2 === 0 ? 2 : 1));
  return doubled.reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0);
}

/** Whether the figures stand two and two (or one and one) up to the last four, which are apart. @param {string[]} groups */
function isGrouped(groups) {
  if (groups.every((group) => group.length === 1)) return true;
  let length = 0;
  const breaks = groups.map((group) => (length += group.length));
  const dayEnds = length - LAST;
  return breaks.includes(dayEnds) && breaks.every((spot) => spot >= dayEnds || spot % 2 === 0);
}
