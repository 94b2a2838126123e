import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { ReceiptScreen } from "@point_of_sale/app/screens/receipt_screen/receipt_screen";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { EventConfiguratorPopup } from "@pos_event/app/components/popup/event_configurator_popup/event_configurator_popup";
import { assetPriceOf, formatAsset, refusalToMix } from "@tibillet_pos_nfc/app/prices/asset_basket";
import { describe } from "@tibillet_pos_nfc/app/till/states";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";
import { NoSeats } from "./seats";

/** Sums of prices are floats: less than this is nothing. */
const HALF_A_CENT = 0.005;

const byCard = (order) =>
    order.lines.filter((line) => line.qty > 0 && line.event_ticket_id?.tibillet_card_only);

/** @returns {string} why cash or a bank card do not pay this order yet, or nothing */
export function refusalOfMoney(order) {
    const lines = byCard(order);
    const due = lines.reduce((sum, line) => sum + line.priceIncl, 0);
    const paid = order.payment_ids
        .filter((line) => isWallet(line.payment_method_id) && line.payment_status === "done")
        .reduce((sum, line) => sum + line.getAmount(), 0);
    if (!lines.length || paid >= due - HALF_A_CENT) {
        return "";
    }
    return _t(
        "“%s” is for those who pay with the card: tap it first. Nothing was taken. Sell another rate to who has none.",
        lines[0].event_ticket_id.name
    );
}

patch(PosOrder.prototype, {
    addPaymentline(method) {
        const refusal = !isWallet(method) && !this.isRefund && refusalOfMoney(this);
        if (refusal) {
            return { status: false, data: refusal };
        }
        return super.addPaymentline(...arguments);
    },
});

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        const message = !this.order.isRefund && refusalOfMoney(this.order);
        if (message) {
            this.pos.tibilletTill?.band.show(describe("asset_by_card", { message }));
            return false;
        }
        return super.isOrderValid(...arguments);
    },
});

patch(PosStore.prototype, {
    /** What does not go with the basket takes no seat. */
    async addLineToCurrentOrder(vals) {
        const order = this.getOrder();
        const template = vals.event_ticket_id?.product_id?.product_tmpl_id;
        const message = template && order && refusalToMix(order, template);
        if (message) {
            this.tibilletTill?.band.show(describe("never_mixed", { message }));
            throw new NoSeats();
        }
        return super.addLineToCurrentOrder(...arguments);
    },
});

patch(ReceiptScreen.prototype, {
    /** “90 min”, not 0.00, where a card paid in no money. */
    get orderAmountPlusTip() {
        return this.currentOrder.tibilletAssetTotal || super.orderAmountPlusTip;
    },
});

patch(EventConfiguratorPopup.prototype, {
    /** “120 min”, where the price is in no money; else what the basket will say. */
    tibilletPriceOf(rate) {
        const values = { overridedValues: { price: rate.price, price_unit: rate.price } };
        const taxes = rate.product_id?.getTaxDetails(values);
        const withTax = this.pos.config.iface_tax_included === "total";
        const paid = withTax ? taxes?.total_included : taxes?.total_excluded;
        const price = assetPriceOf(rate.product_id?.product_tmpl_id);
        const money = price
            ? formatAsset(price, price.price_minor, this.pos.currency)
            : this.env.utils.formatCurrency(paid ?? rate.price);
        return rate.tibillet_card_only ? _t("%s with the card", money) : money;
    },
});
