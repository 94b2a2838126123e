import { patch } from "@web/core/utils/patch";
import { formatCurrency } from "@point_of_sale/app/models/utils/currency";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { isTraining } from "@tibillet_pos_nfc/app/training/training_mode";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";

patch(CustomerDisplayPosAdapter.prototype, {
    /** What is still to be paid, in large figures, before any card is tapped. */
    formatOrderData(order) {
        super.formatOrderData(...arguments);
        const takesCards = order.config.payment_method_ids.some(isWallet);
        const due = order.finalized || !order.lines.length ? 0 : order.remainingDue;
        this.data.tibilletDue = takesCards && due ? formatCurrency(due, order.currency) : "";
        this.data.tibilletTraining = isTraining();
        if (!order.lines.length) {
            this.data.amount = ""; // nobody reads a total of nothing under a welcome
        }
        // A card that is asked, or was refused, has paid nothing.
        this.data.paymentLines = order.payment_ids
            .filter((line) => !isWallet(line.payment_method_id) || line.isDone())
            .map((line) => this.getPaymentData(line));
        this.tibilletOrder = order;
    },

    dispatch(pos) {
        if (this.tibilletOrder) {
            pos.tibilletTill?.customer.seesOrder(this.tibilletOrder);
        }
        return super.dispatch(...arguments);
    },
});
