/** The end of a shift on the desk: everything that one holds goes to a colleague in one act, and what came is taken up. */

import { draw } from "./here.js";
import { MENDED, Room } from "./room.js";
import { toBase64url } from "./seal/wire.js";
import { isRefused, Trouble } from "./trouble.js";
import { attend } from "./views/dom.js";
import { drawLeaving, drawReceipts, drawReceived } from "./views/handover.js";

const ATTEMPTS = 24; // where officers go on writing
const BEATS = 5; // looks of the desk between two of this part, while nothing is open
const KEY = 16; // random bytes of an Idempotency-Key
const DAY = 24 * 60 * 60 * 1000; // ms
const NEAR = 30 * 60 * 1000; // ms before the end of a shift, from which handing over is what comes next
const RECEIPTS = 20; // shown, the newest

/** @typedef {import("./api.js").Json} Json */

/** The shift's part of the desk. */
export class ShiftDesk {
  #desk;
  #beats = 0;
  #isOpen = false;
  /** What somebody has chosen so far. @type {{to: string, promises: Record<string, {kind: string, time: string}>}} */
  #draft = { to: "", promises: {} };
  /** What stands on the page, and is what goes. @type {Json | null} */
  #leaving = null;

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  async look(isWanted = false) {
    if (!isWanted && !this.#isOpen && this.#beats++ % BEATS !== 0) return;
    const { api } = this.#desk;
    const leaving = await api.leaving();
    const { handovers } = await api.handovers();
    this.#show(leaving, handovers.slice(0, RECEIPTS));
  }

  /** @param {Json} leaving @param {Json[]} handovers */
  #show(leaving, handovers) {
    const { words } = this.#desk;
    if (leaving.talks.length === 0) this.#isOpen = false;
    const received = handovers.filter((one) => one.role === "receiver" && one.talks.some(isWaiting));
    this.#leaving = leaving;
    if (leaving.talks.length === 0 && handovers.length === 0) return this.#desk.section("shift").hide();
    const isNear = leaving.until === null || Date.parse(leaving.until) - Date.now() < NEAR;
    const state = { leaving, draft: this.#draft, isOpen: this.#isOpen, isNear };
    const acts = { open: this.#open, back: this.#back, change: this.#change, give: this.#give };
    this.#desk.redraw("shift", { leaving, handovers, isOpen: this.#isOpen, isNear }, () => [
      ...received.map((one) => drawReceived(words, one, () => this.#take(one))),
      leaving.talks.length > 0 && drawLeaving(words, state, acts),
      handovers.length > 0 && drawReceipts(words, handovers),
    ]);
  }

  #open = async () => {
    this.#isOpen = true;
    await this.#desk.tried(() => this.look(true));
    attend("shift-title");
  };

  #back = async () => {
    this.#isOpen = false;
    this.#draft = { to: "", promises: {} };
    await this.#desk.tried(() => this.look(true));
    attend("shift-title");
  };

  /** @param {Partial<{to: string, promises: Record<string, {kind: string, time: string}>}>} chosen */
  #change = (chosen) => {
    Object.assign(this.#draft, chosen);
  };

  /** All of it, as it stands on the page. */
  #give = () =>
    this.#desk.tried(async () => {
      const shown = this.#leaving?.talks ?? [];
      const rooms = new Map(shown.map((/** @type {Json} */ { room }) => [room, this.#room(room)]));
      for (const [id, room] of rooms) await this.#flush(id, room);
      await this.#handOver(rooms);
      this.#isOpen = false;
      this.#draft = { to: "", promises: {} };
      await this.look(true);
      this.#desk.look(); // the talks are gone from the list, too
      this.#desk.tell(this.#desk.words.say("device.shift.given", { count: shown.length }), "good");
      attend("shift-title");
    });

  /** @param {Map<string, Room>} rooms */
  async #handOver(rooms) {
    const key = toBase64url(draw(KEY));
    for (let left = ATTEMPTS; ; left -= 1) {
      try {
        return await this.#desk.api.handOverShift(await this.#made(rooms), { key });
      } catch (error) {
        if (left === 0 || !isRefused(error, ...MENDED)) throw error;
      }
    }
  }

  /** What is sent: each talk with the grants that are due just now. @param {Map<string, Room>} rooms @returns {Promise<Json>} */
  async #made(rooms) {
    const { to, promises } = this.#draft;
    const { colleagues } = await this.#desk.api.leaving();
    const receiver = colleagues.find((/** @type {Json} */ one) => one.person === to);
    if (receiver === undefined) throw new Trouble("not_eligible");
    const made = [];
    for (const [id, room] of rooms) {
      const due = receiver.rooms.find((/** @type {Json} */ one) => one.room === id)?.grants ?? [];
      const grants = due.length > 0 ? await room.grantsFor({ person: to, grants: due }) : [];
      made.push({ room: id, grants, ...promisedIn(promises[id]) });
    }
    return { to, rooms: made };
  }

  /** What was written and not sent would be lost with the room. @param {string} id @param {Room} room */
  async #flush(id, room) {
    const { queue } = this.#desk;
    const say = (/** @type {string} */ text, /** @type {string} */ key, /** @type {any} */ shown) =>
      room.say(text, key, shown);
    if ((await queue.waiting(id)).length > 0 && !(await queue.flush(id, say))) throw new Trouble("unsent");
  }

  /** Say in each talk that one has it now. @param {Json} receipt */
  #take(receipt) {
    return this.#desk.tried(async () => {
      const text = this.#desk.words.say("device.shift.taken_words");
      for (const { room } of receipt.talks.filter(isWaiting)) {
        const taken = this.#room(room);
        await taken.settle();
        await taken.say(text, toBase64url(draw(KEY)), await taken.log.audience());
      }
      await this.look(true);
      this.#desk.tell(this.#desk.words.say("device.shift.taken"), "good");
      attend("rooms-title");
    });
  }

  /** @param {string} room */
  #room(room) {
    const { api, directories, store, self } = this.#desk;
    return new Room({ room, self, api, directories, store, draw });
  }
}

/** @param {Json} talk */
function isWaiting({ waits }) {
  return waits === true;
}

/** What was chosen of promises in one talk; nothing where it stays as it was. @param {{kind: string, time: string} | undefined} chosen */
function promisedIn(chosen) {
  if (chosen === undefined || chosen.kind === "keep") return {};
  if (chosen.kind === "nothing") return { promises: [{ kind: "nothing" }] };
  return { promises: [{ kind: chosen.kind, due: nextClock(chosen.time, new Date()).toISOString() }] };
}

/** When the clock next shows that. @param {string} time "21:45" @param {Date} now */
export function nextClock(time, now) {
  const [hours, minutes] = time.split(":").map(Number);
  const today = new Date(now);
  today.setHours(hours ?? 0, minutes ?? 0, 0, 0);
  return today > now ? today : new Date(today.getTime() + DAY);
}
