import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { tillEvents } from "@tibillet_pos_nfc/app/till/till_events";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";

patch(PosOrder.prototype, {
    /** A line taken off an open order gives its hold back to the card. */
    removePaymentline(line) {
        if (!this.finalized && isWallet(line.payment_method_id)) {
            tillEvents.dispatchEvent(new CustomEvent("drop", { detail: line }));
        }
        return super.removePaymentline(...arguments);
    },

    /** What cards have set aside for an order that is still open. */
    get tibilletHeld() {
        if (this.finalized) {
            return 0;
        }
        return this.payment_ids
            .filter((line) => isWallet(line.payment_method_id) && line.isDone() && line.amount > 0)
            .reduce((sum, line) => sum + line.amount, 0);
    },

    /** What the cards paid and what is left on them, for the receipt. */
    get tibilletReceipts() {
        const told = this.uiState?.tibillet || {};
        return this.payment_ids
            .filter((line) => isWallet(line.payment_method_id) && line.isDone())
            .map((line) => ({
                uuid: line.uuid,
                tail: told[line.uuid]?.tail || line.card_no || "",
                split: told[line.uuid]?.split || line.tibillet_split || [],
                left: told[line.uuid]?.left || [],
                leftMinor: told[line.uuid]?.leftMinor ?? null,
            }));
    },
});
