/** What only this device can give: chance, and the time by its own clock. */

/** Unpredictable bytes. @param {number} size */
export function draw(size) {
  return crypto.getRandomValues(new Uint8Array(size));
}

/** Seconds since 1970. */
export function now() {
  return Math.floor(Date.now() / 1000);
}
