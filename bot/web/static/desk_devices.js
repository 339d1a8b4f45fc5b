/** Devices on the desk: this one, one's others, and those that wait for somebody's word. */

import { giveWord, ownWaiting, waitingIn } from "./approve.js";
import { myDevices } from "./devices.js";
import { now } from "./here.js";
import { forget, PRF } from "./keys.js";
import { writeLink } from "./link.js";
import { Right } from "./seal/enrolment.js";
import { Problem } from "./trouble.js";
import { drawHere, drawMine, drawWaiting } from "./views/devices.js";
import { attend } from "./views/dom.js";

const STATES = ["active", "pending", "revoked"]; // in the order in which they are shown
const APPROVERS = Right.APPROVE | Right.VOUCH;

/** @typedef {import("./approve.js").Waiting} Waiting */
/** @typedef {import("./devices.js").DeviceRow} DeviceRow */

/** The devices' part of the desk. */
export class DevicesDesk {
  #desk;
  /** @type {DeviceRow[]} */
  #devices = [];
  /** @type {Waiting[]} */
  #waiting = [];
  /** @type {string | null} */
  #asked = null;
  /** @type {string | null} */
  #link = null;
  #given = new Set();

  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.#desk = desk;
  }

  async look() {
    const { api, kept, store } = this.#desk;
    const devices = await myDevices(api);
    if (devices === null) throw new Problem({ status: 401, code: "401" });
    if (devices.some((one) => !this.#devices.some((known) => known.id === one.id))) this.#link = null; // it was used
    this.#devices = inOrder(devices, kept.id);
    if (devices.find((one) => one.id === kept.id)?.state === "revoked") return location.reload();
    const isPersisted = await store.persist();
    const lock = kept.tier === PRF ? () => this.#lock() : null;
    const name = devices.find((one) => one.id === kept.id)?.name ?? kept.person;
    this.#desk.redraw("here", [isPersisted, name], () => {
      return drawHere(this.#desk.words, { ...kept, name, isPersisted, lock });
    });
    this.#drawMine();
    if (kept.rights & (APPROVERS | Right.MEMBER)) await this.#lookForWaiting();
  }

  #drawMine() {
    const { words, kept } = this.#desk;
    const state = { devices: this.#devices, here: kept.id, asked: this.#asked, link: this.#link };
    const acts = { ask: this.#ask, revoke: this.#revoke, invite: this.#invite };
    this.#desk.redraw("mine", state, () => drawMine(words, { ...state, ...acts }));
  }

  /** Revoking is asked for twice. @param {string | null} id */
  #ask = (id) => {
    const before = this.#asked;
    this.#asked = id;
    this.#drawMine();
    attend(id === null ? `revoke-${before}` : "revoke-no");
  };

  /** @param {string} id */
  #revoke = (id) =>
    this.#desk.tried(async () => {
      const { api, kept, store } = this.#desk;
      await api.revoke(id);
      this.#asked = null;
      if (id !== kept.id) {
        await this.look();
        return attend("mine-title");
      }
      await forget(store, id);
      return location.reload();
    });

  /** Invite a further device of one's own. It is told what this one has pinned, not what the server says. */
  #invite = () =>
    this.#desk.tried(async () => {
      const { api, directories, kept } = this.#desk;
      const { secret } = await api.invite(kept.organisation, { person: kept.person, rights: Right.MEMBER });
      this.#link = writeLink(location.origin, secret, await directories.home());
      this.#drawMine();
      attend("copy");
    });

  /** Whoever approves sees all that wait; everybody else their own. */
  async #lookForWaiting() {
    const { api, directories, kept } = this.#desk;
    const { organisation, id, rights } = kept;
    const here = { api, directories, organisation };
    const found = rights & APPROVERS ? await waitingIn(organisation, here) : await ownWaiting(this.#devices, here);
    this.#waiting = found.filter((one) => one.bundle.public.id !== id);
    this.#drawWaiting();
  }

  #drawWaiting() {
    const { words, kept } = this.#desk;
    const [waiting, given] = [this.#waiting, this.#given];
    if (waiting.length === 0 && !(kept.rights & APPROVERS)) return this.#desk.section("approve").hide();
    const shown = [waiting.map((one) => [one.bundle.public.id, one.words]), [...given]];
    const state = { waiting, given, me: kept.person, approve: this.#approve };
    return this.#desk.redraw("approve", shown, () => drawWaiting(words, state));
  }

  /** @param {Waiting} one */
  #approve = (one) =>
    this.#desk.tried(async () => {
      const { api, directories, self } = this.#desk;
      await giveWord(one, { api, directories, self, now: now() });
      this.#given.add(one.bundle.public.id);
      this.#drawWaiting();
      attend("approve-title");
    });

  /** End the session; the keys leave the memory with the page. */
  async #lock() {
    await this.#desk.api.signOut();
    location.reload();
  }
}

/** This one first, then those that work, wait, and are out. @param {readonly DeviceRow[]} devices @param {string} here */
function inOrder(devices, here) {
  const place = (/** @type {DeviceRow} */ one) => (one.id === here ? -1 : STATES.indexOf(one.state));
  return [...devices].sort((one, other) => place(one) - place(other));
}
