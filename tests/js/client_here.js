/** What the client keeps and reads before it speaks with anybody: keys at rest, links, pins, directories, answers. */

import { counting, refused, same } from "./check.js";
import { counter, NOW, ORGANISATION, ORIGIN, SmallStore, Town } from "./town.js";
import { Api, deviceHex, deviceId } from "../../bot/web/static/api.js";
import { Directories } from "../../bot/web/static/directories.js";
import { keptDevices, makeAndKeep, openKept, PRF, STORAGE } from "../../bot/web/static/keys.js";
import { looksLikeLink, MAX_LINK, readLink, writeLink } from "../../bot/web/static/link.js";
import { OtherLedger } from "../../bot/web/static/other_ledger.js";
import { pinFirst, readPins } from "../../bot/web/static/pins.js";
import { Malformed, Tampered } from "../../bot/web/static/seal/errors.js";
import { checkDevice, secretParts } from "../../bot/web/static/seal/keys.js";
import { isNative } from "../../bot/web/static/seal/mlkem.js";
import { toBase64url } from "../../bot/web/static/seal/wire.js";
import { isForLater, isRefused, Problem, Trouble } from "../../bot/web/static/trouble.js";

const OWNER = { organisation: ORGANISATION, person: "p-officer", rights: 1 };
const HOST = "samjour.example";

/** @returns {import("./cases.js").Test[]} */
export function clientHere() {
  return [
    { name: "wrapped keys open with their passkey's secret alone, and lie nowhere in clear", run: wraps },
    { name: "keys without a passkey come back as keys that no script reads", run: keepsLoaded },
    { name: "keys that do not come back whole are not kept, and nobody hears of them", run: readsBack },
    { name: "a link is read as it was written, and nothing else is one", run: readsLinks },
    { name: "what is pinned is not exchanged by a second invitation", run: pins },
    {
      name: "a directory is asked for once, again when it grows old, and never believed back in time",
      run: asksDirectories,
    },
    { name: "what the server says becomes one kind of error, and silence another", run: hears },
    { name: "a device's id is written in two ways, both ways back", run: writesIds },
  ];
}

function passkey() {
  return { id: counting(1, 16), salt: counting(2, 32), secret: counting(3, 32) };
}

/** Every run of bytes in a record, in one text. */
function hexOf(value) {
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return value !== null && typeof value === "object" ? Object.values(value).map(hexOf).join(" ") : String(value);
}

async function wraps() {
  const store = new SmallStore();
  const entropy = counter()(64);
  const made = await makeAndKeep(store, { owner: OWNER, passkey: passkey(), draw: counter() });
  const [kept] = await keptDevices(store);
  same([kept.tier, kept.id, kept.person, kept.passkey.id], [PRF, made.public.id, "p-officer", counting(1, 16)]);
  const clear = hexOf(kept);
  for (const part of [
    entropy.slice(0, 32),
    entropy.slice(32),
    ...Object.values(secretParts(entropy)),
    counting(3, 32),
  ]) {
    same(clear.includes(hexOf(part)), false);
    same(clear.includes(hexOf(part.slice(-24))), false);
  }
  same((await openKept(kept, counting(3, 32))).public.id, made.public.id);
  const broken = { ...kept.keys, x25519: kept.keys.x25519.slice(0, -1) };
  for (const [record, secret] of [
    [kept, counting(4, 32)],
    [kept, null],
    [{ ...kept, keys: broken }, counting(3, 32)],
    [{ ...kept, keys: {} }, counting(3, 32)],
  ]) {
    same((await refused(Trouble, () => openKept(record, secret))).code, "keys_gone");
  }
}

async function keepsLoaded() {
  const store = new SmallStore();
  await makeAndKeep(store, { owner: OWNER, passkey: null, draw: counter() });
  const [kept] = await keptDevices(store);
  same([kept.tier, kept.passkey], [STORAGE, null]);
  const { ed25519, mlkem, x25519 } = kept.keys;
  for (const key of isNative() ? [ed25519, mlkem, x25519] : [ed25519, x25519]) {
    same([key instanceof CryptoKey, key.extractable, key.type], [true, false, "private"]);
  }
  await checkDevice(await openKept(kept, null));
}

