import { patch } from "@web/core/utils/patch";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { PaymentScreenPaymentLines } from "@point_of_sale/app/screens/payment_screen/payment_lines/payment_lines";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";

patch(PaymentScreenPaymentLines.prototype, {
    tibilletIsWallet(line) {
        return isWallet(line.payment_method_id);
    },
});

patch(PaymentScreen.prototype, {
    /** Odoo's picture for methods without journal shows an IOU: a card deserves its own. */
    paymentMethodImage(id) {
        const method = this.pos.models["pos.payment.method"].get(id);
        return isWallet(method) && !method.image
            ? "/tibillet_pos_nfc/static/src/img/card.svg"
            : super.paymentMethodImage(...arguments);
    },

    /** A card line that is held may be dropped until the order is validated. */
    deletePaymentLine(uuid) {
        const line = this.paymentLines.find((candidate) => candidate.uuid === uuid);
        if (isWallet(line?.payment_method_id) && line.payment_status === "done") {
            this.currentOrder.removePaymentline(line);
            this.numberBuffer.reset();
            return;
        }
        return super.deletePaymentLine(...arguments);
    },
});
