/** C2SP tlog-cosignatures: when a witness saw a checkpoint as the largest tree that followed from all before. */

import { Malformed, Tampered } from "./errors.js";
import { COSIGNATURE, isSignedBy, parseNote, verifierFromText } from "./note.js";
import * as signing from "./signing.js";
import { fromU64, MAX_NUMBER, toUtf8 } from "./wire.js";

export const AHEAD = 300; // seconds by which a witness's clock may be ahead of the reader's

const TIME = 8; // bytes

/** @typedef {import("./note.js").NoteSignature} NoteSignature */
/** @typedef {import("./note.js").Verifier} Verifier */

/**
 * When the witness cosigned the note, in seconds since 1970; lines of other keys are passed over. `latest`: whoever has
 * a clock gives the present second and `AHEAD`. Throws `Tampered` when no line is of that key, one of that key does not
 * hold, or is of a later time; `Malformed` for one of another length.
 * @param {string} content @param {Verifier} witness @param {{latest?: number}} [clock]
 */
export async function verifyCosignature(content, witness, { latest = MAX_NUMBER } = {}) {
  const { text, signatures } = parseNote(content);
  const times = [];
  for (const line of signatures) if (isBy(line, witness)) times.push(await checkLine(text, line, witness));
  if (times.length === 0) throw new Tampered("The witness did not cosign the note.");
  const at = Math.max(...times);
  if (at > latest) throw new Tampered("A cosignature is of a time that has not come.");
  return at;
}

/**
 * Whether the line says that it is this witness's cosignature.
 * @param {NoteSignature} line @param {Verifier} witness
 */
export function isBy(line, witness) {
  return isSignedBy(line, witness, COSIGNATURE);
}

/** Read `name+keyid+base64(0x04 || key)`, or throw `Malformed`; a ledger's key is none. @param {string} text */
export function witnessFromText(text) {
  return verifierFromText(text, COSIGNATURE);
}

/** @param {string} text @param {NoteSignature} line @param {Verifier} witness */
async function checkLine(text, { signature }, witness) {
  if (signature.length !== TIME + signing.SIGNATURE) throw new Malformed("A cosignature is a time and a signature.");
  const at = fromU64(signature.slice(0, TIME));
  const message = toUtf8(`cosignature/v1\ntime ${at}\n${text}`);
  await signing.verify(witness.public, message, signature.slice(TIME));
  return at;
}
