import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { describe } from "@tibillet_pos_nfc/app/till/states";
import { OfferDialog } from "./offer_dialog";
import { OFFERED } from "./offers";

patch(PosStore.prototype, {
    /**
     * Ask why and give away.
     *
     * @param {Object} [line] what was touched; the selected line when left out
     */
    tibilletOffer(line) {
        const order = this.getOrder();
        const { offers, band } = this.tibilletTill;
        const selected = line || order?.getSelectedOrderline();
        if (!order?.lines.length) {
            return;
        }
        if (!offers.mayOffer) {
            band.show(describe("not_allowed", { message: offers.refusal(order.lines) }));
            return;
        }
        const single = offers.offerable(selected ? [selected] : []).length > 0;
        this.dialog.add(OfferDialog, {
            offers,
            order,
            ...(single ? { line: selected } : {}),
            onOffered: (whole) => whole && this.tibilletEndOffered(order),
        });
    },

    /** A basket that costs nothing any more is done. */
    async tibilletEndOffered(order) {
        const left = order.lines.some((line) => line.discount < OFFERED);
        if (!left && !order.payment_ids.length) {
            await this.tibilletTill.validate(order);
        }
    },

    /** A whole discount that is typed is an offer: it has a reason. */
    async setDiscountFromUI(line, val) {
        const typed = Number(String(val).replace(",", "."));
        if (typed >= OFFERED && line.price_unit > 0 && this.tibilletTill?.offers.reasons.length) {
            return this.tibilletOffer(line);
        }
        return super.setDiscountFromUI(...arguments);
    },
});

patch(PosOrderline.prototype, {
    /** What is paid again, or partly, is not offered. */
    setDiscount() {
        super.setDiscount(...arguments);
        if (this.discount < OFFERED && this.tibillet_offer_reason_id) {
            this.update({ tibillet_offer_reason_id: undefined });
        }
    },

    /** One glass offered and one sold are two lines, and so are two reasons. */
    canBeMergedWith(line) {
        return (
            this.tibillet_offer_reason_id?.id === line.tibillet_offer_reason_id?.id &&
            super.canBeMergedWith(...arguments)
        );
    },
});
