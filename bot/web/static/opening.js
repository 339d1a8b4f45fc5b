/** Openings on a supervisor's device: asked for, helped, and read, each with no more belief in the server than is signed. */

import { openEpoch, passOn } from "./opening_keys.js";
import { Tampered, WrongShare } from "./seal/errors.js";
import { hashEvent } from "./seal/event.js";
import { ask, checkSigner, requestFromBytes } from "./seal/opening.js";
import { passedFromBytes, passedToBytes } from "./seal/passing.js";
import { redealFromBytes } from "./seal/redeal.js";
import { fromBytes as escrowFromBytes } from "./seal/threshold.js";
import { equal, fromBase64url, toBase64url } from "./seal/wire.js";
import { disclosedIn } from "./disclosures.js";
import { isSaid, readEvent, RoomLog } from "./room_log.js";

const MAX_SHARES = 128; // sent at once
const ID = 16; // random bytes of an opening's id
const SECONDS = 60; // of a minute
const TRANSCRIPT = "transcript"; // what an opening gives that is read

/** @typedef {import("./seal/event.js").Event} Event */
/** @typedef {import("./seal/room.js").RoomKey} RoomKey */
/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Json} Json */
/** @typedef {import("./directories.js").Directories} Directories */
/** @typedef {import("./opening_keys.js").Holder} Holder */
/** @typedef {import("./opening_keys.js").Kept} Kept */
/** @typedef {(size: number) => Uint8Array<ArrayBuffer>} Draw unpredictable bytes */
/**
 * What somebody said. `text`: null where the organisation keeps no key of that epoch, or (`isLost`) it does not open it.
 * @typedef {{seq: number, author: string, text: string | null, isLost: boolean, isBridged: boolean,
 *   disclosure: import("./disclosures.js").Disclosure | null}} Said
 */
/**
 * What an opening gave. `officer`: the author who asked; the others worked. `epochs`: how many keys were put together.
 * @typedef {Readonly<{said: readonly Said[], officer: string | null, epochs: number}>} Opened
 */

/** The openings of one organisation, at one of its supervisors' devices. */
export class Openings {
  #api;
  #directories;
  #who;
  #draw;
  #now;

  /** @param {{api: Api, directories: Directories, who: Holder, draw: Draw, now: () => number}} given */
  constructor({ api, directories, who, draw, now }) {
    this.#api = api;
    this.#directories = directories;
    this.#who = who;
    this.#draw = draw;
    this.#now = now;
  }

