// The app's worker: keeps the form, the numbers for help and what these need, and nothing that
// anybody wrote or read. It is another one as soon as any of that is ({{ version }}).
"use strict";
const SCOPE = "{{ scope|escapejs }}", CACHE = SCOPE + "{{ version }}";
const FORM = "{{ form|escapejs }}", HELP = "{{ help|escapejs }}", SHARE = "{{ share|escapejs }}";
const KEPT = [FORM, HELP{% for one in assets %}, "{{ one|escapejs }}"{% endfor %}];
// Milliseconds after which a line that says nothing counts as none.
const PATIENCE = 5000;
let shared = [];

addEventListener("install", (event) => {
  skipWaiting();
  const fresh = KEPT.map((one) => new Request(one, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(SCOPE) && name !== CACHE;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
  );
});

addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname === SHARE) event.respondWith(share(request));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (KEPT.includes(url.pathname)) event.respondWith(asset(request));
});

addEventListener("message", (event) => {
  event.source.postMessage(shared);
  shared = [];
});

async function page(request, url) {
  const kept = await kept_page(url.pathname);
  try {
    const answer = await (kept ? Promise.race([fetch(request), late()]) : fetch(request));
    if (answer.status < 500 || !kept) return answer;
  } catch (error) {}
  return kept || kept_page(HELP);
}

async function kept_page(path) {
  return (await caches.open(CACHE)).match(path, { ignoreSearch: true, ignoreVary: true });
}

function late() {
  return new Promise((_, fail) => setTimeout(fail, PATIENCE));
}

async function asset(request) {
  return (await (await caches.open(CACHE)).match(request, { ignoreVary: true })) || fetch(request);
}

// A picture that somebody shared to the app stays in this worker's memory until the form asks for it.
async function share(request) {
  shared = (await request.formData()).getAll("file");
  return Response.redirect(FORM + "#shared", 303);
}
