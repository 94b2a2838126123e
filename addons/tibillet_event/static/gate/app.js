/** The gate's page: pairs a phone, scans, shows, and hands in when it can. */

import { Clock } from "./clock.js";
import { h, say, setup } from "./dom.js";
import { Gatekeeper } from "./gatekeeper.js";
import { Join, tokenOf } from "./join.js";
import { Queue } from "./queue.js";
import { Result } from "./result.js";
import { Scanning } from "./scanning.js";
import { Search } from "./search.js";
import { Server } from "./server.js";
import { Signals } from "./signals.js";
import { Signatures } from "./signatures.js";
import { openStore } from "./store.js";
import { understood, Wedge } from "./wedge.js";

const CONTACT_MS = 15000;
const FOOT_MS = 1000;

class App {
    async start() {
        const token = tokenOf(location.hash);
        if (location.hash) {
            history.replaceState(null, "", location.pathname + location.search); // not in history
        }
        const clock = new Clock();
        const store = await openStore();
        const server = new Server(clock);
        const parts = {
            store,
            clock,
            server,
            queue: new Queue(store),
            signatures: new Signatures(),
        };
        this.keeper = new Gatekeeper(parts);
        await this.keeper.load();
        this.signals = new Signals(this._kept("muted"));
        this._theme(this._kept("dark"));
        this.result = new Result({
            signals: this.signals,
            foot: () => Object.values(this.scanning.said).filter(Boolean).join(" · "),
            back: () => this._resume(),
        });
        this.join = new Join({ server, joined: (answer) => this._joined(answer) });
        this.scanning = new Scanning({
            keeper: this.keeper,
            seen: (text, typed) => this.seen(text, typed),
            search: () => this._search(),
            menu: () => this._menu(),
        });
        this.search = new Search({
            server,
            picked: (row) => this._decide({ pick: row.pick }),
            back: () => this._show(this.scanning),
        });
        this.menu = h("section.menu", { hidden: true });
        const screens = [this.join, this.scanning, this.search].map((one) => one.element);
        document.getElementById("tb-gate").append(...screens, this.menu, this.result.element);
        new Wedge((text) => this.seen(text, true)).listen();
        addEventListener("online", () => this.contact());
        // A link opened in a tab that has the page already.
        addEventListener("hashchange", () => tokenOf(location.hash) && location.reload());
        document.addEventListener("visibilitychange", () => document.hidden || this._awake());
        this._worker();
        if (token || !this.keeper.config || !server.device) {
            this._show(this.join);
            await this.join.show(token);
        } else {
            this._check();
        }
    }

    // -- pairing ------------------------------------------------------------------------------

    async _joined({ device, config }) {
        this.signals.wake();
        const { keeper } = this;
        if (keeper.server.device) {
            await keeper.sync(); // what the former pairing still has to hand in
        }
        Object.assign(keeper, { config, guests: null, counts: null, revoked: false, syncedAt: 0 });
        keeper.server.device = device;
        await keeper.store.write([
            ["clear", "guests"],
            ["clear", "used"],
        ]);
        await keeper.keep();
        await navigator.storage?.persist?.();
        this._check();
    }

    _check() {
        this.scanning.draw();
        this._show(this.scanning);
        this._awake();
        clearInterval(this.foot);
        this.foot = setInterval(() => this.scanning.refresh(), FOOT_MS);
        this.contact();
        this.scanning.open();
    }

    /** Forget this gate; never while scans wait. */
    async _leave() {
        if (await this.keeper.queue.length) {
            return say("leave_wait");
        }
        this.scanning.camera.stop();
        await this.keeper.store.write(
            ["queue", "used", "guests", "meta"].map((one) => ["clear", one])
        );
        location.reload();
        return "";
    }

    // -- scanning -----------------------------------------------------------------------------

    seen(text, typed = false) {
        if (this.scanning.element.hidden && this.search.element.hidden) {
            return;
        }
        if (this.result.shown && !this.result.passing && !typed) {
            return; // the camera waits for a touch
        }
        if (!this.keeper.again(text) || typed) {
            this._decide(understood(text));
        }
    }

