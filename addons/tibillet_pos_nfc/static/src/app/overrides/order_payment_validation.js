import { serializeDateTime } from "@web/core/l10n/dates";
import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";

const { DateTime } = luxon;

patch(OrderPaymentValidation.prototype, {
    get tibilletTill() {
        return this.pos.tibilletTill;
    },

    /** An order whose money is held needs nothing more from the server before the next one. */
    get tibilletCanGoBehind() {
        return (
            this.tibilletTill?.state.paired &&
            !this.order.isToInvoice() &&
            this.order.payment_ids.some((line) => isWallet(line.payment_method_id))
        );
    },

    async finalizeValidation() {
        this.tibilletTill?.stamp(this.order);
        return super.finalizeValidation(...arguments);
    },

    async shouldHideValidationBehindFeedbackScreen() {
        if (!this.tibilletCanGoBehind) {
            return super.shouldHideValidationBehindFeedbackScreen(...arguments);
        }
        const { order, pos } = this;
        const next = this.nextPage;
        if (order.isPaidWithCash() || order.change) {
            pos.hardwareProxy.openCashbox();
        }
        order.date_order = serializeDateTime(DateTime.now());
        this.tibilletTill.stamp(order);
        pos.addPendingOrder([order.id]);
        order.state = "paid";
        await this.tibilletTill.sendBehind(order, () => this.afterOrderValidation());
        if (order.uiState.tibilletDirect) {
            pos.orderDone(order);
        } else {
            pos.navigate(next.page, next.params);
        }
    },
});
