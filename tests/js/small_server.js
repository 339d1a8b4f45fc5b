/** A server of one room, honest unless a test makes it otherwise; it believes whatever devices send. */

import { ORGANISATION } from "./town.js";
import { readEvent } from "../../bot/web/static/room_log.js";
import { readEpoch } from "../../bot/web/static/seal/epoch.js";
import { EPOCH_KIND, genesis, hashEvent } from "../../bot/web/static/seal/event.js";
import { readGrant } from "../../bot/web/static/seal/grant.js";
import { toBase64url } from "../../bot/web/static/seal/wire.js";
import { Problem, Trouble } from "../../bot/web/static/trouble.js";

export const ROOM = "room-1";

const CHIEFS = ["chief1", "chief2", "chief3"];

/** One room. `inside`: names of the devices that must hold its key; `events`, `keys`: as they came. */
export class SmallServer {
  events = [];
  keys = [];
  escrows = new Map();
  sendings = new Map();
  identified = false;
  waiting = []; // names of devices outside that are said to wait for history
  isBlind = false; // sees no need of a new epoch
  spoil = (plan) => plan;
  isDeaf = 0; // takes so many writes without a word in answer

  constructor(town, inside) {
    this.town = town;
    this.inside = inside;
  }

  get head() {
    const last = this.events.at(-1);
    if (last === undefined) return told(genesis(ROOM));
    const event = readEvent(last);
    return told({ ...event, hash: hashEvent(event) });
  }

  get present() {
    const began = this.events.map(readEvent).findLast((event) => event.kind === EPOCH_KIND);
    return began === undefined ? [] : [...readEpoch(began).recipients.keys()];
  }

  get plan() {
    const recipients = this.inside.map((name) => {
      const { id, person } = this.town.devices[name];
      const isBridge = name === "bridge";
      return { device: id, organisation: ORGANISATION, person: isBridge ? null : person, bridge: isBridge };
    });
    const seats = CHIEFS.map((name) => ({ person: `p-${name}`, devices: [this.town.devices[name].id] }));
    const escrows = [{ organisation: ORGANISATION, t: 2, seats }];
    return this.spoil({ room: ROOM, head: this.head, recipients, escrows });
  }

  get needsKey() {
    const wanted = this.inside.map((name) => this.town.devices[name].id).sort();
    return !this.isBlind && wanted.join() !== this.present.sort().join();
  }

  /** The server as one device's session has it. */
  as(name) {
    const { id } = this.town.devices[name];
    return {
      directory: async (_, since) => this.town.answer(since),
      room: async () => this.#view(),
      events: async (_, { after, limit }) => {
        const events = this.events.slice(after, after + limit);
        return { events, more: after + events.length < this.events.length };
      },
      keys: async () => ({ keys: this.keys.filter((one) => one.device === id) }),
      putEvent: async (_, event, { key }) => this.#once(key, () => this.#put(event, this.needsKey)),
      beginEpoch: async (_, body, { key }) => this.#once(key, () => this.#begin(body)),
      grant: async (_, body, { key }) => this.#once(key, () => this.#give(body)),
      receivers: async () => ({ receivers: [this.receiver] }),
      handOver: async (_, { to, grants }, { key }) => this.#once(key, () => this.#handOver(to, grants)),
      offer: async () => ({ plan: this.plan }),
      accept: async (_, body, { key }) => this.#once(key, () => ({ ...this.#begin(body), room: ROOM })),
    };
  }

  #view() {
    const { identified, needsKey: rekey } = this;
    const epochs = Array.from({ length: this.head.epoch }, (_, at) => at + 1);
    const history = [...this.inside, ...this.waiting].map((name) => {
      const device = this.town.devices[name].id;
      const has = this.keys.filter((one) => one.device === device).map((one) => one.epoch);
      return { device, epochs: epochs.filter((epoch) => !has.includes(epoch)) };
    });
    const plan = rekey ? this.plan : null;
    return {
      identified,
      rekey,
      plan,
      organisations: [ORGANISATION],
      history: history.filter((one) => one.epochs.length),
    };
  }

  #put(text, needsKey) {
    const event = readEvent(text);
    if (event.seq <= this.head.seq) throw refusal("stale_head");
    if (needsKey) throw refusal("rekey_needed");
    this.events.push(text);
    return { head: this.head };
  }

  #begin({ event, keys, escrows }) {
    const put = this.#put(event, false);
    const { epoch, seq } = readEvent(event);
    for (const { device, key } of keys) this.keys.push({ device, epoch, seq, key });
    this.escrows.set(epoch, { began: event, escrow: escrows[0].escrow });
    return put;
  }

  #give({ event, keys }) {
    const put = this.#put(event, false);
    const device = toBase64url(readGrant(readEvent(event)).deviceId);
    for (const { epoch, key } of keys) this.keys.push({ device, epoch, seq: readEvent(event).seq, key });
    return put;
  }

  #handOver(to, grants) {
    for (const grant of grants) this.#give(grant);
    this.handed = to;
    return { head: this.head };
  }

  #once(key, act) {
    if (!this.sendings.has(key)) this.sendings.set(key, act());
    if (this.isDeaf > 0) {
      this.isDeaf -= 1;
      throw new Trouble("unheard");
    }
    return this.sendings.get(key);
  }
}

/** @param {string} code */
export function refusal(code) {
  return new Problem({ status: 409, code });
}

function told({ epoch, seq, hash }) {
  return { epoch, seq, hash: toBase64url(hash) };
}
