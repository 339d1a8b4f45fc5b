/** Enrolment: what a device says of itself, who vouches for it, and which other organisation's root is believed. */

import { sha256 } from "../vendor/crypto.js";
import { Malformed, Tampered } from "./errors.js";
import { DEVICE_ID, publicFromBytes, publicToBytes } from "./keys.js";
import { Label } from "./labels.js";
import * as signing from "./signing.js";
import { signStatement, splitStatement, verifyStatement } from "./statement.js";
import { digest, KEY } from "./symmetric.js";
import { equal, exact, lp, name, number, Reader } from "./wire.js";

/** What a device may be believed in. The values stand in signed bytes: add, never change. */
export const Right = Object.freeze({
  MEMBER: 1, // takes part in rooms
  SHARES: 2, // holds shares of escrows: a supervisor's
  APPROVE: 4, // approves devices
  VOUCH: 8, // approves devices that are members and nothing else: the jour's, at night
  BRIDGE: 16, // the server's own, which speaks for people on other channels; has no other right
});

const ALL_RIGHTS = 31;
const MAX_PUBLIC = 2 ** 11; // bytes of `publicToBytes`

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {import("./keys.js").DevicePublic} DevicePublic */
/** @typedef {import("./keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./signing.js").SigningKey} SigningKey */
/**
 * What a device signs of itself when it is enrolled.
 * @typedef {Readonly<{organisation: string, person: string, rights: number, inviter: string, invitation: Bytes,
 *   madeAt: number, public: DevicePublic, hash: Bytes, content: Bytes}>} Bundle `inviter`: who invited, a person or the
 *   organisation; `invitation`: SHA-256 of its secret; `madeAt`: seconds since 1970; `hash`: by which approvals name it
 */
/**
 * Somebody's word for one bundle. Who signed is checked by `checkApproval`, once the key is known.
 * @typedef {Readonly<{organisation: string, root: Bytes, bundle: Bytes, approver: Bytes, at: number,
 *   content: Bytes}>} Approval `root`: the root's id; `bundle`: its hash; `approver`: a device's id, or the root's
 */
/**
 * One organisation's word that a root is another organisation's.
 * @typedef {Readonly<{organisation: string, root: Bytes, other: string, otherRoot: Bytes, approver: Bytes, at: number,
 *   content: Bytes}>} Introduction `root`: the id of one's own root; `otherRoot`: the other's public key
 */

/**
 * The 32 bytes that name an organisation's root. Throws `Malformed` for a key that is none.
 * @param {Bytes} publicKey
 */
export function rootId(publicKey) {
  signing.checkPublic(publicKey);
  return digest(Label.ROOT, publicKey);
}

/** Rights that a device can have: some, and none beside a bridge's. Throws `Malformed`. @param {number} rights */
export function checkRights(rights) {
  if (number(rights) < 1 || rights > ALL_RIGHTS || (rights & Right.BRIDGE && rights !== Right.BRIDGE)) {
    throw new Malformed("No device has such rights.");
  }
  return rights;
}

/**
 * Sign a device's own bundle.
 * @param {{secret: DeviceSecret, organisation: string, person: string, rights: number, inviter: string,
 *   invitation: Bytes, madeAt: number}} said
 */
export async function makeBundle({ secret, organisation, person, rights, inviter, invitation, madeAt }) {
  const who = [name(organisation), name(person), checkRights(rights), name(inviter)];
  const made = [exact(invitation, KEY), number(madeAt), publicToBytes(secret.public)];
  const statement = lp(Label.BUNDLE, ...who, ...made);
  return bundleFromBytes(await signStatement(Label.BUNDLE_BYTES, statement, secret.signing));
}

/**
 * Read a bundle and check that the device in it signed it. Throws `Malformed` or `Tampered`.
 * @param {Bytes} content @returns {Promise<Bundle>}
 */
export async function bundleFromBytes(content) {
  const kept = content.slice();
  const signed = splitStatement(Label.BUNDLE_BYTES, kept);
  const reader = new Reader(Label.BUNDLE, signed.statement);
  const bundle = Object.freeze({
    organisation: reader.name(),
    person: reader.name(),
    rights: checkRights(reader.number()),
    inviter: reader.name(),
    invitation: reader.exact(KEY),
    madeAt: reader.number(),
    public: publicFromBytes(reader.upTo(MAX_PUBLIC)),
    hash: sha256(kept),
    content: kept,
  });
  reader.end();
  await verifyStatement(bundle.public.ed25519, signed);
  return bundle;
}

