/** Numbers said in words ("noll sjuttio sjutton fyrtio sex") as the figures they can mean (bot/core/guard/spoken.py). */

const UNITS = new Map([
  ["noll", "0"],
  ["nolla", "0"],
  ["ett", "1"],
  ["en", "1"],
  ["två", "2"],
  ["tre", "3"],
  ["fyra", "4"],
  ["fem", "5"],
  ["sex", "6"],
  ["sju", "7"],
  ["åtta", "8"],
  ["nio", "9"],
]);
const TEENS = new Map(
  ["tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton"].map(
    (word, n) => [word, String(10 + n)],
  ),
);
const TENS = new Map(
  ["tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio"].map((word, n) => [
    word,
    String(2 + n),
  ]),
);
const CENTURIES = new Map([
  ["tjugohundra", "20"],
  ["tvåtusen", "20"],
  ["nittonhundra", "19"],
]);
const MAX_READINGS = 32;

/** The figures that number words can mean; none at all where there is no number word. @param {string} words @returns {string[]} */
export function readings(words) {
  if (!/[a-zåäö]/.test(words)) return [];
  let found = [""];
  let isTens = false; // whether a unit may join what stands before it
  let isCentury = false; // whether a year may: nittonhundra åttiofem
  for (const word of words.match(/[a-zåäö]+|[0-9]+/g) ?? []) {
    const digits = digitsOf(word);
    if (digits === null) {
      isTens = isCentury = false;
      continue;
    }
    const joins = isTens && UNITS.has(word) && digits !== "0";
    const joined = joins ? found.map((one) => one.slice(0, -1) + digits) : [];
    const isYear = isCentury && digits.length <= 2;
    const years = isYear ? found.map((one) => one.slice(0, -2) + digits.padStart(2, "0")) : [];
    found = [...found.map((one) => one + digits), ...joined, ...years].slice(0, MAX_READINGS);
    isTens = TENS.has(word);
    isCentury = CENTURIES.has(word);
  }
  return found;
}

/** @param {string} word @returns {string | null} */
function digitsOf(word) {
  if (/^[0-9]+$/.test(word)) return word;
  const known = UNITS.get(word) ?? TEENS.get(word);
  if (known !== undefined) return known;
  for (const [start, digits] of CENTURIES) {
    if (!word.startsWith(start)) continue;
    const rest = word === start ? "" : digitsOf(word.slice(start.length));
    return rest === null ? null : digits + rest.padStart(2, "0");
  }
  if (word.startsWith("noll")) {
    const rest = digitsOf(word.slice("noll".length));
    return rest === null || rest === "" ? null : `0${rest}`;
  }
  for (const [start, digits] of TENS) {
    if (word === start) return `${digits}0`;
    const unit = word.startsWith(start) ? UNITS.get(word.slice(start.length)) : undefined;
    if (unit !== undefined) return digits + unit;
  }
  return null;
}
