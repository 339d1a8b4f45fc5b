/** A room as the client follows it and speaks in it, before a server that is honest, and one that is not. */

import { refused, same, utf8 } from "./check.js";
import { ROOM, SmallServer } from "./small_server.js";
import { counter, NOW, SmallStore, Town } from "./town.js";
import { Directories, FRESH } from "../../bot/web/static/directories.js";
import { acceptOffer } from "../../bot/web/static/offers.js";
import { Queue } from "../../bot/web/static/queue.js";
import { Room } from "../../bot/web/static/room.js";
import { readEvent } from "../../bot/web/static/room_log.js";
import { Tampered } from "../../bot/web/static/seal/errors.js";
import { startEpoch } from "../../bot/web/static/seal/epoch.js";
import { hashEvent, sealEvent, toBytes } from "../../bot/web/static/seal/event.js";
import { Plain } from "../../bot/web/static/seal/plain.js";
import { RoomKey, sealRoomKey } from "../../bot/web/static/seal/room.js";
import { makeEscrow } from "../../bot/web/static/seal/threshold.js";
import { fromBase64url, toBase64url } from "../../bot/web/static/seal/wire.js";
import { Problem, Trouble } from "../../bot/web/static/trouble.js";

/** @returns {import("./cases.js").Test[]} */
export function clientRooms() {
  return [
    { name: "two devices speak in turn and at once, and read the same", run: talks },
    {
      name: "an event that is altered, left out, exchanged or repeated is not shown, nor anything after it",
      run: noticesEvents,
    },
    { name: "nobody speaks in another's name, and nobody from outside", run: noticesForgers },
    { name: "a server that forgets what was seen, or tells it otherwise, is found out", run: noticesRollback },
    { name: "nothing is sealed for a third person, for whom nobody vouches, or without oneself", run: refusesPlans },
    { name: "nothing is sealed to a device that is somebody else's than the server says", run: refusesOthersDevices },
    { name: "nothing is said while a revoked device would hear it, whatever the server sees", run: refusesRevoked },
    { name: "once somebody was named no bridge is let in, nor spoken before", run: refusesBridge },
    { name: "a bridge does not listen beside two people with devices, whoever let it in", run: refusesEar },
    { name: "words go to those who were shown when they were written, and to others when asked to", run: asksWriter },
    { name: "a server that says it took what it did not is found out", run: missesOwn },
    { name: "no history is given to a revoked device, whatever the server says", run: refusesHistory },
    { name: "a directory that is withheld is not believed any more", run: refusesStale },
    { name: "a key that does not hold is passed over until there is one that does", run: waitsForKeys },
    { name: "a newcomer reads what was before by a grant, a receiver by those of a handover", run: givesHistory },
    { name: "a sending whose answer is lost is taken once", run: sendsOnce },
    { name: "what is refused waits with the reason and holds up what was written after it", run: keepsRefused },
    { name: "what waits is sealed, and opens on its own device alone", run: sealsQueue },
  ];
}

/** A town and a room that the worker's device has begun, with the officer's in it. */
async function begun(inside = ["officer", "worker"]) {
  const town = await Town.make();
  const server = new SmallServer(town, inside);
  const draw = counter();
  const enter = async (name, store) => {
    const api = server.as(name);
    const trust = await town.trustOf(api, store);
    const { secret, person } = town.devices[name];
    const self = { secret, person };
    return { api, self, draw, ...trust, room: new Room({ room: ROOM, self, api, draw, ...trust }) };
  };
  const worker = await enter("worker");
  await acceptOffer("offer-1", worker);
  return { town, server, enter, worker: worker.room, officer: (await enter("officer")).room };
}

function texts(room) {
  return room.log.lines.filter(({ event }) => event.kind === "said").map(({ text }) => text);
}

let keys = 0;
async function say(room, text) {
  return room.say(text, `key-${(keys += 1)}`, await room.log.audience());
}

