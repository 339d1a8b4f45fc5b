/** Figures typed as letters that look like them: O for 0, l and I for 1, in what is a long number (bot/core/guard/lookalike.py). */

const TOKEN = "[0-9oil]{0,40}[0-9][0-9oil]{0,40}";
const RUN = new RegExp(`(?<![0-9a-zåäö])${TOKEN}(?:[ ./:+-]{1,3}${TOKEN})*(?![0-9a-zåäö])`, "g");
const FEWEST = 6; // figures and letters of a number that is somebody's
const AS_FIGURES = { o: "0", i: "1", l: "1" };

/** A folded text, its long numbers in figures alone; nothing moves. @param {string} plain */
export function asFigures(plain) {
  return /[oil]/.test(plain) && /[0-9]/.test(plain) ? plain.replace(RUN, figures) : plain;
}

/** @param {string} run */
function figures(run) {
  const count = run.match(/[0-9]/g)?.length ?? 0;
  const letters = run.match(/[oil]/g)?.length ?? 0;
  if (letters === 0 || count + letters < FEWEST || count <= letters) return run;
  return run.replace(/[oil]/g, (letter) => AS_FIGURES[/** @type {keyof typeof AS_FIGURES} */ (letter)]);
}
