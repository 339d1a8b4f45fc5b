// Keeps the page of numbers, its style and its icons for when there is no net. It keeps nothing else, and nothing of anybody's.

const KEPT = "samjour-numbers";
const PAGES = { sv: "/numbers?lang=sv", en: "/numbers?lang=en" };
const FILES = ["samjour.css", "icons.svg", "samjour.svg", "numbers.js", "offline.js"].map((name) => `/static/${name}`);
const MADE = "Samjour-Made"; // the header by which our page is known, in seconds since 1970
const PATIENCE = 10_000; // ms for a page to begin to come
const FRESH = 3_600_000; // ms after which another list is fetched
const AWAY = [502, 503, 504]; // what stands before us says that we are not there

const given = new Set(); // pages that were given the numbers, by id: their files come from here, too

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keep());
});

addEventListener("activate", (event) => event.waitUntil(begin()));

addEventListener("message", (event) => {
  if (event.data === "numbers") event.waitUntil(renew().catch(() => {})); // as old as it was, which the page says
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(navigate(event));
  else if (given.has(event.clientId)) event.respondWith(fileOf(request));
});

async function begin() {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
  await registration.navigationPreload?.enable();
  await clients.claim();
}

/** Fetch everything, without saying who asks, and keep it only if all of it came and the pages are ours. */
async function keep() {
  const asked = [...Object.values(PAGES), ...FILES];
  const answers = await Promise.all(asked.map((url) => fetch(url, { credentials: "omit", cache: "no-cache" })));
  const pages = answers.slice(0, Object.keys(PAGES).length);
  if (!answers.every((one) => one.status === 200 && !one.redirected)) throw new Error("not all of it came");
  if (!pages.every((page) => page.headers.has(MADE))) throw new Error("another page than ours");
  const cache = await caches.open(KEPT);
  await Promise.all(answers.map((answer, place) => cache.put(asked[place], answer)));
}

async function renew() {
  const page = await kept(PAGES.sv);
  const made = Number(page?.headers.get(MADE) ?? 0) * 1000;
  if (!(Math.abs(Date.now() - made) < FRESH)) await keep();
}

/** The page from the net; the numbers where it does not come in time, or where only what stands before us answers. */
async function navigate(event) {
  const asked = Promise.resolve(event.preloadResponse).then((early) => early ?? fetch(event.request));
  const answer = await Promise.race([asked.catch(() => undefined), later()]);
  if (answer !== undefined && !AWAY.includes(answer.status)) return answer;
  const page = await kept(pageFor(event.request));
  if (page) given.add(event.resultingClientId);
  return page ?? answer ?? asked;
}

/** The numbers in the language of the page that was asked for. */
function pageFor(request) {
  const language = new URL(request.url).searchParams.get("lang") ?? navigator.language;
  return language.startsWith("en") ? PAGES.en : PAGES.sv;
}

/** A file of the kept page, whatever version its address names: page and files were kept together. */
async function fileOf(request) {
  return (await kept(new URL(request.url).pathname)) ?? fetch(request);
}

async function kept(url) {
  return (await caches.open(KEPT)).match(url);
}

function later() {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE));
}
