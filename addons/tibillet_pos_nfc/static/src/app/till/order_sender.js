import { RPCError } from "@web/core/network/rpc";
import { describe } from "./states";
import { isWallet } from "./wallet_method";

/** Two tills at once, a restart, a session that ended: the next try may well be heard. */
const PASSING =
    /^psycopg2\.(OperationalError|InterfaceError|errors\.(SerializationFailure|DeadlockDetected|LockNotAvailable|QueryCanceled|AdminShutdown))$|\.(ConcurrencyError|LockError|SessionExpiredException)$/;
/** The session was closed meanwhile: the order goes once the till is open again. */
const CLOSED = /\.TillClosedError$/;
/** How long an order is waited for before the next one is sent. */
export const TURN_MS = 10000;

/** Orders that go to the server behind the next customer, and are sent until they are there. */
export class OrderSender {
    /**
     * @param {Object} parts
     * @param {{paired: boolean, unsent: number}} parts.state
     * @param {import("./device_journal").DeviceJournal} parts.journal
     * @param {import("./unsent_orders").UnsentOrders} parts.unsent
     * @param {import("./till_band").TillBand} parts.band
     * @param {import("./till_pairing").TillPairing} parts.pairing
     * @param {(uuid: string) => Object|undefined} parts.orderOf
     * @param {() => Promise} parts.store writes what the till knows into the browser
     * @param {(order: Object) => Promise} parts.sync sends one order; rejects when it did not go
     */
    constructor({ state, journal, unsent, band, pairing, orderOf, store, sync }) {
        this.state = state;
        this.journal = journal;
        this.unsent = unsent;
        this.band = band;
        this.pairing = pairing;
        this.orderOf = orderOf;
        this.store = store;
        this.sync = sync;
        this.sending = new Map();
        this.turn = null;
        this.count();
    }

    count() {
        this.state.unsent = this.unsent.uuids.length;
    }

    /** Number the order in this till's journal, once. */
    stamp(order) {
        if (!this.state.paired || order.tibillet_device_seq) {
            return;
        }
        const act = this.journal.allot("order", order.uuid);
        order.update({ tibillet_device_id: this.pairing.device, tibillet_device_seq: act.seq });
    }

    /** Kept in this browser first; the sending itself is not waited for. */
    async sendBehind(order, after = async () => {}) {
        this.unsent.add(order.uuid);
        this.count();
        await this.store();
        this.send(order, after);
    }

    send(order, after = async () => {}) {
        if (!this.sending.has(order.uuid)) {
            const going = this.deliver(order, after);
            this.sending.set(order.uuid, going);
            going.then(() => this.sending.delete(order.uuid));
        }
        return this.sending.get(order.uuid);
    }

    async deliver(order, after) {
        try {
            await this.sync(order);
            this.sent(order);
            await after();
        } catch (error) {
            if (error instanceof RPCError && CLOSED.test(error.data?.name)) {
                this.band.show(describe("till_closed_unsent"));
            } else if (error instanceof RPCError && !PASSING.test(error.data?.name)) {
                this.refused(order, error);
            }
        }
    }

    sent(order) {
        this.unsent.remove(order.uuid);
        this.count();
        for (const act of this.journal.pending("order")) {
            if (act.key === order.uuid) {
                this.journal.settle(act.seq);
            }
        }
    }

    /** The server would not record it: the order is a draft again, its card line says why. */
    refused(order, error) {
        this.unsent.remove(order.uuid);
        this.count();
        order.state = "draft";
        order.uiState.displayed = true;
        const message = error.data?.message || error.message;
        for (const line of order.payment_ids) {
            if (isWallet(line.payment_method_id)) {
                line.setPaymentStatus("retry");
                line.tibillet_reason = message;
            }
        }
        this.band.show({ ...describe("order_refused", { message }), orderUuid: order.uuid });
    }

    /**
     * Send again what is not there yet, one after the other: numbers without a gap are given to
     * one order at a time. A later turn takes over from one that hangs.
     */
    async resend({ fromReload = false } = {}) {
        this.settleOthers();
        const turn = (this.turn = {});
        if (fromReload) {
            this.forgetOthers();
        }
        for (const uuid of this.unsent.uuids) {
            const order = this.orderOf(uuid);
            if (order?.finalized && turn === this.turn) {
                const patience = new Promise((resolve) => setTimeout(resolve, TURN_MS));
                await Promise.race([this.send(order), patience]);
            }
        }
    }

    /** What the browser kept and is no paid order any more. */
    forgetOthers() {
        for (const uuid of this.unsent.uuids) {
            if (!this.orderOf(uuid)?.finalized) {
                this.unsent.remove(uuid);
            }
        }
    }

    /** Orders that went Odoo's way (cash, invoices) are told by the order they became. */
    settleOthers() {
        for (const act of this.journal.pending("order")) {
            const order = this.orderOf(act.key);
            if (!this.unsent.has(act.key) && (!order || (order.finalized && order.isSynced))) {
                this.journal.settle(act.seq);
            }
        }
    }
}