  /**
   * Ask to open a room; gives the opening's id. @param {{room: string, purpose: string, ground: string, minutes: number}} asked
   */
  async ask({ room, purpose, ground, minutes }) {
    const { organisation, person, secret } = this.#who;
    const [opening, at] = [toBase64url(this.#draw(ID)), this.#now()];
    const until = at + minutes * SECONDS;
    const request = await ask({ secret, opening, organisation, room, purpose, ground, person, at, until });
    await this.#api.askToOpen(toBase64url(request.content));
    return opening;
  }

  /**
   * Pass on the shares that this device has and that were not passed on; gives how many. Throws `Tampered` when the
   * request or an escrow does not hold: then none has left the device. @param {string} id
   */
  async help(id) {
    const { request, epochs } = await this.#whole(id);
    const { members } = await this.#directories.of(this.#who.organisation, 0);
    const shares = [];
    for (const told of epochs) {
      const passed = isDone(told, this.#who.person)
        ? undefined
        : await passOn(request, readKept(told), this.#who, { members, now: this.#now() });
      if (passed === undefined) continue;
      shares.push({ room: told.room, epoch: told.epoch, passed: toBase64url(passedToBytes(passed)) });
    }
    for (let at = 0; at < shares.length; at += MAX_SHARES) {
      await this.#api.passShares(id, shares.slice(at, at + MAX_SHARES));
    }
    return shares.length;
  }

  /** Whether enough people have passed their shares on, as the server counts. @param {string} id */
  async isReady(id) {
    const { epochs } = await this.#whole(id);
    return epochs.length > 0 && epochs.every((told) => told.ready === true);
  }

  /**
   * Put the shares together and read what was said; the server records it, and those whose talk it is are told. Throws
   * `WrongShare` naming whose share does not hold, when the server has been told; `Tampered` for whatever does not hold.
   * @param {string} id @param {{gives: string}} opening @returns {Promise<Opened>}
   */
  async read(id, { gives }) {
    const { request } = await this.#whole(id);
    await checkSigner(request, this.#who.secret.public);
    const { material, seq, officer, organisations } = await this.#material(id);
    await this.#directories.freshen(organisations);
    const { members } = await this.#directories.of(this.#who.organisation, 0);
    const opened = [];
    for (const told of material) {
      const kept = readKept(told);
      opened.push({ began: kept.began, roomKey: await this.#opened(request, kept, members) });
    }
    const said = gives === TRANSCRIPT ? await this.#transcript(id, { room: request.room, seq, opened }) : [];
    return Object.freeze({ said, officer, epochs: opened.length });
  }

  /** End one's own opening. @param {string} id */
  end(id) {
    return this.#api.endOpening(id);
  }

  /** @param {import("./seal/opening.js").Request} request @param {Kept} kept @param {import("./opening_keys.js").Members} members */
  async #opened(request, kept, members) {
    try {
      return await openEpoch(request, kept, this.#who, members);
    } catch (error) {
      if (!(error instanceof WrongShare)) throw error;
      const { room, epoch } = kept.escrow;
      for (const seat of error.people) await this.#api.callWrong(request.opening, { room, epoch, seat });
      throw error;
    }
  }

  /**
   * The room from its beginning to the event that stood last when it was asked for: all of it, or nothing.
   * @param {string} id @param {{room: string, seq: number, opened: readonly {began: Event, roomKey: RoomKey}[]}} of
   * @returns {Promise<Said[]>}
   */
  async #transcript(id, { room, seq, opened }) {
    const log = new RoomLog(room, { directories: this.#directories, secret: this.#who.secret });
    while (log.head.seq < seq) {
      const { events } = await this.#api.openedEvents(id, { after: log.head.seq });
      if (events.length === 0) throw new Tampered("Events are missing at the end.");
      for (const text of events) await log.take(readEvent(text));
    }
    for (const { began, roomKey } of opened) {
      const known = log.began(began.epoch);
      if (known === undefined || !equal(hashEvent(known), hashEvent(began))) {
        throw new Tampered("A key is of an epoch that the room did not have.");
      }
      log.hold(roomKey);
    }
    await log.open();
    const said = log.lines.filter(({ event }) => isSaid(event.kind));
    return said.map(({ event: { seq: number, author, kind }, text, isLost, isBridged }) => ({
      seq: number,
      author,
      disclosure: disclosedIn(kind),
      text,
      isLost,
      isBridged,
    }));
  }

  /** What was asked for, and every epoch of it. @param {string} id */
  async #whole(id) {
    const found = await pages((query) => this.#api.opening(id, query));
    const request = requestFromBytes(fromBase64url(found[0].request));
    if (request.opening !== id || request.organisation !== this.#who.organisation) {
      throw new Tampered("The request is of another opening.");
    }
    return { request, epochs: found.flatMap((page) => page.epochs) };
  }

  /** @param {string} id */
  async #material(id) {
    const found = await pages((query) => this.#api.material(id, query));
    const [{ seq, officer, organisations }] = found;
    return { material: found.flatMap((page) => page.epochs), seq, officer, organisations };
  }
}

/** @param {Json} told @returns {Kept} */
function readKept({ began, escrow, redeals, hand_ons: handOns, shares = [] }) {
  const bytes = (/** @type {string} */ text) => fromBase64url(text);
  const passed = (/** @type {string} */ text) => passedFromBytes(bytes(text));
  return {
    began: readEvent(began),
    escrow: escrowFromBytes(bytes(escrow)),
    redeals: redeals.map((/** @type {string} */ text) => redealFromBytes(bytes(text))),
    handOns: handOns.map(passed),
    passed: shares.map(passed),
  };
}

/** Whether this person's share of that epoch stands there already. @param {Json} told @param {string} person */
function isDone({ passed }, person) {
  return passed.some((/** @type {Json} */ one) => one.person === person && one.wrong !== true);
}

/** Every page of an answer. @param {(query: Json) => Promise<Json>} ask */
export async function pages(ask) {
  const found = [await ask({})];
  for (let next = found[0].next; next !== null && next !== undefined; next = found[found.length - 1].next) {
    found.push(await ask({ after: next }));
  }
  return found;
}
