/** The operations that cases name, on history, openings and witnesses; see tests/vectors/README.md. */

import { hex, raw, same } from "./check.js";
import { verifyCosignature, witnessFromText } from "../../bot/web/static/seal/cosignature.js";
import { Member } from "../../bot/web/static/seal/directory.js";
import { fromBytes as toEvent } from "../../bot/web/static/seal/event.js";
import * as grants from "../../bot/web/static/seal/grant.js";
import { makeDevice } from "../../bot/web/static/seal/keys.js";
import { Verifier } from "../../bot/web/static/seal/note.js";
import * as notices from "../../bot/web/static/seal/notice.js";
import * as opening from "../../bot/web/static/seal/opening.js";
import * as passing from "../../bot/web/static/seal/passing.js";
import { Plain } from "../../bot/web/static/seal/plain.js";
import * as redeals from "../../bot/web/static/seal/redeal.js";
import { commit, RoomKey } from "../../bot/web/static/seal/room.js";
import { followHandOns, openTogether } from "../../bot/web/static/seal/seats.js";
import { checkShare, fromBytes, Share } from "../../bot/web/static/seal/threshold.js";

/** @type {Record<string, (given: any) => any>} */
export const SHARE_OPS = {
  async sign_notice({ text, entropy, ...named }) {
    const signed = await notices.signNotice(new Plain(raw(text)), named, await toDevice(entropy));
    return { body: hex(signed.reveal()) };
  },

  async seal_notice({ text, entropy, to, ...named }) {
    const [secret, receiver] = [await toDevice(entropy), await toDevice(to)];
    const signed = await notices.signNotice(new Plain(raw(text)), named, secret);
    const sealed = await notices.sealNotice(signed, receiver.public, named);
    const opened = await notices.openNotice(sealed, named, { sender: secret.public, secret: receiver });
    same(opened.reveal(), raw(text));
    return { length: sealed.length };
  },

  async open_notice({ sealed, sender, entropy, ...named }) {
    const known = { sender: (await toDevice(sender)).public, secret: await toDevice(entropy) };
    return { text: hex((await notices.openNotice(raw(sealed), named, known)).reveal()) };
  },

  async give_history({ keys, room, head, entropy, author, to }) {
    const roomKeys = keys.map(({ epoch, key }) => new RoomKey({ room, epoch, key: raw(key) }));
    const [secret, newcomer] = [await toDevice(entropy), await toDevice(to)];
    const given = { roomKeys, head: { ...head, hash: raw(head.hash) }, secret, author, to: newcomer.public };
    const { event, sealed } = await grants.giveHistory(given);
    grants.checkGrant(event, sealed);
    for (const roomKey of roomKeys) {
      const known = { epoch: roomKey.epoch, kc: await commit(roomKey), secret: newcomer };
      same((await grants.acceptGrantedKey(event, sealed.get(roomKey.epoch), known)).key, roomKey.key);
    }
    return { epochs: [...sealed.keys()].sort((one, other) => one - other) };
  },

  read_grant({ event }) {
    const { deviceId, keys } = grants.readGrant(toEvent(raw(event)));
    const ascending = [...keys].sort(([one], [other]) => one - other);
    return { device_id: hex(deviceId), keys: ascending.map(([epoch, hash]) => ({ epoch, hash: hex(hash) })) };
  },

  check_grant({ event, sealed }) {
    grants.checkGrant(toEvent(raw(event)), new Map(sealed.map((each) => [each.epoch, raw(each.sealed)])));
    return {};
  },

  async accept_granted_key({ event, sealed, epoch, kc, entropy }) {
    const known = { epoch, kc: raw(kc), secret: await toDevice(entropy) };
    return { key: hex((await grants.acceptGrantedKey(toEvent(raw(event)), raw(sealed), known)).key) };
  },

  async ask({ entropy, ...asked }) {
    return { request: hex((await opening.ask({ ...asked, secret: await toDevice(entropy) })).content) };
  },

  async check_request({ request, entropy, now }) {
    await opening.checkRequest(opening.requestFromBytes(raw(request)), (await toDevice(entropy)).public, { now });
    return {};
  },

  async check_asker({ request, member, passer, now }) {
    const read = opening.requestFromBytes(raw(request));
    await opening.checkAsker(read, await toMember(member), { passer, now });
    return {};
  },

  check_covers({ request, escrow }) {
    opening.checkCovers(opening.requestFromBytes(raw(request)), fromBytes(raw(escrow)));
    return {};
  },

  async pass_share({ escrow: content, person, share: value, use, to, entropy }) {
    const [escrow, receiver, secret] = [fromBytes(raw(content)), await toDevice(to), await toDevice(entropy)];
    const share = new Share({ person, value: raw(value) });
    const passed = await passing.passShare({ escrow, share, use, to: receiver.public, secret });
    const opened = await passing.openPassed(passed, escrow, { use, sender: secret.public, secret: receiver });
    same([opened.person, opened.value], [person, value]);
    return { length: passing.passedToBytes(passed).length };
  },

  async check_passed({ passed, escrow, use, sender, receiver }) {
    const [read, from] = [passing.passedFromBytes(raw(passed)), fromBytes(raw(escrow))];
    const [one, other] = [(await toDevice(sender)).public, (await toDevice(receiver)).public];
    await passing.checkPassed(read, from, { use, sender: one, receiver: other });
    return {};
  },

  async open_passed({ passed, escrow, use, sender, entropy }) {
    const [read, from] = [passing.passedFromBytes(raw(passed)), fromBytes(raw(escrow))];
    const known = { use, sender: (await toDevice(sender)).public, secret: await toDevice(entropy) };
    const { person, value } = await passing.openPassed(read, from, known);
    return { person, share: hex(value) };
  },

  check_share({ escrow, person, share }) {
    checkShare(fromBytes(raw(escrow)), new Share({ person, value: raw(share) }));
    return {};
  },

  async follow_hand_ons({ escrow: content, hand_ons: handOns, members }) {
    const known = new Map();
    for (const each of members) {
      const member = await toMember(each);
      known.set(member.public.id, member);
    }
    const escrow = fromBytes(raw(content));
    const passed = handOns.map((each) => passing.passedFromBytes(raw(each)));
    const holders = await followHandOns(escrow, passed, known);
    return { holders: Array.from(holders, ([seat, person]) => ({ seat, person })) };
  },

  async open_together({ escrow, shares, holders, kc }) {
    const opened = shares.map(({ person, share }) => new Share({ person, value: raw(share) }));
    const held = new Map(holders.map(({ seat, person }) => [seat, person]));
    return { key: hex((await openTogether(fromBytes(raw(escrow)), opened, { holders: held, kc: raw(kc) })).key) };
  },

  async sign_redeal({ entropy, organisation, opening: id, old, new: next, at }) {
    const secret = await toDevice(entropy);
    const pair = { old: fromBytes(raw(old)), new: fromBytes(raw(next)) };
    return { redeal: hex((await redeals.signRedeal({ secret, organisation, opening: id, ...pair, at })).content) };
  },

  async check_redeal({ redeal, organisation, old, new: next, entropy }) {
    const read = redeals.redealFromBytes(raw(redeal));
    const pair = { old: fromBytes(raw(old)), new: fromBytes(raw(next)) };
    await redeals.checkRedeal(read, { organisation, ...pair, device: (await toDevice(entropy)).public });
    return {};
  },

  async follow_redeals({ redeals: chain, organisation, room, epoch, first, devices }) {
    const made = await Promise.all(devices.map(toDevice));
    const known = new Map(made.map((device) => [device.public.id, device.public]));
    const read = chain.map((each) => redeals.redealFromBytes(raw(each)));
    const place = { organisation, room, epoch, first: raw(first), devices: known };
    return { in_force: hex(await redeals.followRedeals(read, place)) };
  },

  async verify_cosignature({ note, name, public: key, latest }) {
    return { at: await verifyCosignature(note, new Verifier({ name, public: raw(key) }), { latest }) };
  },

  read_witness({ text }) {
    const { name, public: key } = witnessFromText(text);
    return { name, public: hex(key) };
  },
};

function toDevice(entropy) {
  return makeDevice(raw(entropy));
}

async function toMember({ organisation, person, rights, revoked_at: revokedAt, entropy }) {
  return new Member({ organisation, person, rights, revokedAt, public: (await toDevice(entropy)).public });
}
