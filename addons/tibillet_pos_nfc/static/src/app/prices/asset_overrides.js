import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { ProductCard } from "@point_of_sale/app/components/product_card/product_card";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { describe } from "@tibillet_pos_nfc/app/till/states";
import { assetPriceOf, assetTotal, formatAsset, refusalToMix } from "./asset_basket";

patch(PosOrderline.prototype, {
    get currencyDisplayPrice() {
        const price = assetPriceOf(this.product_id?.product_tmpl_id);
        return price
            ? formatAsset(price, Math.round(price.price_minor * this.qty), this.currency)
            : super.currencyDisplayPrice;
    },
    get currencyDisplayPriceUnit() {
        const price = assetPriceOf(this.product_id?.product_tmpl_id);
        return price
            ? formatAsset(price, price.price_minor, this.currency)
            : super.currencyDisplayPriceUnit;
    },
});

patch(PosOrder.prototype, {
    /** A basket in minutes has no euros: its total is said in its unit. */
    get tibilletAssetTotal() {
        const total = assetTotal(this);
        return total ? formatAsset(total, total.minor, this.currency) : "";
    },
    get currencyDisplayPrice() {
        return this.tibilletAssetTotal || super.currencyDisplayPrice;
    },
    get currencyDisplayPriceIncl() {
        return this.tibilletAssetTotal || super.currencyDisplayPriceIncl;
    },
});

patch(PosStore.prototype, {
    async addLineToOrder(vals, order) {
        const { product_tmpl_id: given } = vals;
        const template =
            typeof given === "number" ? this.models["product.template"].get(given) : given;
        const message = template && order && refusalToMix(order, template);
        if (message) {
            this.tibilletTill?.band.show(describe("never_mixed", { message }));
            return;
        }
        return super.addLineToOrder(...arguments);
    },
});

patch(ProductCard.prototype, {
    /** “45 min”, where the price is in no money. */
    get tibilletAssetPrice() {
        const price = assetPriceOf(this.props.product);
        const { currency } = this.env.services.pos || {};
        return price && currency ? formatAsset(price, price.price_minor, currency) : "";
    },
});

patch(OrderPaymentValidation.prototype, {
    /** Nobody takes minutes in cash: the card pays them, or nothing is handed over. */
    async isOrderValid() {
        if (this.tibilletTill && !this.tibilletTill.priced.admits(this.order)) {
            return false;
        }
        return super.isOrderValid(...arguments);
    },
});
