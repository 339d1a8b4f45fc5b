/** Openings as the client asks for them, helps and reads, before a server that is honest, and one that is not. */

import { refused, same } from "./check.js";
import { refusal, ROOM, SmallServer } from "./small_server.js";
import { counter, NOW, ORGANISATION, Town } from "./town.js";
import { acceptOffer } from "../../bot/web/static/offers.js";
import { Openings } from "../../bot/web/static/opening.js";
import { Room } from "../../bot/web/static/room.js";
import { Malformed, Tampered, WrongShare } from "../../bot/web/static/seal/errors.js";
import { ask, requestFromBytes } from "../../bot/web/static/seal/opening.js";
import { passedFromBytes, passedToBytes } from "../../bot/web/static/seal/passing.js";
import { fromBase64url, toBase64url } from "../../bot/web/static/seal/wire.js";

const WHY = { room: ROOM, purpose: "log-check", ground: "law", minutes: 60 };
const READ = { gives: "transcript" };

/** @returns {import("./cases.js").Test[]} */
export function clientOpenings() {
  return [
    { name: "two of three open and read what was said, whichever two", run: opens },
    { name: "one alone, or twice the same, opens nothing", run: takesTwo },
    { name: "no share leaves for a request that does not hold, or is not this room's", run: keepsShares },
    { name: "a share that was altered is named, and the server is told", run: namesTheWrong },
    { name: "a transcript is whole from its first event to the last, or is not shown", run: wantsAll },
    { name: "an epoch whose key is not kept is said to be closed, and the rest is read", run: readsTheRest },
    { name: "a drill opens keys and fetches nothing that was said", run: drills },
  ];
}

/** What a server keeps of one opening. */
class SmallDesk {
  request = "";
  shares = [];
  wrong = [];
  fetched = 0;

  constructor(server) {
    this.server = server;
    this.seq = server.head.seq;
  }

