/** C2SP signed notes: a text anybody can read, and lines of Ed25519 signatures under it (signed-note v1). */

import { sha256 } from "../vendor/crypto.js";
import { Malformed, Tampered } from "./errors.js";
import * as signing from "./signing.js";
import { name as asName, concat, equal, fromBase64, toBase64, toUtf8 } from "./wire.js";

export const MAX_NOTE = 2 ** 16; // bytes
export const MAX_SIGNATURES = 16;

export const ED25519 = Uint8Array.of(1); // signature types (C2SP signed-note): over the text as it is
export const COSIGNATURE = Uint8Array.of(4); // over the text and a time (tlog-cosignature)

const KEY_ID = 4; // bytes
const DASH = "\u2014";
// Listed, not asked of Unicode's tables: those grow, and every platform has its own (FORMAT.md 1).
const HIDDEN =
  /[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
const BLANKS = /[\x20\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]/u;
const CONTROLS = /[\0-\x09\x0b-\x1f]/; // all but newline

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./signing.js").SigningKey} SigningKey */
/** @typedef {{name: string, keyId: Bytes, signature: Bytes}} NoteSignature the key id tells by which algorithm */
/** @typedef {{text: string, signatures: readonly NoteSignature[]}} Note says nothing until `verifyNote` returned */

/** Whom to believe: a key under its name. */
export class Verifier {
  /** @param {{name: string, public: Bytes}} parts `public`: 32 bytes */
  constructor({ name, public: publicKey }) {
    checkKeyName(name);
    signing.checkPublic(publicKey);
    this.name = name;
    this.public = publicKey;
    Object.freeze(this);
  }
}

/**
 * The note: `text`, which ends in a newline, a blank line, and one signature line.
 * @param {string} text @param {{name: string, key: SigningKey}} signer
 */
export async function signNote(text, { name, key }) {
  checkKeyName(name);
  const signature = concat(keyId(name, key.public), await signing.sign(key, checkText(text)));
  return `${text}\n${DASH} ${name} ${toBase64(signature)}\n`;
}

/**
 * Read a note of at most 64 KiB and 16 signatures, or throw `Malformed`. The last blank line divides it.
 * @param {string} content @returns {Note}
 */
export function parseNote(content) {
  if (toUtf8(content).length > MAX_NOTE) throw new Malformed("A note is longer than 65 536 bytes.");
  const blank = content.lastIndexOf("\n\n");
  if (blank < 0 || !content.endsWith("\n")) throw new Malformed("A note ends in signature lines.");
  const text = content.slice(0, blank + 1);
  checkText(text);
  const lines = content.slice(blank + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw new Malformed("A note has at most 16 signatures.");
  return { text, signatures: lines.map(parseLine) };
}

/**
 * The note's text when the verifier's key signed it; other keys' lines are passed over. Throws `Tampered` when no line
 * is of that key, or one of that key does not hold.
 * @param {string} content @param {Verifier} verifier
 */
export async function verifyNote(content, verifier) {
  const { text, signatures } = parseNote(content);
  const ours = signatures.filter((line) => isSignedBy(line, verifier));
  if (ours.length === 0) throw new Tampered("The key that should have signed the note did not.");
  for (const { signature } of ours) {
    if (signature.length !== signing.SIGNATURE) throw new Tampered();
    await signing.verify(verifier.public, toUtf8(text), signature);
  }
  return text;
}

/**
 * Whether the line names this key; whether it holds is another question.
 * @param {NoteSignature} line @param {Verifier} verifier @param {Bytes} [kind]
 */
export function isSignedBy(line, verifier, kind = ED25519) {
  return line.name === verifier.name && equal(line.keyId, keyId(verifier.name, verifier.public, kind));
}

/**
 * The 4 bytes that tell keys of one name apart; they identify, they do not protect.
 * @param {string} name @param {Bytes} publicKey @param {Bytes} [kind]
 */
export function keyId(name, publicKey, kind = ED25519) {
  return sha256(concat(toUtf8(`${name}\n`), kind, publicKey)).slice(0, KEY_ID);
}

/**
 * Write `name+keyid+base64(kind || key)`, the form in which a key is handed to others.
 * @param {Verifier} verifier @param {Bytes} [kind]
 */
export function verifierToText({ name, public: publicKey }, kind = ED25519) {
  const identity = Array.from(keyId(name, publicKey, kind), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${name}+${identity}+${toBase64(concat(kind, publicKey))}`;
}

/** Read what `verifierToText` writes of that kind, or throw `Malformed`. @param {string} text @param {Bytes} [kind] */
export function verifierFromText(text, kind = ED25519) {
  const [name, , ...rest] = text.split("+");
  const key = fromBase64(rest.join("+"), { most: 64 });
  const verifier = new Verifier({ name, public: key.slice(1) });
  if (verifierToText(verifier, kind) !== text) throw new Malformed("That is no verifier key.");
  return verifier;
}

/**
 * Throws `Malformed` for a name that is empty, too long, or has a plus, a blank or a hidden character.
 * @param {string} name
 */
export function checkKeyName(name) {
  const isPlain = !asName(name).includes("+") && !HIDDEN.test(name) && !BLANKS.test(name);
  if (!isPlain) throw new Malformed("That is no name of a key.");
}

/** @param {string} line @returns {NoteSignature} */
function parseLine(line) {
  const [dash, name, encoded, ...rest] = line.split(" ");
  if (dash !== DASH || encoded === undefined || rest.length > 0) {
    throw new Malformed("A signature line is a dash, a name and a signature.");
  }
  checkKeyName(name);
  const signature = fromBase64(encoded, { most: MAX_NOTE });
  if (signature.length <= KEY_ID) throw new Malformed("A signature line has no signature.");
  return { name, keyId: signature.slice(0, KEY_ID), signature: signature.slice(KEY_ID) };
}

/** @param {string} text */
function checkText(text) {
  if (!text.endsWith("\n") || CONTROLS.test(text)) {
    throw new Malformed("A note's text is whole lines without control characters.");
  }
  return toUtf8(text);
}
