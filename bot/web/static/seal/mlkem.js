/** ML-KEM-768 (FIPS 203): the browser's own where it has one, else that of @noble/post-quantum. */

import { ml_kem768 } from "../vendor/crypto.js";
import { Malformed } from "./errors.js";
import { exact } from "./wire.js";

export const SEED = 64; // bytes: d, then z
export const PUBLIC = 1184; // bytes
export const CIPHERTEXT = 1088; // bytes

const ALGORITHM = "ML-KEM-768";
const Q = 3329; // FIPS 203 section 2.4
const COEFFICIENTS = 1152; // bytes; 768 numbers of 12 bits, then 32 bytes of seed

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {CryptoKey | Bytes} PrivateKey not to be read out; where the browser has no such, the seed */
/** @typedef {{secret: Bytes, ciphertext: Bytes}} Encapsulated 32 bytes, and what tells them */

/** Whether this browser has ML-KEM of its own. A browser that cannot say so is taken not to. */
export function isNative() {
  const Subtle = /** @type {any} */ (SubtleCrypto);
  return typeof subtle().encapsulateBits === "function" && Subtle.supports?.("encapsulateBits", ALGORITHM) === true;
}

/** Load 64 secret bytes. @param {Bytes} seed @returns {Promise<PrivateKey>} */
export async function loadPrivate(seed) {
  exact(seed, SEED);
  return isNative() ? subtle().importKey("raw-seed", seed, ALGORITHM, false, ["decapsulateBits"]) : seed.slice();
}

/** The public key of 64 secret bytes. @param {Bytes} seed @returns {Bytes} */
export function publicOf(seed) {
  return ml_kem768.keygen(exact(seed, SEED)).publicKey;
}

/**
 * Make a secret for whoever has the private key of a checked public one; draws 32 random bytes.
 * @param {Bytes} publicKey @returns {Promise<Encapsulated>}
 */
export async function encapsulate(publicKey) {
  return isNative() ? encapsulateNative(publicKey) : encapsulatePortable(publicKey);
}

/**
 * The secret that a ciphertext tells; of a ciphertext made for another key, some other.
 * @param {PrivateKey} key @param {Bytes} ciphertext @returns {Promise<Bytes>}
 */
export async function decapsulate(key, ciphertext) {
  exact(ciphertext, CIPHERTEXT);
  if (key instanceof CryptoKey) return new Uint8Array(await subtle().decapsulateBits(ALGORITHM, key, ciphertext));
  return ml_kem768.decapsulate(ciphertext, ml_kem768.keygen(key).secretKey);
}

/** Throws `Malformed` for what is no public key (FIPS 203 section 7.2). @param {Bytes} publicKey */
export function checkPublic(publicKey) {
  exact(publicKey, PUBLIC);
  for (let at = 0; at < COEFFICIENTS; at += 3) {
    const [low, middle, high] = publicKey.subarray(at, at + 3);
    if ((low | ((middle & 15) << 8)) >= Q || ((middle >> 4) | (high << 4)) >= Q) {
      throw new Malformed("A coefficient of an ML-KEM key is out of range.");
    }
  }
}

/** @param {Bytes} publicKey @returns {Promise<Encapsulated>} */
async function encapsulateNative(publicKey) {
  const loaded = await subtle().importKey("raw-public", publicKey, ALGORITHM, true, ["encapsulateBits"]);
  const { sharedKey, ciphertext } = await subtle().encapsulateBits(ALGORITHM, loaded);
  return { secret: new Uint8Array(sharedKey), ciphertext: new Uint8Array(ciphertext) };
}

/** @param {Bytes} publicKey @returns {Encapsulated} */
function encapsulatePortable(publicKey) {
  const { sharedSecret, cipherText } = /** @type {any} */ (ml_kem768).encapsulate(publicKey);
  return { secret: sharedSecret.slice(), ciphertext: cipherText };
}

/** WebCrypto with what "Modern Algorithms in the Web Cryptography API" adds to it. @returns {any} */
function subtle() {
  return crypto.subtle;
}
