/** Numbers said in words ("noll sjuttio sjutton fyrtio sex", "nollsju", "oh seven oh") as the figures they can mean (bot/core/guard/spoken.py). */

const UNITS = [
  ...["noll nolla zero oh", "ett en etta one", "två tvåa two", "tre trea three", "fyra four"],
  ...["fem femma five", "sex sexa six", "sju sjua seven", "åtta eight", "nio nia nine"],
];
const TEENS = [
  ...["tio ten", "elva eleven", "tolv twelve", "tretton thirteen", "fjorton fourteen"],
  ...["femton fifteen", "sexton sixteen", "sjutton seventeen", "arton eighteen", "nitton nineteen"],
];
const WHOLE_TENS = [
  ...["tjugo tjugi twenty", "trettio tretti thirty", "fyrtio fyrti förtio förti forty", "femtio femti fifty"],
  ...["sextio sexti sixty", "sjuttio sjutti seventy", "åttio åtti eighty", "nittio nitti ninety"],
];
const ONES = figuresOf(UNITS, (n) => String(n));
const TENS = figuresOf(WHOLE_TENS, (n) => `${n + 2}0`);
const TEN_ON = figuresOf(TEENS, (n) => String(n + 10));
const CENTURIES = new Map([
  ["tjugohundra", "20"],
  ["tvåtusen", "20"],
  ["nittonhundra", "19"],
]);
const HUNDRED = new Set(["hundra", "hundred"]);
const DOUBLE = new Set(["dubbel", "double"]);
const MAX_READINGS = 32;
const MOST = 14; // figures of a number that is somebody's
const PARTS = [...ONES, ...TENS, ...TEN_ON, ...CENTURIES].map(([word]) => word).concat([...HUNDRED], [...DOUBLE]);
const PART = new RegExp(PARTS.sort((a, b) => b.length - a.length).join("|"), "g"); // the longest first

/** The figures that number words can mean; none at all where there is no number word, or more than `most` figures. @param {string} words @returns {string[]} */
export function readings(words, most = MOST) {
  if (!/[a-zåäö]/.test(words)) return [];
  const told = (words.match(/[a-zåäö]+|[0-9]+/g) ?? []).map((word) => ({ word, digits: digitsOf(word) }));
  if (fewest(told) > most) return [];
  let found = [""];
  let before = ""; // the word before: a unit may join tens, a year a century, and "dubbel" doubles
  for (const { word, digits } of told) {
    if (digits !== null) found = added(found, before, word, digits);
    before = word;
  }
  return found;
}

/** How many figures there are at least, however the words are joined. @param {{word: string, digits: string | null}[]} told */
function fewest(told) {
  let [count, before] = [0, ""];
  for (const { word, digits } of told) {
    const joins = (TENS.has(before) && ONES.has(word)) || CENTURIES.has(before);
    count += digits === null || joins ? 0 : digits.length;
    before = word;
  }
  return count;
}

/** Every reading so far with these figures after it, and joined to the word before where they can be. @param {string[]} found @param {string} before @param {string} word @param {string} digits */
function added(found, before, word, digits) {
  if (DOUBLE.has(before) && digits.length === 1) return found.map((one) => one + digits + digits);
  /** @type {string[]} */
  let joined = [];
  if (TENS.has(before) && ONES.has(word) && digits !== "0") joined = found.map((one) => one.slice(0, -1) + digits);
  if (CENTURIES.has(before) && digits.length <= 2) joined = found.map((one) => one.slice(0, -2) + digits.padStart(2, "0"));
  return [...found.map((one) => one + digits), ...joined].slice(0, MAX_READINGS);
}

/** The figures of a word that is one number or several: 70, nollsju, sjuttonfyrtio, etthundrasju. @param {string} word @returns {string | null} */
function digitsOf(word) {
  if (/^[0-9]+$/.test(word)) return word;
  const parts = word.match(PART) ?? [];
  if (parts.join("") !== word || DOUBLE.has(word)) return null;
  let digits = "";
  for (let at = 0; at < parts.length; ) {
    const [number, end] = numberAt(parts, at);
    digits += number;
    at = end;
  }
  return digits;
}

/** The number that begins with the part at `at`, and where the next begins. @param {string[]} parts @param {number} at @returns {[string, number]} */
function numberAt(parts, at) {
  const [part, after] = [parts[at], parts[at + 1] ?? ""];
  if (DOUBLE.has(part)) return [(ONES.get(after) ?? "").repeat(2), at + 2];
  const century = CENTURIES.get(part);
  if (century !== undefined) {
    const [rest, end] = belowHundred(parts, at + 1);
    return [century + (rest && rest.padStart(2, "0")), end];
  }
  if (HUNDRED.has(part) || (ONES.has(part) && HUNDRED.has(after))) {
    const [rest, end] = belowHundred(parts, at + (HUNDRED.has(part) ? 1 : 2));
    return [(ONES.get(part) ?? "1") + rest.padStart(2, "0"), end];
  }
  return belowHundred(parts, at);
}

/** @param {string[]} parts @param {number} at @returns {[string, number]} */
function belowHundred(parts, at) {
  const part = parts[at] ?? "";
  const tens = TENS.get(part);
  if (tens !== undefined) {
    const unit = ONES.get(parts[at + 1] ?? "") ?? "0";
    return unit === "0" ? [tens, at + 1] : [tens[0] + unit, at + 2];
  }
  const number = ONES.get(part) ?? TEN_ON.get(part);
  return number === undefined ? ["", at] : [number, at + 1];
}

/** Words by place, each with its figures. @param {string[]} rows @param {(n: number) => string} figures @returns {Map<string, string>} */
function figuresOf(rows, figures) {
  return new Map(rows.flatMap((words, n) => words.split(" ").map((word) => /** @type {[string, string]} */ ([word, figures(n)]))));
}
