/** The screen of the evening: camera, typed codes, what the list says, how old it is. */

import { Camera, CameraRefused } from "./camera.js";
import { h, say, setup } from "./dom.js";

const LIBRARY = `/tibillet/gate/files/${setup.version}/scanner.js`;

/** How long ago, in the words of the page. */
export function agoOf(ms) {
    const seconds = Math.max(0, Math.round(ms / 1000));
    if (seconds < 60) {
        return say("seconds", { n: seconds });
    }
    const minutes = Math.round(seconds / 60);
    return minutes < 60
        ? say("minutes", { n: minutes })
        : say("hours", { n: Math.round(minutes / 60) });
}

export class Scanning {
    /** @param {Object} parts `{keeper, seen(text), search(), menu()}` */
    constructor(parts) {
        Object.assign(this, parts);
        this.direction = "in";
        this.video = h("video", { playsinline: true, muted: true, "aria-hidden": true });
        this.camera = new Camera(this.video, (text) => this.seen(text), LIBRARY);
        this.note = h("p.note", { role: "status" });
        this.start = h("button.main", { type: "button", onclick: () => this.open() });
        this.start.textContent = say("camera_start");
        this.light = h("button", {
            type: "button",
            hidden: true,
            "aria-pressed": "false",
            onclick: () => this._torch(),
        });
        this.light.textContent = say("torch");
        this.foot = h("footer.foot");
        this.warnings = h("div.warnings", { role: "status" });
        this.element = h("section.scanning", { hidden: true });
    }

    /** Draw what does not change while the same list is checked. */
    draw() {
        const { config } = this.keeper;
        const typed = h("input", { id: "typed", autocomplete: "off", spellcheck: "false" });
        const check = (event) => {
            event.preventDefault();
            const text = typed.value.trim();
            typed.value = "";
            typed.blur();
            text && this.seen(text, true);
        };
        const ways = config.list.mode === "inout" || config.list.mode === "free";
        this.direction = ways ? this.direction : "in";
        this.element.replaceChildren(
            h(
                "header.head",
                {},
                h(
                    "div",
                    {},
                    h("strong", {}, config.gate?.name || ""),
                    h("span", {}, config.list.name)
                ),
                h("button.round", { type: "button", onclick: () => this.menu() }, say("menu"))
            ),
            ...(ways ? [this._ways()] : []),
            h(
                "div.view",
                {},
                this.video,
                h("div.frame", { "aria-hidden": true }),
                this.note,
                this.start
            ),
            h(
                "div.tools",
                {},
                this.light,
                config.device.search &&
                    h("button", { type: "button", onclick: this.search }, say("search")),
                "NDEFReader" in globalThis &&
                    h("button", { type: "button", onclick: () => this._cards() }, say("cards"))
            ),
            h(
                "form.typed",
                { onsubmit: check },
                h("label", { for: "typed" }, say("typed")),
                h("div", {}, typed, h("button", { type: "submit" }, say("check")))
            ),
            this.warnings,
            this.foot
        );
    }

    _ways() {
        const group = h("fieldset.ways", {}, h("legend.unseen", {}, say("way")));
        for (const [way, word] of [
            ["in", "way_in"],
            ["out", "way_out"],
        ]) {
            const one = h("input", {
                type: "radio",
                name: "way",
                id: `way-${way}`,
                checked: way === this.direction,
                onchange: () => (this.direction = way),
            });
            group.append(one, h("label", { for: `way-${way}` }, say(word)));
        }
        return group;
    }

    async open() {
        this.note.textContent = "";
        try {
            await this.camera.start();
            this.note.textContent = say("hint");
        } catch (error) {
            const refused = error instanceof CameraRefused;
            this.note.textContent = say(refused ? "camera_refused" : "camera_none");
        }
        this.start.hidden = this.camera.running;
        this.light.hidden = !this.camera.hasTorch;
    }

    async _torch() {
        const on = this.light.getAttribute("aria-pressed") !== "true";
        await this.camera.torch(on);
        this.light.setAttribute("aria-pressed", String(on));
    }

    async _cards() {
        const reader = new globalThis.NDEFReader();
        reader.addEventListener("reading", ({ serialNumber }) => this.seen(serialNumber, true));
        try {
            await reader.scan();
        } catch {
            this.note.textContent = say("camera_none");
        }
    }

    /** Who is in, and how old the list is, in words. */
    get said() {
        const { keeper } = this;
        const { counts } = keeper;
        const ago = keeper.clock.now() - keeper.syncedAt;
        const synced = !keeper.syncedAt
            ? say("never")
            : ago < 60000
              ? say("synced_now")
              : say("synced", { ago: agoOf(ago) });
        const persons = counts ? say("of", { in: counts.entries, expected: counts.expected }) : "";
        return { persons, synced };
    }

    /** The foot: who is in, how old the list is, what waits, connected or not. */
    async refresh() {
        const { keeper } = this;
        const waiting = await keeper.queue.length;
        const { persons, synced } = this.said;
        const alone = keeper.failures > 0 || !navigator.onLine;
        this.foot.replaceChildren(
            h("p.counts", {}, persons && h("strong", {}, persons), persons && ` ${say("in")}`),
            h("p.age", {}, synced),
            waiting ? h("p.waiting", {}, say("queued", { n: waiting })) : "",
            h(`p.net.${alone ? "off" : "on"}`, {}, say(alone ? "offline" : "online"))
        );
        const warnings = [
            keeper.old && say("old"),
            keeper.clock.drifts &&
                say("clock", { n: Math.round(Math.abs(keeper.clock.offset) / 60000) }),
            !keeper.store.durable && say("memory"),
        ].filter(Boolean);
        const said = warnings.join("\n");
        if (this.warnings.dataset.said !== said) {
            this.warnings.dataset.said = said;
            this.warnings.replaceChildren(...warnings.map((text) => h("p", {}, text)));
        }
    }
}
