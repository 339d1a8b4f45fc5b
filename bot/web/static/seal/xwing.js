/**
 * X-Wing, KEM 0x647a (draft-connolly-cfrg-xwing-kem), as npm `hpke` wants a KEM: ML-KEM-768 and X25519, combined here.
 */

import { sha3_256, shake256 } from "../vendor/crypto.js";
import * as mlkem from "./mlkem.js";
import { concat, exact } from "./wire.js";
import * as x25519 from "./x25519.js";

export const SEED = 32; // bytes; the private key as it is kept and exchanged
export const PUBLIC = mlkem.PUBLIC + x25519.PUBLIC; // bytes
export const ENC = mlkem.CIPHERTEXT + x25519.PUBLIC; // bytes

const LABEL = Uint8Array.of(0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c); // \.//^\
const ALGORITHM = Object.freeze({ name: "MLKEM768-X25519" });

/** @typedef {import("./wire.js").Bytes} Bytes */
/** @typedef {{mlkem: mlkem.PrivateKey, x25519: CryptoKey, public: Bytes}} PrivateKey */

/** Expand 32 secret bytes by SHAKE-256: 64 for ML-KEM, then 32 for X25519. @param {Bytes} seed */
export function expandSeed(seed) {
  const expanded = shake256(exact(seed, SEED), { dkLen: mlkem.SEED + x25519.SEED });
  return { mlkem: expanded.slice(0, mlkem.SEED), x25519: expanded.slice(mlkem.SEED) };
}

/**
 * The KEM as HPKE calls it. It has no DeriveKeyPair on purpose: libraries differ there, so seeds are exchanged.
 * @returns {any} the parts of `hpke`'s KEM interface that sealing and opening use
 */
export function kem() {
  return {
    id: 0x647a,
    type: "KEM",
    name: ALGORITHM.name,
    Nsecret: 32,
    Nenc: ENC,
    Npk: PUBLIC,
    Nsk: SEED,
    Encap,
    Decap,
  };
}

/** A public key in the form that `hpke` passes on to the KEM. @param {Bytes} publicKey */
export function publicHandle(publicKey) {
  return { type: "public", extractable: true, algorithm: ALGORITHM, bytes: publicKey };
}

/** A private key in that form. @param {PrivateKey} key */
export function privateHandle(key) {
  return { type: "private", extractable: false, algorithm: ALGORITHM, key };
}

/** @param {{bytes: Bytes}} handle */
async function Encap({ bytes }) {
  const pkX = bytes.slice(mlkem.PUBLIC);
  const { secret: ssM, ciphertext: ctM } = await mlkem.encapsulate(bytes.slice(0, mlkem.PUBLIC));
  const { key, public: ctX } = await x25519.makeEphemeral();
  const ssX = await x25519.agree(key, pkX);
  return { shared_secret: combine(ssM, ssX, ctX, pkX), enc: concat(ctM, ctX) };
}

/** @param {Bytes} enc @param {{key: PrivateKey}} handle */
async function Decap(enc, { key }) {
  const ctX = enc.slice(mlkem.CIPHERTEXT);
  const ssM = await mlkem.decapsulate(key.mlkem, enc.slice(0, mlkem.CIPHERTEXT));
  const ssX = await x25519.agree(key.x25519, ctX);
  return combine(ssM, ssX, ctX, key.public.slice(mlkem.PUBLIC));
}

/** @param {Bytes} ssM @param {Bytes} ssX @param {Bytes} ctX @param {Bytes} pkX */
function combine(ssM, ssX, ctX, pkX) {
  return sha3_256(concat(ssM, ssX, ctX, pkX, LABEL));
}
