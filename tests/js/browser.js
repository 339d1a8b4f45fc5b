/** The same tests in a browser, under the CSP of our own pages; the page names the files of cases. */

import { testsOf } from "./cases.js";
import { same } from "./check.js";
import { SUITES } from "./suites.js";
import { checkDevice, DeviceSecret, makeDevice } from "../../bot/web/static/seal/keys.js";

const ROOT = new URL("../../", import.meta.url);

/** @param {string} path from the root of the repository */
async function text(path) {
  const answer = await fetch(new URL(path, ROOT));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.text();
}

/** Keys that come back from storage still are the device's; Chromium's hybrid CryptoKey would come back as null. */
async function keepsDevice() {
  const made = await makeDevice(crypto.getRandomValues(new Uint8Array(64)));
  const { ed25519, mlkem, x25519 } = made;
  const database = await asked(indexedDB.open("kept", 1), (opening) => opening.createObjectStore("keys"));
  await asked(database.transaction("keys", "readwrite").objectStore("keys").put({ ed25519, mlkem, x25519 }, "device"));
  const kept = await asked(database.transaction("keys").objectStore("keys").get("device"));
  same(
    [kept.ed25519, kept.mlkem, kept.x25519].every((key) => key instanceof CryptoKey && !key.extractable),
    true,
  );
  await checkDevice(new DeviceSecret({ ...kept, public: made.public }));
}

function asked(request, upgrade) {
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = () => upgrade(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function allTests() {
  const names = document.body.dataset.cases.split(" ");
  const files = await Promise.all(names.map((name) => text(`tests/vectors/${name}`)));
  const kept = { name: "a device's keys come back from IndexedDB", run: keepsDevice };
  const known = Object.values(SUITES).flatMap((suite) => suite(text));
  return [...files.flatMap((file) => testsOf(JSON.parse(file))), ...known, kept];
}

async function runAll() {
  const failures = [];
  const tests = await allTests();
  for (const { name, run } of tests) {
    await Promise.resolve()
      .then(run)
      .catch((error) => failures.push(`${name}: ${error.stack}`));
  }
  return { ran: tests.length, failures };
}

globalThis.outcome = runAll();
