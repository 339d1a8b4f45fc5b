/** Whom to believe: the directories of every organisation that this device has to do with, fetched, checked, and searched. */

import { Tampered } from "./seal/errors.js";
import { introduced, verifyDirectoryAnswer } from "./seal/trust.js";
import { fromBase64url } from "./seal/wire.js";
import { OtherLedger, showsOther } from "./other_ledger.js";
import { alone, keepPins, readPins } from "./pins.js";
import { Problem } from "./trouble.js";

export const FRESH = 300; // seconds for which a directory is not asked for again

const MOST = 256; // organisations, as many as a directory may introduce
const AT_ONCE = 0; // for a device that no directory lists: it may have been approved this second

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Json} Json */
/** @typedef {import("./seal/directory.js").Member} Member */
/** @typedef {import("./seal/directory.js").Verified} Verified */
/** @typedef {import("./seal/trust.js").Pins} Pins */
/** @typedef {import("./store.js").Store} Store */

/** The directories as one organisation's device sees them: its own by what it pinned, others as introduced by that. */
export class Directories {
  #api;
  #store;
  #home;
  #now;
  /** @type {Map<string, {verified: Verified, at: number}>} */
  #found = new Map();

  /** @param {{api: Api, store: Store, home: string, now: () => number}} given `now`: seconds since 1970 */
  constructor({ api, store, home, now }) {
    this.#api = api;
    this.#store = store;
    this.#home = home;
    this.#now = now;
  }

  /**
   * What is checked of an organisation, less than `age` seconds ago; 0: asked for now. Throws `Tampered` where nobody has
   * introduced it or its directory does not hold.
   * @param {string} organisation @param {number} [age]
   */
  async of(organisation, age = FRESH) {
    const known = this.#found.get(organisation);
    if (known !== undefined && this.#now() - known.at < age) return known.verified;
    const verified = await alone(() => this.#fetch(organisation));
    this.#found.set(organisation, { verified, at: this.#now() });
    return verified;
  }

  /** The pins of the device's own organisation. Throws `Tampered` without. */
  async home() {
    const pins = await readPins(this.#store, this.#home);
    if (pins === undefined) throw new Tampered("Nothing is pinned of this device's organisation.");
    return pins;
  }

  /** Every directory that was read, newest known. @returns {readonly Verified[]} */
  get known() {
    return Array.from(this.#found.values(), ({ verified }) => verified);
  }

  /**
   * Read those of these organisations, and again whatever has grown old; what is refused by now is no longer believed. `names`: whose devices there are to do with, as
   * the server says: one too few only takes longer. @param {readonly string[]} [names]
   */
  async freshen(names = []) {
    for (const name of new Set([...this.#found.keys(), ...names.slice(0, MOST)])) {
      await this.of(name).catch((error) => this.#passOver(name, error));
    }
  }

  /**
   * Read these anew: what is sealed now goes to those who are there now. A device that was approved a moment ago is no
   * fault of the server's, and one that was revoked hears nothing. @param {readonly string[]} names
   */
  async renew(names) {
    for (const name of new Set(names)) await this.of(name, AT_ONCE);
  }

  /**
   * A device of whichever organisation. Throws `Tampered` for one that no verified directory lists.
   * @param {string} id as JSON has it @returns {Promise<Member>}
   */
  async member(id) {
    const found = this.#seek(id) ?? (await this.#search(id));
    if (found === undefined) throw new Tampered("Nobody vouches for that device.");
    return found;
  }

  /** @param {string} id */
  #seek(id) {
    for (const { verified } of this.#found.values()) {
      const member = verified.members.get(id);
      if (member !== undefined) return member;
    }
    return undefined;
  }

  /** Ask again where a directory may have grown, then everybody who was introduced. @param {string} id */
  async #search(id) {
    const home = await this.of(this.#home, AT_ONCE);
    const near = [...this.#found.keys()].filter((name) => name !== this.#home);
    for (const organisation of new Set([...near, ...home.roots.keys()])) {
      if (this.#seek(id) !== undefined) break;
      await this.of(organisation, AT_ONCE).catch((error) => this.#passOver(organisation, error));
    }
    return this.#seek(id);
  }

  /**
   * One whose directory is kept from this person is none in which they are to find anybody, whatever it said before: a
   * server cannot keep a device on a stale one by giving none. @param {string} organisation @param {unknown} error
   */
  #passOver(organisation, error) {
    if (!(error instanceof Problem && error.status < 500)) throw error;
    this.#found.delete(organisation);
  }

  /** @param {string} organisation */
  async #fetch(organisation) {
    const pins = await this.#pinsOf(organisation);
    const answer = read(await this.#api.directory(organisation, pins.size).catch((error) => unproved(error, pins)));
    const accepted = await verifyDirectoryAnswer(answer, pins, { now: this.#now() }).catch(async (error) => {
      throw (await showsOther(answer, pins)) ? new OtherLedger() : error;
    });
    await keepPins(this.#store, accepted.pins);
    return accepted.verified;
  }

  /** @param {string} organisation @returns {Promise<Pins>} */
  async #pinsOf(organisation) {
    const home = await this.home();
    if (organisation === this.#home) return home;
    const verified = this.#found.get(this.#home)?.verified ?? (await this.#own(home));
    return introduced(home, verified, organisation, await readPins(this.#store, organisation));
  }

  /** One's own, within the lock that `of` would take. @param {Pins} home */
  async #own(home) {
    const verified = await this.#fetch(home.organisation);
    this.#found.set(home.organisation, { verified, at: this.#now() });
    return verified;
  }
}

/** A ledger that has not grown to what this device has seen proves nothing from there. @param {unknown} error @param {Pins} pins */
function unproved(error, pins) {
  throw pins.size > 0 && error instanceof Problem && error.status === 400 ? new OtherLedger() : error;
}

/** @param {Json} told @returns {import("./seal/trust.js").Answer} */
function read(told) {
  const bytes = (/** @type {string} */ text) => fromBase64url(text);
  return {
    directory: bytes(told.directory),
    entries: told.entries.map((/** @type {Json} */ { bundle, approvals }) => {
      return { bundle: bytes(bundle), approvals: approvals.map(bytes) };
    }),
    introductions: told.introductions.map(bytes),
    index: told.index,
    salt: bytes(told.salt),
    checkpoint: told.checkpoint,
    inclusion: told.inclusion.map(bytes),
    consistency: told.consistency.map(bytes),
  };
}
