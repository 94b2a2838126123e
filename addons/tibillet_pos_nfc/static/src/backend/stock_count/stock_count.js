import { Component, onWillDestroy, onWillStart, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { normalize } from "@web/core/l10n/utils";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { readQuantity } from "@tibillet_pos_nfc/app/stock/quantity";

const MODEL = "tibillet.stock.count";
export const RESEND_MS = 10000;

/**
 * The stock counted on a phone, line by line.
 *
 * Each figure is sent when it is left and kept in this browser until the server has it, so that
 * a page that is closed, or a cellar without network, loses nothing. What should be there is
 * asked for when counting is done, and not before.
 */
export class StockCount extends Component {
    static template = "tibillet_pos_nfc.StockCount";
    static props = ["*"];

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            step: "count",
            count: null,
            error: "",
            told: "",
            busy: false,
            search: "",
            typed: {},
            lines: {},
            review: null,
            reason: "",
        });
        const timer = setInterval(() => this.resend(), RESEND_MS);
        onWillDestroy(() => clearInterval(timer));
        const asked = Number(new URLSearchParams(window.location.search).get("till"));
        onWillStart(() => this.load(asked || false));
    }

    // -- the server ------------------------------------------------------------------------

    async ask(method, args) {
        try {
            const answer = await this.orm.silent.call(MODEL, method, args);
            this.state.error = answer.ok || answer.code ? "" : answer.message;
            return answer;
        } catch (error) {
            const lost = error instanceof ConnectionLostError;
            this.state.error = lost
                ? _t("No network. What you typed is kept on this phone and sent by itself.")
                : error.data?.message || String(error.message);
            return { ok: false, lost };
        }
    }

    async load(configId) {
        const answer = await this.ask("tibillet_stock_count", [configId]);
        if (answer.ok) {
            this.state.count = answer;
            this.state.lines = Object.fromEntries(
                answer.rows.map((row) => [row.product_id, { state: row.is_counted ? "saved" : "" }])
            );
            this.state.typed = this.kept;
            this.resend();
        }
    }

    call(method, ...args) {
        return this.ask(method, [[this.state.count.count_id], ...args]);
    }

    // -- what is typed and not yet there -----------------------------------------------------

    get storageKey() {
        return `tibillet_stock_count.${this.state.count.count_id}`;
    }

    get kept() {
        try {
            return JSON.parse(localStorage.getItem(this.storageKey)) || {};
        } catch {
            return {};
        }
    }

    keep() {
        localStorage.setItem(this.storageKey, JSON.stringify(this.state.typed));
    }

    type(row, text) {
        this.state.typed[row.product_id] = text;
        this.state.lines[row.product_id] = { state: "typed" };
        this.keep();
    }

    /** In the product's unit; a keg is counted in kegs. */
    quantityOf(row) {
        const quantity = readQuantity(this.state.typed[row.product_id]);
        return quantity === null ? null : quantity * (row.keg_size || 1);
    }

    async save(row, how = false) {
        const id = row.product_id;
        const text = this.state.typed[id];
        if (text === undefined || this.state.lines[id].state === "saving") {
            return;
        }
        if (!text.trim()) {
            this.forget(row);
            return;
        }
        const quantity = this.quantityOf(row);
        if (quantity === null) {
            this.state.lines[id] = { state: "wrong" };
            return;
        }
        this.state.lines[id] = { state: "saving" };
        const args = [id, quantity, row.version, how];
        const answer = await this.call("tibillet_stock_counted", ...args);
        if (this.state.typed[id] !== text) {
            this.state.lines[id] = { state: "typed" }; // typed on meanwhile: sent when it is left
            Object.assign(row, answer.row || {});
            return;
        }
        if (answer.ok) {
            Object.assign(row, answer.row);
            this.forget(row);
            return;
        }
        if (answer.code === "counted_meanwhile") {
            Object.assign(row, answer.row);
            this.state.lines[id] = { state: "asked" };
            return;
        }
        this.state.lines[id] = { state: answer.lost ? "typed" : "wrong" };
    }

    /** The server's figure is shown again. */
    forget(row) {
        delete this.state.typed[row.product_id];
        this.state.lines[row.product_id] = { state: row.is_counted ? "saved" : "" };
        this.keep();
    }

    async resend() {
        for (const row of this.state.count?.rows || []) {
            const focused = document.activeElement?.dataset.product === String(row.product_id);
            if (this.stateOf(row) === "typed" && !focused) {
                await this.save(row);
            } else if (this.state.typed[row.product_id] && !this.stateOf(row)) {
                await this.save(row); // typed before the page was loaded again
            }
        }
    }

    // -- what is shown -----------------------------------------------------------------------

    get rows() {
        const words = normalize(this.state.search).split(/\s+/);
        return this.state.count.rows.filter((row) =>
            words.every((word) => normalize(row.name).includes(word))
        );
    }

    get groups() {
        return Object.entries(Object.groupBy(this.rows, (row) => row.category));
    }

    stateOf(row) {
        return this.state.lines[row.product_id]?.state || "";
    }

    number(amount) {
        return formatFloat(amount, { digits: [16, 2], trailingZeros: false });
    }

    shown(row) {
        const typed = this.state.typed[row.product_id];
        if (typed !== undefined) {
            return typed;
        }
        return row.is_counted ? this.number(row.counted / (row.keg_size || 1)) : "";
    }

    unitText(row) {
        return row.keg_size
            ? _t("kegs of %(size)s %(unit)s", { size: this.number(row.keg_size), unit: row.unit })
            : row.unit;
    }

    noteText(row) {
        const state = this.stateOf(row);
        if (state === "wrong") {
            return _t("Write 12, 2,5 or 1/2.");
        }
        if (state === "typed") {
            return _t("Not sent yet");
        }
        if (state === "saving") {
            return _t("Sending");
        }
        if (state === "saved") {
            return _t("%(person)s, %(at)s", {
                person: row.person,
                at: formatDateTime(deserializeDateTime(row.at), { format: "HH:mm" }),
            });
        }
        return "";
    }

    askText(row) {
        return _t("%(person)s has counted %(counted)s %(unit)s meanwhile. And your %(typed)s?", {
            person: row.person,
            counted: this.number(row.counted / (row.keg_size || 1)),
            unit: this.unitText(row),
            typed: this.state.typed[row.product_id],
        });
    }

    get done() {
        return this.state.count.rows.filter((row) => row.is_counted).length;
    }

    get waiting() {
        return Object.keys(this.state.typed).length;
    }

    get doneText() {
        return _t("%(done)s of %(all)s counted", {
            done: this.done,
            all: this.state.count.rows.length,
        });
    }

    get startedText() {
        const { started_at: at, started_by: person } = this.state.count;
        return _t("Begun by %(person)s, %(at)s. What should be there is shown afterwards.", {
            person,
            at: formatDateTime(deserializeDateTime(at)),
        });
    }

    // -- the differences -----------------------------------------------------------------------

    async review() {
        this.state.busy = true;
        await this.resend();
        const answer = await this.call("tibillet_stock_differences");
        this.state.busy = false;
        if (answer.ok) {
            this.state.review = answer;
            this.state.step = "review";
        }
    }

    get different() {
        return this.state.review.lines.filter((line) => line.difference);
    }

    get sameText() {
        const same = this.state.review.lines.length - this.different.length;
        return _t("%s as expected", same);
    }

    differenceText(line) {
        const amount = this.number(Math.abs(line.difference));
        return line.difference < 0
            ? _t("%(amount)s %(unit)s missing", { amount, unit: line.unit })
            : _t("%(amount)s %(unit)s more", { amount, unit: line.unit });
    }

    countedText(line) {
        return _t("Counted %(counted)s, expected %(expected)s (%(person)s)", {
            counted: this.number(line.counted),
            expected: this.number(line.expected),
            person: line.person,
        });
    }

    get uncountedText() {
        return _t("Not counted, left as they are: %s", this.state.review.uncounted.join(", "));
    }

    get valueText() {
        const { value, currency_id: currency } = this.state.review;
        return _t("Difference at cost: %s", formatCurrency(value, currency));
    }

    goOn() {
        this.state.step = "count";
        return this.load(this.state.count.config_id);
    }

    async end(method, ...args) {
        this.state.busy = true;
        const answer = await this.call(method, ...args);
        this.state.busy = false;
        if (answer.ok) {
            localStorage.removeItem(this.storageKey);
            Object.assign(this.state, { step: "done", told: answer.message, reason: "" });
        }
    }
}

registry.category("actions").add("tibillet_stock_count", StockCount);
