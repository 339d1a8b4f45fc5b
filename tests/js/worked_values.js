/** The worked values of FORMAT.md section 12, byte for byte. */

import { counting, hex, raw, refused, same, utf8 } from "./check.js";
import { lookup } from "./frozen_room.js";
import { Checkpoint, checkpointToText, signCheckpoint } from "../../bot/web/static/seal/checkpoint.js";
import { verifyCosignature, witnessFromText } from "../../bot/web/static/seal/cosignature.js";
import { Tampered } from "../../bot/web/static/seal/errors.js";
import { Manifest, manifestToBytes } from "../../bot/web/static/seal/epoch.js";
import * as events from "../../bot/web/static/seal/event.js";
import { makeDevice } from "../../bot/web/static/seal/keys.js";
import { Label } from "../../bot/web/static/seal/labels.js";
import { leafHash, rootOf } from "../../bot/web/static/seal/log.js";
import { keyId, Verifier, verifierToText } from "../../bot/web/static/seal/note.js";
import { pad } from "../../bot/web/static/seal/padding.js";
import { Plain } from "../../bot/web/static/seal/plain.js";
import { commit, RoomKey } from "../../bot/web/static/seal/room.js";
import { signingKey } from "../../bot/web/static/seal/signing.js";
import { derive, encrypt } from "../../bot/web/static/seal/symmetric.js";
import * as threshold from "../../bot/web/static/seal/threshold.js";
import { concat, lp, Reader } from "../../bot/web/static/seal/wire.js";
import { sha256 } from "../../bot/web/static/vendor/crypto.js";

const ORIGIN = "samjour.example/malmo";
const PEOPLE = ["p-1", "p-2", "p-3"];
const ROOM_KEY = new RoomKey({ room: "room-1", epoch: 1, key: counting(0x20, 32) });

/** @param {(path: string) => Promise<string>} text @returns {import("./cases.js").Test[]} */
export function workedValues(text) {
  const format = () => text("bot/seal/FORMAT.md");
  return [
    {
      name: "each worked value is computed, and none stands there that is not",
      async run() {
        const written = Object.fromEntries(
          (await format()).matchAll(/^([^\n=|]+?) = ([0-9a-f]+)$/gm).map(([, ...two]) => two),
        );
        same(
          { ...(await devices()), ...(await rooms()), ...(await escrows()), ...(await fields()), ...(await ledgers()) },
          written,
        );
      },
    },
    {
      name: "the worked note is what is signed, and its key what is handed on",
      async run() {
        const key = await signingKey(raw("4c".repeat(32)));
        const shown = [
          await signCheckpoint(checkpoint(), key),
          checkpointToText(checkpoint()),
          verifierToText(new Verifier({ name: ORIGIN, public: key.public })),
        ];
        for (const each of shown) same((await format()).includes(each), true, each);
      },
    },
    {
      name: "the worked witness cosigned it when FORMAT.md says",
      async run() {
        const [line] = (await format()).match(/^\u2014 polisen\.example\/witness .*\n/m);
        const [key] = (await format()).match(/^polisen\.example\/witness\+.*$/m);
        const note = await signCheckpoint(checkpoint(), await signingKey(raw("4c".repeat(32))));
        same(await verifyCosignature(note + line, witnessFromText(key)), 1_790_000_000);
        const early = { latest: 1_789_999_999 };
        await refused(Tampered, () => verifyCosignature(note + line, witnessFromText(key), early));
        await refused(Tampered, () => verifyCosignature(note, witnessFromText(key)));
      },
    },
  ];
}

async function devices() {
  const { public: known } = await makeDevice(counting(0, 64));
  return {
    ed25519: hex(known.ed25519),
    "SHA-256(kem)": hex(sha256(known.kem)),
    device_id: hex(known.deviceId),
  };
}

async function rooms() {
  const secret = await makeDevice(counting(0, 64));
  const kc = await commit(ROOM_KEY);
  const recipients = new Map([[secret.public.id, raw("aa".repeat(32))]]);
  const manifest = manifestToBytes(
    new Manifest({ kc, recipients, escrows: new Map([["malmo", raw("bb".repeat(32))]]) }),
  );
  const start = events.genesis("room-1");
  const first = await events.signEpoch({ head: start, secret, author: "p-1", manifest });
  const head = await events.checkEvent(first, start, secret.public);
  const plain = new Plain(utf8("Hej"));
  const said = await events.sealEvent({
    roomKey: ROOM_KEY,
    head,
    secret,
    author: "p-1",
    kind: "said",
    plain,
    nonce: counting(0, 12),
  });
  same((await events.openEvent(ROOM_KEY, said)).reveal(), utf8("Hej"));
  return {
    LP: hex(lp(Label.ROOM, "room-1")),
    genesis: hex(start.hash),
    kc: hex(kc),
    manifest: hex(manifest),
    "epoch event sig": hex(first.sig),
    "epoch event hash": hex(head.hash),
    MK: hex(await derive(ROOM_KEY.key, Label.MESSAGE_KEY, "room-1", 1, secret.public.deviceId)),
    hdr: hex(new Reader(Label.EVENT_BYTES, events.toBytes(said)).upTo(events.MAX_HEADER)),
    "SHA-256(ct)": hex(sha256(said.ct)),
    "ct, first 32": hex(said.ct.slice(0, 32)),
    sig: hex(said.sig),
    "event hash": hex(events.hashEvent(said)),
    "SHA-256(event bytes)": hex(sha256(events.toBytes(said))),
  };
}

async function escrows() {
  const secrets = await Promise.all(PEOPLE.map((_, place) => makeDevice(counting(place, 64))));
  const supervisors = PEOPLE.map((person, place) => ({ person, devices: [secrets[place].public] }));
  const dealt = { t: 2, supervisors, escrowKey: counting(0x40, 32), iv: new Uint8Array(12) };
  const escrow = await threshold.makeEscrow(ROOM_KEY, dealt);
  const values = { ctx: hex(threshold.context(escrow)), box: hex(escrow.box) };
  for (const [place, person] of PEOPLE.entries()) {
    const share = await threshold.openShare(escrow, { person, secret: secrets[place] });
    values[`share ${place + 1}`] = hex(share.value);
    values[`commitment ${place + 1}`] = hex(escrow.seats[place].commitment);
  }
  return values;
}

/** No browser seals these; see `openOthers` in frozen_room.js. */
async function fields() {
  const [key, nonce, value] = [counting(0x60, 32), counting(0, 12), "+46701740605"];
  const fieldKey = await derive(key, "samjour/field-key/v1", "people", "phone");
  const aad = lp("samjour/field/v1", "people", "phone", "p-1");
  const sealed = concat(nonce, await encrypt(fieldKey, nonce, pad(utf8(value)), { aad }));
  return { "SHA-256(sealed field)": hex(sha256(sealed)), lookup: hex(await lookup(key, "phone", value)) };
}

async function ledgers() {
  const key = await signingKey(raw("4c".repeat(32)));
  return {
    "leaf 0": hex(leaf(0)),
    "root of 3": hex(checkpoint().root),
    "key id": hex(keyId(ORIGIN, key.public)),
    "SHA-256(note)": hex(sha256(utf8(await signCheckpoint(checkpoint(), key)))),
  };
}

function checkpoint() {
  return new Checkpoint({ origin: ORIGIN, size: 3, root: rootOf([0, 1, 2].map(leaf)) });
}

function leaf(number) {
  return leafHash({ kind: "grant", salt: new Uint8Array(16), body: Uint8Array.of(number) });
}
