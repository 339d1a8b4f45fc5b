/** An organisation's directory: which devices it has, which are revoked, and why each is to be believed. */

import * as enrolment from "./enrolment.js";
import { Right, rootId } from "./enrolment.js";
import { Malformed, SealError, Tampered } from "./errors.js";
import { DEVICE_ID } from "./keys.js";
import { Label } from "./labels.js";
import { MAX_STATEMENT } from "./statement.js";
import { digest, KEY } from "./symmetric.js";
import { compare, equal, exact, lp, name, number, Reader, toBase64url } from "./wire.js";

export const KIND = "directory"; // of the ledger's entry whose body a directory is
export const MAX_DEVICES = 4096; // of one organisation, those that are revoked among them
export const MAX_APPROVALS = 8; // of one device
export const MAX_INTRODUCTIONS = 256;
export const MAX_AGE = 86_400; // seconds after which a directory is no longer believed
export const MAX_AHEAD = 300; // seconds that it may be ahead of the reader's clock

const MAX_ON_WIRE = MAX_STATEMENT + 2 ** 8; // bytes of a signed statement with its label and signature
const TWO = 2; // approvals of whatever is more than a member

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./enrolment.js").Approval} Approval */
/** @typedef {import("./enrolment.js").Bundle} Bundle */
/** @typedef {import("./enrolment.js").Introduction} Introduction */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {{deviceId: Bytes, revokedAt: number, hash: Bytes}} Listed `revokedAt`: 0: active; `hash`: of its entry */
/**
 * What a checked directory says: its devices by id, as JSON has it, and the roots that it introduces by organisation.
 * @typedef {Readonly<{organisation: string, number: number, members: ReadonlyMap<string, Member>,
 *   roots: ReadonlyMap<string, Bytes>}>} Verified
 */

/** All devices of an organisation at one moment: the body of a ledger entry of kind `directory`. */
export class Directory {
  /**
   * @param {{organisation: string, number: number, at: number, devices: readonly Listed[],
   *   introductions: readonly Bytes[]}} parts `number`: from 1; `at`: seconds since 1970; both lists ascend
   */
  constructor({ organisation, number: counted, at, devices, introductions }) {
    this.organisation = name(organisation);
    this.number = number(counted);
    this.at = number(at);
    this.devices = Object.freeze([...devices]);
    this.introductions = Object.freeze([...introductions]);
    if (counted < 1 || devices.length > MAX_DEVICES || introductions.length > MAX_INTRODUCTIONS) {
      throw new Malformed("A directory is numbered from 1 and bounded.");
    }
    if (!isAscending(devices.map((listed) => listed.deviceId)) || !isAscending(introductions)) {
      throw new Malformed("A directory is in order and names nothing twice.");
    }
    Object.freeze(this);
  }
}

/** A device's bundle, and everybody's word for it. */
export class Entry {
  /** @param {{bundle: Bundle, approvals: readonly Approval[]}} parts `approvals`: ascending by approver, each once */
  constructor({ bundle, approvals }) {
    this.bundle = bundle;
    this.approvals = Object.freeze([...approvals]);
    if (approvals.length > MAX_APPROVALS || !isAscending(approvals.map((approval) => approval.approver))) {
      throw new Malformed("A device has at most eight approvals, in order, none twice.");
    }
    Object.freeze(this);
  }
}

/** A device that a verified directory vouches for. */
export class Member {
  /**
   * @param {{organisation: string, person: string, rights: number, public: DevicePublic, revokedAt: number}} parts
   *   `revokedAt`: seconds since 1970; 0 while it is active
   */
  constructor({ organisation, person, rights, public: known, revokedAt }) {
    this.organisation = organisation;
    this.person = person;
    this.rights = rights;
    this.public = known;
    this.revokedAt = revokedAt;
    Object.freeze(this);
  }

  /** Whether one may seal to it. */
  get active() {
    return this.revokedAt === 0;
  }
}

/** The 32 bytes by which a directory names an entry. @param {Entry} entry */
export function hashEntry({ bundle, approvals }) {
  const contents = approvals.map((approval) => approval.content);
  return digest(Label.DIRECTORY_ENTRY, bundle.content, contents.length, ...contents);
}

/** The 32 bytes by which a directory names an introduction. @param {Introduction} introduction */
export function hashIntroduction(introduction) {
  return digest(Label.INTRODUCTION_HASH, introduction.content);
}

/**
 * Read an entry of its parts on the wire. Throws `Malformed` or `Tampered`.
 * @param {Bytes} bundle @param {readonly Bytes[]} approvals
 */
export async function makeEntry(bundle, approvals) {
  const read = await enrolment.bundleFromBytes(bounded(bundle));
  const words = approvals.slice(0, MAX_APPROVALS + 1).map((content) => enrolment.approvalFromBytes(bounded(content)));
  return new Entry({ bundle: read, approvals: words.sort((one, other) => compare(one.approver, other.approver)) });
}

