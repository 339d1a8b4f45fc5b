/** Grave events: tells a forum's list from this device, and reads what one was told; twin of bot/client/notices.py. */

import { Tampered } from "./seal/errors.js";
import { Right } from "./seal/enrolment.js";
import { openNotice, sealNotice, signNotice } from "./seal/notice.js";
import { Plain } from "./seal/plain.js";
import { fromBase64url, toBase64url } from "./seal/wire.js";
import { isRefused } from "./trouble.js";

const ID = 16; // bytes
const KEY = 16; // bytes of an Idempotency-Key
const TRIES = 3; // while the list changes

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Json} Json */
/** @typedef {import("./directories.js").Directories} Directories */
/** @typedef {import("./seal/keys.js").DeviceSecret} DeviceSecret */
/** @typedef {{api: Api, directories: Directories, secret: DeviceSecret, draw: (size: number) => any, now: () => number}} Here */

/** What a notice is called, drawn once: sent again after an answer that was lost, it rings nobody again. @param {Here["draw"]} draw */
export function newNotice(draw) {
  const id = Array.from(draw(ID), (/** @type {number} */ byte) => byte.toString(16).padStart(2, "0")).join("");
  return { id, key: toBase64url(draw(KEY)) };
}

/**
 * Tell a forum's list. Throws `Tampered` where the server names a device for which no checked directory vouches.
 * @param {{forum: string, text: string, id: string, key: string}} notice `id`, `key`: from `newNotice`
 * @param {Here} here @returns {Promise<Json>} the notice's id, and how many were told
 */
export async function tell({ forum, text, id, key }, here) {
  for (let left = TRIES; ; left--) {
    const body = await sealed(forum, text, id, here);
    try {
      return await here.api.sendGrave(body, { key });
    } catch (error) {
      if (left === 1 || !isRefused(error, "plan_stale")) throw error;
    }
  }
}

/**
 * What a notice says; null where none was sealed to this device. Throws `Tampered` where no checked directory vouches
 * for the sender, or the sender did not sign this very one, at the instant that is shown with it: then nothing of it is
 * to be shown (FORMAT.md 91, 92). `listed`: the notice as it stands on the page.
 * @param {Json} listed @param {Here} here
 */
export async function readGrave(listed, { api, directories, secret }) {
  const shown = await api.grave(listed.id);
  if (shown.blob === null) return null;
  await directories.renew([shown.sender_organisation]);
  const sender = await keysOf({ device: shown.sender_device, organisation: shown.sender_organisation, person: shown.sender }, directories);
  const { organisation, forum, id } = listed;
  const named = { organisation, forum, id, at: Date.parse(listed.at) / 1000 };
  const opened = await openNotice(fromBase64url(shown.blob), named, { sender, secret });
  return new TextDecoder().decode(opened.reveal());
}

/** @param {string} forum @param {string} text @param {string} id @param {Here} here */
async function sealed(forum, text, id, { api, directories, secret, now }) {
  const plan = await api.gravePlan(forum);
  await directories.renew(plan.recipients.map((/** @type {Json} */ one) => one.organisation));
  const named = { organisation: plan.organisation, forum, id, at: now() };
  const signed = await signNotice(new Plain(new TextEncoder().encode(text)), named, secret);
  const copies = [];
  for (const one of plan.recipients) {
    const blob = await sealNotice(signed, await keysOf(one, directories), named);
    copies.push({ device: one.device, blob: toBase64url(blob) });
  }
  return { id, forum, at: named.at, copies };
}

/**
 * The keys of somebody's active device, as a checked directory has it. Throws `Tampered` for any other.
 * @param {{device: string, organisation: string, person: string}} whose @param {Directories} directories
 */
async function keysOf({ device, organisation, person }, directories) {
  const member = await directories.member(device);
  const isTheirs = member.person === person && member.organisation === organisation;
  if (!isTheirs || !member.active || !(member.rights & Right.MEMBER)) {
    throw new Tampered("No directory vouches for that device.");
  }
  return member.public;
}