async function talks() {
  const { officer, worker } = await begun();
  await say(worker, "1");
  await say(officer, "2");
  await say(officer, "3");
  await say(worker, "4"); // after a stale head
  await Promise.all([say(worker, "5"), say(officer, "6"), say(worker, "7")]);
  await Promise.all([officer.follow(), worker.follow()]);
  same(texts(officer), texts(worker));
  same(
    [texts(officer).slice(0, 4), texts(officer).slice(4).sort()],
    [
      ["1", "2", "3", "4"],
      ["5", "6", "7"],
    ],
  );
  await officer.confirm("read", officer.log.head.seq);
  await worker.follow();
  same(worker.log.reached("p-officer").read, worker.log.head.seq - 1);
  same((await worker.log.present()).map((member) => member.person).sort(), ["p-officer", "p-worker"]);
}

async function noticesEvents() {
  const { server, enter, worker } = await begun();
  for (const text of ["1", "2", "3"]) await say(worker, text);
  const whole = [...server.events];
  const altered = fromBase64url(whole[2]);
  altered[altered.length - 100] ^= 1;
  const forgeries = [
    [whole[0], whole[1], toBase64url(altered), whole[3]],
    [whole[0], whole[1], whole[3]],
    [whole[0], whole[1], whole[3], whole[2]],
    [whole[0], whole[1], whole[1], whole[2]],
  ];
  for (const events of forgeries) {
    server.events = events;
    const { room } = await enter("officer");
    const error = await room.follow().catch((reason) => reason);
    same(["Tampered", "StaleHead"].includes(error.name), true, String(error));
    same(room.log.head.seq, 2);
    await refused(error.constructor, () => room.follow());
    same(room.log.lines.length, 2);
  }
}

async function noticesForgers() {
  const { server, town, enter, worker } = await begun();
  await say(worker, "1");
  const roomKey = worker.log.key(1);
  const { head } = worker.log;
  const forged = [
    ["worker", "p-officer"],
    ["stranger", "p-stranger"],
    ["stranger", "p-officer"],
    ["phone", "p-officer"],
  ];
  for (const [name, author] of forged) {
    const [{ secret }, nonce] = [town.devices[name], counter(9)(12)];
    const event = await sealEvent({ roomKey, head, secret, author, kind: "said", plain: new Plain(utf8("!")), nonce });
    server.events = [...server.events.slice(0, 2), toBase64url(toBytes(event))];
    const { room } = await enter("officer");
    await refused(Tampered, () => room.follow(), `${name} as ${author}`);
    same(room.log.head.seq, 2);
  }
}

async function noticesRollback() {
  const { server, enter, worker } = await begun();
  for (const text of ["1", "2", "3"]) await say(worker, text);
  const { room, store } = await enter("officer");
  await room.follow();
  const whole = server.events;
  server.events = whole.slice(0, 3);
  const later = await enter("officer", store);
  same((await refused(Trouble, () => later.room.follow())).code, "rolled_back");
  const { head } = readHead(whole[2]);
  const [{ secret, person: author }, roomKey] = [(await enter("worker")).self, worker.log.key(1)];
  const nonce = counter(7)(12);
  const other = await sealEvent({ roomKey, head, secret, author, kind: "said", plain: new Plain(utf8("4")), nonce });
  server.events = [...whole.slice(0, 3), toBase64url(toBytes(other))];
  same((await refused(Trouble, async () => (await enter("officer", store)).room.follow())).code, "rolled_back");
  server.events = whole;
  await (await enter("officer", store)).room.follow();
}

function readHead(text) {
  const event = readEvent(text);
  return { head: { room: ROOM, epoch: event.epoch, seq: event.seq, hash: hashEvent(event) } };
}

async function refusesPlans() {
  for (const inside of [["officer", "worker", "stranger"], ["officer"], ["officer", "worker", "chief1"]]) {
    const town = await Town.make();
    const server = new SmallServer(town, inside);
    const [api, { secret, person }] = [server.as("worker"), town.devices.worker];
    const here = { api, self: { secret, person }, draw: counter(), ...(await town.trustOf(api)) };
    await refused(Tampered, () => acceptOffer("offer-1", here), inside.join());
    same([server.events, server.keys], [[], []]);
  }
}

