/** Signing in with this device's keys: the session is bound to the device, and ends when the device is revoked. */

import { signChallenge, CHALLENGE } from "./seal/sign_in.js";
import { fromBase64url, toBase64url } from "./seal/wire.js";
import { deviceHex } from "./api.js";

/** @typedef {import("./seal/keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./api.js").Api} Api */

/**
 * Open a session bound to the device, in the place of the browser's old one. `origin`: as the browser knows it.
 * @param {DeviceSecret} secret @param {{api: Api, origin: string}} here
 */
export async function signIn(secret, { api, origin }) {
  const { challenge, answer } = await answerChallenge(secret, { api, origin });
  return api.signInByDevice({ device: deviceHex(secret.public.id), challenge, answer });
}

/**
 * A fresh challenge of the server's, answered; `now`: its clock, seconds since 1970.
 * @param {DeviceSecret} secret @param {{api: Api, origin: string}} here
 * @returns {Promise<{challenge: string, answer: string, now: number}>}
 */
export async function answerChallenge(secret, { api, origin }) {
  const { challenge, now } = await api.challenge();
  const asked = fromBase64url(challenge, { most: CHALLENGE });
  return { challenge, answer: toBase64url(await signChallenge({ secret, origin, challenge: asked })), now };
}