/** Write a directory. @param {Directory} directory */
export function directoryToBytes({ organisation, number: counted, at, devices, introductions }) {
  const lines = devices.flatMap(({ deviceId, revokedAt, hash }) => [deviceId, revokedAt, hash]);
  const head = [organisation, counted, at, devices.length];
  return lp(Label.DIRECTORY, ...head, ...lines, introductions.length, ...introductions);
}

/** Read a directory, or throw `Malformed`. @param {Bytes} content */
export function directoryFromBytes(content) {
  const reader = new Reader(Label.DIRECTORY, content);
  const [organisation, counted, at] = [reader.name(), reader.number(), reader.number()];
  const devices = Array.from({ length: reader.number({ most: MAX_DEVICES }) }, () => readListed(reader));
  const count = reader.number({ most: MAX_INTRODUCTIONS });
  const introductions = Array.from({ length: count }, () => reader.exact(KEY));
  reader.end();
  return new Directory({ organisation, number: counted, at, devices, introductions });
}

/**
 * Throws `Tampered` unless it is at most a day old (seconds) and not older than number `least`, seen before.
 * @param {Directory} directory @param {{now: number, least?: number}} seen
 */
export function checkFresh(directory, { now, least = 1 }) {
  if (directory.number < least) throw new Tampered("A newer directory has been seen.");
  if (!(now - MAX_AGE <= directory.at && directory.at <= now + MAX_AHEAD)) {
    throw new Tampered("The directory is too old, or from the future.");
  }
}

/**
 * Check who vouches for whom, from the pinned root (its public key) on; age and ledger are checked apart. Every listed
 * device must come with its entry, and nothing else. Throws `Tampered` when one is missing, is another, or is not
 * vouched for: a directory holds as a whole or not at all.
 * @param {Directory} directory
 * @param {{entries: readonly Entry[], introductions: readonly Introduction[], root: Bytes}} came
 * @returns {Promise<Verified>}
 */
export async function verifyDirectory(directory, { entries, introductions, root }) {
  const byId = new Map(entries.map((entry) => [entry.bundle.public.id, entry]));
  const listed = new Map(directory.devices.map((one) => [toBase64url(one.deviceId), one]));
  if (byId.size !== entries.length || !hasSameKeys(byId, listed)) {
    throw new Tampered("The entries are not those of the directory.");
  }
  for (const [id, { hash }] of listed) checkEntry(/** @type {Entry} */ (byId.get(id)), directory, hash);
  const revoked = new Map(Array.from(listed, ([id, one]) => [id, one.revokedAt]));
  const members = await believe(byId, revoked, root);
  if (!hasSameKeys(members, listed)) throw new Tampered("A device in the directory is not vouched for.");
  const roots = await checkIntroduced(directory, introductions, members, root);
  return Object.freeze({ organisation: directory.organisation, number: directory.number, members, roots });
}

/**
 * Whom to believe of these devices, from the root (its public key) on: believed devices vouch for others.
 * @param {ReadonlyMap<string, Entry>} entries by device id
 * @param {ReadonlyMap<string, number>} revoked seconds since 1970, 0 while active
 * @param {Bytes} root @returns {Promise<Map<string, Member>>}
 */
export async function believe(entries, revoked, root) {
  const byApprover = groupByApprover(entries);
  const named = rootId(root);
  const believed = new Map();
  const accept = (/** @type {Bundle} */ bundle) => {
    believed.set(bundle.public.id, memberOf(bundle, revoked.get(bundle.public.id)));
  };
  for (const { bundle, approval } of byApprover.get(toBase64url(named)) ?? []) {
    if (await holds(approval, bundle, named, root)) accept(bundle);
  }
  /** @type {Map<string, Set<string>>} */
  const people = new Map();
  for (const [id, approver] of believed) {
    // A Map is walked in the order in which it grows, so whoever is believed here is asked in turn.
    for (const { bundle, approval } of byApprover.get(id) ?? []) {
      if (believed.has(bundle.public.id) || !(await counts(approver, approval, bundle, { root: named }))) continue;
      const vouchers = people.get(bundle.public.id) ?? new Set();
      people.set(bundle.public.id, vouchers.add(approver.person));
      if (vouchers.size >= peopleNeeded(bundle.rights)) accept(bundle);
    }
  }
  return believed;
}

/**
 * Whether this believed device's word counts for that bundle, under the root of that id.
 * @param {Member} approver @param {Approval} approval @param {Bundle} bundle @param {{root: Bytes}} under
 */
export async function counts(approver, approval, bundle, { root }) {
  return may(approver, approval, bundle) && holds(approval, bundle, root, approver.public.ed25519);
}

