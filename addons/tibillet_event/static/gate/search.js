/** A guest by name, where the phone with the ticket is lost or empty. Needs network and a right. */

import { h, say, words } from "./dom.js";
import { Unreachable } from "./server.js";

const PAUSE_MS = 300;
const SHORTEST = 3;

export class Search {
    /** @param {Object} parts `{server, picked(row), back()}` */
    constructor({ server, picked, back }) {
        Object.assign(this, { server, picked });
        this.rows = h("ul.rows");
        this.note = h("p.note", { role: "status" });
        this.field = h("input", { id: "who", type: "search", autocomplete: "off" });
        this.field.addEventListener("input", () => this._later());
        this.element = h(
            "section.search",
            { hidden: true },
            h("label", { for: "who" }, say("search_label")),
            this.field,
            this.note,
            this.rows,
            h("button.other", { type: "button", onclick: back }, say("back"))
        );
        this.asked = 0;
    }

    show() {
        this.field.value = "";
        this.rows.replaceChildren();
        this.note.textContent = "";
        this.element.hidden = false;
        this.field.focus();
    }

    _later() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this._ask(), PAUSE_MS);
    }

    async _ask() {
        const q = this.field.value.trim();
        const mine = ++this.asked;
        if (q.length < SHORTEST) {
            this.rows.replaceChildren();
            this.note.textContent = "";
            return;
        }
        try {
            const { rows = [] } = await this.server.ask("search", { q });
            if (mine === this.asked) {
                this.note.textContent = rows.length ? "" : say("search_none");
                this.rows.replaceChildren(...rows.map((row) => this._row(row)));
            }
        } catch (error) {
            if (!(error instanceof Unreachable)) {
                throw error;
            }
            this.note.textContent = say("search_offline");
        }
    }

    _row(row) {
        const why = row.code ? words.refusals[row.code]?.title : "";
        const more = [row.rate, row.number || row.order].filter(Boolean).join(" · ");
        return h(
            "li",
            {},
            h(
                "button",
                { type: "button", onclick: () => this.picked(row) },
                h("strong", {}, row.name),
                more && h("span", {}, more),
                why && h("span.why", {}, why)
            )
        );
    }
}