async function refusesOthersDevices() {
  const town = await Town.make();
  const server = new SmallServer(town, ["officer", "worker"]);
  const [api, { secret, person }] = [server.as("worker"), town.devices.worker];
  const here = { api, self: { secret, person }, draw: counter(), ...(await town.trustOf(api)) };
  const [stranger, chief] = [town.devices.stranger.id, town.devices.chief1.id];
  const spoils = [
    (plan) => (plan.recipients[0].device = stranger),
    (plan) => (plan.recipients[0].device = chief),
    (plan) => (plan.recipients[0].bridge = true),
    (plan) => (plan.recipients[0].organisation = "lund"),
    (plan) => (plan.escrows[0].seats[1].devices = [chief]),
    (plan) => (plan.escrows[0].seats[1].devices = [stranger]),
    (plan) => (plan.escrows[0].organisation = "lund"),
  ];
  for (const [place, spoil] of spoils.entries()) {
    server.spoil = (plan) => {
      spoil(plan);
      return plan;
    };
    await refused(Tampered, () => acceptOffer("offer-1", here), String(place));
  }
  same([server.events, server.keys], [[], []]);
}

async function refusesRevoked() {
  const { server, town, officer } = await begun(["officer", "worker", "phone"]);
  await say(officer, "1");
  await town.revoke("phone");
  server.isBlind = true;
  const { api, self, draw, store, directories } = await fresh(server, town, "officer");
  const room = new Room({ room: ROOM, self, api, draw, store, directories });
  const before = server.events.length;
  await refused(Tampered, () => say(room, "2"));
  same(server.events.length, before);
  server.isBlind = false;
  server.inside = ["officer", "worker"];
  await say(room, "2");
  same([server.present.length, room.log.head.epoch], [2, 2]);
}

async function fresh(server, town, name) {
  const api = server.as(name);
  const { secret, person } = town.devices[name];
  return { api, self: { secret, person }, draw: counter(500), ...(await town.trustOf(api)) };
}

async function refusesBridge() {
  const { server, worker } = await begun(["worker", "bridge"]);
  await worker.follow();
  await say(worker, "1");
  server.identified = true;
  await worker.follow();
  const before = server.events.length;
  await refused(Tampered, () => say(worker, "2"));
  server.identified = false; // what the server unsays is remembered
  await refused(Tampered, () => say(worker, "2"));
  same(server.events.length, before);
  server.inside = ["officer", "worker"];
  await say(worker, "2");
  same(server.present.length, 2);
  server.inside = ["worker", "bridge"];
  await refused(Tampered, () => worker.settle());
}

async function refusesEar() {
  const { server, town, worker, officer } = await begun();
  await say(worker, "1");
  await officer.follow();
  server.inside = ["officer", "worker", "bridge"];
  const before = server.events.length;
  await refused(Tampered, () => worker.settle());
  await refused(Tampered, () => say(worker, "2"));
  same(server.events.length, before);
  const { secret, person: author } = town.devices.bridge;
  const known = town.devices;
  const roomKey = new RoomKey({ room: ROOM, epoch: 2, key: counter(3)(32) });
  const roomKeys = new Map();
  for (const name of ["officer", "worker", "bridge"]) {
    roomKeys.set(known[name].id, await sealRoomKey(roomKey, known[name].secret.public));
  }
  const supervisors = ["chief1", "chief2"].map((name) => {
    return { person: `p-${name}`, devices: [known[name].secret.public] };
  });
  const escrow = await makeEscrow(roomKey, { t: 2, supervisors, escrowKey: counter(4)(32), iv: counter(5)(12) });
  const { head } = readHead(server.events.at(-1));
  const escrows = new Map([["malmo", escrow]]);
  const event = await startEpoch({ roomKey, head, secret, author, roomKeys, escrows });
  server.events.push(toBase64url(toBytes(event)));
  await refused(Tampered, () => officer.follow());
  same(officer.log.head.epoch, 1);
}

