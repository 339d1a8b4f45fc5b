/** The operations that cases name, on who is believed; see tests/vectors/README.md. */

import { hex, raw, same } from "./check.js";
import { unwrapKey, wrappingKey } from "../../bot/web/static/seal/at_rest.js";
import { deviceCode } from "../../bot/web/static/seal/device_code.js";
import * as directories from "../../bot/web/static/seal/directory.js";
import * as enrolment from "../../bot/web/static/seal/enrolment.js";
import { readEpoch } from "../../bot/web/static/seal/epoch.js";
import { EPOCH_KIND, fromBytes } from "../../bot/web/static/seal/event.js";
import { Tampered } from "../../bot/web/static/seal/errors.js";
import { makeDevice } from "../../bot/web/static/seal/keys.js";
import { signChallenge, verifyChallenge } from "../../bot/web/static/seal/sign_in.js";
import { signingKey } from "../../bot/web/static/seal/signing.js";
import * as trust from "../../bot/web/static/seal/trust.js";
import { compare, fromBase64url, toBase64url, toUtf8 } from "../../bot/web/static/seal/wire.js";

const { Right } = enrolment;

/** @type {Record<string, (given: any) => any>} */
export const TRUST_OPS = {
  root_id: ({ public: key }) => ({ id: hex(enrolment.rootId(raw(key))) }),

  async make_bundle({ entropy, invitation, made_at: madeAt, ...said }) {
    const secret = await makeDevice(raw(entropy));
    const made = await enrolment.makeBundle({ ...said, secret, invitation: raw(invitation), madeAt });
    return { bundle: hex(made.content) };
  },

  async read_bundle({ bundle }) {
    const read = await enrolment.bundleFromBytes(raw(bundle));
    const { organisation, person, rights, inviter, madeAt, public: known } = read;
    const hashes = { invitation: hex(read.invitation), device_id: hex(known.deviceId), hash: hex(read.hash) };
    return { organisation, person, rights, inviter, made_at: madeAt, ...hashes };
  },

  async approve({ bundle, root, approver, seed, at }) {
    const [read, key] = [await enrolment.bundleFromBytes(raw(bundle)), await signingKey(raw(seed))];
    const given = { bundle: read, root: raw(root), approver: raw(approver), key, at };
    return { approval: hex((await enrolment.approve(given)).content) };
  },

  async check_approval({ approval, bundle, root, public: key }) {
    const word = enrolment.approvalFromBytes(raw(approval));
    const read = await enrolment.bundleFromBytes(raw(bundle));
    await enrolment.checkApproval(word, read, { root: raw(root), public: raw(key) });
    return {};
  },

  async introduce({ organisation, root, other, other_root: otherRoot, approver, seed, at }) {
    const key = await signingKey(raw(seed));
    const named = { organisation, root: raw(root), other, otherRoot: raw(otherRoot) };
    return { introduction: hex((await enrolment.introduce({ ...named, approver: raw(approver), key, at })).content) };
  },

  async check_introduction({ introduction, organisation, root, public: key }) {
    const read = enrolment.introductionFromBytes(raw(introduction));
    await enrolment.checkIntroduction(read, { organisation, root: raw(root), public: raw(key) });
    return {};
  },

  read_directory({ directory }) {
    const read = directories.directoryFromBytes(raw(directory));
    same(directories.directoryToBytes(read), directory);
    const { organisation, number, at, introductions } = read;
    const toLine = ({ deviceId, revokedAt, hash }) => {
      return { device_id: hex(deviceId), revoked_at: revokedAt, hash: hex(hash) };
    };
    return { organisation, number, at, devices: read.devices.map(toLine), introductions: introductions.map(hex) };
  },

  check_fresh({ directory, now, least }) {
    directories.checkFresh(directories.directoryFromBytes(raw(directory)), { now, least });
    return {};
  },

  async verify_directory({ directory, entries, introductions, root }) {
    const read = directories.directoryFromBytes(raw(directory));
    const made = [];
    for (const { bundle, approvals } of entries) {
      made.push(await directories.makeEntry(raw(bundle), approvals.map(raw)));
    }
    const came = { entries: made, introductions: directories.introductionsOf(introductions.map(raw)), root: raw(root) };
    return ofVerified(await directories.verifyDirectory(read, came));
  },

  async verify_directory_answer({ directory, entries, introductions, salt, index, checkpoint, pins, now, ...proofs }) {
    const answer = {
      directory: raw(directory),
      entries: entries.map(({ bundle, approvals }) => ({ bundle: raw(bundle), approvals: approvals.map(raw) })),
      introductions: introductions.map(raw),
      salt: raw(salt),
      index,
      checkpoint,
      inclusion: proofs.inclusion.map(raw),
      consistency: proofs.consistency.map(raw),
    };
    const { verified, pins: kept } = await trust.verifyDirectoryAnswer(answer, toPins(pins), { now });
    return { ...ofVerified(verified), pins: ofPins(kept) };
  },

  introduced({ home, organisation, roots, other, known }) {
    const found = new Map(roots.map((each) => [each.organisation, raw(each.root)]));
    const kept = known === null ? undefined : toPins(known);
    return { pins: ofPins(trust.introduced(toPins(home), { organisation, roots: found }, other, kept)) };
  },

  may_seal({ members, device_id: id, right }) {
    trust.recipient({ members: membersOf(members) }, toId(id), right === Right.MEMBER ? right | Right.BRIDGE : right);
    return {};
  },

  check_author({ event, members, recipients }) {
    const read = fromBytes(raw(event));
    const inside = read.kind === EPOCH_KIND ? readEpoch(read).recipients : new Set(recipients.map(toId));
    const member = membersOf(members).get(toBase64url(read.deviceId));
    if (member === undefined) throw new Tampered();
    trust.checkSpeaker(read, member, { recipients: inside });
    return {};
  },

  check_members({ event, members }) {
    trust.checkRecipients(readEpoch(fromBytes(raw(event))), [{ members: membersOf(members) }]);
    return {};
  },

  async sign_challenge({ entropy, origin, challenge }) {
    const secret = await makeDevice(raw(entropy));
    return { answer: hex(await signChallenge({ secret, origin, challenge: raw(challenge) })) };
  },

  async verify_challenge({ entropy, origin, challenge, answer }) {
    const { public: known } = await makeDevice(raw(entropy));
    await verifyChallenge(known, { origin, challenge: raw(challenge), sig: raw(answer) });
    return {};
  },

  async unwrap({ prf, device_id: id, name, wrapped }) {
    const [kek, deviceId] = [await wrappingKey(raw(prf), raw(id)), raw(id)];
    return { key: hex(await unwrapKey(kek, { deviceId, keyName: name, wrapped: raw(wrapped) })) };
  },

  async device_code({ device_id: id, root }) {
    return { code: await deviceCode(raw(id), raw(root)) };
  },
};

