import { patch } from "@web/core/utils/patch";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { TapHold } from "@tibillet_pos_nfc/app/till/tap_hold";
import { Till } from "@tibillet_pos_nfc/app/till/till_service";

patch(Till.prototype, {
    async start() {
        this.hold.tibilletKeepSeats = (order) => this.pos.tibilletKeepSeats(order);
        return super.start(...arguments);
    },
});

patch(TapHold.prototype, {
    /** Seats first, then the card: a tap pays for no seat that went back. */
    async take(order, line) {
        if (this.tibilletKeepSeats && line.getAmount() > 0) {
            this.state.busy = true; // a second tap waits
            const kept = await this.tibilletKeepSeats(order).finally(() => {
                this.state.busy = false;
            });
            if (!kept || !order.payment_ids.includes(line)) {
                line.setPaymentStatus("retry");
                this.gate.forget();
                this.band.close();
                return false;
            }
        }
        return super.take(...arguments);
    },
});

patch(PaymentScreen.prototype, {
    /** The same before a terminal of the bank is asked. */
    async sendPaymentRequest(line) {
        if (line.getAmount() > 0 && !(await this.pos.tibilletKeepSeats(this.currentOrder))) {
            line.setPaymentStatus("retry");
            return;
        }
        return super.sendPaymentRequest(...arguments);
    },
});
