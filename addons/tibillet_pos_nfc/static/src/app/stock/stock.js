import { _t } from "@web/core/l10n/translation";
import { uuidv4 } from "@point_of_sale/utils";
import { describe } from "@tibillet_pos_nfc/app/till/states";
import { failed } from "@tibillet_pos_nfc/app/till/till_client";

export const NOTICE = "TIBILLET_SOLD_OUT";

/** What is handed over: goods that come back are asked nothing. */
function soldOn(order) {
    return order.lines.filter((line) => line.qty > 0 && !line.tibillet_operation_key);
}

/**
 * The stock as a till touches it: what is sold out, what is lost, which keg is on tap.
 *
 * What is sold out is the server's to say: it comes with the page, then by the bus, one change at
 * a time, to every till that sells from the same stock. A loss and a keg are acts of the journal:
 * numbered and stored before they are sent, repeated with the same key until they are answered.
 */
export class Stock {
    /**
     * @param {Object} parts
     * @param {{soldOut: Object, stock: Object|null}} parts.state
     * @param {import("../till/device_journal").DeviceJournal} parts.journal
     * @param {import("../till/till_client").TillClient} parts.client
     * @param {import("../till/till_band").TillBand} parts.band
     * @param {import("../till/till_pairing").TillPairing} parts.pairing
     * @param {Object[]} parts.known what the page was loaded with
     * @param {(id: number) => Object|undefined} parts.templateOf
     * @param {() => {id: number|false, mayTouch: boolean}} parts.cashier
     * @param {() => number} [parts.now] this machine's clock, in ms
     */
    constructor({
        state,
        journal,
        client,
        band,
        pairing,
        known,
        templateOf,
        cashier,
        now = Date.now,
    }) {
        this.state = state;
        this.journal = journal;
        this.client = client;
        this.band = band;
        this.pairing = pairing;
        this.templateOf = templateOf;
        this.cashier = cashier;
        this.now = now;
        this.going = new Set();
        this.replace(known || []);
    }

    // -- what is sold out ------------------------------------------------------------------

    /** The whole list, as the server has it now. */
    replace(rows) {
        this.state.soldOut = Object.fromEntries(rows.map((row) => [row.product_tmpl_id, row]));
    }

    /** One change, from whichever till. */
    heard({ out = [], back = [] }) {
        for (const row of out) {
            this.state.soldOut[row.product_tmpl_id] = row;
        }
        for (const id of back) {
            delete this.state.soldOut[id];
        }
    }

    isOut(template) {
        return Boolean(template && this.state.soldOut[template.id]);
    }

    get rows() {
        return Object.values(this.state.soldOut)
            .map((row) => ({ ...row, name: this.templateOf(row.product_tmpl_id)?.name }))
            .filter((row) => row.name)
            .sort((a, b) => a.name.localeCompare(b.name));
    }

    whoSaid({ person, automatic }) {
        if (automatic) {
            return _t("None is left in stock.");
        }
        return person ? _t("%s said so.", person) : "";
    }

    get keys() {
        return this.cashier().mayTouch ? ["back_in_sale", "close"] : ["close"];
    }

    /** A touch on what is sold out says so, and offers the one touch that puts it back. */
    refusesProduct(template) {
        if (!this.isOut(template)) {
            return false;
        }
        this.band.show({
            ...describe("sold_out", {
                message: _t("“%(product)s” is sold out. %(who)s", {
                    product: template.name,
                    who: this.whoSaid(this.state.soldOut[template.id]),
                }),
            }),
            keys: this.keys,
            context: { templateIds: [template.id] },
        });
        return true;
    }

    /** Since how many seconds each product is in the basket: served before, it is still paid. */
    facts(order) {
        const ages = {};
        for (const line of soldOn(order)) {
            const age = Math.max(0, (this.now() - this.addedAt(line)) / 1000);
            ages[line.product_id.id] = Math.min(ages[line.product_id.id] ?? age, age);
        }
        return { ages };
    }

