/** Signed statements: an LP string and a signature over it, by a device, a root, or a ledger's key. */

import { Malformed } from "./errors.js";
import * as signing from "./signing.js";
import { concat, exact, lp, Reader } from "./wire.js";

export const MAX_STATEMENT = 2 ** 13; // bytes of what is signed; a bundle with its public keys is under 3 kB
export const SIGNATURE = 1 + signing.SIGNATURE; // bytes; the first says which algorithm

const ED25519 = 1;

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./signing.js").SigningKey} SigningKey */

/**
 * `LP(outer, statement, sig)`; `statement` is an LP string whose label says what is stated.
 * @param {string} outer @param {Bytes} statement @param {SigningKey} key
 */
export async function signStatement(outer, statement, key) {
  return lp(outer, statement, await signBare(statement, key));
}

/** The signature alone, 65 bytes. @param {Bytes} statement @param {SigningKey} key */
export async function signBare(statement, key) {
  return concat(Uint8Array.of(ED25519), await signing.sign(key, statement));
}

/**
 * The statement and its signature of 65 bytes; nothing is checked but the form. Throws `Malformed`.
 * @param {string} outer @param {Bytes} content
 */
export function splitStatement(outer, content) {
  const reader = new Reader(outer, content);
  const [statement, sig] = [reader.upTo(MAX_STATEMENT), reader.exact(SIGNATURE)];
  reader.end();
  checkAlgorithm(sig);
  return { statement, sig };
}

/**
 * Return when the signature holds under the 32-byte key, else throw `Tampered` or `Malformed`.
 * @param {Bytes} publicKey @param {{statement: Bytes, sig: Bytes}} signed
 */
export async function verifyStatement(publicKey, { statement, sig }) {
  checkAlgorithm(exact(sig, SIGNATURE));
  await signing.verify(publicKey, statement, sig.slice(1));
}

/** @param {Bytes} sig */
function checkAlgorithm(sig) {
  if (sig[0] !== ED25519) throw new Malformed("That signature algorithm is unknown.");
}