/**
 * Approve a bundle. `root`: the root's id; `approver`: the id of the device or root whose `key` signs.
 * @param {{bundle: Bundle, root: Bytes, approver: Bytes, key: SigningKey, at: number}} given
 */
export async function approve({ bundle, root, approver, key, at }) {
  const named = [bundle.organisation, exact(root, KEY), bundle.hash, exact(approver, DEVICE_ID)];
  const statement = lp(Label.APPROVAL, ...named, number(at));
  return approvalFromBytes(await signStatement(Label.APPROVAL_BYTES, statement, key));
}

/**
 * Read an approval, or throw `Malformed`; whether it holds, `checkApproval` says.
 * @param {Bytes} content @returns {Approval}
 */
export function approvalFromBytes(content) {
  const kept = content.slice();
  const reader = new Reader(Label.APPROVAL, splitStatement(Label.APPROVAL_BYTES, kept).statement);
  const approval = Object.freeze({
    organisation: reader.name(),
    root: reader.exact(KEY),
    bundle: reader.exact(KEY),
    approver: reader.exact(DEVICE_ID),
    at: reader.number(),
    content: kept,
  });
  reader.end();
  return approval;
}

/**
 * Return when the approval is of this bundle, under this root (its id), signed by `public`; else throw `Tampered`.
 * @param {Approval} approval @param {Bundle} bundle @param {{root: Bytes, public: Bytes}} by
 */
export async function checkApproval(approval, bundle, { root, public: publicKey }) {
  const isNamed = equal(approval.root, root) && equal(approval.bundle, bundle.hash);
  if (approval.organisation !== bundle.organisation || !isNamed) {
    throw new Tampered("The approval is of another device, organisation or root.");
  }
  await verifyStatement(publicKey, splitStatement(Label.APPROVAL_BYTES, approval.content));
}

/**
 * Introduce another organisation's root to the devices of one's own. `root`: one's own root's id.
 * @param {{organisation: string, root: Bytes, other: string, otherRoot: Bytes, approver: Bytes, key: SigningKey,
 *   at: number}} given
 */
export async function introduce({ organisation, root, other, otherRoot, approver, key, at }) {
  signing.checkPublic(otherRoot);
  const named = [name(organisation), exact(root, KEY), name(other), otherRoot, exact(approver, DEVICE_ID)];
  const statement = lp(Label.INTRODUCTION, ...named, number(at));
  return introductionFromBytes(await signStatement(Label.INTRODUCTION_BYTES, statement, key));
}

/**
 * Read an introduction, or throw `Malformed`; whether it holds, `checkIntroduction` says.
 * @param {Bytes} content @returns {Introduction}
 */
export function introductionFromBytes(content) {
  const kept = content.slice();
  const reader = new Reader(Label.INTRODUCTION, splitStatement(Label.INTRODUCTION_BYTES, kept).statement);
  const introduction = Object.freeze({
    organisation: reader.name(),
    root: reader.exact(KEY),
    other: reader.name(),
    otherRoot: reader.exact(signing.PUBLIC),
    approver: reader.exact(DEVICE_ID),
    at: reader.number(),
    content: kept,
  });
  reader.end();
  signing.checkPublic(introduction.otherRoot);
  if (introduction.other === introduction.organisation) throw new Malformed("Nobody introduces their own root.");
  return introduction;
}

/**
 * Return when it is that organisation's, under its root (the id), signed by `public`; else throw `Tampered`.
 * @param {Introduction} introduction @param {{organisation: string, root: Bytes, public: Bytes}} by
 */
export async function checkIntroduction(introduction, { organisation, root, public: publicKey }) {
  if (introduction.organisation !== organisation || !equal(introduction.root, root)) {
    throw new Tampered("The introduction is of another organisation or root.");
  }
  await verifyStatement(publicKey, splitStatement(Label.INTRODUCTION_BYTES, introduction.content));
}
