/** The same in a browser that has no ML-KEM of its own, or cannot say so. */

import { describe, test } from "node:test";
import { text } from "./files.js";

delete SubtleCrypto.prototype.encapsulateBits;
const { isNative } = await import("../../bot/web/static/seal/mlkem.js");
const { SUITES } = await import("./suites.js");

test("no ML-KEM of the browser's own is used", () => {
  if (isNative()) throw new Error("it is");
});

for (const [name, suite] of Object.entries(SUITES)) {
  describe(name, () => suite(text).forEach((each) => test(each.name, each.run)));
}
