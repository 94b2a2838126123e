import { patch } from "@web/core/utils/patch";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { fromMinor } from "@tibillet_pos_nfc/app/till/basket";
import { giftOfPayment, withoutGifts } from "@tibillet_pos_nfc/app/gift/gifts";
import { pointsTold } from "@tibillet_pos_nfc/app/loyal/points";
import { isTraining } from "@tibillet_pos_nfc/app/training/training_mode";
import { formatUnit } from "@tibillet_pos_nfc/app/till/units";

patch(OrderReceipt.prototype, {
    get isTibilletTraining() {
        return isTraining();
    },

    get tibilletGiven() {
        return withoutGifts(this.order);
    },

    tibilletGiftOf(payment) {
        return giftOfPayment(this.order, payment);
    },

    formatTibillet(part) {
        return formatUnit(part, this.order.currency);
    },

    tibilletPoints(told) {
        return pointsTold(told.earned);
    },

    formatTibilletMinor(amountMinor) {
        return this.formatCurrency(fromMinor(amountMinor, this.order.currency.decimal_places));
    },
});
