/** What somebody has before them once their device is open, looked at again and again while they look. */

import { TalksDesk } from "./desk_talks.js";
import { DevicesDesk } from "./desk_devices.js";
import { GravesDesk } from "./desk_graves.js";
import { ReadyDesk } from "./desk_ready.js";
import { ShiftDesk } from "./desk_handover.js";
import { Directories } from "./directories.js";
import { Guarding } from "./guarding.js";
import { draw, now } from "./here.js";
import { Queue } from "./queue.js";
import { signIn } from "./session.js";
import { Silence } from "./silence.js";
import { Right } from "./seal/enrolment.js";
import { isForLater, Problem, Trouble } from "./trouble.js";
import { fill, p } from "./views/dom.js";

const BEAT = 4_000; // ms between looks

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./keys.js").KeptDevice} KeptDevice */
/** @typedef {import("./seal/keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./views/words.js").Words} Words */
/** @typedef {{look: () => Promise<unknown>}} Part of the desk */

/** The desk of one open device. */
export class Desk {
  #isLooking = false;
  #wasUnheard = false;
  /** @type {Map<string, string>} */
  #marks = new Map();
  /** @type {Part[]} */
  #parts = [];

  /** @param {{api: Api, store: Store, words: Words, kept: KeptDevice, secret: DeviceSecret}} given */
  constructor({ api, store, words, kept, secret }) {
    this.api = api;
    this.store = store;
    this.words = words;
    this.kept = kept;
    this.self = { secret, person: kept.person };
    this.directories = new Directories({ api, store, home: kept.organisation, now });
    this.guarding = new Guarding(api);
    this.queue = new Queue({ store, secret, draw });
    this.silence = new Silence();
  }

  /** Show everything that the device has a right to, and keep it true. */
  async begin() {
    this.#parts = [new DevicesDesk(this)];
    if (this.kept.rights & Right.MEMBER) this.#parts.push(new ReadyDesk(this), new TalksDesk(this), new ShiftDesk(this), new GravesDesk(this));
    if (this.kept.rights & Right.SHARES) {
      const { OpeningsDesk } = await import("./desk_openings.js"); // only supervisors load what openings take
      this.#parts.push(new OpeningsDesk(this));
    }
    this.silence.begin();
    await this.look();
    document.addEventListener("visibilitychange", () => this.look());
    addEventListener("online", () => this.look());
    setInterval(() => this.look(), BEAT);
  }

  /** Ask the server how it stands, unless nobody looks or it is being asked. */
  async look() {
    if (this.#isLooking || document.hidden) return;
    this.#isLooking = true;
    try {
      for (const part of this.#parts) await part.look();
      this.silence.heard();
      if (this.#wasUnheard) this.tell("");
      this.#wasUnheard = false;
    } catch (error) {
      this.#wasUnheard = isForLater(error);
      if (!this.#wasUnheard) this.silence.heard();
      if (error instanceof Problem && error.status === 401) await this.#signInAgain();
      else this.tell(isAway(error) ? this.words.say("device.away") : this.words.trouble(error));
    } finally {
      this.#isLooking = false;
    }
  }

  /** A part of the page by its name. @param {string} name */
  section(name) {
    const place = /** @type {HTMLElement} */ (document.querySelector(`[data-section="${name}"]`));
    const slot = /** @type {HTMLElement} */ (place.querySelector("[data-slot]"));
    const show = (/** @type {any[]} */ nodes) => {
      place.hidden = false;
      fill(slot, ...nodes);
    };
    const hide = () => {
      place.hidden = true;
      this.#marks.delete(name);
      fill(slot);
    };
    return { show, hide };
  }

  /**
   * Draw a part anew only when what it shows has changed: nothing moves under somebody's finger. `shown`: what it shows.
   * @param {string} name @param {unknown} shown @param {() => any[]} drawn
   */
  redraw(name, shown, drawn) {
    const mark = JSON.stringify(shown);
    if (this.#marks.get(name) === mark) return;
    this.#marks.set(name, mark);
    this.section(name).show(drawn());
  }

  /** Do what somebody asked for; what goes wrong is said at the top. @param {() => Promise<unknown>} act */
  async tried(act) {
    try {
      this.tell("");
      await act();
    } catch (error) {
      this.tell(this.words.trouble(error));
    }
  }

  /** Say something to whoever looks or listens; nothing takes away what was said. @param {string} text @param {"alarm" | "good"} [kind] */
  tell(text, kind = "alarm") {
    const place = /** @type {HTMLElement} */ (document.querySelector("[data-told]"));
    if (place.textContent !== text) fill(place, text && p(text, kind));
  }

  /** The session is over; the keys are here, so another one is opened. */
  async #signInAgain() {
    await signIn(this.self.secret, { api: this.api, origin: location.origin }).catch(() => location.reload());
  }
}

/** Whether nobody answered: then what is written waits here. @param {unknown} error */
function isAway(error) {
  return error instanceof Trouble && error.code === "unheard";
}
