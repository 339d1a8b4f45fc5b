/** HPKE suite 1 (RFC 9180 base mode, X-Wing, HKDF-SHA256, AES-256-GCM): sealing to one device. */

import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256 } from "../vendor/crypto.js";
import { Malformed, Tampered } from "./errors.js";
import * as mlkem from "./mlkem.js";
import { isRefusal, TAG } from "./symmetric.js";
import { concat, exact } from "./wire.js";
import * as x25519 from "./x25519.js";
import * as xwing from "./xwing.js";

export const SUITE = 1; // 0x647a MLKEM768-X25519, 0x0001 HKDF-SHA256, 0x0002 AES-256-GCM
export const SEED = xwing.SEED; // bytes; the private key as it is kept and exchanged
export const PUBLIC = xwing.PUBLIC; // bytes: 1184 of ML-KEM-768, then 32 of X25519
export const OVERHEAD = xwing.ENC + TAG; // bytes

const HPKE = new CipherSuite(xwing.kem, KDF_HKDF_SHA256, AEAD_AES_256_GCM);

/** @typedef {import("./wire.js").Bytes} Bytes */

/** A key that opens what was sealed to its public half. Made by `kemKey`, or of stored CryptoKeys. */
export class KemKey {
  /** @param {xwing.PrivateKey} key */
  constructor({ mlkem: pq, x25519: classical, public: publicKey }) {
    this.mlkem = pq;
    this.x25519 = classical;
    this.public = exact(publicKey, PUBLIC);
    Object.freeze(this);
  }
}

/** Expand 32 secret bytes into keys that cannot be read out again, where the browser has such. @param {Bytes} seed */
export async function kemKey(seed) {
  const expanded = xwing.expandSeed(seed);
  const pq = await mlkem.loadPrivate(expanded.mlkem);
  const classical = await x25519.loadPrivate(x25519.toPkcs8(expanded.x25519));
  const publicKey = concat(mlkem.publicOf(expanded.mlkem), await x25519.publicOf(classical));
  return new KemKey({ mlkem: pq, x25519: classical, public: publicKey });
}

/**
 * `enc || ct`, which only the holder of the private key opens, and only with the same `info`. Draws the
 * encapsulation's randomness itself, the one place in seal where chance is no parameter.
 * Throws `Malformed` for a public key that is not one.
 * @param {Bytes} publicKey @param {Bytes} plain @param {{info: Bytes}} bound
 */
export async function sealTo(publicKey, plain, { info }) {
  checkPublic(publicKey);
  try {
    const { encapsulatedSecret, ciphertext } = await HPKE.Seal(xwing.publicHandle(publicKey), plain, { info });
    return concat(encapsulatedSecret, ciphertext);
  } catch (error) {
    if (isRefused(error)) throw new Malformed("That is no public key to seal to.", { cause: error });
    throw error;
  }
}

/**
 * Undo `sealTo`. Throws `Tampered` for another key, another `info`, or a changed blob.
 * @param {KemKey} key @param {Bytes} blob @param {{info: Bytes}} bound @returns {Promise<Bytes>}
 */
export async function openWith(key, blob, { info }) {
  if (blob.length < OVERHEAD) throw new Tampered();
  try {
    return await HPKE.Open(xwing.privateHandle(key), blob.slice(0, xwing.ENC), blob.slice(xwing.ENC), { info });
  } catch (error) {
    if (isRefused(error)) throw new Tampered(undefined, { cause: error });
    throw error;
  }
}

/** Throws `Malformed` for bytes that are no public key, of either half. @param {Bytes} publicKey */
export function checkPublic(publicKey) {
  x25519.checkPublic(exact(publicKey, PUBLIC).slice(mlkem.PUBLIC));
  mlkem.checkPublic(publicKey.slice(0, mlkem.PUBLIC));
}

/**
 * Whether `hpke` was told no by the cryptography under it; a browser that cannot do something says otherwise.
 * @param {unknown} error
 */
function isRefused(error) {
  return error instanceof Error && isRefusal(error.cause);
}
