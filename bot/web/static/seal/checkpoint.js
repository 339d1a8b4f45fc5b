/** C2SP tlog-checkpoints: how large the ledger is and what its root is, in three lines signed by its key. */

import { Malformed, Tampered } from "./errors.js";
import { HASH } from "./log.js";
import { checkKeyName, signNote, Verifier, verifyNote } from "./note.js";
import { exact, fromBase64, number, toBase64 } from "./wire.js";

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./signing.js").SigningKey} SigningKey */

/** A ledger at one moment. */
export class Checkpoint {
  /**
   * @param {{origin: string, size: number, root: Bytes}} parts `origin`: "<host>/<organisation>", also the name of the
   *   key that signs
   */
  constructor({ origin, size, root }) {
    checkKeyName(origin);
    this.origin = origin;
    this.size = number(size);
    this.root = exact(root, HASH);
    Object.freeze(this);
  }
}

/**
 * The signed note. A ledger never signs two checkpoints that are not consistent.
 * @param {Checkpoint} checkpoint @param {SigningKey} key
 */
export function signCheckpoint(checkpoint, key) {
  return signNote(checkpointToText(checkpoint), { name: checkpoint.origin, key });
}

/**
 * The checkpoint when the ledger's key signed it, else throws `Tampered` or `Malformed`.
 * @param {string} content @param {{origin: string, public: Bytes}} known
 */
export async function verifyCheckpoint(content, { origin, public: publicKey }) {
  const verifier = new Verifier({ name: origin, public: publicKey });
  const checkpoint = checkpointFromText(await verifyNote(content, verifier));
  if (checkpoint.origin !== origin) throw new Tampered("The checkpoint is of another ledger.");
  return checkpoint;
}

/** Write the three lines that are signed. @param {Checkpoint} checkpoint */
export function checkpointToText({ origin, size, root }) {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * Read the three lines, or throw `Malformed`; extension lines, which our ledgers never write, are refused.
 * @param {string} text
 */
export function checkpointFromText(text) {
  const [origin, size, root, ...rest] = text.split("\n");
  if (rest.length !== 1 || !/^[0-9]{1,16}$/.test(size)) {
    throw new Malformed("A checkpoint is three lines: origin, size, root.");
  }
  const checkpoint = new Checkpoint({ origin, size: Number(size), root: fromBase64(root, { most: HASH }) });
  if (checkpointToText(checkpoint) !== text) {
    throw new Malformed("A checkpoint is three lines: origin, size, root.");
  }
  return checkpoint;
}
