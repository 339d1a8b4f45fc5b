/** From a browser to an open device: finds its keys, or enrols them, unlocks them, and signs in with them. */

import { Api } from "./api.js";
import { Desk } from "./desk.js";
import { myDevices } from "./devices.js";
import { codeOf, dropEnrolment, enrol, openEnrolments, takeInvitation } from "./enrol.js";
import { draw } from "./here.js";
import { forget, keptDevices, PRF, unlock } from "./keys.js";
import { looksLikeLink, readLink } from "./link.js";
import { hasPasskeys } from "./passkey.js";
import { readPins } from "./pins.js";
import { signIn } from "./session.js";
import { Store } from "./store.js";
import { isRefused, Trouble } from "./trouble.js";
import { fromBase64url } from "./seal/wire.js";
import { fill } from "./views/dom.js";
import { drawDoor } from "./views/door.js";

const AGAIN = 3_000; // ms between looks at whether the device was approved
const STATES = ["active", "pending", "revoked"]; // in the order in which one of several devices is chosen

/** @typedef {import("./keys.js").KeptDevice} KeptDevice */
/** @typedef {import("./seal/keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./enrol.js").Enrolment} Enrolment */

/** The page until the device is open. */
export class App {
  #door;
  #words;
  #api;
  /** @type {Store} */ #store = /** @type {any} */ (null);
  /** @type {DeviceSecret | null} */ #secret = null;

  /** @param {{door: HTMLElement, words: import("./views/words.js").Words}} page */
  constructor({ door, words }) {
    this.#door = door;
    this.#words = words;
    this.#api = new Api({ language: words.language });
  }

  /** Take an invitation, if the page was opened by one, and go on from how it stands. */
  async begin() {
    const fragment = location.hash.slice(1);
    history.replaceState(null, "", location.pathname + location.search); // no secret in the history or on the screen
    await this.#tried(async () => {
      this.#store = await Store.open();
      const [api, store] = [this.#api, this.#store];
      if (looksLikeLink(fragment)) await takeInvitation(readLink(fragment, location.hostname), { api, store });
      await this.#find();
    });
  }

  /** Show how it stands with this browser, and go as far as it goes without anybody's doing. */
  async #find() {
    const [kept, mine, taken] = [await keptDevices(this.#store), await myDevices(this.#api), await this.#taken()];
    if (taken !== undefined && mine !== null) return this.#invited(taken);
    if (kept.length === 0) return this.#show({ name: mine === null ? "outside" : "none" });
    if (mine === null) return this.#unlock(/** @type {KeptDevice} */ (kept.at(-1)));
    const known = chosen(kept, mine);
    if (known === undefined) return this.#other(/** @type {KeptDevice} */ (kept.at(-1)));
    if (known.row.state === "pending") return this.#wait(known.kept);
    if (known.row.state === "revoked") return this.#revoked(known.kept);
    return this.#unlock(known.kept);
  }

  /** An invitation that was taken here and is still good. */
  async #taken() {
    const found = await openEnrolments(this.#store);
    for (const old of found) if (Date.parse(old.expires) <= Date.now()) await dropEnrolment(this.#store, old);
    return found.filter((one) => Date.parse(one.expires) > Date.now()).at(-1);
  }

  /** @param {Enrolment} taken @param {unknown} [error] */
  #invited(taken, error) {
    const act = async (/** @type {string} */ tier) => {
      this.#show({ name: "making" });
      try {
        const [api, store, origin] = [this.#api, this.#store, location.origin];
        this.#secret = await enrol(taken, { tier, api, store, draw, origin });
        await this.#store.persist();
      } catch (reason) {
        const [again] = (await openEnrolments(this.#store)).filter((one) => one.id === taken.id);
        return this.#invited(again ?? taken, reason);
      }
      return this.#tried(() => this.#find());
    };
    const { organisation, rights, person, name } = taken;
    const whose = { organisation, rights, person: name ?? person };
    this.#show({ name: "invited", ...whose, error, canPrf: hasPasskeys(), enrol: act });
  }

  /** Wait until somebody has approved it. @param {KeptDevice} kept */
  async #wait(kept) {
    const pins = await readPins(this.#store, kept.organisation);
    if (pins === undefined) throw new Trouble("keys_gone");
    const code = await codeOf(fromBase64url(kept.id), pins.root);
    this.#show({ name: "waiting", code, rights: kept.rights });
    const look = async () => {
      const row = (await myDevices(this.#api).catch(() => []))?.find((/** @type {any} */ one) => one.id === kept.id);
      if (row === undefined || row.state === "pending") setTimeout(look, AGAIN);
      else await this.#tried(() => this.#find());
    };
    setTimeout(look, AGAIN);
  }

  /** @param {KeptDevice} kept */
  #other(kept) {
    const act = kept.tier === PRF ? () => this.#tried(() => this.#open(kept)) : null;
    this.#show({ name: "other", person: kept.person, unlock: act });
  }

  /** @param {KeptDevice} kept */
  #revoked(kept) {
    this.#show({ name: "revoked", forget: () => this.#forget(kept) });
  }

  /** @param {KeptDevice} kept */
  async #forget(kept) {
    await forget(this.#store, kept.id);
    location.reload();
  }

  /** A passkey is asked for when somebody presses, and not before. @param {KeptDevice} kept */
  async #unlock(kept) {
    if (kept.tier !== PRF || this.#secret?.public.id === kept.id) return this.#open(kept);
    this.#show({ name: "locked", unlock: () => this.#tried(() => this.#open(kept)) });
  }

  /** Open the keys, sign in with them, and show the desk. @param {KeptDevice} kept */
  async #open(kept) {
    const own = this.#secret?.public.id === kept.id ? this.#secret : null;
    try {
      this.#secret = own ?? (await unlock(kept));
    } catch (error) {
      if (!(error instanceof Trouble) || error.code !== "keys_gone") throw error;
      return this.#show({ name: "gone", forget: () => this.#forget(kept) });
    }
    try {
      await signIn(this.#secret, { api: this.#api, origin: location.origin });
    } catch (error) {
      if (!isRefused(error, "sign_in_failed")) throw error;
      return this.#show({ name: "refused", retry: () => location.reload() });
    }
    fill(this.#door);
    const [api, store, words, secret] = [this.#api, this.#store, this.#words, this.#secret];
    await new Desk({ api, store, words, kept, secret }).begin();
  }

  /** @param {{name: string} & Record<string, any>} state */
  #show(state) {
    fill(this.#door, drawDoor(this.#words, state));
    if (state.name !== "working") /** @type {HTMLElement} */ (this.#door.querySelector("[data-title]"))?.focus();
  }

  /** @param {() => Promise<unknown>} act */
  async #tried(act) {
    try {
      await act();
    } catch (error) {
      this.#show({ name: "trouble", error, retry: () => this.#tried(() => this.#find()) });
    }
  }
}

/** Of the devices that this browser keeps the one to use, with what the server says of it. @param {KeptDevice[]} kept @param {any[]} mine */
function chosen(kept, mine) {
  const pairs = kept.flatMap((one) => mine.filter((row) => row.id === one.id).map((row) => ({ kept: one, row })));
  return pairs.sort((one, other) => STATES.indexOf(one.row.state) - STATES.indexOf(other.row.state))[0];
}
