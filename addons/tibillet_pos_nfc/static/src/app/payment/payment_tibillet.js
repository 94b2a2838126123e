import { PaymentInterface } from "@point_of_sale/app/utils/payment/payment_interface";
import { register_payment_method } from "@point_of_sale/app/services/pos_store";

/** The card reader as Odoo's payment screen knows terminals. */
export class PaymentTibillet extends PaymentInterface {
    get till() {
        return this.env.services.tibillet_till;
    }

    async sendPaymentRequest(uuid) {
        await super.sendPaymentRequest(...arguments);
        const line = this.pos.models["pos.payment"].getBy("uuid", uuid);
        return this.till.waitForCard(line.pos_order_id, line);
    }

    async sendPaymentCancel(order, uuid) {
        await super.sendPaymentCancel(...arguments);
        const line = this.pos.models["pos.payment"].getBy("uuid", uuid);
        this.till.stopWaiting();
        if (line) {
            this.till.drop(line);
        }
        return true;
    }

    close() {
        this.till.stopWaiting();
    }
}

register_payment_method("tibillet_nfc", PaymentTibillet);
