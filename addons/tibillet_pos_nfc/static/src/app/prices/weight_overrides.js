import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { askWeight, isTyped } from "./weight";

patch(PosStore.prototype, {
    /** An article sold by weight is not sold by the piece: its weight is asked for first. */
    async addLineToOrder(vals, order, opts = {}, configure = true) {
        const { product_tmpl_id: given } = vals;
        const template =
            typeof given === "number" ? this.models["product.template"].get(given) : given;
        if (isTyped(template, this.config) && configure && !opts.code && !("qty" in vals)) {
            const variant = template.product_variant_ids[0];
            const price = template.getPrice(order.pricelist_id, 1, 0, false, variant);
            const { digits } = this.models["decimal.precision"].find(
                ({ name }) => name === "Product Unit"
            );
            const weight = await askWeight(
                this.dialog,
                template,
                this.env.utils.formatCurrency(
                    variant.getTaxDetails({ overridedValues: { price } }).total_included
                ),
                digits
            );
            if (weight === null) {
                return;
            }
            vals.qty = weight;
        }
        return super.addLineToOrder(vals, order, opts, configure);
    },
});
