/** Has this browser keep the numbers page for when there is no net, and asks for a fresh one each hour. */

const WORKER = "/static/sw.js";
const HOUR = 3_600_000; // ms

/** The worker's address, which is the only one that may become a script here. */
function address() {
  const policy = globalThis.trustedTypes?.createPolicy("samjour", {
    createScriptURL(/** @type {string} */ url) {
      if (url !== WORKER) throw new TypeError("no worker of ours");
      return url;
    },
  });
  return policy?.createScriptURL(WORKER) ?? WORKER;
}

async function keepNumbers() {
  await navigator.serviceWorker.register(address(), { scope: "/", updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage("numbers");
  setInterval(() => active?.postMessage("numbers"), HOUR);
}

// After everything else; where a browser keeps nothing, the pages are as they were.
if ("serviceWorker" in navigator) addEventListener("load", () => keepNumbers().catch(() => {}));
