/**
 * Keeps the gate's page for when there is no network. `SETUP` is written above by the server:
 * the version and the files of this bundle.
 *
 * Its own files come from the cache (their address changes with their contents); the page itself
 * from the network when it answers soon. Questions to the server (POST) are never touched.
 */

const CACHE = `tibillet-gate-${self.SETUP.version}`;
const PAGE = "/tibillet/gate";
const SOON_MS = 2000;

self.addEventListener("install", (event) => {
    event.waitUntil(
        caches
            .open(CACHE)
            .then((cache) => cache.addAll([PAGE, ...self.SETUP.files]))
            .then(() => self.skipWaiting())
    );
});

self.addEventListener("activate", (event) => {
    event.waitUntil(
        caches
            .keys()
            .then((names) => names.filter((one) => one.startsWith("tibillet-gate-")))
            .then((names) => names.filter((one) => one !== CACHE))
            .then((old) => Promise.all(old.map((one) => caches.delete(one))))
            .then(() => self.clients.claim())
    );
});

async function page(request) {
    const cache = await caches.open(CACHE);
    try {
        const answer = await fetch(request, { signal: AbortSignal.timeout(SOON_MS) });
        if (answer.ok) {
            await cache.put(PAGE, answer.clone());
        }
        return answer;
    } catch {
        return (await cache.match(PAGE)) || Response.error();
    }
}

async function file(request) {
    const kept = await caches.match(request.url);
    if (kept) {
        return kept;
    }
    const answer = await fetch(request);
    if (answer.ok) {
        const cache = await caches.open(CACHE);
        await cache.put(request.url, answer.clone());
    }
    return answer;
}

self.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    if (event.request.method !== "GET" || url.origin !== self.location.origin) {
        return;
    }
    if (url.pathname === PAGE) {
        event.respondWith(page(event.request));
    } else if (url.pathname.startsWith(`${PAGE}/files/`)) {
        event.respondWith(file(event.request));
    }
});
