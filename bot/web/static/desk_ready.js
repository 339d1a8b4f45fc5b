/** Whether one can be reached: asked before a shift, and by a drill; answered by a press, and by this device's key. */

import { draw } from "./here.js";
import { drillSeen, sayReached } from "./reached.js";
import { button, el, p } from "./views/dom.js";

const EVERY = 4; // of the desk's looks

/** @typedef {import("./api.js").Json} Json */

/** The checks' part of the desk. */
export class ReadyDesk {
  #desk;
  #looks = 0;

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  async look() {
    if (this.#looks++ % EVERY) return;
    const asked = await this.#desk.api.readiness();
    const { checks, drill } = asked;
    if (checks.length === 0 && drill === null) this.#desk.section("ready").hide();
    else this.#desk.redraw("ready", asked, () => this.#draw(asked));
  }

  /** @param {Json} asked */
  #draw({ checks, drill }) {
    const { words } = this.#desk;
    const last = checks.at(-1); // an answer to one answers all
    return [
      last && this.#card("ready-yes", last.sentence, words.say("device.ready.yes"), () => this.#say(last)),
      drill !== null && this.#card("ready-drill", drill, words.say("device.ready.show"), this.#see),
    ].filter(Boolean);
  }

  /** @param {string} id @param {string} text @param {string} label @param {() => unknown} act */
  #card(id, text, label, act) {
    return el("article", { class: "card" }, p(text, "lead"), el("div", { class: "acts" }, button({ id }, label, act)));
  }

  /** @param {Json} check */
  #say = (check) =>
    this.#desk.tried(async () => {
      const { api, self, words } = this.#desk;
      await sayReached(check, { api, secret: self.secret, origin: location.origin, draw, clock: Date.now() });
      await this.#done(words.say("device.ready.thanks"));
    });

  #see = () =>
    this.#desk.tried(async () => {
      await drillSeen({ api: this.#desk.api, draw });
      await this.#done(this.#desk.words.say("device.ready.seen"));
    });

  /** @param {string} said */
  async #done(said) {
    this.#looks = 0;
    await this.look();
    this.#desk.tell(said, "good");
  }
}
