import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";

patch(PosStore.prototype, {
    /** A deleted order gives back what its cards had set aside. */
    async _onBeforeDeleteOrder(order) {
        const goesOn = await super._onBeforeDeleteOrder(...arguments);
        if (goesOn && !order.finalized) {
            order.payment_ids.forEach((line) => this.tibilletTill?.drop(line));
        }
        return goesOn;
    },

    /** The method of cards has no journal, yet it is no “customer account” to Odoo's eyes. */
    shouldCreatePendingOrder(order) {
        if (!order.lines.length && order.payment_ids.some((p) => isWallet(p.payment_method_id))) {
            return false;
        }
        return super.shouldCreatePendingOrder(...arguments);
    },
});