async function readsBack() {
  const losses = [
    (record) => ({ ...record, keys: { ...record.keys, mlkem: null } }), // as Chromium does with a key it cannot clone
    (record) => ({ ...record, keys: { ...record.keys, ed25519: null } }),
    () => undefined,
  ];
  for (const lose of losses) {
    for (const one of [null, passkey()]) {
      const store = new SmallStore();
      store.get = async () => lose((await store.all("devices"))[0]);
      const making = () => makeAndKeep(store, { owner: OWNER, passkey: one, draw: counter() });
      same((await refused(Trouble, making)).code, "not_kept");
      same(store.records.size, 0);
    }
  }
  const full = new SmallStore();
  full.put = () => Promise.reject(new Trouble("not_kept"));
  await refused(Trouble, () => makeAndKeep(full, { owner: OWNER, passkey: null, draw: counter() }));
}

async function readsLinks() {
  const town = await Town.make();
  const secret = toBase64url(counting(5, 32));
  const link = writeLink(`https://${HOST}`, secret, town.pins);
  const [address, fragment] = link.split("#");
  same([address, looksLikeLink(fragment), looksLikeLink("p7yM-token")], [`https://${HOST}/enrol`, true, false]);
  const invite = readLink(fragment, HOST);
  same([invite.organisation, invite.secret, invite.root], [ORGANISATION, counting(5, 32), town.root.public]);
  same([invite.ledger.name, invite.ledger.public], [ORIGIN, town.ledger.public]);
  same((await refused(Trouble, () => readLink(fragment, "other.example"))).code, "other_site");
  const told = new URLSearchParams(fragment);
  const changed = (name, value) => {
    const other = new URLSearchParams(told);
    if (value === null) other.delete(name);
    else other.set(name, value);
    return String(other);
  };
  const wrong = [
    "",
    "v=1",
    changed("v", "2"),
    changed("secret", `${secret}A`),
    changed("secret", secret.slice(1)),
    changed("root", toBase64url(new Uint8Array(32))),
    changed("root", `${told.get("root")}=`),
    changed("ledger", "samjour.example/malmo+00000000+AZJzCPU9Z2VQPStkwQOrWqRyBqs5UCz+j5hEL9tUMQC3"),
    changed("organisation", null),
    changed("more", "1"),
    `${fragment}&v=1`,
    fragment + "x".repeat(MAX_LINK),
  ];
  for (const [place, text] of wrong.entries()) {
    same((await refused(Trouble, () => readLink(text, HOST), String(place))).code, "bad_invitation");
  }
}

async function pins() {
  const [town, store] = [await Town.make(), new SmallStore()];
  const told = {
    organisation: ORGANISATION,
    root: town.root.public,
    ledger: { name: ORIGIN, public: town.ledger.public },
  };
  await pinFirst(store, told);
  await pinFirst(store, told);
  same((await readPins(store, ORGANISATION)).root, town.root.public);
  const others = [
    { ...told, root: town.ledger.public },
    { ...told, ledger: { name: ORIGIN, public: town.root.public } },
    { ...told, ledger: { name: "other.example/malmo", public: town.ledger.public } },
  ];
  for (const other of others) await refused(Tampered, () => pinFirst(store, other));
  same((await readPins(store, ORGANISATION)).root, town.root.public);
}

