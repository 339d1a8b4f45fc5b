/** What others have published, opened or refused here as its makers say. */

import { choices, hex, raw, refused, same } from "./check.js";
import { verifyCosignature, witnessFromText } from "../../bot/web/static/seal/cosignature.js";
import { Malformed, SealError } from "../../bot/web/static/seal/errors.js";
import { kemKey, KemKey, openWith } from "../../bot/web/static/seal/hpke.js";
import { rootOf } from "../../bot/web/static/seal/log.js";
import * as mlkem from "../../bot/web/static/seal/mlkem.js";
import {
  COSIGNATURE,
  signNote,
  Verifier,
  verifierFromText,
  verifierToText,
  verifyNote,
} from "../../bot/web/static/seal/note.js";
import { verifyConsistency, verifyInclusion } from "../../bot/web/static/seal/proof.js";
import { combine } from "../../bot/web/static/seal/shamir.js";
import { sign, signingKey, verify } from "../../bot/web/static/seal/signing.js";
import { fromBase64 } from "../../bot/web/static/seal/wire.js";
import { expandSeed, kem, privateHandle } from "../../bot/web/static/seal/xwing.js";
import { ml_kem768, sha256 } from "../../bot/web/static/vendor/crypto.js";

const REFUSED_FOR_LENGTH = "additional/sizes-are-equal-one-and-proof-is-empty.json";
const RFC8032 = [
  // seed, public key, message, signature: section 7.1, tests 1 to 3
  [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac" +
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
];

/** @param {(path: string) => Promise<string>} text @returns {import("./cases.js").Test[]} */
export function publicVectors(text) {
  const read = async (name) => JSON.parse(await text(`tests/vectors/${name}.json`));
  return [
    {
      name: "what three libraries sealed in Chromium, and pyca in Python, opens with keys and with seeds",
      async run() {
        const cases = [...(await read("hpke_sealed_by_chromium156_panva")), ...(await read("hpke_sealed_by_pyca50"))];
        same(cases.length, 25);
        for (const { seed, pub, info, ct, pt } of cases) {
          const key = await kemKey(raw(seed));
          same(key.public, pub);
          const portable = new KemKey({ ...key, mlkem: expandSeed(raw(seed)).mlkem });
          for (const each of [key, portable]) same(await openWith(each, raw(ct), { info: raw(info) }), pt);
        }
      },
    },
    {
      name: "the draft's seed expands to the draft's public key, and decapsulates to the draft's secret",
      async run() {
        for (const { skRm, pkRm, enc, shared_secret: secret } of await read("hpke_draft_ietf_hpke_pq")) {
          const key = await kemKey(raw(skRm));
          same(key.public, pkRm);
          same(await kem().Decap(raw(enc), privateHandle(key)), secret);
        }
      },
    },
    {
      name: "what one ML-KEM encapsulates, the other decapsulates",
      async run() {
        const seed = raw("5a".repeat(64));
        const key = await mlkem.loadPrivate(seed);
        const { cipherText, sharedSecret } = ml_kem768.encapsulate(mlkem.publicOf(seed));
        const portable = { secret: sharedSecret, ciphertext: cipherText };
        for (const { secret, ciphertext } of [await mlkem.encapsulate(mlkem.publicOf(seed)), portable]) {
          for (const each of [key, seed]) same(await mlkem.decapsulate(each, ciphertext), secret);
        }
      },
    },
    ...["shamir_dealt_by_privy_js", "shamir_dealt_by_pyshamir"].map((name) => ({
      name: `any t shares of ${name} give the secret, and fewer do not`,
      async run() {
        for (const { t, s, ...dealt } of await read(name)) {
          for (const shares of ["a", "b", "j"].flatMap((key) => (dealt[key] ? [dealt[key].map(raw)] : []))) {
            for (const some of choices(shares, t).slice(0, 20)) same(combine(some), s);
            same(combine(shares), s);
            if (t > 2 && hex(combine(shares.slice(0, t - 1))) === s) throw new Error("fewer than t gave the secret");
          }
        }
      },
    })),
    {
      name: "the tree of Certificate Transparency has their roots",
      async run() {
        const { leaves, roots } = await read("tlog_roots_certificate_transparency");
        const hashes = leaves.map((leaf) => sha256(Uint8Array.of(0, ...raw(leaf))));
        roots.forEach((root, size) => same(rootOf(hashes.slice(0, size)), root));
      },
    },
    {
      name: "the public inclusion proofs hold or are refused as their makers say",
      async run() {
        const cases = Object.entries(await read("tlog_inclusion_transparency_dev_merkle"));
        same(cases.length, 98);
        for (const [name, { leafIdx: index, treeSize: size, leafHash, proof, root, wantErr }] of cases) {
          const claim = { index, size, leaf: decode(leafHash), proof: (proof ?? []).map(decode), root: decode(root) };
          same(
            isRefused(() => verifyInclusion(claim)),
            wantErr,
            name,
          );
        }
      },
    },
    {
      name: "the public consistency proofs likewise; one has roots of 12 bytes, which is no hash here",
      async run() {
        const cases = Object.entries(await read("tlog_consistency_transparency_dev_merkle"));
        same(cases.length, 98);
        for (const [name, { size1, size2, root1, root2, proof, wantErr }] of cases) {
          const roots = { oldRoot: decode(root1), newRoot: decode(root2) };
          const claim = { old: size1, new: size2, ...roots, proof: (proof ?? []).map(decode) };
          same(
            isRefused(() => verifyConsistency(claim)),
            wantErr || name === REFUSED_FOR_LENGTH,
            name,
          );
        }
      },
    },
    {
      name: "Go's notes open or are refused as its own tests say, and its key signs the same bytes",
      async run() {
        const { verifiers, cases, signer, text: said, bad_verifiers: bad } = await read("note_golang_mod");
        for (const { name, note, verifier, expect } of cases) {
          const opened = verifyNote(note, verifierFromText(verifiers[verifier]));
          same(
            await opened.then(
              () => "opened",
              (error) => error.name,
            ),
            expect,
            name,
          );
        }
        const signed = await signNote(said, { name: signer.name, key: await signingKey(raw(signer.seed)) });
        same(cases[0].note.startsWith(signed), true);
        for (const each of bad) await refused(Malformed, () => verifierFromText(each), each);
      },
    },
    {
      name: "a cosignature of sigsum's holds, its bad ones are refused, and a ledger's key is no witness's",
      async run() {
        const {
          checkpoint,
          witness,
          time,
          cases,
          witness_keys: keys,
          other_keys: others,
        } = await read("cosignature_sigsum");
        const { public: key } = await signingKey(raw(witness.seed));
        for (const { name, line, expect } of cases) {
          const seen = verifyCosignature(`${checkpoint}\n${line}`, new Verifier({ name: witness.name, public: key }));
          same(
            await seen.then(
              (at) => ["opened", at],
              (error) => [error.name],
            ),
            expect === "opened" ? [expect, time] : [expect],
            name,
          );
        }
        for (const each of keys) same(verifierToText(witnessFromText(each), COSIGNATURE), each);
        for (const each of others) await refused(Malformed, () => witnessFromText(each), each);
      },
    },
    {
      name: "the signatures that libraries judge differently are judged in one way",
      async run() {
        const cases = await read("ed25519_speccheck");
        same(cases.length, 10);
        for (const { about, pub_key: key, message, signature, expect } of cases) {
          const judged = await verify(raw(key), raw(message), raw(signature)).then(
            () => "accepted",
            (error) => error.name,
          );
          same(judged, expect, about);
        }
      },
    },
    {
      name: "RFC 8032's keys sign RFC 8032's signatures",
      async run() {
        for (const [seed, known, message, signature] of RFC8032) {
          const key = await signingKey(raw(seed));
          same(key.public, known);
          same(await sign(key, raw(message)), signature);
          await verify(raw(known), raw(message), raw(signature));
        }
      },
    },
  ];
}

function decode(text) {
  return fromBase64(text, { most: 64 });
}

function isRefused(run) {
  try {
    run();
  } catch (error) {
    if (error instanceof SealError) return true;
    throw error;
  }
  return false;
}
