/**
 * A ticket on a phone: kept by a worker of this page alone, and asked about when there is network.
 */
(() => {
    const page = location.pathname;
    const kept = `tibillet-${page}`;
    const one = (id) => document.getElementById(id);
    const code = one("code");
    const AGAIN_MS = 5000;
    let again = null;

    function seen(online) {
        const line = one("seen");
        const when = new Date(Number(localStorage.getItem(kept)) || Date.now());
        const hour = when.toLocaleTimeString(document.body.dataset.lang, {
            hour: "2-digit",
            minute: "2-digit",
        });
        line.textContent = `${one(online ? "online" : "offline").textContent} ${hour}`;
    }

    async function gone(why) {
        one("ticket").remove();
        one("why").textContent = why;
        one("gone").hidden = false;
        one("scanned").hidden = true;
        localStorage.removeItem(kept);
        await caches.delete(kept);
    }

    async function ask() {
        if (!one("ticket")) {
            return;
        }
        try {
            const answer = await fetch(`${page}/now?lang=${document.body.dataset.lang}`, {
                cache: "no-store",
                signal: AbortSignal.timeout(8000),
            });
            if (!answer.ok) {
                throw new Error(`answer ${answer.status}`);
            }
            const now = await answer.json();
            if (!now.good) {
                await gone(now.said);
                return;
            }
            if (now.code_id !== document.body.dataset.code) {
                location.reload();
                return;
            }
            one("scanned").hidden = !now.scanned;
            localStorage.setItem(kept, String(Date.now()));
            seen(true);
        } catch {
            seen(false); // no network, or a server that does not answer: the ticket stays
            clearTimeout(again);
            again = setTimeout(ask, AGAIN_MS);
        }
    }

    let awake = null;
    code.addEventListener("click", async () => {
        const whole = code.classList.toggle("whole");
        try {
            if (whole) {
                awake = await navigator.wakeLock.request("screen");
            } else {
                await awake?.release();
            }
        } catch {
            awake = null; // a screen that goes dark is woken by a touch
        }
    });
    document.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
            code.classList.remove("whole");
        }
    });
    addEventListener("online", ask);
    addEventListener("offline", () => one("ticket") && seen(false));
    document.addEventListener("visibilitychange", () => document.hidden || ask());
    ask();
    const worker = `${page}/worker.js?lang=${document.body.dataset.lang}`;
    navigator.serviceWorker?.register(worker, { scope: page }).catch(() => {});
})();
