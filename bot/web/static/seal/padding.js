/** Hides how long a text is: plaintexts are padded to one of nine lengths before they are encrypted. */

import { Malformed } from "./errors.js";

export const BUCKETS = Object.freeze([256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536]); // bytes
export const MAX_PLAIN = BUCKETS[BUCKETS.length - 1] - 1; // bytes; one is the mark

const MARK = 0x80;

/**
 * Append 0x80 and zeros (ISO/IEC 7816-4) up to the smallest bucket that holds both.
 * @param {import("./wire.js").Bytes} plain
 */
export function pad(plain) {
  const padded = new Uint8Array(bucketFor(plain.length));
  padded.set(plain);
  padded[plain.length] = MARK;
  return padded;
}

/**
 * Take the padding off. Throws `Malformed` unless `pad` would have made exactly these bytes.
 * @param {import("./wire.js").Bytes} padded
 */
export function unpad(padded) {
  const mark = padded.findLastIndex((byte) => byte !== 0);
  if (mark < 0 || padded[mark] !== MARK || bucketFor(mark) !== padded.length) throw new Malformed();
  return padded.slice(0, mark);
}

/** @param {number} size bytes of a text */
function bucketFor(size) {
  const bucket = BUCKETS.find((each) => size < each);
  if (bucket === undefined) throw new Malformed("A text is longer than 65 535 bytes.");
  return bucket;
}
