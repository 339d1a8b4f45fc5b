/** The code by which two people, or one with two screens, see that they mean the same device and the same root. */

import { DEVICE_ID } from "./keys.js";
import { Label } from "./labels.js";
import { KEY } from "./symmetric.js";
import { exact, lp, toUtf8 } from "./wire.js";

export const DIGITS = 16; // bot/seal/device_code.py says why so many
export const ROUNDS = 200_000; // of PBKDF2; half a second on a telephone

/** @typedef {import("./wire.js").Bytes} Bytes */

/**
 * Sixteen digits in four groups, of a device that asks to be approved and a root's id. Each side computes them from
 * what it holds itself; they are compared by eye or by telephone.
 * @param {Bytes} deviceId @param {Bytes} root
 */
export async function deviceCode(deviceId, root) {
  const secret = lp(Label.DEVICE_CODE, exact(deviceId, DEVICE_ID), exact(root, KEY));
  const loaded = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt: toUtf8(Label.DEVICE_CODE), iterations: ROUNDS };
  const drawn = new DataView(await crypto.subtle.deriveBits(algorithm, loaded, 64)).getBigUint64(0);
  const digits = String(drawn % 10n ** BigInt(DIGITS)).padStart(DIGITS, "0");
  return digits.replace(/\d{4}(?=\d)/g, "$& ");
}
