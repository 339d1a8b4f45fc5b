/** Reads what the tests share with Python's, for node. */

import { readdir, readFile } from "node:fs/promises";

const ROOT = new URL("../../", import.meta.url);

/** @param {string} path from the root of the repository */
export function text(path) {
  return readFile(new URL(path, ROOT), "utf8");
}

/** The names of the files of cases. */
export async function caseFiles() {
  const names = await readdir(new URL("tests/vectors/", ROOT));
  return names.filter((name) => /^seal_.*\.json$/.test(name) && name !== "seal_v1_room.json").sort();
}