function ofVerified({ members, roots }) {
  const toRoot = ([organisation, key]) => ({ organisation, root: hex(key) });
  return { members: ascending(members, fromBase64url).map(toMember), roots: ascending(roots, toUtf8).map(toRoot) };
}

function toPins({ root, ledger, tree, revoked, ...said }) {
  const gone = new Map(revoked.map(({ device_id: id, at }) => [toId(id), at]));
  return { ...said, root: raw(root), ledger: raw(ledger), tree: raw(tree), revoked: gone };
}

function ofPins({ root, ledger, tree, revoked, ...said }) {
  const gone = ascending(revoked, fromBase64url).map(([id, at]) => ({ device_id: hex(fromBase64url(id)), at }));
  return { ...said, root: hex(root), ledger: hex(ledger), tree: hex(tree), revoked: gone };
}

function toId(deviceId) {
  return toBase64url(raw(deviceId));
}

function membersOf(members) {
  const made = members.map(({ device_id: id, person, rights, revoked_at: revokedAt }) => {
    return [toId(id), new directories.Member({ person, rights, revokedAt, public: { deviceId: raw(id) } })];
  });
  return new Map(made);
}

function toMember([id, { person, rights, revokedAt }]) {
  return { device_id: hex(fromBase64url(id)), person, rights, revoked_at: revokedAt };
}

function ascending(pairs, toKey) {
  return [...pairs].sort(([one], [other]) => compare(toKey(one), toKey(other)));
}
