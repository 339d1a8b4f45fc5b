/** A device's keys at rest in a browser: wrapped under a passkey's secret (tier "prf"), or as keys that no script reads (tier "storage"). */

import { unwrapDevice, wrapKey, wrappingKey, KEY_NAMES } from "./seal/at_rest.js";
import { SealError } from "./seal/errors.js";
import {
  checkDevice,
  DeviceSecret,
  ENTROPY,
  makeDevice,
  publicFromBytes,
  publicToBytes,
  secretParts,
} from "./seal/keys.js";
import { NONCE } from "./seal/symmetric.js";
import { askSecret } from "./passkey.js";
import { DEVICES } from "./store.js";
import { Trouble } from "./trouble.js";

export const PRF = "prf";
export const STORAGE = "storage";

/** @typedef {import("./seal/wire.js").Bytes} Bytes */
/** @typedef {import("./seal/keys.js").SecretParts} SecretParts */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {(size: number) => Bytes} Draw unpredictable bytes */
/** @typedef {{organisation: string, person: string, rights: number}} Owner */
/** @typedef {{id: Bytes, salt: Bytes, secret: Bytes}} Passkey the secret of one passkey under one salt */
/**
 * A device as it lies in storage. `keys`: wrapped bytes (tier "prf"), or CryptoKeys; `passkey`: by which it is unlocked.
 * @typedef {{id: string, tier: string, organisation: string, person: string, rights: number, public: Bytes,
 *   keys: Record<string, any>, passkey: {id: Bytes, salt: Bytes} | null}} KeptDevice
 */

/**
 * Make a device and keep it. It is read back and tried before anybody hears of it: a browser that could not keep a key
 * may say nothing. Throws `Trouble` "not_kept"; then nothing of it is left.
 * @param {Store} store @param {{owner: Owner, passkey: Passkey | null, draw: Draw}} given `passkey`: null for tier "storage"
 * @returns {Promise<DeviceSecret>}
 */
export async function makeAndKeep(store, { owner, passkey, draw }) {
  const entropy = draw(ENTROPY);
  try {
    const made = await makeDevice(entropy);
    const record = passkey === null ? inStorage(made, owner) : await wrapped(made, entropy, { owner, passkey, draw });
    await keep(store, record, passkey);
    return made;
  } finally {
    entropy.fill(0); // what this can reach of it
  }
}

/** The devices that this browser keeps. @param {Store} store @returns {Promise<KeptDevice[]>} */
export async function keptDevices(store) {
  return /** @type {KeptDevice[]} */ (await store.all(DEVICES));
}

/**
 * Open a kept device, asking its passkey where it has one. Throws `Trouble` "cancelled", "no_prf" or "keys_gone".
 * @param {KeptDevice} kept @returns {Promise<DeviceSecret>}
 */
export async function unlock(kept) {
  if (kept.passkey === null) return openKept(kept, null);
  const { secret } = await askSecret({ ids: [kept.passkey.id], salt: kept.passkey.salt });
  try {
    return await openKept(kept, secret);
  } finally {
    secret.fill(0); // what this can reach of it
  }
}

/**
 * The keys of a kept device, tried. `secret`: of its passkey, where it has one. Throws `Trouble` "keys_gone" when they
 * do not come back whole, or that secret does not open them.
 * @param {KeptDevice} kept @param {Bytes | null} secret @returns {Promise<DeviceSecret>}
 */
export async function openKept(kept, secret) {
  try {
    const device = kept.tier === PRF ? await unwrapped(kept, secret) : loaded(kept);
    await checkDevice(device);
    return device;
  } catch (error) {
    const isLost = [SealError, TypeError, DOMException].some((Kind) => error instanceof Kind);
    throw isLost ? new Trouble("keys_gone", { cause: error }) : error;
  }
}

/** Forget a device's keys, for good. @param {Store} store @param {string} id */
export function forget(store, id) {
  return store.drop(DEVICES, id);
}

/** @param {Store} store @param {KeptDevice} record @param {Passkey | null} passkey */
async function keep(store, record, passkey) {
  try {
    await store.put(DEVICES, record);
    const back = /** @type {KeptDevice | undefined} */ (await store.get(DEVICES, record.id));
    if (back === undefined) throw new Trouble("not_kept");
    await openKept(back, passkey === null ? null : passkey.secret);
  } catch (error) {
    await forget(store, record.id).catch(() => undefined); // the first error tells more
    throw new Trouble("not_kept", { cause: error });
  }
}

/** @param {DeviceSecret} made @param {Owner} owner @returns {KeptDevice} */
function inStorage(made, owner) {
  const { ed25519, mlkem, x25519 } = made;
  return { ...described(made, owner), tier: STORAGE, keys: { ed25519, mlkem, x25519 }, passkey: null };
}

/**
 * @param {DeviceSecret} made @param {Bytes} entropy @param {{owner: Owner, passkey: Passkey, draw: Draw}} given
 * @returns {Promise<KeptDevice>}
 */
async function wrapped(made, entropy, { owner, passkey, draw }) {
  const { deviceId } = made.public;
  const [kek, parts] = [await wrappingKey(passkey.secret, deviceId), secretParts(entropy)];
  /** @type {Record<string, Bytes>} */
  const keys = {};
  for (const keyName of KEY_NAMES) {
    const key = parts[/** @type {keyof SecretParts} */ (keyName)];
    keys[keyName] = await wrapKey(kek, { deviceId, keyName, key, nonce: draw(NONCE) });
    key.fill(0);
  }
  return { ...described(made, owner), tier: PRF, keys, passkey: { id: passkey.id, salt: passkey.salt } };
}

/** @param {DeviceSecret} made @param {Owner} owner */
function described(made, { organisation, person, rights }) {
  return { id: made.public.id, organisation, person, rights, public: publicToBytes(made.public) };
}

/** @param {KeptDevice} kept @param {Bytes | null} secret */
async function unwrapped(kept, secret) {
  const known = publicFromBytes(kept.public);
  const kek = await wrappingKey(/** @type {Bytes} */ (secret), known.deviceId);
  return unwrapDevice(kek, /** @type {SecretParts} */ (kept.keys), known);
}

/** @param {KeptDevice} kept */
function loaded({ keys, public: known }) {
  return new DeviceSecret({ .../** @type {any} */ (keys), public: publicFromBytes(known) });
}
