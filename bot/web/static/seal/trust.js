/** Whom a client seals to: a directory is believed from what the client has pinned on, or not at all. */

import { verifyCheckpoint } from "./checkpoint.js";
import * as directories from "./directory.js";
import { Right } from "./enrolment.js";
import { Malformed, Tampered } from "./errors.js";
import { EPOCH_KIND } from "./event.js";
import { leafHash } from "./log.js";
import { verifyConsistency, verifyInclusion } from "./proof.js";
import { equal, toBase64url } from "./wire.js";

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./checkpoint.js").Checkpoint} Checkpoint */
/** @typedef {import("./directory.js").Member} Member */
/** @typedef {import("./directory.js").Verified} Verified */
/** @typedef {import("./epoch.js").Manifest} Manifest */
/** @typedef {import("./event.js").Event} Event */
/**
 * What a client holds to be true of one organisation. It starts from an invitation or an introduction, by `firstPins`.
 * @typedef {Readonly<{organisation: string, root: Bytes, origin: string, ledger: Bytes, size: number, tree: Bytes,
 *   number: number, index: number, revoked: ReadonlyMap<string, number>}>} Pins `root`, `ledger`: public keys;
 *   `origin`: the ledger's name; `size`, `tree`: of the last checkpoint accepted, 0 and empty before; `number`,
 *   `index`: of the last directory accepted, 0 and -1 before; `revoked`: device id -> when, as that directory said
 */
/**
 * A directory with everything that it takes to believe it, as a server gives it.
 * @typedef {{directory: Bytes, entries: readonly {bundle: Bytes, approvals: readonly Bytes[]}[],
 *   introductions: readonly Bytes[], index: number, salt: Bytes, checkpoint: string, inclusion: readonly Bytes[],
 *   consistency: readonly Bytes[]}} Answer `index`, `salt`: of the ledger's entry; `consistency`: from the checkpoint
 *   accepted before; empty for the first
 */

/**
 * What is pinned before anything was accepted.
 * @param {{organisation: string, root: Bytes, origin: string, ledger: Bytes}} known @returns {Pins}
 */
export function firstPins({ organisation, root, origin, ledger }) {
  const nothing = { size: 0, tree: new Uint8Array(), number: 0, index: -1, revoked: new Map() };
  return Object.freeze({ organisation, root, origin, ledger, ...nothing });
}

/**
 * What the directory says, and the pins to keep from now on (FORMAT.md 51 to 54). Throws `Malformed` or `Tampered`;
 * then nothing in the answer is to be believed.
 * @param {Answer} answer @param {Pins} pins @param {{now: number}} clock seconds since 1970
 * @returns {Promise<{verified: Verified, pins: Pins}>}
 */
export async function verifyDirectoryAnswer(answer, pins, { now }) {
  const head = await verifyCheckpoint(answer.checkpoint, { origin: pins.origin, public: pins.ledger });
  checkFollows(head, answer, pins);
  const { index, inclusion: proof } = answer;
  const leaf = leafHash({ kind: directories.KIND, salt: answer.salt, body: answer.directory });
  verifyInclusion({ index, size: head.size, leaf, proof, root: head.root });
  const directory = directories.directoryFromBytes(answer.directory);
  if (directory.organisation !== pins.organisation) throw new Tampered("The directory is of another organisation.");
  directories.checkFresh(directory, { now, least: pins.number });
  if (index < pins.index || (directory.number === pins.number) !== (index === pins.index)) {
    throw new Tampered("Two entries of the ledger claim to be the same directory.");
  }
  const verified = await directories.verifyDirectory(directory, await readParts(answer, pins));
  const revoked = stillRevoked(verified, pins);
  const accepted = { size: head.size, tree: head.root, number: directory.number, index, revoked };
  return { verified, pins: Object.freeze({ ...pins, ...accepted }) };
}

/**
 * The pins of another organisation on the same ledger server, as one's own directory introduces it. `known`: those
 * kept already. Throws `Tampered` for an organisation that is not introduced, or by another root.
 * @param {Pins} home @param {Verified} verified @param {string} other @param {Pins} [known] @returns {Pins}
 */