async function asksWriter() {
  for (const inside of [
    ["officer", "bridge"],
    ["officer", "relief"],
  ]) {
    const { server, town, officer } = await begun();
    await officer.follow();
    const queue = new Queue({ store: new SmallStore(), secret: town.devices.officer.secret, draw: counter(77) });
    const flush = () => queue.flush(ROOM, (text, id, shown) => officer.say(text, id, shown));
    await queue.add(ROOM, "1", await officer.log.audience());
    await queue.add(ROOM, "2", await officer.log.audience());
    server.inside = inside;
    same(await flush(), false);
    const [first, second] = await queue.waiting(ROOM);
    same([first.refused, second.refused], ["overheard", null]);
    same(texts(officer), []); // the epoch has begun, without a word in it
    same(server.present.length, 2);
    await queue.again(first.id, await officer.log.audience());
    same([await flush(), texts(officer)], [false, ["1"]]);
    await queue.again(second.id, await officer.log.audience());
    same([await flush(), texts(officer)], [true, ["1", "2"]]);
  }
  const { server, officer } = await begun(["worker", "bridge"]);
  server.inside = ["officer", "bridge"];
  same((await refused(Trouble, () => officer.say("unseen", "key-of-unseen"))).code, "overheard");
}

async function missesOwn() {
  const { server, enter, town } = await begun();
  const lies = [
    (event) => ({ head: { epoch: 1, seq: readEvent(event).seq, hash: toBase64url(hashEvent(readEvent(event))) } }),
    () => ({ head: server.head }),
    () => ({ head: { ...server.head, seq: 9 } }),
  ];
  for (const [place, lie] of lies.entries()) {
    const { store, directories } = await town.trustOf(server.as("officer"));
    const { secret, person } = town.devices.officer;
    const api = { ...server.as("officer"), putEvent: async (_, event) => lie(event) };
    const given = { room: ROOM, self: { secret, person }, api, directories, store, draw: counter(900) };
    const room = new Room(given);
    const attempt = () => say(room, "1").then(() => room.follow());
    if (place > 0) await refused(Tampered, attempt, String(place));
    else {
      await attempt(); // it stands on this device
      const later = new Room({ ...given, directories: (await enter("officer")).directories });
      same((await refused(Trouble, () => later.follow())).code, "rolled_back");
    }
  }
  same(server.events.length, 1);
}

async function refusesHistory() {
  const { server, town, officer } = await begun();
  await say(officer, "1");
  server.inside = ["officer", "worker", "phone"];
  await say(officer, "2");
  await town.revoke("phone");
  server.isBlind = true;
  const { api, self, draw, store, directories } = await fresh(server, town, "officer");
  const room = new Room({ room: ROOM, self, api, draw, store, directories });
  const before = server.events.length;
  await refused(Tampered, () => room.settle());
  same(server.events.length, before);
  const { id } = town.devices.phone;
  same(server.keys.filter((one) => one.device === id).map((one) => one.epoch), [2]);
}

async function refusesStale() {
  const { server, town, officer } = await begun();
  await say(officer, "1");
  let now = NOW;
  const api = server.as("officer");
  const { store } = await town.trustOf(api);
  const directories = new Directories({ api, store, home: "malmo", now: () => now });
  const { secret, person } = town.devices.officer;
  const room = new Room({ room: ROOM, self: { secret, person }, api, directories, store, draw: counter(700) });
  await room.follow();
  for (const status of [403, 404, 503]) {
    api.directory = () => Promise.reject(new Problem({ status, code: "no" }));
    now += FRESH + 1;
    const before = server.events.length;
    const error = await say(room, "2").catch((reason) => reason);
    same(error instanceof Tampered || error instanceof Problem, true, String(error));
    same(server.events.length, before);
  }
  api.directory = async (_, since) => town.answer(since);
  await say(room, "2");
}

