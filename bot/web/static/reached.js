/** Saying that one can be reached: the device signs the check's id, its own clock and the server's nonce. */

import { CHALLENGE, signChallenge } from "./seal/sign_in.js";
import { fromBase64url, toBase64url } from "./seal/wire.js";
import { sha256 } from "./vendor/crypto.js";

const LABEL = "samjour-readiness/1";
const KEY = 16; // random bytes of an Idempotency-Key

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./seal/keys.js").DeviceSecret} DeviceSecret */
/** @typedef {(size: number) => Uint8Array} Draw */

/**
 * What is signed in the place of a challenge. `clock`: ms since 1970 by this device.
 * @param {string} id @param {Uint8Array} nonce @param {number} clock
 */
export function toSign(id, nonce, clock) {
  const head = new TextEncoder().encode(`${LABEL}\n${id}\n${clock}\n`);
  const whole = new Uint8Array(head.length + nonce.length);
  whole.set(head);
  whole.set(nonce, head.length);
  return sha256(whole);
}

/**
 * Answer a check. @param {{id: string, nonce: string}} check
 * @param {{api: Api, secret: DeviceSecret, origin: string, draw: Draw, clock: number}} here
 */
export async function sayReached({ id, nonce }, { api, secret, origin, draw, clock }) {
  const challenge = toSign(id, fromBase64url(nonce, { most: CHALLENGE }), clock);
  const answer = toBase64url(await signChallenge({ secret, origin, challenge }));
  return api.answerCheck(id, { clock, answer }, { key: toBase64url(draw(KEY)) });
}

/** Say that today's drill was seen. @param {{api: Api, draw: Draw}} here */
export async function drillSeen({ api, draw }) {
  return api.drillSeen({ key: toBase64url(draw(KEY)) });
}
