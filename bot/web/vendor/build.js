// Joins what entry.js names into one readable module, with its licences: `npm ci --ignore-scripts && npm run build`.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const HERE = import.meta.dirname;
const TARGET = resolve(process.argv[2] ?? join(HERE, "../static/vendor"));
const BANNER =
  "// Made by bot/web/vendor/build.js from the packages in LICENSES.txt. Not written here, not to be changed here.";

/** The packages of which something stands in the bundle, by their folders, in the order of their names. */
function packagesOf(inputs) {
  const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = used.map(([path]) => path.match(/node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]);
  return [...new Set(folders)].filter((folder) => folder !== undefined).sort();
}

/** A package's name, version and licence, in its own words. */
function licenceOf(folder) {
  const { name, version } = JSON.parse(readFileSync(join(HERE, folder, "package.json"), "utf8"));
  const file = readdirSync(join(HERE, folder)).find((each) => /^licen[cs]e/i.test(each));
  return `${name} ${version}\n\n${readFileSync(join(HERE, folder, file), "utf8").trim()}\n`;
}

const { metafile, outputFiles } = await build({
  absWorkingDir: HERE,
  entryPoints: ["entry.js"],
  bundle: true,
  format: "esm",
  target: "es2023",
  charset: "utf8",
  legalComments: "inline",
  banner: { js: BANNER },
  outfile: "crypto.js",
  write: false,
  metafile: true,
});
const packages = packagesOf(metafile.outputs["crypto.js"].inputs);
writeFileSync(join(TARGET, "crypto.js"), outputFiles[0].contents);
writeFileSync(join(TARGET, "LICENSES.txt"), packages.map(licenceOf).join(`\n${"-".repeat(72)}\n\n`));
