// All that our own code takes from others. What stands here is bundled; add nothing that nobody imports.

export { sha256 } from "@noble/hashes/sha2.js";
export { sha3_256, shake256 } from "@noble/hashes/sha3.js";
export { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
export { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256 } from "hpke";