    async _decide(what, more = {}) {
        const scan = { ...what, direction: this.scanning.direction, ...more };
        const answer = await this.keeper.scan(scan);
        if (answer.code === "device_revoked") {
            this._revoked();
            return;
        }
        this._show(this.scanning);
        if (answer.code === "age_needed") {
            const again = (seen) =>
                seen && this._decide(what, { nonce: answer.nonce, ageSeen: true });
            this.result.ask(answer, again);
        } else {
            this.result.show(answer, this.keeper.config);
        }
        this.scanning.refresh();
        if (answer.offline) {
            this.contact();
        }
    }

    _resume() {
        this.scanning.refresh();
    }

    _search() {
        this._show(this.search);
        this.search.show();
    }

    // -- contact ------------------------------------------------------------------------------

    /** Hand in and fetch; again after a while, sooner or later as it succeeds. */
    async contact() {
        clearTimeout(this.next);
        const version = this.keeper.config?.version;
        const battery = await navigator.getBattery?.().then(({ level }) => level);
        await this.keeper.sync({ lang: setup.lang, battery: battery ?? null });
        const { revoked, failures, config } = this.keeper;
        if (revoked) {
            this._revoked();
        } else if (config?.version !== version && !this.result.shown) {
            this.scanning.draw();
        }
        this.scanning.refresh();
        const waiting = await this.keeper.queue.length;
        if (!revoked || waiting) {
            const wait = failures ? this.keeper.waitMs : CONTACT_MS;
            this.next = setTimeout(() => this.contact(), wait);
        }
    }

    async _revoked() {
        this.scanning.camera.stop();
        clearInterval(this.foot);
        const waiting = await this.keeper.queue.length;
        const screen = h(
            "section.over",
            { role: "alert" },
            h("h1", {}, say("revoked_title")),
            h("p", {}, say("revoked_todo")),
            waiting ? h("p", {}, say("queued", { n: waiting })) : ""
        );
        document.getElementById("tb-gate").replaceChildren(screen);
    }

    // -- the rest -----------------------------------------------------------------------------

    _menu() {
        const said = h("p.note", { role: "status" });
        const toggle = (word, on, change) => {
            const button = h("button", { type: "button", "aria-pressed": String(on) }, say(word));
            button.addEventListener("click", () => {
                const now = button.getAttribute("aria-pressed") !== "true";
                button.setAttribute("aria-pressed", String(now));
                change(now);
            });
            return button;
        };
        const leave = h("button.other", { type: "button" }, say("leave"));
        leave.addEventListener("click", async () => {
            if (leave.dataset.sure) {
                said.textContent = await this._leave();
            } else {
                leave.dataset.sure = "yes";
                leave.textContent = say("leave_sure");
            }
        });
        this.menu.replaceChildren(
            toggle("sound", !this.signals.muted, (on) => this._keep("muted", !on)),
            toggle("dark", document.documentElement.dataset.theme === "dark", (on) =>
                this._theme(this._keep("dark", on))
            ),
            leave,
            said,
            h(
                "button.main",
                { type: "button", onclick: () => this._show(this.scanning) },
                say("back")
            )
        );
        this._show({ element: this.menu });
        this.menu.querySelector("button").focus();
    }

    _keep(name, value) {
        if (name === "muted") {
            this.signals.muted = value;
        }
        try {
            localStorage.setItem(`tibillet-gate-${name}`, value ? "1" : "0");
        } catch {
            // A private window: it holds until the page is closed.
        }
        return value;
    }

    _kept(name) {
        try {
            const value = localStorage.getItem(`tibillet-gate-${name}`);
            return value === null ? null : value === "1";
        } catch {
            return null;
        }
    }

    _theme(dark) {
        if (dark !== null) {
            document.documentElement.dataset.theme = dark ? "dark" : "light";
        }
    }

    _show(screen) {
        const screens = [this.join, this.scanning, this.search, { element: this.menu }];
        for (const { element } of screens) {
            element.hidden = element !== screen.element;
        }
        this.scanning.camera.paused = this.scanning.element.hidden;
    }

    async _awake() {
        this.signals.wake();
        try {
            this.lock = await navigator.wakeLock?.request("screen");
        } catch {
            // The battery saves itself: the screen may go dark, nothing else.
        }
    }

    _worker() {
        navigator.serviceWorker?.register("/tibillet/gate/worker.js", { scope: "/tibillet/gate" });
    }
}

new App().start();
