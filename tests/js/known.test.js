/** What is known of elsewhere, and what is the browser's own. */

import { describe, test } from "node:test";
import { text } from "./files.js";
import { SUITES } from "./suites.js";

for (const [name, suite] of Object.entries(SUITES)) {
  describe(name, () => suite(text).forEach((each) => test(each.name, each.run)));
}
