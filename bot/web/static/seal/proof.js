/**
 * Checks proofs over the ledger's tree: that a leaf is in it, that a larger tree begins with a smaller one (RFC 9162).
 */

import { Malformed, Tampered } from "./errors.js";
import { HASH, nodeHash } from "./log.js";
import { equal, exact, number } from "./wire.js";

export const MAX_PROOF = 64; // hashes; no tree of MAX_NUMBER leaves needs more than 54

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {{position: number, last: number}} Place of a node on its level, and of the last node there */

/**
 * Return when the proof leads from `leaf` to `root` (section 2.1.3.2), else throw `Tampered` or `Malformed`.
 * @param {{index: number, size: number, leaf: Bytes, proof: readonly Bytes[], root: Bytes}} claim
 */
export function verifyInclusion({ index, size, leaf, proof, root }) {
  checkProof(proof, leaf, root);
  if (number(index) >= number(size)) throw new Malformed("That leaf is not in the tree.");
  let place = { position: index, last: size - 1 };
  let hash = leaf;
  for (const sibling of proof) {
    const isRight = isRightChild(place);
    hash = isRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    place = parent(isRight ? climbToRight(place) : place);
  }
  checkEnd(place.last, hash, root);
}

/**
 * Return when the proof joins both roots (section 2.1.4.2), else throw `Tampered` or `Malformed`.
 * @param {{old: number, new: number, oldRoot: Bytes, newRoot: Bytes, proof: readonly Bytes[]}} claim
 */
export function verifyConsistency({ old, new: size, oldRoot, newRoot, proof }) {
  checkProof(proof, oldRoot, newRoot);
  if (!(0 < number(old) && old <= number(size))) {
    throw new Malformed("Consistency is proved from a smaller tree that is not empty.");
  }
  if (old === size) return checkSame(proof, oldRoot, newRoot);
  const place = climbToLeft({ position: old - 1, last: size - 1 });
  const [start, ...path] = place.position === 0 ? [oldRoot, ...proof] : proof;
  if (start === undefined) throw new Tampered("The proof is too short.");
  return follow(path, start, place, { oldRoot, newRoot });
}

/**
 * @param {readonly Bytes[]} path @param {Bytes} start @param {Place} from
 * @param {{oldRoot: Bytes, newRoot: Bytes}} roots
 */
function follow(path, start, from, { oldRoot, newRoot }) {
  let [inOld, inNew, place] = [start, start, from];
  for (const sibling of path) {
    if (isRightChild(place)) {
      [inOld, inNew] = [nodeHash(sibling, inOld), nodeHash(sibling, inNew)];
      place = parent(climbToRight(place));
    } else {
      inNew = nodeHash(inNew, sibling);
      place = parent(place);
    }
  }
  if (!equal(inOld, oldRoot)) throw new Tampered("The proof does not lead to the root.");
  checkEnd(place.last, inNew, newRoot);
}

/**
 * Whether a node's sibling is on its left, now or on the first level above that has one. Throws `Tampered` at the top.
 * @param {Place} place
 */
function isRightChild({ position, last }) {
  if (last === 0) throw new Tampered("The proof is too long.");
  return position % 2 === 1 || position === last;
}

/** Skip the levels at which this subtree, the last one, has no sibling. @param {Place} place */
function climbToRight(place) {
  let at = place;
  while (at.position % 2 === 0 && at.position > 0) at = parent(at);
  return at;
}

/**
 * Skip the levels at which the old tree's last subtree is a right child: they are whole in both trees.
 * @param {Place} place
 */
function climbToLeft(place) {
  let at = place;
  while (at.position % 2 === 1) at = parent(at);
  return at;
}

/** Numbers here go beyond the 32 bits of JavaScript's shifts. @param {Place} place */
function parent({ position, last }) {
  return { position: Math.floor(position / 2), last: Math.floor(last / 2) };
}

/** @param {readonly Bytes[]} proof @param {Bytes} oldRoot @param {Bytes} newRoot */
function checkSame(proof, oldRoot, newRoot) {
  if (proof.length > 0 || !equal(oldRoot, newRoot)) throw new Tampered("Two trees of one size have two roots.");
}

/** @param {number} last @param {Bytes} hash @param {Bytes} root */
function checkEnd(last, hash, root) {
  if (last !== 0) throw new Tampered("The proof is too short.");
  if (!equal(hash, root)) throw new Tampered("The proof does not lead to the root.");
}

/** @param {readonly Bytes[]} proof @param {...Bytes} others */
function checkProof(proof, ...others) {
  if (proof.length > MAX_PROOF) throw new Malformed("A proof has at most 64 hashes.");
  for (const hash of [...proof, ...others]) exact(hash, HASH);
}
