/** What the guard saw in a text that is about to be sent: what it is, why, and what one can do. */

import { button, el, fill, p } from "./dom.js";

const MOST = 12; // things that are told of at once

/** @typedef {import("../guarding.js").Told} Told */

/** The place under the field where one writes. */
export class GuardView {
  #words;
  #answer = (/** @type {boolean} */ _) => {};

  /** @param {import("./words.js").Words} words */
  constructor(words) {
    this.#words = words;
    this.element = el("div", { class: "guard", role: "alert" });
  }

  /** Whether the text may go: at once, never, or as its writer says. @param {Told} told @returns {Promise<boolean>} */
  ask(told) {
    this.clear();
    if (told.blocked) this.#show("stopped", told.stopped, told);
    else if (told.warned.length > 0) return this.#asked(told);
    return Promise.resolve(!told.blocked);
  }

  /** Nothing is said any more; what was asked is not sent. */
  clear() {
    this.#answer(false);
    fill(this.element);
  }

  /** @param {Told} told @returns {Promise<boolean>} */
  #asked(told) {
    const say = (/** @type {string} */ key) => this.#words.say(`device.guard.${key}`);
    return new Promise((resolve) => {
      const done = (/** @type {boolean} */ goes) => {
        this.#answer = () => {};
        fill(this.element);
        resolve(goes);
      };
      this.#answer = done;
      const change = button({ id: "guard-change" }, say("change"), () => done(false));
      const send = button({ id: "guard-send", class: "quiet" }, say("send"), () => done(true));
      this.#show("warned", told.warned, told, el("div", { class: "acts" }, change, send));
    });
  }

  /** @param {string} how @param {Told["spans"]} spans @param {Told} told @param {Node} [presses] */
  #show(how, spans, told, presses) {
    const say = (/** @type {string} */ key) => this.#words.say(`device.guard.${key}`);
    fill(
      this.element,
      el(
        "section",
        { class: "alarm" },
        el("h3", null, say(how)),
        el("ul", null, ...itemsOf(spans, told)),
        p(say(`${how}_more`)),
        p(say("helps"), "fine"),
        presses,
      ),
    );
  }
}

/** Each thing once, with its kind and the reason. @param {Told["spans"]} spans @param {Told} told */
function itemsOf(spans, { texts, pieces }) {
  const named = pieces(spans).filter(({ span }) => span !== null);
  const once = new Map(named.map((piece) => [`${piece.span.type} ${piece.text}`, piece]));
  return Array.from(once.values(), ({ text, span }) => {
    const kind = texts[`guard.${span.type}`] ?? span.type;
    const why = texts[`guard_why.${span.rule}`] ?? "";
    return el("li", null, el("mark", null, text), `: ${kind}. ${why}`);
  }).slice(0, MOST);
}
