/** What tests say: bytes as text, and whether two things are the same; works in node and in a browser. */

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} text */
export function raw(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Bytes of a text. */
export function utf8(text) {
  return new TextEncoder().encode(text);
}

/** The bytes first, first + 1, ... */
export function counting(first, size) {
  return Uint8Array.from({ length: size }, (_, index) => first + index);
}

/** Fail unless both are the same, as JSON, whatever the order of their keys; bytes count as their hexadecimal. */
export function same(found, expected, where = "") {
  const [one, other] = [written(found), written(expected)];
  if (one !== other) throw new Error(`${where}\nfound    ${shorten(one)}\nexpected ${shorten(other)}`);
}

/** Fail unless what runs is refused with this error; returns the error. */
export async function refused(Kind, run, where = "") {
  try {
    await run();
  } catch (error) {
    if (error.constructor === Kind) return error;
    throw new Error(`${where} refused otherwise: ${error}`, { cause: error });
  }
  throw new Error(`${where} was not refused`);
}

/** Every version of the bytes with one bit flipped, at most about a hundred of them. */
export function* flips(bytes) {
  const step = Math.ceil(bytes.length / 100);
  for (let at = 0; at < bytes.length; at += step) {
    const flipped = bytes.slice();
    flipped[at] ^= 1 << (at % 8);
    yield flipped;
  }
}

/** Every choice of `size` of the items, in order. */
export function choices(items, size) {
  if (size === 0) return [[]];
  return items.flatMap((item, at) => choices(items.slice(at + 1), size - 1).map((rest) => [item, ...rest]));
}

function written(value) {
  return JSON.stringify(value, (_, each) => {
    if (each instanceof Uint8Array) return hex(each);
    if (each === null || typeof each !== "object" || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

function shorten(text) {
  return text === undefined || text.length <= 600 ? text : `${text.slice(0, 600)}... (${text.length})`;
}
