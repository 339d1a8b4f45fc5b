/** What one secret key does: derive and encrypt; and the labelled hash. */

import { sha256 } from "../vendor/crypto.js";
import { Tampered } from "./errors.js";
import { concat, exact, lp } from "./wire.js";

export const KEY = 32; // bytes of every secret key, seed and hash
export const NONCE = 12; // bytes of an AES-GCM nonce
export const TAG = 16; // bytes that AES-GCM adds

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./wire.js").Field} Field */

/** `SHA-256(LP(label, fields...))`. @param {string} label @param {...Field} fields @returns {Bytes} */
export function digest(label, ...fields) {
  return sha256(lp(label, ...fields));
}

/**
 * 32 bytes of HKDF-SHA256 (RFC 5869), no salt, info `LP(label, fields...)`.
 * @param {Bytes} key @param {string} label @param {...Field} fields
 */
export async function derive(key, label, ...fields) {
  const info = lp(label, ...fields);
  const loaded = await crypto.subtle.importKey("raw", exact(key, KEY), "HKDF", false, ["deriveBits"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, loaded, KEY * 8));
}

/**
 * `length` bytes of HKDF-Expand-SHA256; `key` is uniformly random already.
 * @param {Bytes} key @param {number} length @param {string} label @param {...Field} fields
 */
export async function expand(key, length, label, ...fields) {
  const info = lp(label, ...fields);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const loaded = await crypto.subtle.importKey("raw", exact(key, KEY), algorithm, false, ["sign"]);
  const blocks = [];
  let last = new Uint8Array();
  for (let number = 1; blocks.length * KEY < length; number += 1) {
    last = new Uint8Array(await crypto.subtle.sign("HMAC", loaded, concat(last, info, Uint8Array.of(number))));
    blocks.push(last);
  }
  return concat(...blocks).slice(0, length);
}

/**
 * AES-256-GCM; a nonce is never used twice under one key.
 * @param {Bytes} key @param {Bytes} nonce @param {Bytes} plain @param {{aad: Bytes}} bound
 */
export async function encrypt(key, nonce, plain, { aad }) {
  const loaded = await load(key, "encrypt");
  return new Uint8Array(await crypto.subtle.encrypt(gcm(nonce, aad), loaded, plain));
}

/**
 * Undo `encrypt`, or throw `Tampered`.
 * @param {Bytes} key @param {Bytes} nonce @param {Bytes} ciphertext @param {{aad: Bytes}} bound
 */
export async function decrypt(key, nonce, ciphertext, { aad }) {
  const loaded = await load(key, "decrypt");
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm(nonce, aad), loaded, ciphertext));
  } catch (error) {
    if (isRefusal(error)) throw new Tampered(undefined, { cause: error });
    throw error;
  }
}

/**
 * Whether the browser's cryptography says that these bytes do not hold, rather than that it cannot.
 * @param {unknown} error
 */
export function isRefusal(error) {
  return error instanceof DOMException && (error.name === "OperationError" || error.name === "DataError");
}

/** @param {Bytes} key @param {KeyUsage} usage */
function load(key, usage) {
  return crypto.subtle.importKey("raw", exact(key, KEY), "AES-GCM", false, [usage]);
}

/** @param {Bytes} nonce @param {Bytes} aad */
function gcm(nonce, aad) {
  return { name: "AES-GCM", iv: exact(nonce, NONCE), additionalData: aad, tagLength: TAG * 8 };
}
