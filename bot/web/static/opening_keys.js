/**
 * What a supervisor's device does with keys: find its share, pass it on, put shares together. Whatever a server says comes
 * in as values, and is believed as far as devices of a checked directory (`members`) have signed it, and no further.
 * Twin of bot/client/opening_keys.py.
 */

import { Right } from "./seal/enrolment.js";
import { readEpoch } from "./seal/epoch.js";
import { Tampered, WrongShare } from "./seal/errors.js";
import { checkAsker, checkCovers } from "./seal/opening.js";
import { forOpening, forSuccessor, openPassed, passShare } from "./seal/passing.js";
import { followRedeals } from "./seal/redeal.js";
import { followHandOns, openTogether } from "./seal/seats.js";
import { hashEscrow, openShare } from "./seal/threshold.js";
import { equal, toBase64url } from "./seal/wire.js";

/** @typedef {import("./seal/wire.js").Bytes} Bytes */
/** @typedef {import("./seal/directory.js").Member} Member */
/** @typedef {import("./seal/event.js").Event} Event */
/** @typedef {import("./seal/keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./seal/opening.js").Request} Request */
/** @typedef {import("./seal/passing.js").Passed} Passed */
/** @typedef {import("./seal/redeal.js").Redeal} Redeal */
/** @typedef {import("./seal/threshold.js").Escrow} Escrow */
/** @typedef {import("./seal/threshold.js").Share} Share */
/** @typedef {ReadonlyMap<string, Member>} Members by device id */
/**
 * One epoch as a server keeps it for an organisation. `passed`: what others passed on for an opening.
 * @typedef {{began: Event, escrow: Escrow, redeals: readonly Redeal[], handOns: readonly Passed[],
 *   passed: readonly Passed[]}} Kept
 */
/** @typedef {{organisation: string, person: string, secret: DeviceSecret}} Holder somebody at one of their devices */

/**
 * Throws `Tampered` unless the escrow is the one in force: the manifest's, or the last of a chain of re-deals.
 * @param {Kept} kept @param {string} organisation @param {Members} members
 */
export async function checkKept({ began, escrow, redeals }, organisation, members) {
  const manifest = readEpoch(began);
  const first = manifest.escrows.get(organisation);
  const { room, epoch } = escrow;
  if (first === undefined || began.room !== room || began.epoch !== epoch) {
    throw new Tampered("The epoch names no such escrow.");
  }
  const devices = keepers(organisation, members);
  const inForce = await followRedeals(redeals, { organisation, room, epoch, first, devices });
  if (!equal(inForce, hashEscrow(escrow))) throw new Tampered("The escrow is not the one in force.");
  return manifest;
}

/**
 * The share that this device has of a seat that its person holds; undefined when there is none. Throws `WrongShare` for
 * one that was not dealt, `Tampered` for hand-ons that do not hold.
 * @param {Kept} kept @param {Holder} who @param {Members} members @returns {Promise<Share | undefined>}
 */
export async function ownShare({ escrow, handOns }, { person, secret }, members) {
  const holders = await followHandOns(escrow, handOns, members);
  const { deviceId } = secret.public;
  const seat = escrow.seats.find((each) => each.person === person && holders.get(person) === person);
  if (seat?.shares.some((share) => equal(share.deviceId, deviceId))) return openShare(escrow, { person, secret });
  const passed = handOns.findLast(({ signed }) => {
    return equal(signed.receiver, deviceId) && holders.get(signed.seat) === person;
  });
  if (passed === undefined) return undefined;
  const sender = known(passed.signed.sender, members).public;
  return openPassed(passed, escrow, { use: forSuccessor(person), sender, secret });
}

/**
 * Seal one's share to the device that asked; undefined where one has none. `now`: seconds since 1970. Throws `Tampered`
 * when the request, its device or the escrow does not hold (FORMAT.md 63).
 * @param {Request} request @param {Kept} kept @param {Holder} who @param {{members: Members, now: number}} here
 * @returns {Promise<Passed | undefined>}
 */
export async function passOn(request, kept, who, { members, now }) {
  const asker = known(request.deviceId, members);
  await checkAsker(request, asker, { passer: who.person, now });
  checkCovers(request, kept.escrow);
  await checkKept(kept, request.organisation, members);
  const share = await ownShare(kept, who, members);
  if (share === undefined) return undefined;
  const [{ escrow }, use] = [kept, forOpening(request.opening)];
  return passShare({ escrow, share, use, to: asker.public, secret: who.secret });
}

/**
 * Put one's own share and those passed on together (FORMAT.md 32, 65, 66). Throws `WrongShare` naming every seat whose
 * share does not hold, `Malformed` when too few people stand behind the shares, `Tampered` for whatever was not signed by
 * whoever holds the seat, or is not the room's key.
 * @param {Request} request @param {Kept} kept @param {Holder} who @param {Members} members
 */
export async function openEpoch(request, kept, who, members) {
  const manifest = await checkKept(kept, request.organisation, members);
  const holders = await followHandOns(kept.escrow, kept.handOns, members);
  const own = await ownShare(kept, who, members);
  const shares = own === undefined ? [] : [own];
  const wrong = [];
  for (const passed of kept.passed) {
    try {
      shares.push(await taken(request, kept, passed, { secret: who.secret, members, holders }));
    } catch (error) {
      if (!(error instanceof WrongShare)) throw error;
      wrong.push(...error.people);
    }
  }
  if (wrong.length > 0) throw new WrongShare(wrong);
  return openTogether(kept.escrow, shares, { holders, kc: manifest.kc });
}

/**
 * @param {Request} request @param {Kept} kept @param {Passed} passed
 * @param {{secret: DeviceSecret, members: Members, holders: ReadonlyMap<string, string>}} here
 */
async function taken(request, { escrow }, passed, { secret, members, holders }) {
  const sender = known(passed.signed.sender, members);
  if (holders.get(passed.signed.seat) !== sender.person || !(sender.rights & Right.SHARES)) {
    throw new Tampered("A share was passed on by somebody who does not hold the seat.");
  }
  return openPassed(passed, escrow, { use: forOpening(request.opening), sender: sender.public, secret });
}

/** @param {Bytes} device @param {Members} members */
function known(device, members) {
  const member = members.get(toBase64url(device));
  if (member === undefined) throw new Tampered("The directory does not know that device.");
  return member;
}

/** The devices whose re-deals count. @param {string} organisation @param {Members} members */
function keepers(organisation, members) {
  const own = [...members].filter(([, member]) => member.organisation === organisation && member.rights & Right.SHARES);
  return new Map(own.map(([id, member]) => [id, member.public]));
}
