/** Every case that Python passes, this passes too: the same bytes, the same refusals. */

import { describe, test } from "node:test";
import { testsOf } from "./cases.js";
import { caseFiles, text } from "./files.js";

for (const name of await caseFiles()) {
  const tests = testsOf(JSON.parse(await text(`tests/vectors/${name}`)));
  describe(name, () => tests.forEach((each) => test(each.name, each.run)));
}