/** How many people must vouch for a device with these rights, where the root does not. @param {number} rights */
export function peopleNeeded(rights) {
  return rights === Right.MEMBER ? 1 : TWO;
}

/** What a bundle says of its device, once it is believed. @param {Bundle} bundle @param {number} [revokedAt] */
export function memberOf({ organisation, person, rights, public: known }, revokedAt = 0) {
  return new Member({ organisation, person, rights, public: known, revokedAt });
}

/** Read introductions off the wire. Throws `Malformed`. @param {readonly Bytes[]} contents */
export function introductionsOf(contents) {
  const some = contents.slice(0, MAX_INTRODUCTIONS + 1);
  return some.map((content) => enrolment.introductionFromBytes(bounded(content)));
}

/** @param {Reader} reader @returns {Listed} */
function readListed(reader) {
  return Object.freeze({ deviceId: reader.exact(DEVICE_ID), revokedAt: reader.number(), hash: reader.exact(KEY) });
}

/** @param {Entry} entry @param {Directory} directory @param {Bytes} hash */
function checkEntry(entry, directory, hash) {
  if (entry.bundle.organisation !== directory.organisation || !equal(hashEntry(entry), hash)) {
    throw new Tampered("An entry is not the one that the directory names.");
  }
}

/** @param {ReadonlyMap<string, Entry>} entries @returns {Map<string, {bundle: Bundle, approval: Approval}[]>} */
function groupByApprover(entries) {
  const groups = new Map();
  for (const { bundle, approvals } of entries.values()) {
    for (const approval of approvals) {
      const approver = toBase64url(approval.approver);
      groups.set(approver, [...(groups.get(approver) ?? []), { bundle, approval }]);
    }
  }
  return groups;
}

/**
 * Whether this device may vouch for that bundle at all.
 * @param {Member} approver @param {Approval} approval @param {Bundle} bundle
 */
function may(approver, approval, bundle) {
  if (approver.revokedAt > 0 && approval.at >= approver.revokedAt) return false;
  if (approver.person === bundle.person) {
    return bundle.rights === Right.MEMBER && (approver.rights & Right.MEMBER) > 0;
  }
  if (approver.person === bundle.inviter) return false;
  if (approver.rights & Right.APPROVE) return true;
  return bundle.rights === Right.MEMBER && (approver.rights & Right.VOUCH) > 0;
}

/**
 * Whether it is of that bundle, under the root of that id, and signed by that key.
 * @param {Approval} approval @param {Bundle} bundle @param {Bytes} root @param {Bytes} publicKey
 */
async function holds(approval, bundle, root, publicKey) {
  try {
    await enrolment.checkApproval(approval, bundle, { root, public: publicKey });
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
  return true;
}

/**
 * @param {Directory} directory @param {readonly Introduction[]} introductions
 * @param {ReadonlyMap<string, Member>} members @param {Bytes} root
 */
async function checkIntroduced(directory, introductions, members, root) {
  const hashes = introductions.map(hashIntroduction).sort(compare);
  const named = directory.introductions;
  if (hashes.length !== named.length || !hashes.every((hash, at) => equal(hash, named[at]))) {
    throw new Tampered("The introductions are not those of the directory.");
  }
  const { organisation } = directory;
  /** @type {Map<string, Bytes>} */
  const roots = new Map();
  for (const introduction of introductions) {
    const publicKey = introducerOf(introduction, members, root);
    await enrolment.checkIntroduction(introduction, { organisation, root: rootId(root), public: publicKey });
    if (roots.has(introduction.other)) throw new Tampered("An organisation is introduced twice.");
    roots.set(introduction.other, introduction.otherRoot);
  }
  return roots;
}

/** @param {Introduction} introduction @param {ReadonlyMap<string, Member>} members @param {Bytes} root */
function introducerOf(introduction, members, root) {
  if (equal(introduction.approver, rootId(root))) return root;
  const member = members.get(toBase64url(introduction.approver));
  if (member === undefined || !(member.rights & Right.APPROVE)) {
    throw new Tampered("Nobody who may has introduced that root.");
  }
  if (member.revokedAt > 0 && introduction.at >= member.revokedAt) {
    throw new Tampered("A revoked device has introduced that root.");
  }
  return member.public.ed25519;
}

/** @param {readonly Bytes[]} list */
function isAscending(list) {
  return list.every((each, at) => at === 0 || compare(list[at - 1], each) < 0);
}

/** @param {ReadonlyMap<string, unknown>} one @param {ReadonlyMap<string, unknown>} other */
function hasSameKeys(one, other) {
  return one.size === other.size && [...one.keys()].every((key) => other.has(key));
}

/** @param {Bytes} content */
function bounded(content) {
  if (content.length > MAX_ON_WIRE) throw new Malformed("A signed statement is too long.");
  return content;
}
