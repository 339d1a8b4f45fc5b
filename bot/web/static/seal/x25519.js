/** X25519 (RFC 7748) over WebCrypto. */

import { Malformed } from "./errors.js";
import { concat, exact } from "./wire.js";

export const SEED = 32; // bytes
export const PUBLIC = 32; // bytes

const ALGORITHM = "X25519";
const PKCS8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20); // RFC 8410
const P = 2n ** 255n - 19n;
// The u of the points that give everybody zeros: 0, 1, p - 1, and two of order 8.
const ZERO_U = new Set([
  0n,
  1n,
  P - 1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
]);
const BASE = Uint8Array.of(9, ...new Uint8Array(31)); // the curve's base point

/** @typedef {import("./wire.js").Bytes} Bytes */

/** The seed as PKCS #8. @param {Bytes} seed */
export function toPkcs8(seed) {
  return concat(PKCS8, exact(seed, SEED));
}

/** Load a private key that nobody reads out again. @param {Bytes} encoded PKCS #8 */
export function loadPrivate(encoded) {
  return crypto.subtle.importKey("pkcs8", encoded, ALGORITHM, false, ["deriveBits"]);
}

/** Throws `Malformed` for a point that gives everybody zeros. @param {Bytes} publicKey */
export function checkPublic(publicKey) {
  const u = exact(publicKey, PUBLIC).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  if (ZERO_U.has(BigInt.asUintN(255, u) % P)) {
    throw new Malformed("The X25519 half of that public key gives everybody the same secret.");
  }
}

/** The public half of a private key. @param {CryptoKey} key */
export function publicOf(key) {
  return agree(key, BASE);
}

/** A new key pair for one message. */
export async function makeEphemeral() {
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(ALGORITHM, false, ["deriveBits"]));
  return { key: pair.privateKey, public: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

/**
 * The 32 bytes that both sides share. Throws OperationError for a point that gives everybody zeros.
 * @param {CryptoKey} key @param {Bytes} publicKey
 */
export async function agree(key, publicKey) {
  const loaded = await crypto.subtle.importKey("raw", exact(publicKey, PUBLIC), ALGORITHM, true, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: ALGORITHM, public: loaded }, key, PUBLIC * 8));
}