async function waitsForKeys() {
  const { server, enter, worker, town } = await begun();
  await say(worker, "1");
  const [rightful] = server.keys.filter((one) => one.device === town.devices.officer.id);
  const other = server.keys.find((one) => one.device === town.devices.worker.id);
  const wrong = [
    { ...rightful, key: other.key },
    { ...rightful, seq: 2 },
    { ...rightful, epoch: 2 },
  ];
  server.keys = wrong;
  const { room } = await enter("officer");
  await room.follow();
  same([texts(room), room.log.missing()], [[null], [1]]);
  same((await refused(Trouble, () => say(room, "2"))).code, "no_key");
  server.keys = [...wrong, rightful];
  await say(worker, "2");
  await room.follow();
  same(texts(room), ["1", "2"]);
}

async function givesHistory() {
  const { server, enter, town, officer, worker } = await begun();
  await say(worker, "1");
  server.inside = ["officer", "worker", "phone"];
  await say(officer, "2"); // begins the epoch that is due
  const phone = (await enter("phone")).room;
  await phone.follow();
  same(texts(phone), [null, "2"]);
  await officer.settle();
  await phone.follow();
  same(texts(phone), ["1", "2"]);
  server.waiting = ["stranger"]; // says the server; it is not in the room
  const before = server.events.length;
  await officer.settle();
  same(server.events.length, before);
  server.waiting = [];
  const device = town.devices.relief.id;
  server.receiver = { person: "p-relief", grants: [{ device, organisation: "malmo", epochs: [1, 2] }] };
  await worker.follow();
  same((await refused(Trouble, () => worker.handOver("p-nobody"))).code, "not_eligible");
  await worker.handOver("p-relief");
  server.inside = ["officer", "relief", "phone"];
  const relief = (await enter("relief")).room;
  await relief.settle();
  await say(relief, "3");
  same(texts(relief), ["1", "2", "3"]);
  server.receiver = {
    person: "p-relief",
    grants: [{ device: town.devices.stranger.id, organisation: "malmo", epochs: [1] }],
  };
  await refused(Tampered, () => officer.handOver("p-relief"));
}

async function sendsOnce() {
  const { server, town, officer } = await begun();
  const queue = new Queue({ store: new SmallStore(), secret: town.devices.officer.secret, draw: counter(77) });
  for (const text of ["1", "2", "3"]) await queue.add(ROOM, text);
  const flush = () => queue.flush(ROOM, (text, id) => officer.say(text, id));
  server.isDeaf = 1;
  same(await flush(), false);
  same((await queue.waiting(ROOM)).length, 3);
  same(await flush(), true);
  await officer.follow();
  same([texts(officer), await queue.waiting(ROOM)], [["1", "2", "3"], []]);
}

async function keepsRefused() {
  const { town } = await begun();
  const queue = new Queue({ store: new SmallStore(), secret: town.devices.officer.secret, draw: counter() });
  for (const text of ["1", "2"]) await queue.add(ROOM, text);
  const said = [];
  const no = () => queue.flush(ROOM, () => Promise.reject(new Trouble("not_open")));
  const yes = () => queue.flush(ROOM, async (text) => said.push(text));
  same([await no(), await yes(), said], [false, false, []]);
  const [first] = await queue.waiting(ROOM);
  same([first.refused, await queue.text(first)], ["not_open", "1"]);
  await queue.drop(first.id);
  same([await yes(), said, await queue.waiting(ROOM)], [true, ["2"], []]);
}

async function sealsQueue() {
  const { town } = await begun();
  const store = new SmallStore();
  const draw = counter();
  const mine = new Queue({ store, secret: town.devices.officer.secret, draw });
  const theirs = new Queue({ store, secret: town.devices.worker.secret, draw });
  await mine.add(ROOM, "Barnet heter Sixten");
  const [sending] = await mine.waiting(ROOM);
  same(await theirs.waiting(ROOM), []);
  await refused(Tampered, () => theirs.text(sending));
  await refused(Tampered, () => mine.text({ ...sending, room: "room-2" }));
  await refused(Tampered, () => mine.text({ ...sending, id: "another" }));
  const kept = [...store.records.values()]
    .map((record) => JSON.stringify([...Object.values(record)].map(String)))
    .join();
  same(kept.includes("Sixten"), false);
}
