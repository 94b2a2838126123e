import { describe } from "@tibillet_pos_nfc/app/till/states";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";
import { nextAmount, typeKey } from "./amount_typed";

export const GIVE_UP_MS = 1000;

/**
 * One order paid by several: cards, each for an amount or for the rest, cash and bank cards, in
 * any order, until nothing is missing or all of it is given up.
 *
 * What is missing is the server's figure; here it is shown, and taken off when it says so.
 */
export class Completion {
    /**
     * @param {Object} parts
     * @param {import("../till/till_band").TillBand} parts.band
     * @param {import("../till/till_money").TillMoney} parts.money
     * @param {import("../till/tap_hold").TapHold} parts.hold
     * @param {import("../till/tap_payment").TapPayment} parts.payment
     * @param {import("../till/hold_keeper").HoldKeeper} parts.holds
     * @param {Object} parts.pos the orders, methods and screens of the till
     * @param {(order: Object, how?: {direct: boolean}) => Promise} parts.finish frees the till
     * @param {() => Promise} [parts.store] writes what the till knows into the browser
     */
    constructor({ band, money, hold, payment, holds, pos, finish, store = async () => {} }) {
        this.store = store;
        this.band = band;
        this.money = money;
        this.hold = hold;
        this.payment = payment;
        this.holds = holds;
        this.pos = pos;
        this.finish = finish;
        this.context = null;
        this.typed = "";
    }

    get isOpen() {
        return Boolean(this.context) && this.band.shown?.code === "other_card";
    }

    get restMinor() {
        return this.money.toMinor(this.context.order.remainingDue);
    }

    /** Another order is on the screen: the next card is not for this one any more. */
    keepFor(order) {
        if (this.context && this.context.order.uuid !== order?.uuid) {
            this.close();
        }
    }

    /** What the next card, the cash or the bank card is to pay. */
    get nextMinor() {
        return nextAmount(this.typed, this.restMinor, this.money.decimals);
    }

    open({ order, direct = false, told = "" }) {
        this.payment.stopWaiting();
        this.dropUnpaid(order);
        this.context = { order, direct };
        this.typed = "";
        this.payment.waiting = {
            line: null,
            done: () => {},
            onCard: (uid, at, how) => this.onCard(uid, at, how),
        };
        this.show(told);
    }

    show(told = "") {
        const { order, direct } = this.context;
        this.band.show({
            ...describe("other_card"),
            tone: "wait",
            amount: this.money.formatMinor(this.restMinor),
            text: told,
            next: this.typed ? this.money.formatMinor(this.nextMinor) : "",
            paid: this.parts(order),
            completes: true,
            keys: ["cash", "bank", "give_up"],
            context: { order, direct },
        });
    }

    /** What has been paid or set aside so far, in the order in which it came. */
    parts(order) {
        return order.payment_ids
            .filter((line) => line.isDone())
            .map((line) => ({
                uuid: line.uuid,
                name: line.payment_method_id.name,
                tail: isWallet(line.payment_method_id) ? line.card_no || "" : "",
                amount: this.money.format(line.getAmount()),
            }));
    }

    /** A key of the figures: a digit, the decimal sign, `back` or `rest`. */
    type(key) {
        if (this.isOpen) {
            this.typed = typeKey(this.typed, key, this.money.decimals);
            this.show();
        }
    }

    async onCard(uid, at, how = {}) {
        const { order, direct } = this.context;
        const asked = this.nextMinor;
        if (!this.payment.admits(order, uid, this.money.fromMinor(asked), at)) {
            return;
        }
        const added = order.addPaymentline(this.payment.method());
        if (!added.status) {
            return;
        }
        const line = added.data;
        line.setAmount(this.money.fromMinor(asked));
        const yes = await this.hold.take(order, line, uid, {
            ...how,
            asked: true,
            upTo: asked,
            direct,
            completes: true,
        });
        if (yes) {
            await this.goOn();
        } else if (order.payment_ids.includes(line)) {
            order.removePaymentline(line);
        }
    }

    /** Something more is paid: the order is done, or the next is asked for. */
    async goOn() {
        const { order, direct } = this.context;
        this.store().catch(() => {}); // a page loaded again has the basket
        if (order.isPaid()) {
            this.close();
            await this.finish(order, { direct });
        } else {
            this.open({ order, direct, told: this.hold.told });
        }
    }

    /**
     * Cash or a bank card for the amount that was typed. For the rest, or where a terminal has to
     * answer, Odoo's payment screen goes on: it knows of change and of terminals.
     *
     * @returns {boolean} whether it was done here
     */
    payPart(type, order) {
        if (this.context?.order !== order) {
            return false;
        }
        const method = this.pos.config.payment_method_ids.find((other) => other.type === type);
        const amountMinor = this.nextMinor;
        if (
            !method ||
            method.use_payment_terminal ||
            !this.typed ||
            amountMinor >= this.restMinor
        ) {
            return false;
        }
        const amount = this.money.fromMinor(amountMinor);
        const same = order.payment_ids.find((line) => line.payment_method_id.id === method.id);
        if (same) {
            same.setAmount(same.getAmount() + amount);
        } else {
            const added = order.addPaymentline(method);
            if (!added.status) {
                return false;
            }
            added.data.setAmount(amount);
        }
        this.open({ ...this.context });
        return true;
    }

    /** A cashier who gives up waits a second for the server, no more. */
    patience() {
        return new Promise((resolve) => setTimeout(resolve, GIVE_UP_MS));
    }

    close() {
        this.context = null;
        this.typed = "";
        this.payment.stopWaiting();
    }

    /** A line that no card has paid is none: the next one makes its own. */
    dropUnpaid(order) {
        for (const line of [...order.payment_ids]) {
            if (isWallet(line.payment_method_id) && !line.isDone()) {
                order.removePaymentline(line);
            }
        }
    }

    /**
     * Nobody pays: cards get back what was set aside, cash goes back over the counter, the basket
     * is as it was. What a bank terminal has taken stays until the terminal gives it back.
     */
    async giveUp({ order, direct }) {
        this.close();
        const back = order.tibilletHeld > 0 ? this.money.format(order.tibilletHeld) : "";
        for (const line of [...order.payment_ids]) {
            const { use_payment_terminal: terminal } = line.payment_method_id;
            if (isWallet(line.payment_method_id) || !terminal || !line.isDone()) {
                order.removePaymentline(line);
            }
        }
        const heard = await Promise.race([this.holds.settleVoids(), this.patience()]);
        this.band.show(describe(heard ? "given_up" : "given_up_later", { paid: back }));
        if (direct) {
            this.pos.navigate("ProductScreen", { orderUuid: order.uuid });
        }
    }
}
