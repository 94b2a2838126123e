import { patch } from "@web/core/utils/patch";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { fromMinor } from "@tibillet_pos_nfc/app/till/basket";
import { formatUnit } from "@tibillet_pos_nfc/app/till/units";

patch(OrderReceipt.prototype, {
    formatTibillet(part) {
        return formatUnit(part, this.order.currency);
    },

    formatTibilletMinor(amountMinor) {
        return this.formatCurrency(fromMinor(amountMinor, this.order.currency.decimal_places));
    },
});