  as(name) {
    const { person } = this.server.town.devices[name];
    return {
      ...this.server.as(name),
      askToOpen: async (request) => void (this.request = request),
      opening: async () => ({ request: this.request, epochs: this.#epochs(), next: null }),
      passShares: async (_, shares) => {
        for (const one of shares) this.shares.push({ ...one, person });
      },
      material: async () => {
        if (this.#people().size < 1) throw refusal("opening_incomplete");
        const more = { seq: this.seq, officer: "p-officer", organisations: [ORGANISATION], next: null };
        return { epochs: this.#epochs(), ...more };
      },
      openedEvents: async (_, { after }) => {
        this.fetched += 1;
        return { events: this.server.events.slice(after, this.seq) };
      },
      callWrong: async (_, wrong) => this.wrong.push(wrong),
    };
  }

  #people() {
    return new Set(this.shares.map((one) => one.person));
  }

  #epochs() {
    return Array.from(this.server.escrows, ([epoch, { began, escrow }]) => {
      const shares = this.shares.filter((one) => one.epoch === epoch);
      const passed = shares.map(({ person }) => ({ person, wrong: false }));
      const kept = { room: ROOM, epoch, began, escrow, redeals: [], hand_ons: [] };
      return { ...kept, shares: shares.map((one) => one.passed), passed, ready: shares.length > 0 };
    });
  }
}

/** A room in which something was said in two epochs, and its supervisors. */
async function spoken(first = 0) {
  const town = await Town.make();
  const server = new SmallServer(town, ["officer", "worker", "phone"]);
  const [api, draw, { secret, person }] = [server.as("worker"), counter(first), town.devices.worker];
  const here = { api, draw, self: { secret, person }, ...(await town.trustOf(api)) };
  await acceptOffer("offer-1", here);
  const room = new Room({ room: ROOM, ...here });
  await room.say("1", "key-of-the-first");
  server.inside = ["officer", "worker"];
  await room.say("2", "key-of-the-second");
  const desk = new SmallDesk(server);
  const at = async (name, now = NOW) => {
    const { secret: own, person: who } = town.devices[name];
    const [theirs, holder] = [desk.as(name), { organisation: ORGANISATION, person: who, secret: own }];
    const { directories } = await town.trustOf(theirs);
    return new Openings({ api: theirs, directories, who: holder, draw: counter(900), now: () => now });
  };
  return { town, server, desk, at };
}

async function opens() {
  for (const [first, second] of [
    ["chief1", "chief2"],
    ["chief3", "chief1"],
  ]) {
    const { desk, at } = await spoken();
    const [asker, helper] = [await at(first), await at(second)];
    const id = await asker.ask(WHY);
    same(await asker.isReady(id), false);
    same([await helper.help(id), await helper.help(id)], [2, 0]);
    same([await asker.isReady(id), desk.shares.length], [true, 2]);
    const { said, officer, epochs } = await asker.read(id, READ);
    same([officer, epochs], ["p-officer", 2]);
    same(
      said.map(({ author, text, isLost, isBridged }) => [author, text, isLost, isBridged]),
      [
        ["p-worker", "1", false, false],
        ["p-worker", "2", false, false],
      ],
    );
  }
}

async function takesTwo() {
  const { desk, at } = await spoken();
  const [asker, helper] = [await at("chief1"), await at("chief2")];
  const id = await asker.ask(WHY);
  await refused(Tampered, () => asker.help(id)); // nobody helps themselves
  await helper.help(id);
  const shares = desk.shares;
  desk.shares = [];
  const { gives } = READ;
  await asker.read(id, { gives }).catch((error) => same(error.code, "opening_incomplete"));
  desk.shares = shares.filter((one) => one.epoch === 1); // the other epoch has the asker's share alone
  await refused(Malformed, () => asker.read(id, READ));
  desk.shares = shares;
  const { request } = desk;
  await (await at("chief3")).ask(WHY);
  await refused(Tampered, () => asker.read(id, READ)); // asked for on another device
  desk.request = request;
  await asker.read(id, READ);
}

async function keepsShares() {
  const { town, desk, at } = await spoken();
  const helper = await at("chief2");
  const said = { opening: "o-1", organisation: ORGANISATION, room: ROOM, purpose: "log-check", ground: "law" };
  const times = { at: NOW, until: NOW + 60 };
  const made = async (name, changed) => {
    const { secret, person } = town.devices[name];
    return toBase64url((await ask({ secret, ...said, person, ...times, ...changed })).content);
  };
  const bad = [
    await made("chief1", { person: "p-chief3" }), // another's name
    await made("worker", {}), // no supervisor
    await made("chief2", {}), // oneself
    await made("chief1", { at: NOW - 100, until: NOW - 40 }), // over
    await made("chief1", { at: NOW + 400, until: NOW + 500 }), // not begun
    await made("chief1", { room: "room-2" }), // another room
    await made("chief1", { opening: "o-2" }), // another opening
    await made("chief1", { organisation: "lund" }),
  ];
  for (const [place, request] of bad.entries()) {
    desk.request = request;
    await refused(Tampered, () => helper.help("o-1"), String(place));
  }
  const good = await made("chief1", {});
  desk.request = good;
  const { began } = desk.server.escrows.get(2);
  const first = desk.server.escrows.get(1);
  desk.server.escrows.set(1, { ...first, began }); // the escrow is not that epoch's
  await refused(Tampered, () => helper.help("o-1"));
  desk.server.escrows.set(1, first);
  same(desk.shares, []);
  await town.revoke("chief1"); // the asker's device is lost meanwhile
  await refused(Tampered, () => helper.help("o-1"));
  same(desk.shares, []);
}

async function namesTheWrong() {
  const { town, desk, at } = await spoken();
  const [asker, helper] = [await at("chief1"), await at("chief2")];
  const id = await asker.ask(WHY);
  await helper.help(id);
  const honest = desk.shares;
  const swapped = [honest[1], honest[0]].map((one, place) => ({ ...one, epoch: honest[place].epoch }));
  desk.shares = swapped;
  await refused(Tampered, () => asker.read(id, READ)); // a share of another escrow
  const { signed, blob } = passedFromBytes(fromBase64url(honest[0].passed));
  const altered = blob.slice();
  altered[40] ^= 1;
  desk.shares = [{ ...honest[0], passed: toBase64url(passedToBytes({ signed, blob: altered })) }, honest[1]];
  await refused(Malformed, () => asker.read(id, READ)); // not what was signed
  same(desk.wrong, []);
  const dealt = await badShare({ town, desk, request: requestFromBytes(fromBase64url(desk.request)) });
  desk.shares = [{ ...honest[0], passed: dealt }, honest[1]];
  same((await refused(WrongShare, () => asker.read(id, READ))).people, ["p-chief2"]);
  same(desk.wrong, [{ room: ROOM, epoch: 1, seat: "p-chief2" }]);
  const request = requestFromBytes(fromBase64url(desk.request));
  const stolen = await badShare({ town, desk, request, sender: "chief3" });
  desk.shares = [{ ...honest[0], passed: stolen }, honest[1]];
  await refused(Tampered, () => asker.read(id, READ)); // by somebody who does not hold the seat
}

/** A share that its holder signed and that is none: sealed and signed as it should be, of other bytes. */
async function badShare({ town, desk, request, sender = "chief2" }) {
  const { fromBytes, context, hashEscrow } = await import("../../bot/web/static/seal/threshold.js");
  const { sealTo } = await import("../../bot/web/static/seal/hpke.js");
  const { forOpening, readPass } = await import("../../bot/web/static/seal/passing.js");
  const { signBare } = await import("../../bot/web/static/seal/statement.js");
  const { Label } = await import("../../bot/web/static/seal/labels.js");
  const { digest } = await import("../../bot/web/static/seal/symmetric.js");
  const { lp } = await import("../../bot/web/static/seal/wire.js");
  const { sha256 } = await import("../../bot/web/static/vendor/crypto.js");
  const escrow = fromBytes(fromBase64url(desk.server.escrows.get(1).escrow));
  const [{ secret }, to] = [town.devices[sender], town.devices.chief1.secret.public];
  const use = forOpening(request.opening);
  const info = lp(Label.PASSED_SHARE, use, context(escrow), "p-chief2", to.deviceId);
  const value = new Uint8Array([...digest(Label.ROOM, "x"), 2]);
  const blob = await sealTo(to.kem, value, { info });
  const named = [use, hashEscrow(escrow), "p-chief2", secret.public.deviceId, to.deviceId, sha256(blob)];
  const statement = lp(Label.SHARE_PASS, ...named);
  return toBase64url(passedToBytes({ signed: readPass(statement, await signBare(statement, secret.signing)), blob }));
}

async function wantsAll() {
  const { desk, at } = await spoken();
  const [asker, helper] = [await at("chief1"), await at("chief2")];
  const id = await asker.ask(WHY);
  await helper.help(id);
  const { events } = desk.server;
  for (const some of [events.slice(0, -1), [events[0], ...events.slice(2)], events.slice(1), []]) {
    desk.server.events = some;
    await refused(Tampered, () => asker.read(id, READ));
  }
  desk.server.events = events;
  same((await asker.read(id, READ)).said.length, 2);
  const { server } = await spoken(5_000); // the same people, other keys
  desk.server.events = server.events;
  await refused(Tampered, () => asker.read(id, READ));
}

async function readsTheRest() {
  const { desk, at } = await spoken();
  const [asker, helper] = [await at("chief1"), await at("chief2")];
  const id = await asker.ask(WHY);
  desk.server.escrows.delete(1);
  await helper.help(id);
  const { said } = await asker.read(id, READ);
  same(
    said.map(({ text, isLost }) => [text, isLost]),
    [
      [null, false],
      ["2", false],
    ],
  );
}

async function drills() {
  const { desk, at } = await spoken();
  const [asker, helper] = [await at("chief1"), await at("chief2")];
  const id = await asker.ask({ ...WHY, purpose: "drill" });
  await helper.help(id);
  const { said, epochs } = await asker.read(id, { gives: "key" });
  same([said, epochs, desk.fetched], [[], 2, 0]);
}
