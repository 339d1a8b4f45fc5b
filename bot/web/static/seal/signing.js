/** Ed25519 (RFC 8032), with the degenerate keys and signatures refused that libraries judge differently. */

import { Malformed, Tampered } from "./errors.js";
import { isRefusal } from "./symmetric.js";
import { concat, exact, fromBase64url } from "./wire.js";

export const SEED = 32; // bytes
export const PUBLIC = 32; // bytes
export const SIGNATURE = 64; // bytes

const ALGORITHM = "Ed25519";
const PKCS8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20); // RFC 8410
const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const Y8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n; // of a point of order 8, as is p - y
// The points of small order, by y, canonical and not. A signature under such a key, or with such an R, can hold for
// more than one message.
const SMALL_ORDER = new Set([0n, 1n, P - 1n, P, P + 1n, Y8, P - Y8]);

/** @typedef {import("./wire.js").Bytes} Bytes */

/** A key that signs: of a device, of a ledger. Made by `signingKey`, or of a stored CryptoKey. */
export class SigningKey {
  /** @param {{loaded: CryptoKey, public: Bytes}} key the private key, and the 32 bytes that others check with */
  constructor({ loaded, public: publicKey }) {
    checkPublic(publicKey);
    this.loaded = loaded;
    this.public = publicKey;
    Object.freeze(this);
  }
}

/** Make the key of 32 secret bytes; it cannot be read out again. @param {Bytes} seed */
export async function signingKey(seed) {
  const encoded = toPkcs8(seed);
  return new SigningKey({ loaded: await loadPrivate(encoded), public: await publicOf(encoded) });
}

/**
 * The 64-byte signature. `message` is an LP string or a note's text, never raw input.
 * @param {SigningKey} key @param {Bytes} message
 */
export async function sign(key, message) {
  return new Uint8Array(await crypto.subtle.sign(ALGORITHM, key.loaded, message));
}

/**
 * Return when `signature` over `message` holds under the 32-byte key, else throw `Tampered`.
 * @param {Bytes} publicKey @param {Bytes} message @param {Bytes} signature
 */
export async function verify(publicKey, message, signature) {
  checkPublic(publicKey);
  const [r, s] = [exact(signature, SIGNATURE).slice(0, PUBLIC), signature.slice(PUBLIC)];
  if (isOdd(r) || toNumber(s) >= ORDER) throw new Tampered();
  if (!(await isSigned(publicKey, message, signature))) throw new Tampered();
}

/**
 * Throws `Malformed` for a key that is not 32 bytes, has a second spelling, or under which anybody could sign.
 * @param {Bytes} publicKey
 */
export function checkPublic(publicKey) {
  if (isOdd(exact(publicKey, PUBLIC))) {
    throw new Malformed("A point of small order, or in its second spelling, is no signing key.");
  }
}

/** The seed as PKCS #8, the form in which browsers load and unwrap private keys. @param {Bytes} seed */
export function toPkcs8(seed) {
  return concat(PKCS8, exact(seed, SEED));
}

/** Load a private key that signs, and that nobody reads out again. @param {Bytes} encoded PKCS #8 */
export function loadPrivate(encoded) {
  return crypto.subtle.importKey("pkcs8", encoded, ALGORITHM, false, ["sign"]);
}

/**
 * The public half: browsers tell it only of a key that may be read out, so one is made for this moment.
 * @param {Bytes} encoded PKCS #8
 */
async function publicOf(encoded) {
  const readable = await crypto.subtle.importKey("pkcs8", encoded, ALGORITHM, true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", readable);
  return fromBase64url(/** @type {string} */ (x), { most: PUBLIC });
}

/**
 * Whether the signature holds, as the browser says; some refuse what is no point when it is loaded.
 * @param {Bytes} publicKey @param {Bytes} message @param {Bytes} signature
 */
async function isSigned(publicKey, message, signature) {
  try {
    const loaded = await crypto.subtle.importKey("raw", publicKey, ALGORITHM, false, ["verify"]);
    return await crypto.subtle.verify(ALGORITHM, loaded, signature, message);
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** Whether a point has small order, or is written with a y that is not below p. @param {Bytes} point 32 bytes */
function isOdd(point) {
  const y = BigInt.asUintN(255, toNumber(point));
  return SMALL_ORDER.has(y) || y >= P;
}

/** @param {Bytes} data little-endian */
function toNumber(data) {
  return data.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
