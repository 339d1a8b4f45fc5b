/** Devices: the keys that a person's phone signs and opens with. */

import { Malformed, Tampered } from "./errors.js";
import * as hpke from "./hpke.js";
import { KemKey } from "./hpke.js";
import { Label } from "./labels.js";
import * as mlkem from "./mlkem.js";
import * as signing from "./signing.js";
import { SigningKey } from "./signing.js";
import { digest, KEY } from "./symmetric.js";
import { equal, exact, lp, Reader, toBase64url } from "./wire.js";
import * as x25519 from "./x25519.js";
import { expandSeed } from "./xwing.js";

export const DEVICE_ID = KEY; // bytes
export const ENTROPY = signing.SEED + hpke.SEED; // bytes that a new device is made of

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {{ed25519: Bytes, mlkem: Bytes, x25519: Bytes}} SecretParts PKCS #8, the 64-byte seed, PKCS #8 */

/** What others know of a device: whom to believe, whom to seal to. */
export class DevicePublic {
  /** @param {{ed25519: Bytes, kem: Bytes}} keys 32 and 1216 bytes */
  constructor({ ed25519, kem }) {
    signing.checkPublic(ed25519);
    this.ed25519 = ed25519;
    this.kem = exact(kem, hpke.PUBLIC);
    /** 32 bytes; names both keys, so neither can be exchanged alone. */
    this.deviceId = digest(Label.DEVICE, ed25519, kem);
    /** The same as JSON has it, and as maps of devices are keyed here. */
    this.id = toBase64url(this.deviceId);
    Object.freeze(this);
  }
}

/**
 * What only the device knows: keys that sign and open, none of which is read out again where the browser can help it.
 */
export class DeviceSecret {
  /**
   * Made of CryptoKeys that were kept; `checkDevice` tells whether they are those of `public`.
   * @param {{ed25519: CryptoKey, mlkem: mlkem.PrivateKey, x25519: CryptoKey, public: DevicePublic}} keys
   */
  constructor({ ed25519, mlkem: pq, x25519: classical, public: known }) {
    checkPrivate(ed25519, "Ed25519");
    checkPrivate(classical, "X25519");
    if (!(pq instanceof Uint8Array)) checkPrivate(pq, "ML-KEM-768");
    else exact(pq, mlkem.SEED);
    this.ed25519 = ed25519;
    this.mlkem = pq;
    this.x25519 = classical;
    this.public = known;
    Object.freeze(this);
  }

  /** The key that signs. */
  get signing() {
    return new SigningKey({ loaded: this.ed25519, public: this.public.ed25519 });
  }

  /** The key that opens. */
  get kem() {
    return new KemKey({ mlkem: this.mlkem, x25519: this.x25519, public: this.public.kem });
  }
}

/** Make a device of 64 random bytes: the signing seed, then the KEM seed. @param {Bytes} entropy */
export async function makeDevice(entropy) {
  const { ed25519, kem } = splitEntropy(entropy);
  const [signer, opener] = await Promise.all([signing.signingKey(ed25519), hpke.kemKey(kem)]);
  const known = new DevicePublic({ ed25519: signer.public, kem: opener.public });
  return new DeviceSecret({ ed25519: signer.loaded, mlkem: opener.mlkem, x25519: opener.x25519, public: known });
}

/**
 * The three private keys in the form in which browsers load and unwrap them; for wrapping, never to be kept so.
 * @param {Bytes} entropy @returns {SecretParts}
 */
export function secretParts(entropy) {
  const { ed25519, kem } = splitEntropy(entropy);
  const expanded = expandSeed(kem);
  return { ed25519: signing.toPkcs8(ed25519), mlkem: expanded.mlkem, x25519: x25519.toPkcs8(expanded.x25519) };
}

/**
 * Load what `secretParts` gave, as keys that are not read out again.
 * @param {SecretParts} parts @param {DevicePublic} known
 */
export async function loadDevice(parts, known) {
  const [ed25519, pq, classical] = await Promise.all([
    signing.loadPrivate(parts.ed25519),
    mlkem.loadPrivate(parts.mlkem),
    x25519.loadPrivate(parts.x25519),
  ]);
  return new DeviceSecret({ ed25519, mlkem: pq, x25519: classical, public: known });
}

/**
 * Try the keys, by signing and by opening what is sealed here; draws an encapsulation's randomness. Throws `Tampered`
 * when they are not those of the public half. To be called whenever keys come back from storage: a browser that could
 * not keep one may say nothing.
 * @param {DeviceSecret} secret
 */
export async function checkDevice(secret) {
  const probe = lp(Label.DEVICE, secret.public.ed25519, secret.public.kem);
  await signing.verify(secret.public.ed25519, probe, await signing.sign(secret.signing, probe));
  const blob = await hpke.sealTo(secret.public.kem, secret.public.deviceId, { info: probe });
  const opened = await hpke.openWith(secret.kem, blob, { info: probe });
  if (!equal(opened, secret.public.deviceId)) throw new Tampered("These keys are not the device's.");
}

/** Write a device's public keys. @param {DevicePublic} known */
export function publicToBytes(known) {
  return lp(Label.DEVICE_PUBLIC, known.ed25519, known.kem);
}

/** Read a device's public keys and try them, or throw `Malformed`. @param {Bytes} content */
export function publicFromBytes(content) {
  const reader = new Reader(Label.DEVICE_PUBLIC, content);
  const known = new DevicePublic({ ed25519: reader.exact(signing.PUBLIC), kem: reader.exact(hpke.PUBLIC) });
  reader.end();
  hpke.checkPublic(known.kem);
  return known;
}

/** @param {Bytes} entropy */
function splitEntropy(entropy) {
  exact(entropy, ENTROPY);
  return { ed25519: entropy.slice(0, signing.SEED), kem: entropy.slice(signing.SEED) };
}

/** @param {unknown} key @param {string} algorithm */
function checkPrivate(key, algorithm) {
  if (!(key instanceof CryptoKey) || key.type !== "private" || key.algorithm.name !== algorithm) {
    throw new Malformed(`A private ${algorithm} key is needed here.`);
  }
}
