/**
 * Shamir's secret sharing over GF(2^8), polynomial 0x11b; a share is the bytes of y, then x. Secret bytes are never an
 * index or a branch: only the public x decides what is done to them.
 */

import { Malformed } from "./errors.js";
import { concat } from "./wire.js";

export const MAX_SHARES = 255; // x is one byte and not zero

/** @typedef {import("./wire.js").Bytes} Bytes */

/**
 * The n shares of `secret` with x = 1..n; `coefficients.length + 1` of them combine to it.
 * @param {Bytes} secret @param {readonly Bytes[]} coefficients those of x, x^2, ..., uniformly random, as long as the
 *   secret @param {number} n
 */
export function deal(secret, coefficients, n) {
  const isEven = coefficients.every((each) => each.length === secret.length);
  if (!isEven || !(coefficients.length >= 1 && coefficients.length < n && n <= MAX_SHARES)) {
    throw new Malformed("Shares are dealt to at least as many as it takes, at most to 255.");
  }
  const terms = [secret, ...coefficients];
  return Array.from({ length: n }, (_, index) => concat(evaluate(terms, index + 1), Uint8Array.of(index + 1)));
}

/**
 * The secret of t shares. Fewer, or an altered one, give a wrong secret: compare commitments after. Throws `Malformed`
 * for fewer than two shares, unequal lengths, or an x that is zero or repeated.
 * @param {readonly Bytes[]} shares
 */
export function combine(shares) {
  const points = shares.map((share) => share[share.length - 1]);
  const distinct = new Set(points.filter((x) => x > 0));
  const isEven = shares.every((share) => share.length === shares[0].length && share.length > 1);
  if (shares.length < 2 || distinct.size !== shares.length || !isEven) {
    throw new Malformed("Shares that combine are two or more, of one length, each from its own place.");
  }
  const weighted = shares.map((share, place) => scale(share.subarray(0, -1), weight(points[place], points)));
  return weighted.reduce(add);
}

/** Horner's rule, highest term first. @param {readonly Bytes[]} terms @param {number} x */
function evaluate(terms, x) {
  return terms.reduceRight((y, term) => add(scale(y, x), term));
}

/** Lagrange's basis polynomial of x, taken at 0. @param {number} x @param {readonly number[]} points */
function weight(x, points) {
  const others = points.filter((other) => other !== x);
  return others.reduce((product, other) => multiply(product, multiply(other, invert(other ^ x))), 1);
}

/** x^254 = x^2 x^4 ... x^128, which is 1/x in this field. @param {number} x */
function invert(x) {
  let [power, square] = [1, x];
  for (let times = 0; times < 7; times += 1) {
    square = multiply(square, square);
    power = multiply(power, square);
  }
  return power;
}

/** @param {Uint8Array} vector @param {number} factor */
function scale(vector, factor) {
  return Uint8Array.from(vector, (element) => multiply(element, factor));
}

/** @param {Bytes} one @param {Bytes} other */
function add(one, other) {
  return one.map((element, at) => element ^ other[at]);
}

/** Multiply a field element by the public `factor`. @param {number} element @param {number} factor */
function multiply(element, factor) {
  let product = 0;
  for (let bit = 0; bit < 8; bit += 1) {
    if ((factor >> bit) & 1) product ^= element;
    element = ((element << 1) & 0xff) ^ ((element >> 7) * 0x1b);
  }
  return product;
}
