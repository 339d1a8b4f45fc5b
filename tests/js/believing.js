/** A client believes a directory from what it has pinned on, or not at all: the whole answer of a server. */

import { counting, raw, refused, same, utf8 } from "./check.js";
import { KEY_NAMES, unwrapDevice, unwrapKey, wrapKey, wrappingKey } from "../../bot/web/static/seal/at_rest.js";
import { Checkpoint, signCheckpoint } from "../../bot/web/static/seal/checkpoint.js";
import { deviceCode } from "../../bot/web/static/seal/device_code.js";
import * as directories from "../../bot/web/static/seal/directory.js";
import { approve, introduce, makeBundle, Right, rootId } from "../../bot/web/static/seal/enrolment.js";
import { Malformed, Tampered } from "../../bot/web/static/seal/errors.js";
import { checkDevice, makeDevice, secretParts } from "../../bot/web/static/seal/keys.js";
import { leafHash, nodeHash } from "../../bot/web/static/seal/log.js";
import { signingKey } from "../../bot/web/static/seal/signing.js";
import { firstPins, introduced, recipient, verifyDirectoryAnswer } from "../../bot/web/static/seal/trust.js";
import { compare } from "../../bot/web/static/seal/wire.js";

const NOW = 1_790_000_000;
const SALT = new Uint8Array(16);
const ORIGIN = "samjour.example/malmo";
const OLD_LEAF = raw("01".repeat(32)); // whatever the ledger held before

/** @returns {import("./cases.js").Test[]} */
export function believing() {
  return [
    { name: "an answer is believed, and pins what comes next", run: believes },
    { name: "an answer that is older, elsewhere or unsaid is refused", run: refusesAnswers },
    { name: "a device that was revoked is never brought back", run: refusesReturn },
    { name: "another organisation is believed as one's own introduces it, by one root for good", run: introduces },
    { name: "both sides of an enrolment see the same sixteen digits", run: comparesCodes },
    { name: "wrapped keys come back as keys, for their own device, name and passkey alone", run: unwraps },
  ];
}

/** An organisation with two approvers whom its root approved, and a member whom one of them did. */
async function makeWorld() {
  const [root, ledger] = [await signingKey(counting(1, 32)), await signingKey(counting(2, 32))];
  const named = rootId(root.public);
  const devices = await Promise.all([10, 20, 30].map((first) => makeDevice(counting(first, 64))));
  const entries = [];
  for (const [place, secret] of devices.entries()) {
    const isMember = place === 2;
    const rights = isMember ? Right.MEMBER : Right.APPROVE | Right.MEMBER;
    const said = { organisation: "malmo", person: `p-${place}`, rights, inviter: "malmo", madeAt: NOW - 100 };
    const bundle = await makeBundle({ ...said, secret, invitation: new Uint8Array(32) });
    const [key, approver] = isMember ? [devices[0].signing, devices[0].public.deviceId] : [root, named];
    const approval = await approve({ bundle, root: named, approver, key, at: NOW - 90 });
    entries.push({ bundle: bundle.content, approvals: [approval.content] });
  }
  const pins = firstPins({ organisation: "malmo", root: root.public, origin: ORIGIN, ledger: ledger.public });
  return { root, ledger, devices, entries, pins, words: [] };
}

/** What a server answers: directory `number` as the second of two entries, under a checkpoint. */
async function answerOf(world, { number = 1, at = NOW, revoked = {}, organisation = "malmo", index = 1 } = {}) {
  const read = await Promise.all(
    world.entries.map(({ bundle, approvals }) => directories.makeEntry(bundle, approvals)),
  );
  const lines = read.map((entry) => ({
    deviceId: entry.bundle.public.deviceId,
    revokedAt: revoked[entry.bundle.person] ?? 0,
    hash: directories.hashEntry(entry),
  }));
  const devices = lines.sort((one, other) => compare(one.deviceId, other.deviceId));
  const hashes = directories.introductionsOf(world.words).map(directories.hashIntroduction).sort(compare);
  const made = new directories.Directory({ organisation, number, at, devices, introductions: hashes });
  const directory = directories.directoryToBytes(made);
  const leaf = leafHash({ kind: directories.KIND, salt: SALT, body: directory });
  const pair = index % 2 === 1 ? [OLD_LEAF, leaf] : [leaf, OLD_LEAF];
  const head = new Checkpoint({ origin: ORIGIN, size: 2, root: nodeHash(...pair) });
  const checkpoint = await signCheckpoint(head, world.ledger);
  const came = { directory, entries: world.entries, introductions: world.words, salt: SALT, index };
  return { ...came, checkpoint, inclusion: [OLD_LEAF], consistency: [] };
}

async function believes() {
  const world = await makeWorld();
  const answer = await answerOf(world);
  const { verified, pins } = await verifyDirectoryAnswer(answer, world.pins, { now: NOW });
  same([pins.size, pins.number, pins.index, pins.revoked.size], [2, 1, 1, 0]);
  const member = world.devices[2].public;
  same(recipient(verified, member.id, Right.MEMBER).id, member.id);
  await refused(Tampered, () => recipient(verified, member.id, Right.SHARES));
  await refused(Tampered, () => recipient(verified, "nobody", Right.MEMBER));
  same((await verifyDirectoryAnswer(answer, pins, { now: NOW })).pins, pins);
}

