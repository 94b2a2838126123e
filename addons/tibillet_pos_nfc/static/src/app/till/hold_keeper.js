import { describe } from "./states";
import { isWallet } from "./wallet_method";

/** Most acts that one request gives up. */
const AT_ONCE = 100;
/** How long one telling is waited for before the next one starts. */
const TOLD_MS = 10000;

/**
 * What this till has set aside on cards: renewed while an order needs it, given back when none
 * does, and told to the server as often as it takes.
 */
export class HoldKeeper {
    /**
     * @param {Object} parts
     * @param {import("./device_journal").DeviceJournal} parts.journal
     * @param {import("./till_client").TillClient} parts.client
     * @param {import("./till_band").TillBand} parts.band
     * @param {import("./unsent_orders").UnsentOrders} parts.unsent
     * @param {() => Object[]} parts.orders of this till
     * @param {() => void} parts.settle repeats now what the server has not confirmed
     */
    constructor({ journal, client, band, unsent, orders, settle }) {
        this.journal = journal;
        this.client = client;
        this.band = band;
        this.unsent = unsent;
        this.orders = orders;
        this.settle = settle;
    }

    /** Payment lines that a card paid, of orders that the server does not have yet. */
    get lines() {
        return this.orders()
            .filter((order) => !order.finalized || this.unsent.has(order.uuid))
            .flatMap((order) => [...order.payment_ids])
            .filter(
                (line) =>
                    isWallet(line.payment_method_id) &&
                    line.transaction_id &&
                    line.amount > 0 &&
                    line.payment_status === "done" &&
                    this.isOurs(line)
            );
    }

    /** Another machine of the same till renews what it holds itself. */
    isOurs(line) {
        const id = line.raw?.tibillet_device_id;
        return !id || id === this.journal.deviceId;
    }

    async renew() {
        const { lines } = this;
        if (!lines.length || !this.journal.isPaired) {
            return;
        }
        try {
            const answer = await this.client.renew(
                this.journal.credential,
                lines.map((line) => line.transaction_id)
            );
            for (const line of lines) {
                const gone = answer.lost?.includes(line.transaction_id);
                if (gone && !line.pos_order_id.finalized) {
                    line.setPaymentStatus("retry");
                    line.update({ transaction_id: "", tibillet_device_id: undefined });
                    this.band.show(describe("hold_expired"));
                }
            }
        } catch {
            // Out of touch: late capture and shortfall cover it, the next minute tries again.
        }
    }

    /** Give a hold back, now or when the server can be reached again. */
    giveUp(key) {
        if (key && !this.isGivenUp(key)) {
            this.journal.allot("void", key);
            this.settle();
        }
    }

    /** A line leaves an order: what it held goes back to the card. */
    drop(line) {
        if (isWallet(line.payment_method_id) && line.transaction_id) {
            this.giveUp(line.transaction_id);
        }
    }

    /** A tap whose answer was lost with the page: nobody waits for it any more. */
    abandonUnanswered() {
        const held = new Set(this.lines.map((line) => line.transaction_id));
        for (const act of this.journal.pending("hold")) {
            if (held.has(act.key)) {
                this.journal.settle(act.seq);
            } else if (!this.isGivenUp(act.key)) {
                this.journal.allot("void", act.key);
            }
        }
    }

    isGivenUp(key) {
        return this.journal.pending("void").some((act) => act.key === key);
    }

    /**
     * Tell the server, in one request, everything that was given up.
     *
     * @returns {Promise<boolean>} whether it has heard it
     */
    settleVoids() {
        // What is given up while the server is told goes in the next request, not beside it.
        const patience = () => new Promise((resolve) => setTimeout(resolve, TOLD_MS, false));
        this.settling = (this.settling || Promise.resolve()).then(() =>
            Promise.race([this.tellVoids(), patience()])
        );
        return this.settling;
    }

    async tellVoids() {
        const acts = this.journal.pending("void").slice(0, AT_ONCE);
        if (!acts.length) {
            return true;
        }
        const { credential } = this.journal;
        try {
            const answer = await this.client.release(
                credential,
                acts.map(({ seq, key }) => ({ seq, key }))
            );
            if (!answer.ok) {
                return false; // asked too often, not paired any more: it is told later
            }
            for (const act of acts) {
                if (!(await this.tellHold(act, credential))) {
                    return false;
                }
                this.journal.settle(act.seq);
            }
            return this.tellVoids();
        } catch {
            return false; // still out of touch: the acts stay in the journal and are repeated
        }
    }

    /**
     * A hold that never arrived is told now, void already: the journal has no gap.
     *
     * @returns {Promise<boolean>} whether its number is written
     */
    async tellHold(act, credential) {
        for (const hold of this.journal.pending("hold")) {
            if (hold.key === act.key) {
                const { seq, key } = hold;
                const asked = [credential, seq, key, "", [], null];
                const answer = await this.client.call("tibillet_hold", asked);
                if (answer.unnumbered) {
                    return false; // asked too often: it is told later
                }
                this.journal.settle(seq);
            }
        }
        return true;
    }
}
