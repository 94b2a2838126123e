import { patch } from "@web/core/utils/patch";
import { ReceiptHeader } from "@point_of_sale/app/screens/receipt_screen/receipt/receipt_header/receipt_header";

patch(ReceiptHeader.prototype, {
    /** A merchant sells under its own name: the organiser's logo would say otherwise. */
    get logoUrl() {
        return this.order.config._tibillet_merchant ? null : super.logoUrl;
    },
});