async function refusesAnswers() {
  const world = await makeWorld();
  const answer = await answerOf(world);
  const { pins } = await verifyDirectoryAnswer(answer, world.pins, { now: NOW });
  const verify = (changed, known = world.pins, now = NOW) =>
    verifyDirectoryAnswer({ ...answer, ...changed }, known, { now });
  await refused(Tampered, () => verify({}, world.pins, NOW + directories.MAX_AGE + 1));
  await refused(Tampered, () => verify({}, world.pins, NOW - directories.MAX_AHEAD - 1));
  await refused(Tampered, () => verify({}, { ...pins, number: 2 }));
  await refused(Tampered, () => verify({}, { ...pins, index: 0 }));
  await refused(Tampered, () => verify({}, { ...pins, index: 2 }));
  await refused(Tampered, () => verify({}, { ...pins, tree: OLD_LEAF }));
  await refused(Malformed, () => verify({}, { ...pins, size: 3 }));
  await refused(Malformed, () => verify({ consistency: [OLD_LEAF] }));
  await refused(Malformed, () => verify({ index: 2 }));
  await refused(Tampered, () => verify({ index: 0 }));
  await refused(Tampered, () => verify({ salt: counting(0, 16) }));
  await refused(Tampered, () => verify({ inclusion: [] }));
  await refused(Tampered, () => verify({ entries: answer.entries.slice(1) }));
  await refused(Tampered, () => verify({}, { ...world.pins, root: world.ledger.public }));
  await refused(Tampered, () => verify({}, { ...world.pins, ledger: world.root.public }));
  await refused(Tampered, () => verify({}, { ...world.pins, organisation: "lund" }));
  const twice = await answerOf(world, { number: 2 });
  await refused(Tampered, () => verifyDirectoryAnswer(twice, pins, { now: NOW }));
}

async function refusesReturn() {
  const world = await makeWorld();
  const { id } = world.devices[2].public;
  const gone = await answerOf(world, { revoked: { "p-2": NOW - 10 } });
  const { verified, pins } = await verifyDirectoryAnswer(gone, world.pins, { now: NOW });
  await refused(Tampered, () => recipient(verified, id, Right.MEMBER));
  same([...pins.revoked], [[id, NOW - 10]]);
  const later = { ...pins, size: 0, tree: new Uint8Array(), index: 0 };
  for (const revoked of [{}, { "p-2": NOW - 9 }]) {
    const back = await answerOf(world, { number: 2, revoked });
    await refused(Tampered, () => verifyDirectoryAnswer(back, later, { now: NOW }));
  }
  const still = await answerOf(world, { number: 2, revoked: { "p-2": NOW - 10, "p-1": NOW } });
  same((await verifyDirectoryAnswer(still, later, { now: NOW })).pins.revoked.size, 2);
}

async function introduces() {
  const world = await makeWorld();
  const [named, otherRoot] = [rootId(world.root.public), (await signingKey(counting(3, 32))).public];
  const said = { organisation: "malmo", root: named, other: "lund", otherRoot, approver: named, at: NOW };
  const word = await introduce({ ...said, key: world.root });
  const { verified } = await verifyDirectoryAnswer(await answerOf({ ...world, words: [word.content] }), world.pins, {
    now: NOW,
  });
  const lund = introduced(world.pins, verified, "lund");
  same([lund.organisation, lund.origin, lund.root], ["lund", "samjour.example/lund", otherRoot]);
  same(introduced(world.pins, verified, "lund", { ...lund, number: 7 }).number, 7);
  await refused(Tampered, () => introduced(world.pins, verified, "kiruna"));
  await refused(Tampered, () => introduced({ ...world.pins, organisation: "lund" }, verified, "lund"));
  await refused(Tampered, () => introduced(world.pins, verified, "lund", { ...lund, root: world.root.public }));
}

/** The digits are those of bot/seal/device_code.py. */
async function comparesCodes() {
  same(await deviceCode(counting(0, 32), counting(32, 32)), "5017 3596 9839 1948");
  same(await deviceCode(raw("aa".repeat(32)), raw("bb".repeat(32))), "9911 5073 2043 7492");
  same(await deviceCode(raw("04".repeat(32)), new Uint8Array(32)), "0483 0028 1621 4303");
  await refused(Malformed, () => deviceCode(new Uint8Array(31), new Uint8Array(32)));
}

async function unwraps() {
  const entropy = counting(7, 64);
  const { public: known } = await makeDevice(entropy);
  const [parts, { deviceId }] = [secretParts(entropy), known];
  const kek = await wrappingKey(utf8("p".repeat(32)), deviceId);
  const wrapped = {};
  for (const [place, keyName] of KEY_NAMES.entries()) {
    wrapped[keyName] = await wrapKey(kek, { deviceId, keyName, key: parts[keyName], nonce: counting(place, 12) });
    same(await unwrapKey(kek, { deviceId, keyName, wrapped: wrapped[keyName] }), parts[keyName]);
  }
  await checkDevice(await unwrapDevice(kek, wrapped, known));
  const other = await wrappingKey(utf8("q".repeat(32)), deviceId);
  await refused(Tampered, () => unwrapDevice(other, wrapped, known));
  await refused(Tampered, () => unwrapDevice(kek, { ...wrapped, x25519: wrapped.ed25519 }, known));
  await refused(Tampered, async () => unwrapDevice(kek, wrapped, (await makeDevice(counting(8, 64))).public));
  await refused(Malformed, () => unwrapDevice(kek, { ...wrapped, mlkem: wrapped.mlkem.slice(0, 28) }, known));
}
