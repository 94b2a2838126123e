import { describe } from "./states";
import { isWallet } from "./wallet_method";

/** Which line of the order a tap pays: on the product screen, on the payment screen, or awaited. */
export class TapPayment {
    /**
     * @param {Object} parts
     * @param {{paired: boolean}} parts.state
     * @param {import("./tap_gate").TapGate} parts.gate
     * @param {import("./till_band").TillBand} parts.band
     * @param {import("./till_money").TillMoney} parts.money
     * @param {import("./tap_hold").TapHold} parts.hold
     * @param {() => Object} parts.method the payment method of cards
     * @param {(order: Object, how?: {direct: boolean}) => Promise} parts.finish frees the till
     */
    constructor({ state, gate, band, money, hold, method, finish }) {
        this.state = state;
        this.gate = gate;
        this.band = band;
        this.money = money;
        this.hold = hold;
        this.method = method;
        this.finish = finish;
        this.waiting = null;
        /** Pays what is priced in no money; put in by the till. */
        this.priced = null;
    }

    isPayable(order) {
        return Boolean(
            order && !order.finalized && order.lines.length && order.remainingDue && !order.isRefund
        );
    }

    /** Two identical taps on one basket are one. */
    admits(order, uid, amount, at) {
        const amountMinor = this.money.toMinor(amount);
        return this.gate.admits({ uid, basket: order.uuid, amountMinor, at });
    }

    /** From the product screen: the whole of it, or nothing at all. */
    async payDirectly(order, uid, at, how = {}) {
        if (!this.admits(order, uid, order.remainingDue, at)) {
            return;
        }
        const added = order.addPaymentline(this.method());
        if (!added.status) {
            return;
        }
        const line = added.data;
        if (await this.hold.take(order, line, uid, { ...how, direct: true })) {
            await this.finish(order, { direct: true });
        } else if (order.payment_ids.includes(line)) {
            order.removePaymentline(line);
        }
    }

    /** From the payment screen: the line that waits, or a new one for the rest. */
    async payOnScreen(order, uid, at, how = {}) {
        if (!this.admits(order, uid, order.remainingDue, at)) {
            return;
        }
        const pending = order.payment_ids.find(
            (line) =>
                isWallet(line.payment_method_id) &&
                ["pending", "retry"].includes(line.payment_status)
        );
        const added = pending
            ? { status: true, data: pending }
            : order.addPaymentline(this.method());
        if (added.status && (await this.hold.take(order, added.data, uid, how))) {
            await this.finish(order);
        }
    }

    /** The same tap again, as if it came now; `how` says what was decided meanwhile. */
    async retry({ order, uid, direct, how: before = {} }, how = {}) {
        if (this.priced?.isPriced(order)) {
            this.gate.forget();
            return this.priced.pay(order, uid, Date.now(), how);
        }
        if (!this.isPayable(order)) {
            return;
        }
        const { kept, asked } = { ...before, ...how };
        this.gate.forget();
        if (this.waiting) {
            return this.waiting.onCard(uid, Date.now(), { kept, asked }); // for what it was asked
        }
        return direct
            ? this.payDirectly(order, uid, Date.now(), { kept, asked })
            : this.payOnScreen(order, uid, Date.now(), { kept, asked });
    }

    /**
     * Wait for a card for this line: what the payment screen asks of its terminal.
     *
     * @returns {Promise<boolean>} whether a card paid it
     */
    waitForCard(order, line) {
        if (!this.state.paired) {
            this.band.show(describe("not_paired"));
            return Promise.resolve(false);
        }
        this.stopWaiting();
        return new Promise((resolve) => {
            const done = (paid) => {
                if (this.waiting?.line === line) {
                    this.waiting = null;
                }
                resolve(paid);
            };
            this.waiting = {
                line,
                done,
                onCard: async (uid, at, how = {}) => {
                    if (this.admits(order, uid, line.getAmount(), at)) {
                        done(await this.hold.take(order, line, uid, how));
                    }
                },
            };
            this.band.show({
                ...describe("tap_now"),
                tone: "wait",
                amount: this.money.format(line.getAmount()),
            });
        });
    }

    stopWaiting() {
        const { waiting } = this;
        this.waiting = null;
        waiting?.done(false);
        this.band.closeIf(["tap_now", "other_card"]);
    }
}
