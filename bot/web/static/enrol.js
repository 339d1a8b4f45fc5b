/** Enrolling this browser as a device: from an invitation to keys that are kept and tried, and only then told of. */

import { sha256 } from "./vendor/crypto.js";
import { deviceCode } from "./seal/device_code.js";
import { makeBundle, rootId } from "./seal/enrolment.js";
import { Tampered } from "./seal/errors.js";
import { equal, fromBase64url, toBase64url } from "./seal/wire.js";
import { keptDevices, makeAndKeep, PRF, unlock } from "./keys.js";
import { askSecret, makePasskey, passkeyId, saltOf } from "./passkey.js";
import { pinFirst } from "./pins.js";
import { answerChallenge } from "./session.js";
import { ENROLMENTS } from "./store.js";
import { Trouble } from "./trouble.js";

const HASH = 32; // bytes

/** @typedef {import("./seal/wire.js").Bytes} Bytes */
/** @typedef {import("./seal/keys.js").DeviceSecret} DeviceSecret */
/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./link.js").Invite} Invite */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {(size: number) => Bytes} Draw unpredictable bytes */
/**
 * An invitation that was taken, until its device is enrolled. `expires`: when it is too late.
 * @typedef {{id: string, organisation: string, person: string, name: string | null, rights: number, inviter: string,
 *   invitation: Bytes, root: Bytes, expires: string, device: string | null}} Enrolment `name`: as people read it, signed by
 *   nobody; `device`: whose keys were made for it already
 */

/**
 * Take an invitation, once. It is kept with what it pins, so that a page that is closed here can go on. Throws `Tampered`
 * when the server says something else than the link.
 * @param {Invite} invite @param {{api: Api, store: Store}} here @returns {Promise<Enrolment>}
 */
export async function takeInvitation(invite, { api, store }) {
  await pinFirst(store, invite);
  const told = await api.redeem(toBase64url(invite.secret));
  const invitation = sha256(invite.secret);
  const isSame = equal(fromBase64url(told.invitation, { most: HASH }), invitation);
  if (told.organisation !== invite.organisation || !isSame) {
    throw new Tampered("The invitation is of another organisation than its link.");
  }
  const { organisation, person, name = null, rights, inviter, expires } = told;
  const said = { organisation, person, name, rights, inviter, invitation, root: invite.root, expires };
  const taken = { id: toBase64url(invitation), ...said, device: null };
  await store.put(ENROLMENTS, taken);
  return taken;
}

/** The invitations that were taken here and still wait for their device. @param {Store} store @returns {Promise<Enrolment[]>} */
export async function openEnrolments(store) {
  return /** @type {any} */ (await store.all(ENROLMENTS));
}

/** Let an invitation that was taken lapse. @param {Store} store @param {Enrolment} taken */
export function dropEnrolment(store, taken) {
  return store.drop(ENROLMENTS, taken.id);
}

/**
 * Make this browser's device and enrol it. The keys are kept, read back and tried before the server hears of them; should
 * it not be heard, the next time goes on with the same keys, for an invitation is good for one device.
 * @param {Enrolment} taken @param {{tier: string, api: Api, store: Store, draw: Draw, origin: string}} here `tier`: "prf"
 *   with a passkey of this person, or "storage" @returns {Promise<DeviceSecret>}
 */
export async function enrol(taken, { tier, api, store, draw, origin }) {
  const made = (await keptDevices(store)).find((kept) => kept.id === taken.device);
  const secret = made === undefined ? await makeFor(taken, { tier, api, store, draw }) : await unlock(made);
  const { challenge, answer, now } = await answerChallenge(secret, { api, origin });
  const bundle = await makeBundle({ secret, ...saidOf(taken), madeAt: now });
  await api.enrol({ bundle: toBase64url(bundle.content), tier: made?.tier ?? tier, challenge, answer });
  await dropEnrolment(store, taken);
  return secret;
}

/** What a device that waits for approval shows. @param {Bytes} deviceId @param {Bytes} root public key */
export function codeOf(deviceId, root) {
  return deviceCode(deviceId, rootId(root));
}

/** @param {Enrolment} taken @param {{tier: string, api: Api, store: Store, draw: Draw}} here */
async function makeFor(taken, { tier, api, store, draw }) {
  const passkey = tier === PRF ? await passkeyFor(api) : null;
  const secret = await makeAndKeep(store, { owner: taken, passkey, draw });
  passkey?.secret.fill(0); // what this can reach of it
  await store.put(ENROLMENTS, { ...taken, device: secret.public.id });
  return secret;
}

/** @param {Enrolment} taken */
function saidOf({ organisation, person, rights, inviter, invitation }) {
  return { organisation, person, rights, inviter, invitation };
}

/**
 * A passkey of whoever is signed in, with its secret. One is made and then asked, for many give it only then; where this
 * authenticator has one already, that is asked. Throws `Trouble` "cancelled" or "no_prf".
 * @param {Api} api @returns {Promise<import("./keys.js").Passkey>}
 */
async function passkeyFor(api) {
  const { options } = await api.passkeyOptions();
  const salt = saltOf(options);
  const { id, secret } = await askSecret({ ids: await freshOrKnown(api, options), salt });
  return { id, salt, secret };
}

/** @param {Api} api @param {import("./api.js").Json} options */
async function freshOrKnown(api, options) {
  try {
    const made = await makePasskey(options);
    await api.keepPasskey(made.told);
    return [made.id];
  } catch (error) {
    if (!(error instanceof Trouble) || error.code !== "known") throw error;
    const { passkeys } = await api.myPasskeys();
    return passkeys.map((/** @type {{passkey: string}} */ { passkey }) => passkeyId(passkey));
  }
}