export function introduced(home, verified, other, known) {
  const root = verified.roots.get(other);
  if (root === undefined || verified.organisation !== home.organisation) {
    throw new Tampered("Nobody has introduced that organisation.");
  }
  const own = `/${home.organisation}`;
  const host = home.origin.endsWith(own) ? home.origin.slice(0, -own.length) : home.origin;
  const fresh = firstPins({ organisation: other, root, origin: `${host}/${other}`, ledger: home.ledger });
  if (known === undefined) return fresh;
  const isSame = known.organisation === other && known.origin === fresh.origin;
  if (!isSame || !equal(known.root, root) || !equal(known.ledger, home.ledger)) {
    throw new Tampered("That organisation is introduced with another root than before.");
  }
  return known;
}

/**
 * The keys to seal to. Throws `Tampered` for a device not listed, revoked, or without the right (FORMAT.md 55).
 * @param {Verified} verified @param {string} id as JSON has it @param {number} right
 */
export function recipient(verified, id, right) {
  const member = verified.members.get(id);
  if (member === undefined || !member.active || !(member.rights & right)) {
    throw new Tampered("Nothing is sealed to that device.");
  }
  return member.public;
}

/**
 * Return when this device may have said this in this person's name, else throw `Tampered` (FORMAT.md 56). `member`: the
 * event's device, as its verified directory has it; `recipients`: ids of those that the manifest of the event's epoch
 * names, for an epoch event those of the epoch it begins.
 * @param {Event} event @param {Member} member
 * @param {{recipients: ReadonlySet<string> | ReadonlyMap<string, unknown>}} room
 */
export function checkSpeaker(event, member, { recipients }) {
  if (!equal(event.deviceId, member.public.deviceId)) throw new Tampered("Another device signed the event.");
  if (event.author !== member.person && !(member.rights & Right.BRIDGE)) {
    throw new Tampered("The event is in somebody else's name.");
  }
  if (!recipients.has(toBase64url(event.deviceId))) {
    const outside = event.kind === EPOCH_KIND ? "begins an epoch" : "speaks";
    throw new Tampered(`A device that is not in the room ${outside}.`);
  }
}

/**
 * Throws `Tampered` unless every recipient of an epoch stands in one of these verified directories (FORMAT.md 69).
 * @param {Manifest} manifest @param {readonly Verified[]} known of every organisation in the room
 */
export function checkRecipients(manifest, known) {
  for (const id of manifest.recipients.keys()) {
    if (!known.some((verified) => verified.members.has(id))) {
      throw new Tampered("Nobody vouches for a device in the room.");
    }
  }
}

/**
 * The checkpoint continues the one that was accepted before.
 * @param {Checkpoint} head @param {Answer} answer @param {Pins} pins
 */
function checkFollows(head, { consistency: proof }, pins) {
  if (pins.size > 0) {
    verifyConsistency({ old: pins.size, new: head.size, oldRoot: pins.tree, newRoot: head.root, proof });
  } else if (proof.length > 0) {
    throw new Malformed("There is nothing that the first checkpoint must continue.");
  }
}

/** @param {Answer} answer @param {Pins} pins */
async function readParts(answer, pins) {
  if (answer.entries.length > directories.MAX_DEVICES) throw new Malformed("A directory has at most 4096 devices.");
  const entries = [];
  for (const { bundle, approvals } of answer.entries) entries.push(await directories.makeEntry(bundle, approvals));
  return { entries, introductions: directories.introductionsOf(answer.introductions), root: pins.root };
}

/**
 * Whoever was revoked stays so: a server cannot bring back a lost telephone.
 * @param {Verified} verified @param {Pins} pins
 */
function stillRevoked(verified, pins) {
  const gone = [...verified.members].filter(([, member]) => !member.active);
  const revoked = new Map(gone.map(([id, member]) => [id, member.revokedAt]));
  for (const [id, at] of pins.revoked) {
    if (revoked.get(id) !== at) throw new Tampered("A device that was revoked is listed otherwise.");
  }
  return revoked;
}
