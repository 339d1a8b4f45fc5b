/** Disclosing something of a named person: direction and ground first, then the words. */

import { button, el, fill, p } from "./dom.js";
import { GuardView } from "./guard.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {Record<string, any>} State */

const MOST = 4_000; // characters of one text

/** The fold in which whoever has the talk discloses. */
export class DisclosingView {
  #words;
  #acts;
  #directions = /** @type {State[]} */ ([]);
  #direction;
  #ground;
  #told;
  #text;
  #label;
  #send;
  #guard;

  /**
   * @param {Words} words @param {{begin: () => unknown, judge: (text: string) => Promise<import("../guarding.js").Told | null>,
   *   grounds: () => Promise<State[]>, disclose: (chosen: State, text: string) => Promise<boolean>}} acts
   */
  constructor(words, acts) {
    this.#words = words;
    this.#acts = acts;
    this.#direction = el("select", { id: "disclose-direction", onchange: () => this.#offer() });
    this.#ground = el("select", { id: "disclose-ground", onchange: () => this.#choose() });
    this.#told = el("div", { class: "ground", role: "status" });
    this.#text = el("textarea", { id: "disclose-text", rows: "3", maxlength: String(MOST), autocomplete: "off" });
    this.#label = el("label", { for: "disclose-text" });
    this.#guard = new GuardView(words);
    this.#send = button({ id: "disclose" }, "", () => this.#disclose());
    this.#text.addEventListener("focus", () => acts.begin());
    this.#text.addEventListener("input", () => this.#guard.clear());
    this.fold = el(
      "details",
      { class: "ends", "data-disclosing": true },
      el("summary", null, words.say("device.disclose.title")),
      this.#inside(),
    );
    this.fold.addEventListener("toggle", () => this.fold.open && this.#open());
  }

  /** @param {{isNamed: boolean, isOver: boolean}} state */
  update({ isNamed, isOver }) {
    this.fold.hidden = isOver || !isNamed;
  }

  #inside() {
    const words = this.#words;
    return el(
      "div",
      { class: "inside" },
      p(words.say("device.disclose.lead")),
      el("label", { for: "disclose-direction" }, words.say("device.disclose.direction")),
      this.#direction,
      el("label", { for: "disclose-ground" }, words.say("device.disclose.ground")),
      this.#ground,
      this.#told,
      p(words.say("device.disclose.waiting"), "fine"),
      this.#label,
      this.#text,
      this.#guard.element,
      this.#send,
    );
  }

  async #open() {
    this.#directions = await this.#acts.grounds();
    const options = this.#directions.map(({ direction }) =>
      el("option", { value: direction }, this.#words.say(`device.disclose.${direction}`)),
    );
    fill(this.#direction, ...options);
    this.#offer();
  }

  /** The grounds of the direction that is chosen; none of them is chosen for anybody. */
  #offer() {
    const words = this.#words;
    const grounds = this.#grounds();
    const none = el("option", { value: "" }, words.say("device.disclose.choose"));
    fill(this.#ground, none, ...grounds.map(({ ground, label }) => el("option", { value: ground }, label)));
    const direction = this.#direction.value || "to_police";
    fill(this.#label, words.say(`device.disclose.text_${direction}`));
    fill(this.#send, words.say(`device.disclose.send_${direction}`));
    this.#choose();
  }

  #choose() {
    const words = this.#words;
    const chosen = this.#chosen();
    for (const part of [this.#label, this.#text, this.#send]) part.hidden = chosen === undefined;
    this.#guard.clear();
    fill(
      this.#told,
      chosen && p(chosen.says),
      ...(chosen?.routines ?? []).map((/** @type {string} */ says) =>
        p(words.say("device.disclose.routine", { says })),
      ),
      chosen && p(words.say("device.disclose.basis", { basis: chosen.basis, day: chosen.read }), "fine"),
    );
  }

  async #disclose() {
    const written = this.#text.value.trim();
    const chosen = this.#chosen();
    if (written === "" || chosen === undefined) return this.#text.focus();
    const told = await this.#acts.judge(written);
    if (told === null || !(await this.#guard.ask(told))) return this.#text.focus();
    const done = await this.#acts.disclose({ direction: this.#direction.value, ground: chosen.ground }, written);
    if (!done) return; // what was written stands there still
    this.#text.value = "";
    this.fold.open = false;
  }

  /** @returns {State[]} */
  #grounds() {
    return this.#directions.find(({ direction }) => direction === this.#direction.value)?.grounds ?? [];
  }

  /** @returns {State | undefined} */
  #chosen() {
    return this.#grounds().find(({ ground }) => ground === this.#ground.value);
  }
}
