import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import { uuidv4 } from "@point_of_sale/utils";

/** The seats are not to be had: the basket stays as it is. */
export class NoSeats extends Error {}

/** A rate as this till knows it: another one may have been set meanwhile. */
const seenOf = (rate) => ({
    product_id: rate.product_id?.id,
    card_only: rate.tibillet_card_only,
});

const seatLines = (order) =>
    order.lines.filter((line) => line.event_ticket_id && line.qty > 0).map((line) => line.uuid);

/** Longer than that nobody waits where the device has seats of its own. */
const PATIENCE_MS = 5000;
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const offline = () => ({
    ok: false,
    code: "offline",
    message: _t("Without network no seat is sold: nobody knows what is left."),
});

/** What the order's lines of seats are: line, rate, slot, number, price of one. */
const placesOf = (order) =>
    order.lines
        .filter((line) => line.event_ticket_id && line.qty > 0)
        .map((line) => [
            line.uuid,
            line.event_ticket_id.id,
            line.event_registration_ids[0]?.event_slot_id?.id || false,
            line.qty,
            line.price_unit,
        ]);

/** Whether a card or a terminal has paid something already: then nothing is refused any more. */
const isMoneyTaken = (order) =>
    order.payment_ids.some((line) => line.payment_status === "done" && line.amount > 0);

patch(PosStore.prototype, {
    /** Ask the server about seats; a network that is gone is an answer too. */
    async tibilletAskSeats(act, ...args) {
        try {
            return await this.data.call("pos.session", `tibillet_seats_${act}`, [
                [this.session.id],
                ...args,
            ]);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            return offline();
        }
    },

    /** A refusal is shown, and answered by false. */
    tibilletSeatsAnswered({ ok, message }) {
        if (!ok) {
            this.dialog.add(AlertDialog, { title: _t("No seats"), body: message });
        }
        return ok;
    },

    /** The seats of one line: of everybody's, or of those that this device keeps. */
    async tibilletHoldSeats({ uuid, event_ticket_id: rate, event_slot_id: slot, qty, price_unit }) {
        const order = this.getOrder();
        const asked = this.tibilletAskSeats(
            "hold",
            uuid,
            rate.id,
            slot?.id || false,
            qty,
            order?.partner_id?.id || false,
            seenOf(rate),
            price_unit ?? null,
            order ? placesOf(order) : []
        );
        const keeps = !slot && this.tibilletAllotment.left(rate.id) >= qty;
        const answer = await (keeps
            ? Promise.race([asked, later(PATIENCE_MS).then(offline)])
            : asked);
        return ["offline", "sold_out"].includes(answer.code) && !slot
            ? this.tibilletTakeKept([{ uuid, rate, quantity: qty }], answer)
            : answer;
    },

    /**
     * Before any money: the seats are there, for this customer and at these prices. Those that
     * the device keeps wait by themselves.
     */
    async tibilletKeepSeats(order) {
        const asked = seatLines(order).filter((uuid) => !this.tibilletAllotment.has(uuid));
        if (!asked.length) {
            return true;
        }
        const places = placesOf(order).filter(([uuid]) => asked.includes(uuid));
        const partner = order.partner_id?.id || false;
        let answer = await this.tibilletAskSeats("keep", asked, partner, places);
        if (answer.code === "offline") {
            const lines = order.lines.filter((line) => asked.includes(line.uuid));
            answer = this.tibilletTakeKept(
                lines.map((line) => ({
                    uuid: line.uuid,
                    rate: line.event_ticket_id,
                    quantity: line.qty,
                })),
                answer
            );
        }
        return this.tibilletSeatsAnswered(answer);
    },

    /** Nobody pays, by touch or by tap, for a basket that is about to have another line. */
    async tibilletAlone(work) {
        const { state = {} } = this.tibilletTill || {};
        const mine = !state.busy;
        state.busy = true;
        this.ui.block();
        try {
            return await work();
        } finally {
            this.ui.unblock();
            state.busy = !mine;
        }
    },

    /** Seats are put aside before they are in the basket. */
    async addLineToCurrentOrder(vals) {
        if (vals.event_ticket_id && vals.qty > 0) {
            vals.uuid = uuidv4();
            const answer = await this.tibilletAlone(() => this.tibilletHoldSeats(vals));
            if (!this.tibilletSeatsAnswered(answer)) {
                throw new NoSeats();
            }
        }
        return super.addLineToCurrentOrder(...arguments);
    },

    tibilletGiveBack(lines) {
        this.tibilletAllotment.giveBack(lines);
        if (lines.length) {
            // What does not arrive goes back when its time is over.
            this.data
                .call("pos.session", "tibillet_seats_drop", [[this.session.id], lines])
                .catch(() => {});
        }
    },

    removeOrder(order) {
        if (!order.finalized) {
            this.tibilletGiveBack(seatLines(order));
        }
        return super.removeOrder(...arguments);
    },

    /** Nobody is shown the ways to pay for seats that went back. */
    async pay() {
        if (!(await this.tibilletKeepSeats(this.getOrder()))) {
            return;
        }
        return super.pay(...arguments);
    },

    /** A key that pays at once asks before it puts a payment on the order. */
    async validateOrderFast() {
        if (await this.tibilletKeepSeats(this.getOrder())) {
            return super.validateOrderFast(...arguments);
        }
    },
});

patch(ProductScreen.prototype, {
    async addProductToOrder() {
        try {
            return await super.addProductToOrder(...arguments);
        } catch (error) {
            if (!(error instanceof NoSeats)) {
                throw error;
            }
        }
    },
});

patch(OrderSummary.prototype, {
    /** A line that the cashier takes out gives its seats back at once. */
    _setValue() {
        const line = this.currentOrder.getSelectedOrderline();
        const mine = line?.event_ticket_id && line.qty > 0 ? [line.uuid] : [];
        super._setValue(...arguments);
        const stays = new Set(seatLines(this.currentOrder));
        this.pos.tibilletGiveBack(mine.filter((uuid) => !stays.has(uuid)));
    },
});

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        const kept = await this.pos.tibilletKeepSeats(this.order);
        if (!kept && !isMoneyTaken(this.order)) {
            return false;
        }
        return super.isOrderValid(...arguments);
    },
});
