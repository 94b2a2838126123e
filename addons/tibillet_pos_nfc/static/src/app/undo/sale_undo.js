import { _t } from "@web/core/l10n/translation";
import { uuidv4 } from "@point_of_sale/utils";
import { pointsTold } from "@tibillet_pos_nfc/app/loyal/points";
import { describe } from "@tibillet_pos_nfc/app/till/states";
import { failed } from "@tibillet_pos_nfc/app/till/till_client";

/** How long the till offers to undo its last sale; the server has its own clock and the say. */
export const UNDO_MS = 120000;

/**
 * The last sale of this till, taken back in two touches.
 *
 * The act is numbered and stored before it is sent and repeated with the same key until the
 * server has answered, so that a lost answer never gives anything back twice.
 */
export class SaleUndo {
    /**
     * @param {Object} parts
     * @param {{busy: boolean, lastSale: Object|null}} parts.state
     * @param {import("../till/device_journal").DeviceJournal} parts.journal
     * @param {import("../till/till_client").TillClient} parts.client
     * @param {import("../till/till_band").TillBand} parts.band
     * @param {import("../till/till_money").TillMoney} parts.money
     * @param {import("../till/till_pairing").TillPairing} parts.pairing
     * @param {import("../till/order_sender").OrderSender} parts.orders
     * @param {import("../till/unsent_orders").UnsentOrders} parts.unsent
     * @param {(uuid: string) => Object|undefined} parts.orderOf
     * @param {(uuids: string[]) => Promise} parts.reload reads these orders again
     */
    constructor({ state, journal, client, band, money, pairing, orders, unsent, orderOf, reload }) {
        this.state = state;
        this.journal = journal;
        this.client = client;
        this.band = band;
        this.money = money;
        this.pairing = pairing;
        this.orders = orders;
        this.unsent = unsent;
        this.orderOf = orderOf;
        this.reload = reload;
        this.going = new Set();
    }

    /** A sale was just made: offer to undo it while it is the last one. */
    remember(order) {
        if (!this.state.paired || order.uuid === this.state.lastSale?.uuid) {
            return;
        }
        const amount = order.priceIncl;
        const inAsset = order.tibilletAssetTotal; // of minutes or points, no money
        if (order.isRefund || !(amount > 0 || inAsset)) {
            this.forget();
            return;
        }
        clearTimeout(this.timer);
        this.state.lastSale = { uuid: order.uuid, amount: inAsset || this.money.format(amount) };
        this.timer = setTimeout(() => this.forget(), UNDO_MS);
    }

    forget() {
        clearTimeout(this.timer);
        this.state.lastSale = null;
    }

    /** The first touch asks; the second one, a key of the band, does it. */
    offer({ uuid, amount }, reason = "") {
        if (this.state.busy) {
            return;
        }
        this.band.show({
            code: "undo_ask",
            tone: "look",
            title: _t("Undo the sale of %(amount)s?", { amount }),
            text: _t("Everything goes back where it came from: each card, the drawer, the stock."),
            keys: ["undo_now", "close"],
            undo: { uuid, amount, reason },
        });
    }

    offerLast() {
        if (this.state.lastSale) {
            this.offer(this.state.lastSale);
        }
    }

    /** @param {{undo: {uuid: string, amount: string, reason: string}}} band that offered it */
    async confirm({ undo }) {
        if (!undo || this.state.busy || this.isGoing(undo.uuid)) {
            return;
        }
        this.state.busy = true;
        try {
            if (!(await this.isThere(undo.uuid))) {
                this.band.show({ ...describe("undo_unsent") });
                return;
            }
            const { uuid: order, amount, reason } = undo;
            const act = this.journal.allot("undo", uuidv4(), { order, amount, reason });
            await this.send(act, () => this.band.show(describe("server_slow")));
        } finally {
            this.state.busy = false;
        }
    }

    isGoing(uuid) {
        return this.journal.pending("undo").some((act) => act.order === uuid);
    }

    /** A sale that is still on its way goes first. */
    async isThere(uuid) {
        const order = this.unsent.has(uuid) && this.orderOf(uuid);
        if (order) {
            await this.orders.send(order);
        }
        return !this.unsent.has(uuid);
    }

    async send(act, onWait) {
        if (this.going.has(act.key)) {
            return;
        }
        this.going.add(act.key);
        try {
            await this.answered(act, await this.ask(act, onWait));
        } finally {
            this.going.delete(act.key);
        }
    }

    async ask(act, onWait) {
        const args = [this.journal.credential, act.seq, act.key, act.order, act.reason || false];
        try {
            return await this.client.patiently(() => this.client.call("tibillet_undo", args), {
                onWait,
            });
        } catch (error) {
            return failed(error);
        }
    }

    async answered(act, answer) {
        if (answer.code === "server_gone") {
            this.band.show(describe("undo_unknown"));
            return;
        }
        this.journal.answered(act.seq, answer);
        if (answer.unpaired) {
            this.pairing.unpair();
            this.band.show(describe("not_paired"));
            return;
        }
        if (!answer.ok) {
            const told = describe("not_allowed", { message: answer.message });
            this.band.show({ ...told, title: _t("The sale is not undone"), code: answer.code });
            return;
        }
        if (this.state.lastSale?.uuid === act.order) {
            this.forget();
        }
        this.tell(act, answer);
        await this.reload([act.order, act.key]).catch(() => {}); // shown late at worst
    }

    tell({ amount }, answer) {
        const byHand = answer.todo.length > 0;
        this.band.show({
            code: "undone",
            tone: byHand ? "look" : "yes",
            title: _t("Undone: %(amount)s", { amount }),
            text: [answer.message, ...answer.todo].filter(Boolean).join(" "),
            split: answer.split.length > 1 ? answer.split : [],
            points: pointsTold(answer.earned),
            keys: byHand ? ["close"] : [],
        });
    }

    /** Ask again, with its own number and key, what got no answer. */
    async settle() {
        for (const act of this.journal.pending("undo")) {
            if (!this.state.busy) {
                await this.send(act, () => {});
            }
        }
    }
}
