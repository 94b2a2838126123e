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
            !this.order.tibilletTopUps && // the server is heard before the holder leaves
            (this.order.tibillet_asset_key || // paid in minutes or points
                this.order.payment_ids.some((line) => isWallet(line.payment_method_id)))
        );
    },

    /** Goods were taken off after the tap: a card is not changed into cash. */
    async isOrderValid() {
        const bill = this.tibilletTill?.bill;
        if (bill?.isOverpaid(this.order)) {
            bill.refuseOverpaid(this.order);
            return false;
        }
        const tooMuch = bill?.moneyTooMuch(this.order);
        if (tooMuch) {
            bill.refuseMoney(tooMuch);
            return false;
        }
        return super.isOrderValid(...arguments);
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
        this.tibilletTill.clock.correct(order);
        this.tibilletTill.stamp(order);
        pos.addPendingOrder([order.id]);
        order.state = "paid";
        const stored = this.tibilletTill.sendBehind(order, () => this.afterOrderValidation());
        if (!order.uiState.tibilletDirect) {
            await stored;
            pos.navigate(next.page, next.params);
            return;
        }
        // The next order stands before anything is waited for: shown a paid one, the product
        // screen makes a new order by itself, and leaving it later would set aside what the
        // cashier has put on it for the next customer.
        if (pos.getOrder()?.uuid === order.uuid) {
            pos.orderDone(order);
        } else {
            order.setScreenData({ name: "" }); // the cashier serves another order already
        }
        await stored;
    },
});
