/** Lines of the basket that somebody has a right to: for nothing, one each, and given back. */

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { OFFERED } from "@tibillet_pos_nfc/app/prices/offers";

let store; // lines and orders do not know the till they are in

const dueLines = (order) =>
    order.lines.filter((line) => line.tibilletIsDue && line.qty > 0).map((line) => line.uuid);

patch(PosOrderline.prototype, {
    get tibilletIsDue() {
        return Boolean(this.tibillet_day_right);
    },

    /** One line for each: each is one right that was taken. */
    canBeMergedWith(line) {
        return !this.tibilletIsDue && !line.tibilletIsDue && super.canBeMergedWith(...arguments);
    },

    setQuantity(quantity) {
        const asked = Number(quantity || 0);
        if (this.tibilletIsDue && asked !== 0 && asked !== 1) {
            return {
                title: _t("Right of the day"),
                body: _t("One touch on the card's page, one line. Tap the card for another."),
            };
        }
        return super.setQuantity(...arguments);
    },

    /** It costs nothing whatever is typed; who wants it paid takes the line out. */
    setDiscount(discount) {
        return super.setDiscount(this.tibilletIsDue ? OFFERED : discount);
    },
});

patch(PosOrder.prototype, {
    /** A line that the cashier takes out gives its right back at once. */
    removeOrderline(line) {
        const mine = line?.tibilletIsDue && !this.finalized ? [line.uuid] : [];
        const result = super.removeOrderline(...arguments);
        const stays = new Set(dueLines(this));
        store?.tibilletRightsBack(mine.filter((uuid) => !stays.has(uuid)));
        return result;
    },
});

patch(PosStore.prototype, {
    async setup() {
        store = this;
        return super.setup(...arguments);
    },

    /** A line of an article for nothing, named by the server's key. */
    async tibilletAddDue(order, product, uuid, right) {
        const line = await this.addLineToOrder(
            {
                product_id: product,
                product_tmpl_id: product.product_tmpl_id,
                qty: 1,
                uuid,
                tibillet_day_right: right,
            },
            order,
            {},
            false
        );
        line?.setDiscount(OFFERED);
        return line;
    },

    /** Lines that left the basket; what does not arrive is tried again, then the closing does it. */
    async tibilletRightsBack(lines) {
        const waiting = (this.tibilletRightsWaiting ||= new Set());
        lines.forEach((uuid) => waiting.add(uuid));
        clearTimeout(this.tibilletRightsTimer);
        if (!waiting.size) {
            return;
        }
        const asked = [...waiting];
        try {
            await this.data.call("pos.session", "tibillet_right_back", [[this.session.id], asked]);
            asked.forEach((uuid) => waiting.delete(uuid));
        } catch {
            this.tibilletRightsTimer = setTimeout(() => this.tibilletRightsBack([]), 15000);
        }
    },

    removeOrder(order) {
        if (!order.finalized) {
            this.tibilletRightsBack(dueLines(order));
        }
        return super.removeOrder(...arguments);
    },
});

patch(OrderSummary.prototype, {
    /** A line whose number goes to nothing is gone, and its right is back. */
    _setValue() {
        const line = this.currentOrder.getSelectedOrderline();
        const isDue = line?.tibilletIsDue && line.qty > 0;
        const result = super._setValue(...arguments);
        if (isDue && this.currentOrder.lines.includes(line) && !line.qty) {
            this.currentOrder.removeOrderline(line);
        }
        return result;
    },
});
