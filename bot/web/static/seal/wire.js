/** How values become bytes and back: length-prefixed fields under a label, and canonical base64url. */

import { Malformed } from "./errors.js";

export const MAX_FIELD = 2 ** 20; // bytes in one field
export const MAX_NUMBER = Number.MAX_SAFE_INTEGER; // 2^53 - 1, the largest integer that is counted exactly
export const MAX_NAME = 255; // bytes of UTF-8 in an identifier

const PREFIX = 4; // bytes of a length
const NUMBER = 8; // bytes of an integer
const HIGH = 2 ** 32; // what one unit of an integer's upper half is worth
const CHUNK = 2 ** 13; // characters that are made of bytes in one call

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }); // a byte order mark is text like any other

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {Bytes | number | string} Field */

/**
 * Encode `LP(label, fields...)`: each field as `u32be(length) || bytes`, the label first. Integers become u64be,
 * strings UTF-8. Throws `Malformed` for a field out of bounds.
 * @param {string} label @param {...Field} fields @returns {Bytes}
 */
export function lp(label, ...fields) {
  return concat(...[label, ...fields].flatMap((field) => frame(encode(field))));
}

/** Reads the fields of one LP string in their order; refuses what the writer would not have written. */
export class Reader {
  #data;
  #at = 0;

  /** Start after the label. @param {string} label @param {Bytes} content */
  constructor(label, content) {
    this.#data = new Uint8Array(content); // a copy: what is read stays what it was
    if (!equal(this.upTo(MAX_NAME), ENCODER.encode(label))) throw new Malformed();
  }

  /** The next field, at most `most` bytes of it. @param {number} most */
  upTo(most) {
    const start = this.#at + PREFIX;
    if (start > this.#data.length) throw new Malformed();
    const size = new DataView(this.#data.buffer).getUint32(this.#at);
    if (start + size > this.#data.length || size > Math.min(most, MAX_FIELD)) throw new Malformed();
    this.#at = start + size;
    return this.#data.slice(start, this.#at);
  }

  /** The next field, which is `size` bytes long. @param {number} size */
  exact(size) {
    return exact(this.upTo(size), size);
  }

  /** The next field as an integer in `least..most`. @param {{least?: number, most?: number}} [bounds] */
  number({ least = 0, most = MAX_NUMBER } = {}) {
    const value = fromU64(this.exact(NUMBER));
    if (!(least <= value && value <= most)) throw new Malformed();
    return value;
  }

  /** The next field as an identifier. */
  name() {
    return name(toText(this.upTo(MAX_NAME)));
  }

  /** Refuse whatever follows the last field. */
  end() {
    if (this.#at !== this.#data.length) throw new Malformed();
  }
}

/**
 * The value when it is `size` bytes long, else throws `Malformed`.
 * @template {Bytes} T @param {T} value @param {number} size @returns {T}
 */
export function exact(value, size) {
  if (!(value instanceof Uint8Array) || value.length !== size) throw new Malformed(`${size} bytes are needed here.`);
  return value;
}

/** An identifier of 1 to `MAX_NAME` bytes of UTF-8, else throws `Malformed`. @param {string} value */
export function name(value) {
  const size = toUtf8(value).length;
  if (size < 1 || size > MAX_NAME) throw new Malformed("An identifier has 1 to 255 bytes.");
  return value;
}

/** An integer in 0..`MAX_NUMBER`, else throws `Malformed`. @param {number} value */
export function number(value) {
  if (!Number.isSafeInteger(value) || value < 0) throw new Malformed("A number is out of range.");
  return value;
}

/**
 * An integer in 1..`MAX_NUMBER`, else throws `Malformed`; epochs and events are counted from 1.
 * @param {number} value
 */
export function count(value) {
  if (number(value) === 0) throw new Malformed("Counting starts at 1.");
  return value;
}

/** The integer of 8 bytes, else throws `Malformed`. @param {Bytes} data */
export function fromU64(data) {
  const view = new DataView(exact(data, NUMBER).slice().buffer);
  return number(view.getUint32(0) * HIGH + view.getUint32(4)); // what is beyond MAX_NUMBER stays so when rounded
}

/** Encode for JSON: RFC 4648 section 5, without padding. @param {Bytes} data */
export function toBase64url(data) {
  return toBase64(data).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Decode at most `most` bytes of what `toBase64url` writes; every other spelling throws `Malformed`.
 * @param {string} text @param {{most?: number}} [bounds]
 */
export function fromBase64url(text, { most = MAX_FIELD } = {}) {
  if (typeof text !== "string" || text.length > Math.floor((most * 4) / 3) + 1) throw new Malformed();
  const data = decode64(text.replaceAll("-", "+").replaceAll("_", "/"));
  if (toBase64url(data) !== text) throw new Malformed();
  return data;
}

/** Encode as RFC 4648 section 4 says. @param {Bytes} data */
export function toBase64(data) {
  let text = "";
  for (let at = 0; at < data.length; at += CHUNK) text += String.fromCharCode(...data.subarray(at, at + CHUNK));
  return btoa(text);
}

/**
 * Decode at most `most` bytes of what `toBase64` writes; every other spelling throws `Malformed`.
 * @param {string} text @param {{most: number}} bounds
 */
export function fromBase64(text, { most }) {
  if (typeof text !== "string" || text.length > Math.floor((most * 4) / 3) + 4) throw new Malformed();
  const data = decode64(text);
  if (toBase64(data) !== text) throw new Malformed();
  return data;
}

/** The bytes of a text, else throws `Malformed`: half a surrogate pair has none. @param {string} text */
export function toUtf8(text) {
  if (typeof text !== "string" || !text.isWellFormed()) throw new Malformed();
  return ENCODER.encode(text);
}

/** The text of bytes that are UTF-8, else throws `Malformed`. @param {Bytes} data */
export function toText(data) {
  try {
    return DECODER.decode(data);
  } catch (error) {
    throw new Malformed(undefined, { cause: error });
  }
}

/**
 * Whether both are the same bytes; how long it takes does not tell where they differ.
 * @param {Bytes} one @param {Bytes} other
 */
export function equal(one, other) {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at += 1) difference |= one[at] ^ other[at];
  return difference === 0;
}

/**
 * Below, at or above zero as `one` comes before, is, or comes after `other` in the order of bytes.
 * @param {Bytes} one @param {Bytes} other
 */
export function compare(one, other) {
  const shared = Math.min(one.length, other.length);
  for (let at = 0; at < shared; at += 1) if (one[at] !== other[at]) return one[at] - other[at];
  return one.length - other.length;
}

/** One after another. @param {...Bytes} parts */
export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** @param {Bytes} field */
function frame(field) {
  if (field.length > MAX_FIELD) throw new Malformed("A field is too long.");
  const prefix = new Uint8Array(PREFIX);
  new DataView(prefix.buffer).setUint32(0, field.length);
  return [prefix, field];
}

/** @param {Field} field */
function encode(field) {
  if (field instanceof Uint8Array) return field;
  if (typeof field === "string") return toUtf8(field);
  const encoded = new Uint8Array(NUMBER);
  const view = new DataView(encoded.buffer);
  view.setUint32(0, Math.floor(number(field) / HIGH));
  view.setUint32(4, field % HIGH);
  return encoded;
}

/** @param {string} text */
function decode64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (error) {
    throw new Malformed(undefined, { cause: error });
  }
}
