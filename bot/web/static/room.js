/** One room as this device takes part in it: follows, says, begins epochs, gives history, hands over. */

import { checkAudience } from "./audience.js";
import { disclosureKind } from "./disclosures.js";
import { beginEpoch, headOf } from "./epochs.js";
import { grantsFor, grantTo } from "./grants.js";
import { readEvent, RECEIPT, RoomLog, SAID } from "./room_log.js";
import { Right } from "./seal/enrolment.js";
import { SealError, Tampered } from "./seal/errors.js";
import { hashEvent, sealEvent, toBytes } from "./seal/event.js";
import { MAX_EPOCHS } from "./seal/grant.js";
import { Plain } from "./seal/plain.js";
import { NONCE } from "./seal/symmetric.js";
import { equal, toBase64url, toUtf8 } from "./seal/wire.js";
import { HEADS } from "./store.js";
import { isRefused, Trouble } from "./trouble.js";

const PAGE = 200; // events asked for at once
const ATTEMPTS = 24; // to be the next in a room where others speak
const KEY = 16; // random bytes of an Idempotency-Key
export const MENDED = ["stale_head", "plan_stale", "rekey_needed", "rekey_unneeded", "history_given"]; // by reading on

/** @typedef {import("./seal/event.js").Event} Event */
/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Json} Json */
/** @typedef {import("./directories.js").Directories} Directories */
/** @typedef {import("./epochs.js").Draw} Draw */
/** @typedef {import("./epochs.js").Self} Self */
/** @typedef {import("./store.js").Store} Store */

/** A room. Every act waits for the one before it, so that each starts from where the room stands. */
export class Room {
  #api;
  #directories;
  #store;
  #self;
  #draw;
  /** @type {import("./seal/event.js").Head | undefined} */
  #seen;
  #askedAt = 0;
  #isIdentified = false;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {{room: string, self: Self, api: Api, directories: Directories, store: Store, draw: Draw}} given */
  constructor({ room, self, api, directories, store, draw }) {
    this.id = room;
    this.#api = api;
    this.#directories = directories;
    this.#store = store;
    this.#self = self;
    this.#draw = draw;
    this.log = new RoomLog(room, { directories, secret: self.secret });
    /** What the server said of it last: whose it is, who is in it, what has to be done. @type {Json | null} */
    this.view = null;
  }

  /** Read on. Throws `SealError` or `Trouble` "rolled_back" where something does not hold: what was checked before stands. */
  follow() {
    return this.#turn(() => this.#follow());
  }

  /**
   * Say something to those who were shown when it was written; throws `Trouble` "overheard" when others are there by now.
   * `key`: the same for every attempt at the same words, however often they are sealed anew.
   * @param {string} text @param {string} key @param {import("./audience.js").Audience | null} [shown]
   */
  say(text, key, shown = null) {
    return this.#turn(() => this.#send(SAID, text, key, () => this.#checkAudience(shown)));
  }

  /**
   * Say something that is disclosed, marked by direction and ground, to those who were shown: at once, or not at all.
   * @param {import("./disclosures.js").Disclosure} disclosure @param {string} text
   * @param {import("./audience.js").Audience | null} shown
   */
  disclose(disclosure, text, shown) {
    const check = () => this.#checkAudience(shown);
    return this.#turn(() => this.#send(disclosureKind(disclosure), text, this.#once(), check));
  }

  /** Say how far it was got or read. @param {"got" | "read"} came @param {number} seq */
  confirm(came, seq) {
    return this.#turn(() => this.#send(RECEIPT, `${came} ${seq}`, this.#once()));
  }

