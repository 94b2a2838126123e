import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";
import { askPrice } from "./free_price";
import { isLicensed, refusalOfCredit } from "./law";

patch(PosStore.prototype, {
    /** A till shows what its licence lets it sell. */
    get productsToDisplay() {
        return super.productsToDisplay.filter((product) => isLicensed(product, this.config));
    },

    /** A barcode finds also what is not shown; a free price is asked for. */
    async addLineToOrder(vals) {
        const { product_tmpl_id: given } = vals;
        const template =
            typeof given === "number" ? this.models["product.template"].get(given) : given;
        if (template && this.tibilletTill?.law.refusesProduct(template)) {
            return;
        }
        if (template?.tibillet_free_price && !("price_unit" in vals)) {
            const price = await askPrice(this.dialog, template, (amount) =>
                this.env.utils.formatCurrency(amount)
            );
            if (price === null) {
                return;
            }
            vals.price_unit = price;
        }
        return super.addLineToOrder(...arguments);
    },
});

patch(PosOrder.prototype, {
    /** Alcohol is never sold on credit. */
    addPaymentline(method) {
        if (method.type === "pay_later" && !isWallet(method)) {
            const refusal = refusalOfCredit(this);
            if (refusal) {
                return { status: false, data: refusal };
            }
        }
        return super.addPaymentline(...arguments);
    },
});

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        if (this.tibilletTill && !this.tibilletTill.law.admits(this.order)) {
            return false;
        }
        return super.isOrderValid(...arguments);
    },
});
