/** Openings on the desk: asking, passing one's shares on, and reading within the time that was asked for. */

import { draw, now } from "./here.js";
import { Openings, pages } from "./opening.js";
import { attend, el, fill } from "./views/dom.js";
import { drawAsking, drawOpenings, drawTranscript } from "./views/openings.js";

const TICK = 1_000; // ms: a second

/** @typedef {import("./api.js").Json} Json */

/** The openings' part of the desk. */
export class OpeningsDesk {
  #desk;
  #openings;
  /** What is being read; it is left alone. @type {string | null} */
  #reading = null;
  #list = el("div", { class: "slot" });
  #asking = el("div", { class: "slot" });

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    const { api, directories, kept, self } = desk;
    const who = { organisation: kept.organisation, ...self };
    this.#openings = new Openings({ api, directories, who, draw, now });
    this.#offerToAsk();
  }

  async look() {
    if (this.#reading !== null) return;
    const { openings } = await this.#desk.api.openings();
    const going = openings.filter((/** @type {Json} */ one) => one.ended_at === null);
    const ready = [];
    for (const one of going) if (one.mine && (await this.#openings.isReady(one.opening))) ready.push(one.opening);
    this.#desk.redraw("openings", "list", () => [this.#list, this.#asking]);
    const acts = { help: this.#help, read: this.#read, end: this.#end };
    const shown = JSON.stringify([going, ready]);
    if (this.#list.dataset.shown === shown) return;
    this.#list.dataset.shown = shown;
    fill(this.#list, ...drawOpenings(this.#desk.words, { going, ready, ...acts }));
  }

  #offerToAsk() {
    const held = this.#asking.contains(document.activeElement);
    fill(this.#asking, ...drawAsking(this.#desk.words, { begin: this.#begin }));
    if (held) attend("ask");
  }

  /** What can be asked for is fetched when somebody wants to ask. */
  #begin = () =>
    this.#desk.tried(async () => {
      const found = await pages((query) => this.#desk.api.seats(query));
      const all = found.flatMap((page) => page.epochs.map((/** @type {Json} */ one) => one.room));
      const rooms = [...new Set(all)].sort().reverse(); // ids begin with the time
      const { purposes } = await this.#desk.api.purposes();
      const offered = purposes.filter((/** @type {Json} */ one) => one.gives !== "every_key");
      const cancel = () => this.#offerToAsk();
      fill(this.#asking, ...drawAsking(this.#desk.words, { rooms, purposes: offered, ask: this.#ask, cancel }));
      attend("ask-room");
    });

  /** @param {{room: string, purpose: string, ground: string, minutes: number}} asked */
  #ask = (asked) =>
    this.#desk.tried(async () => {
      await this.#openings.ask(asked);
      this.#offerToAsk();
      await this.look();
    });

  /** @param {Json} one */
  #help = (one) =>
    this.#desk.tried(async () => {
      await this.#openings.help(one.opening);
      await this.look();
    });

  /** @param {Json} one */
  #end = (one) =>
    this.#desk.tried(async () => {
      await this.#openings.end(one.opening);
      await this.look();
    });

  /** @param {Json} one */
  #read = (one) =>
    this.#desk.tried(async () => {
      const opened = await this.#openings.read(one.opening, { gives: one.gives });
      this.#reading = one.opening;
      const close = () => this.#close(one);
      const view = drawTranscript(this.#desk.words, { one, ...opened, close });
      this.#desk.section("openings").show([view.element]);
      attend("openings-title");
      this.#tick(one, view.left);
    });

  /** @param {Json} one @param {(seconds: number) => void} tell */
  #tick(one, tell) {
    if (this.#reading !== one.opening) return;
    const left = Math.ceil((Date.parse(one.until) - Date.now()) / TICK);
    if (left <= 0) void this.#close(one);
    else tell(left);
    setTimeout(() => this.#tick(one, tell), TICK);
  }

  /** The time is over, or it was enough: what was read leaves the screen, whatever the server says. @param {Json} one */
  #close(one) {
    this.#reading = null;
    this.#desk.section("openings").hide();
    return this.#desk.tried(async () => {
      await this.#openings.end(one.opening);
      await this.look();
      this.#desk.tell(this.#desk.words.say("device.openings.closed"), "good");
      attend("openings-title");
    });
  }
}
