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

    /** A basket goes to the server with the card lines that a card paid, and no others. */
    async preSyncAllOrders(orders) {
        for (const order of orders) {
            await this.tibilletTill?.bill.leaveUnpaidLines(order);
            if (order.finalized) {
                this.tibilletTill?.clock.correct(order);
            }
        }
        return super.preSyncAllOrders(...arguments);
    },

    /**
     * Two tables become one. What a card set aside belongs to the order it was tapped for and
     * cannot move: the other order comes to it, on the table that was chosen.
     */
    async mergeOrders(sourceOrder, destOrder) {
        if (!sourceOrder.tibilletHeld) {
            return super.mergeOrders(...arguments);
        }
        if (destOrder.tibilletHeld) {
            this.tibilletTill.bill.refuseToMerge(sourceOrder);
            return destOrder;
        }
        sourceOrder.table_id = destOrder.table_id;
        return super.mergeOrders(destOrder, sourceOrder);
    },

    /** Into an order without table, which the caller goes on to show: that one has to stay. */
    async transferOrder(orderUuid, _table = null, destinationOrder = null) {
        const order = this.models["pos.order"].getBy("uuid", orderUuid);
        if (destinationOrder && order?.tibilletHeld) {
            return this.tibilletTill.bill.refuseToMerge(order);
        }
        return super.transferOrder(...arguments);
    },

    /** The method of cards has no journal, yet it is no “customer account” to Odoo's eyes. */
    shouldCreatePendingOrder(order) {
        if (!order.lines.length && order.payment_ids.some((p) => isWallet(p.payment_method_id))) {
            return false;
        }
        return super.shouldCreatePendingOrder(...arguments);
    },
});
