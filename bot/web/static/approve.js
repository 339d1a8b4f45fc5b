/** Vouching for devices: what waits, whose it says it is, and the word of one's own device for it. */

import { memberOf, peopleNeeded } from "./seal/directory.js";
import { approvalFromBytes, approve, bundleFromBytes, rootId } from "./seal/enrolment.js";
import { deviceCode } from "./seal/device_code.js";
import { Tampered } from "./seal/errors.js";
import { fromBase64url, toBase64url } from "./seal/wire.js";

const MAX_SIGNED = 2 ** 14; // bytes of a bundle or an approval as it is sent

/** @typedef {import("./seal/enrolment.js").Bundle} Bundle */
/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Json} Json */
/** @typedef {import("./directories.js").Directories} Directories */
/** @typedef {import("./epochs.js").Self} Self */
/**
 * A device that waits. `code`: what it must show itself; `words`: how many have given theirs, of `needed`; `name`: whose
 * it is, as the server says: it is the code that proves it.
 * @typedef {Readonly<{bundle: Bundle, name: string, tier: string, code: string, words: number, needed: number}>} Waiting
 */

/**
 * The devices of an organisation that wait, each with the code that it must show. Those whose bundle does not hold are
 * left out. @param {string} organisation @param {{api: Api, directories: Directories}} here @returns {Promise<Waiting[]>}
 */
export async function waitingIn(organisation, { api, directories }) {
  const rows = [];
  for (let after; after !== null;) {
    const told = await api.devicesOf(organisation, { state: "pending", ...(after === undefined ? {} : { after }) });
    rows.push(...told.devices);
    after = told.next;
  }
  return described(rows, { organisation, directories });
}

/** Those of one's own that wait. @param {readonly Json[]} rows @param {{organisation: string, directories: Directories}} here */
export function ownWaiting(rows, { organisation, directories }) {
  const mine = rows.filter((row) => row.state === "pending" && row.organisation === organisation);
  return described(mine, { organisation, directories });
}

/**
 * Give this device's word, after people have compared the codes. `now`: seconds since 1970, by this device's clock.
 * @param {Waiting} waiting @param {{api: Api, directories: Directories, self: Self, now: number}} here
 */
export async function giveWord({ bundle }, { api, directories, self, now }) {
  const { secret } = self;
  const home = await directories.home();
  if (bundle.organisation !== home.organisation) throw new Tampered("The device is of another organisation.");
  const given = { root: rootId(home.root), approver: secret.public.deviceId, key: secret.signing, at: now };
  const word = await approve({ bundle, ...given });
  return api.approve(memberOf(bundle).public.id, toBase64url(word.content));
}

/** @param {readonly Json[]} rows @param {{organisation: string, directories: Directories}} here */
async function described(rows, { organisation, directories }) {
  const root = rootId((await directories.home()).root);
  const found = [];
  for (const row of rows) {
    const bundle = await bundleOf(row);
    if (bundle?.organisation !== organisation) continue;
    const words = row.approvals.filter((/** @type {string} */ content) => isOf(content, bundle)).length;
    const code = await deviceCode(bundle.public.deviceId, root);
    const told = { name: row.name ?? bundle.person, tier: row.tier };
    found.push(Object.freeze({ bundle, ...told, code, words, needed: peopleNeeded(bundle.rights) }));
  }
  return found;
}

/** @param {Json} row */
async function bundleOf(row) {
  try {
    return await bundleFromBytes(fromBase64url(row.bundle, { most: MAX_SIGNED }));
  } catch {
    return undefined; // nothing that could be approved
  }
}

/** @param {string} content @param {Bundle} bundle */
function isOf(content, bundle) {
  return (
    toBase64url(approvalFromBytes(fromBase64url(content, { most: MAX_SIGNED })).bundle) === toBase64url(bundle.hash)
  );
}
