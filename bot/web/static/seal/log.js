/** The ledger's tree (RFC 9162 section 2.1), as an auditor computes it: salted leaves, and a root over them. */

import { sha256 } from "../vendor/crypto.js";
import { Label } from "./labels.js";
import { concat, exact, lp, name } from "./wire.js";

export const HASH = 32; // bytes
export const SALT = 16; // bytes

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** @typedef {import("./wire.js").Bytes} Bytes */

/**
 * Hash an entry; 16 random bytes of salt make the leaf say nothing of a body that could be guessed.
 * @param {{kind: string, salt: Bytes, body: Bytes}} entry @returns {Bytes}
 */
export function leafHash({ kind, salt, body }) {
  return sha256(concat(LEAF, lp(Label.ENTRY, name(kind), exact(salt, SALT), body)));
}

/** Hash two subtrees into one. @param {Bytes} left @param {Bytes} right @returns {Bytes} */
export function nodeHash(left, right) {
  return sha256(concat(NODE, exact(left, HASH), exact(right, HASH)));
}

/**
 * The root over all leaf hashes; SHA-256 of nothing when there is none.
 * @param {Iterable<Bytes>} leaves @returns {Bytes}
 */
export function rootOf(leaves) {
  /** @type {{level: number, hash: Bytes}[]} */
  const stack = [];
  for (const leaf of leaves) {
    let [level, hash] = [0, exact(leaf, HASH)];
    while (stack.at(-1)?.level === level) {
      hash = nodeHash(/** @type {{hash: Bytes}} */ (stack.pop()).hash, hash);
      level += 1;
    }
    stack.push({ level, hash });
  }
  if (stack.length === 0) return sha256(new Uint8Array());
  return stack.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right));
}