    addedAt(line) {
        const added = line.tibillet_added_at;
        const moment = typeof added === "string" ? luxon.DateTime.fromSQL(added, UTC) : added;
        return moment ? moment.toMillis() : this.now();
    }

    /** Whether an order may be paid: nothing came into it after it was sold out. */
    admits(order) {
        const line = soldOn(order).find((one) => {
            const row = this.state.soldOut[one.product_id.product_tmpl_id?.id];
            return row && this.addedAt(one) > luxon.DateTime.fromSQL(row.since, UTC).toMillis();
        });
        const paid = order.payment_ids.some(
            (payment) => payment.tibillet_device_id && payment.isDone()
        );
        if (!line || paid) {
            return true; // what a card has paid has left the counter
        }
        const template = line.product_id.product_tmpl_id;
        this.band.show({
            ...describe("sold_out", {
                message: _t(
                    "“%(product)s” is sold out. Take it off, or put it back in sale; the rest of the basket is kept.",
                    { product: template.name }
                ),
            }),
            keys: this.cashier().mayTouch
                ? ["back_in_sale", "remove", "close"]
                : ["remove", "close"],
            context: { templateIds: [template.id] },
        });
        return false;
    }

    /** Said on this till; the others hear it from the server. */
    async say(templateId, out) {
        const answer = await this.ask(() =>
            this.client.call("tibillet_sold_out", [
                this.journal.credential,
                templateId,
                out,
                this.cashier().id,
            ])
        );
        if (answer.ok) {
            this.replace(answer.sold_out);
        }
        return answer;
    }

    async putBack(templateIds = []) {
        for (const id of templateIds) {
            const answer = await this.say(id, false);
            if (!answer.ok) {
                this.tell(answer);
                return;
            }
        }
    }

    // -- what is asked of the server -------------------------------------------------------

    async ask(send) {
        let answer;
        try {
            answer = await this.client.patiently(send);
        } catch (error) {
            answer = failed(error);
        }
        if (answer.unpaired) {
            this.pairing.unpair();
        }
        if (["server_gone", "server_slow"].includes(answer.code) && !answer.message) {
            const message = _t("The server does not answer. Nothing is lost: try again.");
            return { ...answer, message, lost: true };
        }
        return answer;
    }

    /** What the screen shows; asked when it opens and when the line is back. */
    async load() {
        const answer = await this.ask(() =>
            this.client.call("tibillet_stock", [this.journal.credential])
        );
        if (answer.ok) {
            this.replace(answer.sold_out);
        }
        return answer;
    }

    /** What changed while nobody was listening. */
    async refresh() {
        if (this.journal.isPaired) {
            await this.load();
        }
    }

    lose({ productId, quantity, reasonId, note }) {
        return this.act("tibillet_loss", [productId, quantity, reasonId, note || false]);
    }

    keg({ productId, lose, again }) {
        return this.act("tibillet_keg", [productId, lose, again]);
    }

    act(method, args) {
        const content = { method, args: [...args, this.cashier().id] };
        return this.send(this.journal.allot("stock", uuidv4(), content));
    }

    async send(act) {
        if (this.going.has(act.key)) {
            return { ok: false, code: "not_allowed", message: "" };
        }
        this.going.add(act.key);
        try {
            const { credential } = this.journal;
            const answer = await this.ask(() =>
                this.client.call(act.method, [credential, act.seq, act.key, ...act.args])
            );
            if (!answer.lost) {
                this.journal.answered(act.seq, answer);
                return answer;
            }
            const message = _t("The server does not answer. This is kept, and sent by itself.");
            return { ...answer, message };
        } finally {
            this.going.delete(act.key);
        }
    }

    /** Ask again, with its own number and key, what got no answer; tell what came of it. */
    async settle() {
        for (const act of this.journal.pending("stock")) {
            const answer = await this.send(act);
            if (!answer.ok && !answer.lost && answer.message) {
                this.tell(answer);
            }
        }
    }

    tell(answer) {
        this.band.show(describe("not_allowed", { message: answer.message }));
    }
}

const UTC = { zone: "utc" };