  /** Read on and do what has to be done first: begin the epoch that is due, give newcomers their history. */
  settle() {
    return this.#turn(async () => {
      await this.#follow();
      if (this.view?.rekey) await this.#begin();
      await this.#giveHistories();
    });
  }

  /** Who can be given the talk. @returns {Promise<Json[]>} */
  async receivers() {
    return (await this.#api.receivers(this.id)).receivers;
  }

  /** The grants that are due with a handover of this talk among others. `receiver`: as the server names them. @param {Json} receiver */
  grantsFor(receiver) {
    const given = { log: this.log, self: this.#self, directories: this.#directories, receiver };
    return this.#turn(async () => {
      await this.#follow();
      await this.#settled();
      return grantsFor(/** @type {any} */ (given));
    });
  }

  /** Give the talk to somebody else, with the keys of all of it. @param {string} person */
  handOver(person) {
    const key = this.#once();
    const give = async () => {
      const receiver = (await this.receivers()).find((one) => one.person === person);
      if (receiver === undefined) throw new Trouble("not_eligible");
      const given = { log: this.log, self: this.#self, directories: this.#directories, receiver };
      await this.#api.handOver(this.id, { to: person, grants: await grantsFor(given) }, { key });
    };
    return this.#turn(() => this.#again(give));
  }

  /** @param {import("./audience.js").Audience | null} shown */
  async #checkAudience(shown) {
    const present = await this.log.audience();
    if (present !== null) checkAudience(present, shown, this.#self.person);
  }

  /** @template T @param {() => Promise<T>} act @returns {Promise<T>} */
  #turn(act) {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #follow() {
    this.#seen ??= await this.#remembered();
    const view = await this.#api.room(this.id);
    this.#isIdentified ||= view.identified === true; // and stays so, whatever is said later
    await this.#directories.freshen(view.organisations);
    await this.#read();
    await this.#takeKeys();
    await this.log.open();
    await this.#remember();
    this.view = view;
  }

  async #read() {
    for (let more = true; more;) {
      const told = await this.#api.events(this.id, { after: this.log.head.seq, limit: PAGE });
      for (const text of told.events) await this.#take(readEvent(text), null);
      more = told.more && told.events.length > 0;
    }
    if (this.#seen !== undefined && this.log.head.seq < this.#seen.seq) throw new Trouble("rolled_back");
  }

  /** @param {Event} event @param {string | null} text */
  async #take(event, text) {
    if (this.#seen?.seq === event.seq && !equal(this.#seen.hash, hashEvent(event))) throw new Trouble("rolled_back");
    await this.log.take(event, text);
  }

  /** Ask for keys where some are missing; that they are handed out is recorded, so it is done when it can help. */
  async #takeKeys() {
    if (this.log.missing().length === 0 || this.#askedAt === this.log.head.seq) return;
    const told = await this.#api.keys(this.id);
    for (const one of told.keys) if (this.log.key(one.epoch) === undefined) await this.#tryKey(one);
    this.#askedAt = this.log.head.seq;
  }

  /** A key that does not hold is passed over: there may be another one, of somebody else. @param {any} told */
  async #tryKey(told) {
    try {
      await this.log.takeKey(told);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
    }
  }

  /** @param {string} kind @param {string} text @param {string} key @param {() => Promise<void>} [check] */
  async #send(kind, text, key, check = async () => {}) {
    const plain = new Plain(toUtf8(text));
    if (this.log.head.seq === 0) await this.#follow();
    await this.#again(async () => {
      await this.#settled();
      await check();
      const { secret, person: author } = this.#self;
      const { head } = this.log;
      const roomKey = this.log.key(head.epoch);
      if (roomKey === undefined) throw new Trouble("no_key");
      const event = await sealEvent({ roomKey, head, secret, author, kind, plain, nonce: this.#draw(NONCE) });
      const told = await this.#api.putEvent(this.id, toBase64url(toBytes(event)), { key });
      await this.#added(event, told.head, text);
      if (!(await this.log.holds(headOf(this.id, told.head), kind, text))) {
        throw new Tampered("The server has not taken what it says that it took.");
      }
    });
  }

  /**
   * Return when nobody hears it who must not: a revoked device (FORMAT.md 55), a bridge once somebody was named. What a
   * new epoch puts right is put right; else throws `Tampered`, also when the server sees no need.
   */
  async #settled() {
    await this.#directories.freshen();
    if (await this.#isSafe()) return;
    await this.#follow();
    await this.#begin();
    if (!(await this.#isSafe())) throw new Tampered("Somebody would hear it who must not.");
  }

  async #isSafe() {
    const present = await this.log.present();
    const hasBridge = present.some((member) => member.rights & Right.BRIDGE);
    const isIn = present.some((member) => member.public.id === this.#self.secret.public.id);
    return isIn && present.every((member) => member.active) && !(this.#isIdentified && hasBridge);
  }

  /**
   * What was added is taken as it stands here; what was added before, under the same key, is read.
   * @param {Event} event @param {Json} told @param {string | null} text
   */
  async #added(event, told, text) {
    const after = headOf(this.id, told);
    if (after.seq !== event.seq || !equal(after.hash, hashEvent(event))) return this.#follow();
    await this.#take(event, text);
    return this.#remember();
  }

  /** Begin the epoch that is due. It is that of the moment: a plan that has changed is made anew. */
  #begin() {
    return this.#again(async () => {
      const plan = this.view?.plan;
      if (!plan) return;
      const hasBridge = plan.recipients.some((/** @type {Json} */ planned) => planned.bridge === true);
      if (this.#isIdentified && hasBridge) throw new Tampered("A bridge would hear who is named.");
      const [self, directories, draw] = [this.#self, this.#directories, this.#draw];
      const { event, roomKey, body } = await beginEpoch({ plan, head: this.log.head, self, directories, draw });
      const told = await this.#api.beginEpoch(this.id, body, { key: this.#once() });
      await this.#added(event, told.head, null);
      if (this.log.began(roomKey.epoch) === event) this.log.hold(roomKey);
      await this.#follow();
    });
  }

  /** Give every device that is in the room now the keys of before that it lacks and this one has. */
  #giveHistories() {
    return this.#again(async () => {
      for (const { device, epochs } of this.view?.history ?? []) await this.#giveHistory(device, epochs);
    });
  }

  /** @param {string} device @param {readonly number[]} epochs */
  async #giveHistory(device, epochs) {
    const { log } = this;
    const given = epochs.filter((epoch) => log.key(epoch) !== undefined).slice(-MAX_EPOCHS);
    const isPresent = log.manifest(log.head.epoch)?.recipients.has(device);
    if (given.length === 0 || !isPresent || device === this.#self.secret.public.id) return;
    const member = await this.#directories.member(device);
    if (!member.active || !(member.rights & Right.MEMBER)) throw new Tampered("Nothing is sealed to that device.");
    const to = member.public;
    const { event, body } = await grantTo({ log, head: log.head, self: this.#self, to, epochs: given });
    const told = await this.#api.grant(this.id, body, { key: this.#once() });
    await this.#added(event, told.head, null);
  }

  /** Try until it is done: whenever the room has moved on, read on and try anew. @param {() => Promise<void>} act */
  async #again(act) {
    for (let left = ATTEMPTS; ; left -= 1) {
      try {
        return await act();
      } catch (error) {
        if (!isRefused(error, ...MENDED)) throw error;
        if (left === 0) throw new Trouble("crowded", { cause: error });
        await this.#follow();
        if (isRefused(error, "rekey_needed")) await this.#begin();
      }
    }
  }

  async #remembered() {
    const kept = await this.#store.get(HEADS, this.id);
    return kept?.head;
  }

  /** A server that later shows less, or something else, is found out. */
  async #remember() {
    if (this.#seen !== undefined && this.#seen.seq >= this.log.head.seq) return;
    this.#seen = this.log.head;
    await this.#store.put(HEADS, { id: this.id, head: this.log.head });
  }

  #once() {
    return toBase64url(this.#draw(KEY));
  }
}
