import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";

/** The server's route for a last word that is not waited for. */
export const LEAVE_ROUTE = "/tibillet/till/leave";

/**
 * The page is closed in the middle of a payment: what cards have set aside goes back at once.
 *
 * The acts are numbered and kept in the browser first. Opened again, the till takes their lines
 * off the order and tells the server once more. A table's bill keeps what was paid on it: other
 * devices have it too.
 */
export class Leaving {
    /**
     * @param {Object} parts
     * @param {import("../till/device_journal").DeviceJournal} parts.journal
     * @param {import("../till/hold_keeper").HoldKeeper} parts.holds
     * @param {() => Object[]} parts.orders of this till
     * @param {() => number} parts.session id of the open session
     * @param {(url: string, body: string) => boolean} [parts.beacon]
     */
    constructor({ journal, holds, orders, session, beacon = defaultBeacon }) {
        this.journal = journal;
        this.holds = holds;
        this.orders = orders;
        this.session = session;
        this.beacon = beacon;
    }

    get lines() {
        return this.orders()
            .filter((order) => !order.finalized && !order.table_id)
            .flatMap((order) => [...order.payment_ids])
            .filter(
                (line) =>
                    isWallet(line.payment_method_id) &&
                    line.transaction_id &&
                    this.holds.isOurs(line)
            );
    }

    leave() {
        if (!this.journal.isPaired) {
            return;
        }
        for (const line of this.lines) {
            this.giveUp(line.transaction_id);
        }
        for (const act of this.journal.pending("hold")) {
            this.giveUp(act.key);
        }
        const acts = this.journal.pending("void").map(({ seq, key }) => ({ seq, key }));
        if (acts.length) {
            const told = { session: this.session(), device: this.journal.credential, acts };
            this.beacon(LEAVE_ROUTE, JSON.stringify(told));
        }
    }

    giveUp(key) {
        if (!this.holds.isGivenUp(key)) {
            this.journal.allot("void", key);
        }
    }

    /**
     * Back again: no line stays on an order whose money was given back when the page was closed.
     *
     * @returns {boolean} whether there was one
     */
    forgetLines() {
        const given = this.lines.filter((line) => this.holds.isGivenUp(line.transaction_id));
        for (const line of given) {
            line.pos_order_id.removePaymentline(line);
        }
        return Boolean(given.length);
    }
}

function defaultBeacon(url, body) {
    return navigator.sendBeacon(url, body);
}
