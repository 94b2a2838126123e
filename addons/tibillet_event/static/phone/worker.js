/**
 * Keeps one ticket's page for when there is no network. `PAGE` is written above by the server: the
 * page's path. Nothing else is touched, nothing else is kept.
 */

const KEPT = `tibillet-${self.PAGE}`;

async function keep(answer) {
    const cache = await caches.open(KEPT);
    if (answer.status === 200) {
        await cache.put(self.PAGE, answer.clone());
    } else if (answer.status === 410) {
        await caches.delete(KEPT); // the venue says that it is not valid any more
    }
    return answer;
}

async function page(request) {
    const cache = await caches.open(KEPT);
    const before = await cache.match(self.PAGE);
    try {
        const answer = await keep(await fetch(request, { signal: AbortSignal.timeout(5000) }));
        return [200, 410].includes(answer.status) ? answer : before || answer;
    } catch {
        return before || Response.error();
    }
}

self.addEventListener("install", (event) => {
    event.waitUntil(
        fetch(self.PAGE + self.location.search)
            .then(keep)
            .then(() => self.skipWaiting())
    );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
    const path = new URL(event.request.url).pathname;
    if (event.request.mode === "navigate" && path === self.PAGE) {
        event.respondWith(page(event.request));
    }
});
