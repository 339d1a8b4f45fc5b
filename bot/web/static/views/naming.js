/** Naming somebody in a talk: the deliberate press, the number where it cannot be, and the receipt afterwards. */

import { attend, button, el, fill, p } from "./dom.js";

/** @typedef {import("./words.js").Words} Words */
/** @typedef {Record<string, any>} State */

/** What stands about it in one talk. */
export class NamingView {
  #words;
  #role;
  #shown = "";

  /**
   * @param {Words} words @param {string} role "officer" or "holder"
   * @param {() => Promise<State | null>} identify null when it was done; else the number to call instead
   */
  constructor(words, role, identify) {
    this.#words = words;
    this.#role = role;
    this.receipt = el("div", { class: "receipt", role: "status" });
    const refused = el("div", { role: "alert" });
    const what = words.say(`device.identified.${role}`);
    const begin = button({ id: "identify" }, words.say("device.identified.begin", { what: lower(what) }), async () => {
      const call = await identify();
      fill(refused, ...(call === null ? [] : instead(words, call)));
      if (this.fold.hidden) attend("say"); // what was pressed has gone
    });
    this.fold = el(
      "details",
      { class: "ends", "data-naming": true },
      el("summary", null, what),
      el(
        "div",
        { class: "inside" },
        p(words.say("device.identified.lead")),
        role === "holder" && p(words.say("device.identified.duties")),
        refused,
        begin,
      ),
    );
  }

  /** @param {{isNamed: boolean, isOver: boolean, receipt: State | null}} state */
  update({ isNamed, isOver, receipt }) {
    const words = this.#words;
    this.fold.hidden = isOver || isNamed;
    if (this.fold.hidden) this.fold.open = false;
    const shown = JSON.stringify([isNamed, receipt]);
    if (shown === this.#shown) return; // it is read out once
    this.#shown = shown;
    const key = this.#role === "holder" ? "since" : "receipt";
    const told = receipt && p(words.say(`device.identified.${key}`, receipt));
    this.receipt.hidden = !isNamed;
    const duties = isNamed && this.#role === "holder" && p(words.say("device.identified.duties"), "fine");
    fill(this.receipt, told, duties);
  }
}

/** The number to call, and to press. @param {Words} words @param {State} call */
function instead(words, { label, number }) {
  const address = `tel:${number.replaceAll(/[^+0-9]/g, "")}`;
  return [
    p(words.say("device.identified.refused", { label }), "alarm"),
    el("a", { class: "press", href: address }, words.say("device.identified.call", { number })),
  ];
}

/** A sentence's beginning in the middle of another. @param {string} text */
function lower(text) {
  return text.charAt(0).toLocaleLowerCase() + text.slice(1);
}
