/** Taking a talk on this device, by an offer or from a colleague: it begins the room's next epoch. */

import { beginEpoch, headOf } from "./epochs.js";
import { toBase64url } from "./seal/wire.js";
import { isForLater, isRefused } from "./trouble.js";

const ATTEMPTS = 8; // while who must be in the room changes

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Json} Json */
/** @typedef {import("./directories.js").Directories} Directories */
/** @typedef {import("./epochs.js").Draw} Draw */
/** @typedef {import("./epochs.js").Self} Self */

/**
 * Accept an offer on this device; gives the server's answer, with the room. Throws `Problem` "taken" when somebody was
 * faster. The room's chain is believed when it is followed from its beginning, not here.
 * @param {string} offer @param {{api: Api, directories: Directories, self: Self, draw: Draw}} here
 */
export function acceptOffer(offer, here) {
  const { api } = here;
  const post = (/** @type {Json} */ body, /** @type {string} */ key) => api.accept(offer, body, { key });
  return take({ show: () => api.offer(offer), post }, here);
}

/**
 * Take a colleague's talk over, by the offer that holds it; otherwise as `acceptOffer`.
 * @param {string} offer @param {{api: Api, directories: Directories, self: Self, draw: Draw}} here
 */
export function takeOver(offer, here) {
  const { api } = here;
  const post = (/** @type {Json} */ body, /** @type {string} */ key) => api.takeOver(offer, body, { key });
  return take({ show: () => api.takeover(offer), post }, here);
}

/**
 * Make what is planned, and bring it; what is planned then is made anew when it has changed.
 * @param {{show: () => Promise<Json>, post: (body: Json, key: string) => Promise<Json>}} talk
 * @param {{directories: Directories, self: Self, draw: Draw}} here
 */
async function take({ show, post }, { directories, self, draw }) {
  const key = toBase64url(draw(16));
  for (let left = ATTEMPTS; ; left -= 1) {
    const { plan } = await show();
    const head = headOf(plan.room, plan.head);
    const { body } = await beginEpoch({ plan, head, self, directories, draw });
    try {
      return await surely(() => post(body, key));
    } catch (error) {
      if (left === 0 || !isRefused(error, "plan_stale", "stale_head")) throw error;
    }
  }
}

/** Once more where no answer came: it may have been done, and is not done twice. @template T @param {() => Promise<T>} act */
async function surely(act) {
  try {
    return await act();
  } catch (error) {
    if (!isForLater(error)) throw error;
    return act();
  }
}
