/** Talks on the desk: offers that wait for an answer, one's own talks, and the one that is open before one. */

import { Talk } from "./desk_talk.js";
import { draw } from "./here.js";
import { acceptOffer } from "./offers.js";
import { toBase64url } from "./seal/wire.js";
import { attend } from "./views/dom.js";
import { drawOffers, drawRooms } from "./views/rooms.js";

const KEY = 16; // random bytes of an Idempotency-Key

/** @typedef {import("./api.js").Json} Json */

/** The talks' part of the desk. */
export class TalksDesk {
  #desk;
  /** @type {Talk | null} */
  #talk = null;

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  async look() {
    const { api, words } = this.#desk;
    const { offers } = await api.offers();
    const answers = { accept: this.#accept, decline: this.#decline };
    if (offers.length === 0) this.#desk.section("offers").hide();
    else this.#desk.redraw("offers", offers, () => drawOffers(words, { offers, ...answers }));
    const { consultations } = await api.consultations();
    const talks = consultations.filter((/** @type {Json} */ one) => one.state === "open" || one.room !== null);
    const state = { talks, chosen: this.#talk?.room };
    this.#desk.redraw("rooms", state, () => drawRooms(words, { ...state, open: this.#open }));
    const chosen = talks.find((/** @type {Json} */ one) => one.room === this.#talk?.room);
    await this.#talk?.look(chosen?.state === "open");
  }

  /** @param {Json} offer */
  #accept = (offer) =>
    this.#desk.tried(async () => {
      const { api, directories, self, words } = this.#desk;
      this.#desk.tell(words.say("device.offers.taking"), "good");
      const { consultation } = await acceptOffer(offer.offer, { api, directories, self, draw });
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
