/** The frozen room: bytes that Python sealed once open in a browser too, all of them. */

import { choices, same, utf8 } from "./check.js";
import { Checkpoint, signCheckpoint, verifyCheckpoint } from "../../bot/web/static/seal/checkpoint.js";
import { acceptRoomKey, checkEpoch } from "../../bot/web/static/seal/epoch.js";
import * as events from "../../bot/web/static/seal/event.js";
import { openWith } from "../../bot/web/static/seal/hpke.js";
import { makeDevice, publicFromBytes, publicToBytes } from "../../bot/web/static/seal/keys.js";
import * as log from "../../bot/web/static/seal/log.js";
import { unpad } from "../../bot/web/static/seal/padding.js";
import { signingKey } from "../../bot/web/static/seal/signing.js";
import { decrypt, derive, NONCE } from "../../bot/web/static/seal/symmetric.js";
import * as threshold from "../../bot/web/static/seal/threshold.js";
import { fromBase64url as raw, lp, toText } from "../../bot/web/static/seal/wire.js";

/** @param {(path: string) => Promise<string>} text @returns {import("./cases.js").Test[]} */
export function frozenRoom(text) {
  const read = async () => JSON.parse(await text("tests/vectors/seal_v1_room.json"));
  return [
    { name: "the same entropy gives the same keys and ids", run: async () => checkDevices(await read()) },
    { name: "every member reads their epochs", run: async () => readEpochs(await read()) },
    { name: "sealed keys and escrow are those that the epoch names", run: async () => checkEpochs(await read()) },
    { name: "any two supervisors open", run: async () => openByTwo(await read()) },
    { name: "inbox and field open as FORMAT.md says", run: async () => openOthers(await read()) },
    { name: "leaves, root and checkpoint are the same", run: async () => checkLedger(await read()) },
  ];
}

async function devicesOf(frozen) {
  const made = Object.entries(frozen.devices).map(async ([who, each]) => [who, await makeDevice(raw(each.entropy))]);
  return Object.fromEntries(await Promise.all(made));
}

/** All events in their order, each checked against the one before. */
async function streamOf(frozen, devices) {
  const checked = [];
  let head = events.genesis(frozen.room);
  for (const { bytes, hash, signer } of frozen.events) {
    const event = events.fromBytes(raw(bytes));
    head = await events.checkEvent(event, head, devices[signer].public);
    same(head.hash, raw(hash));
    same(events.toBytes(event), raw(bytes));
    checked.push(event);
  }
  return checked;
}

async function checkDevices(frozen) {
  const devices = await devicesOf(frozen);
  for (const [who, { entropy, device_id: id, public: content, key_file: file }] of Object.entries(frozen.devices)) {
    const { public: known } = devices[who];
    same(known.id, id);
    same(publicToBytes(known), raw(content));
    same(publicFromBytes(raw(content)).id, id);
    const seeds = [raw(entropy).slice(0, 32), raw(entropy).slice(32)];
    same(lp("samjour/device-secret/v1", ...seeds, known.deviceId), raw(file));
  }
}

async function readEpochs(frozen) {
  const devices = await devicesOf(frozen);
  const stream = await streamOf(frozen, devices);
  let read = 0;
  for (const { epoch, key, sealed_keys: sealedKeys } of frozen.epochs) {
    const start = stream.find((event) => event.kind === "epoch" && event.epoch === epoch);
    for (const [who, sealed] of Object.entries(sealedKeys)) {
      const roomKey = await acceptRoomKey(start, raw(sealed), devices[who]);
      same(roomKey.key, raw(key));
      for (const [at, { plain }] of frozen.events.entries()) {
        if (plain === undefined || stream[at].epoch !== epoch) continue;
        same(toText((await events.openEvent(roomKey, stream[at])).reveal()), plain);
        read += 1;
      }
    }
  }
  if (read < 8) throw new Error(`only ${read} messages were read`);
}

async function checkEpochs(frozen) {
  const devices = await devicesOf(frozen);
  const starts = (await streamOf(frozen, devices)).filter((event) => event.kind === "epoch");
  for (const [at, { kc, sealed_keys: sealedKeys, escrow }] of frozen.epochs.entries()) {
    const keys = Object.entries(sealedKeys).map(([who, sealed]) => [devices[who].public.id, raw(sealed)]);
    const escrows = new Map([[escrow.organisation, threshold.fromBytes(raw(escrow.bytes))]]);
    same(checkEpoch(starts[at], { roomKeys: new Map(keys), escrows }).kc, raw(kc));
  }
}

async function openByTwo(frozen) {
  const devices = await devicesOf(frozen);
  for (const { kc, key, escrow: known } of frozen.epochs) {
    const escrow = threshold.fromBytes(raw(known.bytes));
    same(threshold.hashEscrow(escrow), raw(known.hash));
    same(threshold.toBytes(escrow), raw(known.bytes));
    for (const device of ["chief-a", "chief-a-laptop", "chief-b", "chief-c"]) {
      const person = `p-${device.replace("-laptop", "")}`;
      const share = await threshold.openShare(escrow, { person, secret: devices[device] });
      same(share.value, raw(known.shares[person]));
    }
    const toShare = ([person, value]) => new threshold.Share({ person, value: raw(value) });
    for (const two of choices(Object.entries(known.shares).map(toShare), 2)) {
      same((await threshold.openEscrow(escrow, two, { kc: raw(kc) })).key, raw(key));
    }
  }
}

/** No browser opens these; that they open with the same parts shows that FORMAT.md says all that is needed. */
async function openOthers(frozen) {
  const { inbox, field } = frozen;
  const bridge = (await devicesOf(frozen))[inbox.bridge];
  const info = lp("samjour/inbox/v1", inbox.channel, inbox.native_id, bridge.public.deviceId);
  same(toText(unpad(await openWith(bridge.kem, raw(inbox.sealed), { info }))), inbox.plain);

  const [sealed, { key, table, column, row, kind, plain }] = [raw(field.sealed), field];
  const fieldKey = await derive(raw(key), "samjour/field-key/v1", table, column);
  const aad = lp("samjour/field/v1", table, column, row);
  same(toText(unpad(await decrypt(fieldKey, sealed.slice(0, NONCE), sealed.slice(NONCE), { aad }))), plain);
  same(await lookup(raw(key), kind, plain), raw(field.lookup));
}

/** The keyed hash by which the server finds a value. */
export async function lookup(fieldKey, kind, value) {
  const key = await derive(fieldKey, "samjour/lookup-key/v1", kind);
  const loaded = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", loaded, lp("samjour/lookup/v1", kind, utf8(value))));
}

async function checkLedger({ ledger }) {
  const leaves = ledger.entries.map(({ kind, salt, body }) => log.leafHash({ kind, salt: raw(salt), body: raw(body) }));
  ledger.entries.forEach(({ leaf }, at) => same(leaves[at], raw(leaf)));
  const head = new Checkpoint({ origin: ledger.origin, size: leaves.length, root: raw(ledger.root) });
  same(log.rootOf(leaves), head.root);
  same(await signCheckpoint(head, await signingKey(raw(ledger.seed))), ledger.checkpoint);
  const known = { origin: ledger.origin, public: raw(ledger.public) };
  same(await verifyCheckpoint(ledger.checkpoint, known), head);
}
