/** Talks on the desk: offers, colleagues' talks that can be taken over, one's own, and the one that is open before one. */

import { Talk } from "./desk_talk.js";
import { draw } from "./here.js";
import { acceptOffer, takeOver } from "./offers.js";
import { toBase64url } from "./seal/wire.js";
import { attend } from "./views/dom.js";
import { drawOffers, drawRooms, drawTakeable } from "./views/rooms.js";

const KEY = 16; // random bytes of an Idempotency-Key

/** @typedef {import("./api.js").Json} Json */

/** The talks' part of the desk. */
export class TalksDesk {
  #desk;
  /** @type {Talk | null} */
  #talk = null;
  /** @type {string[]} offers that stand on the page */
  #waiting = [];
  /** @type {Set<string>} of them, those that somebody has looked at */
  #seen = new Set();

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    // A page that stands open on a table wakes nobody: only a hand on it says that somebody looks.
    for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => this.#looked());
  }

  async look() {
    const { api, words } = this.#desk;
    const { offers } = await api.offers();
    this.#waiting = offers.map((/** @type {Json} */ one) => one.offer);
    const answers = { accept: this.#accept, decline: this.#decline };
    if (offers.length === 0) this.#desk.section("offers").hide();
    else this.#desk.redraw("offers", offers, () => drawOffers(words, { offers, ...answers }));
    const { takeovers } = await api.takeovers();
    if (takeovers.length === 0) this.#desk.section("takeable").hide();
    else this.#desk.redraw("takeable", takeovers, () => drawTakeable(words, { takeovers, take: this.#takeOver }));
    const { consultations } = await api.consultations();
    const talks = consultations.filter((/** @type {Json} */ one) => one.state === "open" || one.room !== null);
    const state = { talks, chosen: this.#talk?.room };
    this.#desk.redraw("rooms", state, () => drawRooms(words, { ...state, open: this.#open }));
    const chosen = talks.find((/** @type {Json} */ one) => one.room === this.#talk?.room);
    await this.#talk?.look(chosen?.state === "open", chosen);
  }

  /** Opening an offer says that it was seen: no telephone is called for it any more. */
  async #looked() {
    if (!isOnScreen(document.querySelector('[data-section="offers"]'))) return;
    for (const offer of this.#waiting.filter((one) => !this.#seen.has(one))) {
      this.#seen.add(offer);
      await this.#desk.api.offer(offer).catch(() => this.#seen.delete(offer)); // at the next touch again
    }
  }

  /** @param {Json} offer */
  #accept = (offer) => this.#take((here) => acceptOffer(offer.offer, here));

  /** @param {Json} one */
  #takeOver = (one) => this.#take((here) => takeOver(one.offer, here));

  /** @param {(here: Parameters<typeof acceptOffer>[1]) => Promise<Json>} taking */
  #take = (taking) =>
    this.#desk.tried(async () => {
      const { api, directories, self, words } = this.#desk;
      this.#desk.tell(words.say("device.offers.taking"), "good");
      const { consultation } = await taking({ api, directories, self, draw });
      const { consultations } = await api.consultations();
      this.#desk.tell("");
      await this.#begin(consultations.find((/** @type {Json} */ one) => one.consultation === consultation));
      await this.look();
    });

  /** @param {Json} offer */
  #decline = (offer) =>
    this.#desk.tried(async () => {
      await this.#desk.api.decline(offer.offer, { key: toBase64url(draw(KEY)) });
      await this.look();
      attend("rooms-title");
    });

  /** @param {Json} talk */
  #open = (talk) =>
    this.#desk.tried(async () => {
      await this.#begin(talk);
      await this.look(); // its row says that it is shown
    });

  /** @param {Json} talk */
  async #begin(talk) {
    this.#talk = new Talk(this.#desk, talk, { leave: this.#leave });
    await this.#talk.begin();
  }

  #leave = async () => {
    this.#talk = null;
    this.#desk.section("talk").hide();
    await this.#desk.tried(() => this.look());
    attend("rooms-title");
  };
}

/** Whether any of it can be seen just now. @param {Element | null} element */
function isOnScreen(element) {
  const box = element?.getBoundingClientRect();
  return box !== undefined && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
}
