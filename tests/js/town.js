/** A small organisation with its ledger, and what a browser keeps: what the client's modules are tried against. */

import { counting } from "./check.js";
import { Checkpoint, signCheckpoint } from "../../bot/web/static/seal/checkpoint.js";
import * as directories from "../../bot/web/static/seal/directory.js";
import { approve, makeBundle, Right, rootId } from "../../bot/web/static/seal/enrolment.js";
import { makeDevice } from "../../bot/web/static/seal/keys.js";
import { leafHash, rootOf } from "../../bot/web/static/seal/log.js";
import { signingKey } from "../../bot/web/static/seal/signing.js";
import { firstPins } from "../../bot/web/static/seal/trust.js";
import { compare, toBase64url } from "../../bot/web/static/seal/wire.js";
import { Directories } from "../../bot/web/static/directories.js";
import { keepPins } from "../../bot/web/static/pins.js";

export const NOW = 1_790_000_000;
export const ORGANISATION = "malmo";
export const ORIGIN = "samjour.example/malmo";

const SALT = new Uint8Array(16);
const PEOPLE = [
  ["officer", "p-officer", Right.MEMBER],
  ["worker", "p-worker", Right.MEMBER],
  ["relief", "p-relief", Right.MEMBER],
  ["stranger", "p-stranger", Right.MEMBER],
  ["phone", "p-officer", Right.MEMBER],
  ["bridge", "p-bridge", Right.BRIDGE],
  ["chief1", "p-chief1", Right.SHARES],
  ["chief2", "p-chief2", Right.SHARES],
  ["chief3", "p-chief3", Right.SHARES],
];

/** Chance that is the same each time, and never the same twice. */
export function counter(first = 0) {
  let at = first;
  return (size) =>
    Uint8Array.from({ length: size }, (_, place) => (place < 4 ? (at += 1) >> (8 * place) : at * 31 + place));
}

/** What a browser keeps, in memory; each record comes back as another object. */
export class SmallStore {
  records = new Map();

  async get(store, id) {
    return this.records.get(`${store} ${id}`);
  }

  async all(store) {
    return [...this.records].filter(([key]) => key.startsWith(`${store} `)).map(([, record]) => record);
  }

  async put(store, record) {
    this.records.set(`${store} ${record.id}`, { ...record });
  }

  async drop(store, id) {
    this.records.delete(`${store} ${id}`);
  }
}

/** Devices by name, all approved by the root, and the ledger on which their directory stands. */
export class Town {
  devices = {};
  entries = [];
  revoked = new Map();
  #leaves = [];
  #number = 0;

  static async make() {
    const town = new Town();
    [town.root, town.ledger] = [await signingKey(counting(1, 32)), await signingKey(counting(2, 32))];
    for (const [place, [name, person, rights]] of PEOPLE.entries()) await town.#enrol(name, person, rights, place);
    await town.publish();
    return town;
  }

  async #enrol(name, person, rights, place) {
    const secret = await makeDevice(counting(10 + place, 64));
    const said = { organisation: ORGANISATION, person, rights, inviter: ORGANISATION, madeAt: NOW - 100 };
    const bundle = await makeBundle({ ...said, secret, invitation: new Uint8Array(32) });
    const root = rootId(this.root.public);
    const approval = await approve({ bundle, root, approver: root, key: this.root, at: NOW - 90 });
    this.devices[name] = { secret, person, id: secret.public.id };
    this.entries.push({ bundle: bundle.content, approvals: [approval.content] });
  }

  get pins() {
    const { root, ledger } = this;
    return firstPins({ organisation: ORGANISATION, root: root.public, origin: ORIGIN, ledger: ledger.public });
  }

  /** Put the directory that holds now on the ledger. */
  async publish() {
    const devices = [];
    for (const { bundle, approvals } of this.entries) {
      const entry = await directories.makeEntry(bundle, approvals);
      const { deviceId, id } = entry.bundle.public;
      devices.push({ deviceId, revokedAt: this.revoked.get(id) ?? 0, hash: directories.hashEntry(entry) });
    }
    devices.sort((one, other) => compare(one.deviceId, other.deviceId));
    const said = { organisation: ORGANISATION, number: (this.#number += 1), at: NOW, devices, introductions: [] };
    this.directory = directories.directoryToBytes(new directories.Directory(said));
    this.#leaves.push(leafHash({ kind: directories.KIND, salt: SALT, body: this.directory }));
    const head = { origin: ORIGIN, size: this.#leaves.length, root: rootOf(this.#leaves) };
    this.checkpoint = await signCheckpoint(new Checkpoint(head), this.ledger);
  }

  async revoke(name) {
    this.revoked.set(this.devices[name].id, NOW - 10);
    await this.publish();
  }

  /** What a server says of the directory. */
  answer(since) {
    const index = this.#leaves.length - 1;
    const entries = this.entries.map(({ bundle, approvals }) => ({
      bundle: toBase64url(bundle),
      approvals: approvals.map(toBase64url),
    }));
    return {
      directory: toBase64url(this.directory),
      entries,
      introductions: [],
      index,
      salt: toBase64url(SALT),
      checkpoint: this.checkpoint,
      inclusion: pathOf(index, this.#leaves).map(toBase64url),
      consistency: (since > 0 ? proofOf(since, this.#leaves, true) : []).map(toBase64url),
    };
  }

  /** What a device needs to take part: its pins kept, and directories by them. */
  async trustOf(api, store = new SmallStore()) {
    if ((await store.get("pins", ORGANISATION)) === undefined) await keepPins(store, this.pins);
    return { store, directories: new Directories({ api, store, home: ORGANISATION, now: () => NOW }) };
  }
}

/** RFC 9162 section 2.1.3.1. */
function pathOf(index, leaves) {
  if (leaves.length <= 1) return [];
  const half = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half ? [...pathOf(index, left), rootOf(right)] : [...pathOf(index - half, right), rootOf(left)];
}

/** RFC 9162 section 2.1.4.1. */
function proofOf(old, leaves, isWhole) {
  if (old === leaves.length) return isWhole ? [] : [rootOf(leaves)];
  const half = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  if (old <= half) return [...proofOf(old, left, isWhole), rootOf(right)];
  return [...proofOf(old - half, right, false), rootOf(left)];
}

function splitOf(size) {
  return 2 ** Math.floor(Math.log2(size - 1));
}
