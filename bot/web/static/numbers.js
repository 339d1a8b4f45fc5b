/** Keeps the page of numbers true without a server: which of them answer now, and how old the list is. */

import "./offline.js";

const TURN = 15_000; // ms between looks at the clock
const WRONG = 300; // s by which a telephone's clock may be behind ours

/** @typedef {[number, number]} Span from, until, in seconds since 1970 */

const list = /** @type {HTMLElement} */ (document.querySelector("[data-made]"));
const [made, until] = [Number(list.dataset.made), Number(list.dataset.until)];
const instead = location.pathname !== "/numbers"; // shown because another page did not come

function draw() {
  const now = Date.now() / 1000;
  const isKnown = made - WRONG <= now && now < until;
  part("[data-old]").hidden = now < until;
  part("[data-instead]").hidden = !instead;
  part("[data-age]").textContent = now - made < 60 ? "" : `(${age(now - made)})`;
  for (const lines of document.querySelectorAll("[data-lines]")) mark(lines, isKnown ? now : null);
}

/** The first that answers stands out; where nobody can know, none does. @param {Element} lines @param {number | null} now */
function mark(lines, now) {
  let isFirst = true;
  for (const line of lines.querySelectorAll("[data-open]")) {
    const answers = now !== null && spans(line).some(([from, to]) => from <= now && now < to);
    /** @type {HTMLElement} */ (line.querySelector("[data-shut]")).hidden = answers || now === null;
    /** @type {HTMLElement} */ (line.querySelector(".ring")).dataset.rank = answers && isFirst ? "first" : "later";
    isFirst &&= !answers;
  }
}

/** @param {Element} line @returns {Span[]} */
function spans(line) {
  const written = /** @type {HTMLElement} */ (line).dataset.open?.split(" ").filter(Boolean) ?? [];
  return written.map((span) => /** @type {Span} */ (span.split("-").map(Number)));
}

/** "for 3 hours", as the reader's language has it. @param {number} seconds */
function age(seconds) {
  const said = new Intl.RelativeTimeFormat(document.documentElement.lang);
  if (seconds < 3600) return said.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86_400) return said.format(-Math.floor(seconds / 3600), "hour");
  return said.format(-Math.floor(seconds / 86_400), "day");
}

/** @param {string} name */
function part(name) {
  return /** @type {HTMLElement} */ (document.querySelector(name));
}

part("[data-again]").addEventListener("click", () => location.reload());
if (instead) addEventListener("online", () => location.reload());
addEventListener("pageshow", draw);
document.addEventListener("visibilitychange", draw);
setInterval(draw, TURN);
draw();
