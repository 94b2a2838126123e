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
class NoSeats extends Error {}

const seatLines = (order) =>
    order.lines.filter((line) => line.event_ticket_id && line.qty > 0).map((line) => line.uuid);

patch(PosStore.prototype, {
    /** Ask the server about seats; a refusal is shown, and answered by false. */
    async tibilletSeats(act, ...args) {
        let answer;
        try {
            answer = await this.data.call("pos.session", `tibillet_seats_${act}`, [
                [this.session.id],
                ...args,
            ]);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            answer = {
                ok: false,
                message: _t("Without network no seat is sold: nobody knows what is left."),
            };
        }
        if (!answer.ok) {
            this.dialog.add(AlertDialog, { title: _t("No seats"), body: answer.message });
        }
        return answer.ok;
    },

    /** Seats are put aside before they are in the basket. */
    async addLineToCurrentOrder(vals) {
        if (vals.event_ticket_id && vals.qty > 0) {
            vals.uuid = uuidv4();
            const held = await this.tibilletSeats(
                "hold",
                vals.uuid,
                vals.event_ticket_id.id,
                vals.event_slot_id?.id || false,
                vals.qty,
                this.getOrder()?.partner_id?.id || false
            );
            if (!held) {
                throw new NoSeats();
            }
        }
        return super.addLineToCurrentOrder(...arguments);
    },

    tibilletGiveBack(lines) {
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
        const lines = seatLines(this.getOrder());
        if (lines.length && !(await this.tibilletSeats("keep", lines))) {
            return;
        }
        return super.pay(...arguments);
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
        const lines = seatLines(this.order);
        if (lines.length && !(await this.pos.tibilletSeats("keep", lines))) {
            return false;
        }
        return super.isOrderValid(...arguments);
    },
});
