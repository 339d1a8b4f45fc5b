/** What somebody has written and could not be sent yet: kept sealed to this very device, and sent in order, once. */

import { openWith, sealTo } from "./seal/hpke.js";
import { Label } from "./seal/labels.js";
import { pad, unpad } from "./seal/padding.js";
import { lp, toBase64url, toText, toUtf8 } from "./seal/wire.js";
import { QUEUE } from "./store.js";
import { isForLater } from "./trouble.js";

const KEY = 16; // random bytes of a sending's own key

/** @typedef {import("./seal/keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {(size: number) => Uint8Array<ArrayBuffer>} Draw unpredictable bytes */
/**
 * One text on its way. `id`: under which the server takes it once; `refused`: why it was not taken, and then it waits
 * for whoever wrote it; `shown`: who was in the room when it was written, as shown.
 * @typedef {{id: string, room: string, device: string, number: number, sealed: Uint8Array<ArrayBuffer>, refused: string | null,
 *   shown: Audience | null}} Sending
 * @typedef {import("./audience.js").Audience} Audience
 * @typedef {(text: string, id: string, shown: Audience | null) => Promise<unknown>} Say
 */

/** The queue of one device. */
export class Queue {
  #store;
  #secret;
  #draw;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {{store: Store, secret: DeviceSecret, draw: Draw}} given */
  constructor({ store, secret, draw }) {
    this.#store = store;
    this.#secret = secret;
    this.#draw = draw;
  }

  /**
   * Put a text behind those that wait; it is on the disk, sealed, before this returns.
   * @param {string} room @param {string} text @param {Audience | null} [shown]
   */
  add(room, text, shown = null) {
    return this.#turn(async () => {
      const id = toBase64url(this.#draw(KEY));
      const sealed = await sealTo(this.#secret.public.kem, pad(toUtf8(text)), { info: this.#info(room, id) });
      const waiting = await this.waiting(room);
      const number = (waiting.at(-1)?.number ?? 0) + 1;
      await this.#store.put(QUEUE, { id, room, device: this.#secret.public.id, number, sealed, refused: null, shown });
      return id;
    });
  }

  /** What waits for a room, in the order in which it was written. @param {string} room @returns {Promise<Sending[]>} */
  async waiting(room) {
    const all = /** @type {Sending[]} */ (await this.#store.all(QUEUE));
    const own = all.filter((one) => one.room === room && one.device === this.#secret.public.id);
    return own.sort((one, other) => one.number - other.number);
  }

  /** The text of a sending. Throws `Tampered` for what was sealed for another device. @param {Sending} sending */
  async text({ id, room, sealed }) {
    return toText(unpad(await openWith(this.#secret.kem, sealed, { info: this.#info(room, id) })));
  }

  /**
   * Send what waits for a room, in order, by `say(text, id, shown)`. Returns whether all was sent: when nobody answers, the rest
   * waits; what is refused is kept with the reason and holds up what was written after it.
   * @param {string} room @param {Say} say
   */
  flush(room, say) {
    return this.#turn(async () => {
      for (const sending of await this.waiting(room)) {
        if (sending.refused !== null || !(await this.#sent(sending, say))) return false;
      }
      return true;
    });
  }

  /**
   * Let what was refused be tried again, for those who are shown now: whoever wrote it has looked.
   * @param {string} id @param {Audience | null} shown
   */
  again(id, shown) {
    return this.#turn(async () => {
      const sending = /** @type {Sending | undefined} */ (await this.#store.get(QUEUE, id));
      if (sending !== undefined) await this.#store.put(QUEUE, { ...sending, refused: null, shown });
    });
  }

  /** Let go of a text that was refused. @param {string} id */
  drop(id) {
    return this.#turn(() => this.#store.drop(QUEUE, id));
  }

  /** @param {Sending} sending @param {Say} say */
  async #sent(sending, say) {
    try {
      await say(await this.text(sending), sending.id, sending.shown);
    } catch (error) {
      if (!isForLater(error)) await this.#store.put(QUEUE, { ...sending, refused: reasonOf(error) });
      return false;
    }
    await this.#store.drop(QUEUE, sending.id);
    return true;
  }

  /** @template T @param {() => Promise<T>} act @returns {Promise<T>} */
  #turn(act) {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** @param {string} room @param {string} id */
  #info(room, id) {
    return lp(Label.QUEUED, room, id, this.#secret.public.deviceId);
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  const known = /** @type {{code?: string, name?: string}} */ (error);
  return known.code ?? known.name ?? "unknown";
}
