/** A device's keys at rest: each wrapped under a key that only a passkey gives (WebAuthn's PRF extension). */

import { Malformed, Tampered } from "./errors.js";
import { DEVICE_ID, DeviceSecret } from "./keys.js";
import { Label } from "./labels.js";
import { isNative } from "./mlkem.js";
import { decrypt, derive, encrypt, isRefusal, KEY, NONCE, TAG } from "./symmetric.js";
import { concat, exact, lp, name } from "./wire.js";

export const KEY_NAMES = Object.freeze(["ed25519", "mlkem", "x25519"]); // PKCS #8, 64 bytes of d and z, PKCS #8

const KINDS = Object.freeze({
  ed25519: { format: "pkcs8", algorithm: "Ed25519", usage: "sign" },
  mlkem: { format: "raw-seed", algorithm: "ML-KEM-768", usage: "decapsulateBits" },
  x25519: { format: "pkcs8", algorithm: "X25519", usage: "deriveBits" },
});

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./keys.js").SecretParts} SecretParts */

/**
 * The 32 bytes under which a device's keys are wrapped; `prf`: the passkey's 32 bytes.
 * @param {Bytes} prf @param {Bytes} deviceId
 */
export function wrappingKey(prf, deviceId) {
  return derive(exact(prf, KEY), Label.DEVICE_KEK, exact(deviceId, DEVICE_ID));
}

/**
 * `nonce || ciphertext`. `nonce`: 12 random bytes, new for every call.
 * @param {Bytes} kek @param {{deviceId: Bytes, keyName: string, key: Bytes, nonce: Bytes}} given
 */
export async function wrapKey(kek, { deviceId, keyName, key, nonce }) {
  return concat(nonce, await encrypt(kek, nonce, key, { aad: contextOf(deviceId, keyName) }));
}

/**
 * Undo `wrapKey`. Throws `Tampered` for another device, name or passkey, `Malformed` for too few bytes.
 * @param {Bytes} kek @param {{deviceId: Bytes, keyName: string, wrapped: Bytes}} given
 */
export async function unwrapKey(kek, { deviceId, keyName, wrapped }) {
  checkSize(wrapped);
  return decrypt(kek, wrapped.slice(0, NONCE), wrapped.slice(NONCE), { aad: contextOf(deviceId, keyName) });
}

/**
 * The device of its three wrapped keys, whose bytes no script sees, except ML-KEM's where the browser has none.
 * Throws what `unwrapKey` throws; `checkDevice` tells whether they are those of `known`.
 * @param {Bytes} kek @param {SecretParts} wrapped by key name @param {DevicePublic} known
 */
export async function unwrapDevice(kek, wrapped, known) {
  const { deviceId } = known;
  const ed25519 = await unwrapLoaded(kek, { deviceId, keyName: "ed25519", wrapped: wrapped.ed25519 });
  const x25519 = await unwrapLoaded(kek, { deviceId, keyName: "x25519", wrapped: wrapped.x25519 });
  const unwrap = isNative() ? unwrapLoaded : unwrapKey;
  const mlkem = await unwrap(kek, { deviceId, keyName: "mlkem", wrapped: wrapped.mlkem });
  return new DeviceSecret({ ed25519, mlkem, x25519, public: known });
}

/**
 * @param {Bytes} kek @param {{deviceId: Bytes, keyName: keyof typeof KINDS, wrapped: Bytes}} given
 * @returns {Promise<CryptoKey>}
 */
async function unwrapLoaded(kek, { deviceId, keyName, wrapped }) {
  checkSize(wrapped);
  const { format, algorithm, usage } = KINDS[keyName];
  const gcm = { name: "AES-GCM", iv: wrapped.slice(0, NONCE), additionalData: contextOf(deviceId, keyName) };
  const loaded = await crypto.subtle.importKey("raw", kek, "AES-GCM", false, ["unwrapKey"]);
  const subtle = /** @type {any} */ (crypto.subtle); // "raw-seed" is of Modern Algorithms in the Web Cryptography API
  try {
    return await subtle.unwrapKey(format, wrapped.slice(NONCE), loaded, gcm, algorithm, false, [usage]);
  } catch (error) {
    if (isRefusal(error)) throw new Tampered(undefined, { cause: error });
    throw error;
  }
}

/** @param {Bytes} wrapped */
function checkSize(wrapped) {
  if (wrapped.length <= NONCE + TAG) throw new Malformed("A wrapped key has a nonce, some bytes and a tag.");
}

/** @param {Bytes} deviceId @param {string} keyName */
function contextOf(deviceId, keyName) {
  return lp(Label.DEVICE_WRAP, exact(deviceId, DEVICE_ID), name(keyName));
}
