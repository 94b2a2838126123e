/** The first screen: a link of the steward makes this phone a gate phone. */

import { h, say } from "./dom.js";
import { Unreachable } from "./server.js";

/** The token of a pairing link, of the address itself or of what was pasted. */
export function tokenOf(link) {
    return /[#&]p=([0-9A-Za-z._-]{3,80})/.exec(link)?.[1] || "";
}

export class Join {
    /** @param {Object} parts `{server, joined(answer)}` */
    constructor({ server, joined }) {
        this.server = server;
        this.joined = joined;
        this.element = h("section.join");
    }

    async show(token) {
        if (!token) {
            return this._without();
        }
        const said = await this._ask({ token, mode: "look" });
        return said.ok ? this._form(token, said) : this._without(said.message);
    }

    async _ask(body) {
        try {
            return await this.server.ask("pair", { ...body, lang: document.documentElement.lang });
        } catch (error) {
            if (!(error instanceof Unreachable)) {
                throw error;
            }
            return { ok: false, message: say("join_offline") };
        }
    }

    _without(message = "") {
        const link = h("input", { id: "link", type: "url", autocomplete: "off" });
        const open = (event) => {
            event.preventDefault();
            this.show(tokenOf(link.value));
        };
        this.element.replaceChildren(
            h("h1", {}, say("join_title")),
            message && h("p.wrong", { role: "alert" }, message),
            h("p", {}, say("join_none")),
            h(
                "form",
                { onsubmit: open },
                h("label", { for: "link" }, say("join_link")),
                link,
                h("button.main", { type: "submit" }, say("join_open"))
            )
        );
    }

    _form(token, said, message = "") {
        const name = h("input", {
            id: "name",
            required: true,
            maxlength: 40,
            autocomplete: "name",
        });
        const button = h("button.main", { type: "submit" }, say("join_start"));
        const start = async (event) => {
            event.preventDefault();
            button.disabled = true;
            const answer = await this._ask({ token, mode: "pair", name: name.value });
            button.disabled = false;
            if (answer.ok) {
                this.joined(answer);
            } else {
                this._form(token, said, answer.message);
                document.getElementById("name").value = name.value;
            }
        };
        this.element.replaceChildren(
            h("h1", {}, say("join_title")),
            h("p", {}, say("join_where")),
            h(
                "p.where",
                {},
                h("strong", {}, said.gate),
                h("span", {}, `${said.list} · ${said.place}`)
            ),
            message && h("p.wrong", { role: "alert" }, message),
            h(
                "form",
                { onsubmit: start },
                h("label", { for: "name" }, say("join_name")),
                name,
                h("p.quiet", {}, say("join_name_why")),
                button
            )
        );
        name.focus();
    }
}