async function asksDirectories() {
  const town = await Town.make();
  let [asked, now, given] = [0, NOW, null];
  const api = {
    directory: async (_, since) => {
      asked += 1;
      if (given instanceof Error) throw given;
      return given ?? town.answer(since);
    },
  };
  const { store } = await town.trustOf(api);
  const directories = new Directories({ api, store, home: ORGANISATION, now: () => now });
  const { id } = town.devices.phone;
  same([(await directories.member(id)).active, (await directories.member(id)).person, asked], [true, "p-officer", 1]);
  const old = town.answer(0);
  now += 301;
  await town.revoke("phone");
  await directories.freshen();
  same([(await directories.member(id)).active, asked], [false, 2]);
  same((await readPins(store, ORGANISATION)).number, 2);
  given = old;
  now += 301;
  await refused(OtherLedger, () => directories.of(ORGANISATION)); // the ledger would be smaller than it was
  const later = new Directories({ api, store, home: ORGANISATION, now: () => now });
  await refused(OtherLedger, () => later.of(ORGANISATION)); // nor in another tab
  await town.revoke("worker");
  given = { ...town.answer(2), consistency: [] };
  await refused(OtherLedger, () => later.of(ORGANISATION)); // it has grown, and not out of what was seen
  given = new Problem({ status: 400, code: "400" });
  await refused(OtherLedger, () => later.of(ORGANISATION)); // the server has not so many entries
  await refused(OtherLedger, () => later.freshen([ORGANISATION])); // which is not passed over like a directory that is kept from us
  given = { ...town.answer(2), checkpoint: old.checkpoint.replace("malmo", "lund") };
  same((await later.of(ORGANISATION).catch((error) => error)) instanceof OtherLedger, false); // the ledger signed none of it
  given = null;
  await refused(Tampered, () => later.of("lund")); // nobody has introduced it
  await refused(Tampered, () => later.member(toBase64url(counting(9, 32))));
  const empty = new Directories({ api, store: new SmallStore(), home: ORGANISATION, now: () => now });
  await refused(Tampered, () => empty.of(ORGANISATION)); // nothing is pinned
}

async function hears() {
  const calls = [];
  const answers = [];
  const ask = async (address, how) => {
    calls.push([address, how]);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const api = new Api({ ask, language: "en" });
  const answer = (body, status = 200, headers = {}) => answers.push(new Response(body, { status, headers }));
  answer('{"devices": []}');
  same(await api.myDevices(), { devices: [] });
  same([calls[0][0], calls[0][1].headers], ["/api/v1/me/devices?lang=en", undefined]);
  answer('{"head": {}}', 201);
  await api.putEvent("a/../b", "e", { key: "k" });
  same(calls[1][0], "/api/v1/rooms/a%2F..%2Fb/events?lang=en");
  same(
    [calls[1][1].headers["Idempotency-Key"], calls[1][1].body, calls[1][1].redirect],
    ["k", '{"event":"e"}', "error"],
  );
  const problem = {
    type: "about:blank",
    code: "stale_head",
    detail: "Läs vidare.",
    head: { epoch: 1, seq: 2, hash: "x" },
  };
  answer(JSON.stringify({ ...problem, status: 200 }), 409);
  const told = await refused(Problem, () => api.room("r"));
  same([told.code, told.status, told.detail, told.head.seq], ["stale_head", 409, "Läs vidare.", 2]);
  same([isRefused(told, "stale_head"), isRefused(told, "taken"), isForLater(told)], [true, false, false]);
  for (const [body, status, code, later] of [
    ["<html>", 502, "502", true],
    ["<html>", 200, "200", false],
    ["null", 200, "200", false],
    ['{"code": 7}', 401, "401", true],
  ]) {
    answer(body, status);
    const error = await refused(Problem, () => api.room("r"));
    same([error.code, isForLater(error)], [code, later]);
  }
  answer("{}", 200, { "Content-Length": String(2 ** 40) });
  same((await refused(Problem, () => api.room("r"))).status, 502);
  answers.push(new TypeError("no network"));
  const silent = await refused(Trouble, () => api.room("r"));
  same([silent.code, isForLater(silent)], ["unheard", true]);
}

async function writesIds() {
  const id = toBase64url(counting(200, 32));
  same(deviceId(deviceHex(id)), id);
  for (const wrong of ["", "c8", `${deviceHex(id)}00`, deviceHex(id).toUpperCase()]) {
    await refused(Malformed, () => deviceId(wrong));
  }
  await refused(Malformed, () => deviceHex("../.."));
}
