import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

/** Money for a card is what was promised: once, at its price, taken off or left as it is. */
patch(PosOrderline.prototype, {
    setQuantity(quantity) {
        if (this.tibillet_operation_key && ![0, 1].includes(Number(quantity || 0))) {
            return {
                title: _t("A top-up is sold once"),
                body: _t("Take it off, or add another one from the card's page."),
            };
        }
        return super.setQuantity(...arguments);
    },

    setUnitPrice(price) {
        if (this.tibillet_operation_key && this.price_unit) {
            return;
        }
        super.setUnitPrice(price);
    },

    setDiscount(discount) {
        super.setDiscount(this.tibillet_operation_key ? 0 : discount);
    },

    canBeMergedWith(line) {
        if (this.tibillet_operation_key || line.tibillet_operation_key) {
            return false;
        }
        return super.canBeMergedWith(...arguments);
    },

    /** Nothing of it is left to refund on Odoo's screen: the card's page pays back. */
    get refundedQty() {
        return this.tibillet_operation_key ? this.qty : super.refundedQty;
    },
});
