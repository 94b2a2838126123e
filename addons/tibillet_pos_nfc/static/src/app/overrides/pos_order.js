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

    /** What the lines that load cards cost together. */
    get tibilletTopUps() {
        return this.lines
            .filter((line) => line.tibillet_operation_key)
            .reduce((sum, line) => sum + line.priceIncl, 0);
    },

    /** What a holder keeps of each top-up: the number that gets a lost card replaced. */
    get tibilletTopUpReceipts() {
        return this.lines
            .filter((line) => line.tibillet_operation_key && line.priceIncl > 0)
            .map((line) => ({ key: line.tibillet_operation_key, note: line.customer_note }));
    },

    /** The most that one more card may pay: goods, never money for a card. */
    tibilletCardDue(line) {
        const others = this.payment_ids
            .filter((other) => other !== line && isWallet(other.payment_method_id))
            .reduce((sum, other) => sum + other.amount, 0);
        return this.currency.round(this.totalDue - this.tibilletTopUps - others);
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
                earned: told[line.uuid]?.earned || line.tibillet_earned || [],
            }));
    },
});
