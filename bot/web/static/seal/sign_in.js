/** Signing in with a device: it signs the server's challenge, bound to the server's origin. */

import { Label } from "./labels.js";
import { signBare, verifyStatement } from "./statement.js";
import { KEY } from "./symmetric.js";
import { exact, lp, name } from "./wire.js";

export const CHALLENGE = KEY; // bytes, random, used once

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./keys.js").DeviceSecret} DeviceSecret */

/**
 * The 65 bytes that answer a challenge. `origin`: `https://<host>` as the device itself knows it.
 * @param {{secret: DeviceSecret, origin: string, challenge: Bytes}} asked
 */
export async function signChallenge({ secret, origin, challenge }) {
  return signBare(toStatement(origin, challenge, secret.public.deviceId), secret.signing);
}

/**
 * Return when this device answered this challenge of this origin, else throw `Tampered` or `Malformed`.
 * @param {DevicePublic} device @param {{origin: string, challenge: Bytes, sig: Bytes}} answer
 */
export async function verifyChallenge(device, { origin, challenge, sig }) {
  await verifyStatement(device.ed25519, { statement: toStatement(origin, challenge, device.deviceId), sig });
}

/** @param {string} origin @param {Bytes} challenge @param {Bytes} deviceId */
function toStatement(origin, challenge, deviceId) {
  return lp(Label.SIGN_IN, name(origin), exact(challenge, CHALLENGE), deviceId);
}
