import { useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { patch } from "@web/core/utils/patch";
import { ProductTemplateAccounting } from "@point_of_sale/app/models/accounting/product_template_accounting";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { ProductCard } from "@point_of_sale/app/components/product_card/product_card";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { describe } from "@tibillet_pos_nfc/app/till/states";
import { happyHours, happyState } from "./happy_hour";

patch(ProductTemplateAccounting.prototype, {
    /** In its hours an article costs less, whichever list of prices is open. */
    getPrice(pricelist, quantity, priceExtra = 0, recurring = false, variant = false) {
        const price = super.getPrice(...arguments);
        const happy = happyHours.current;
        if (recurring || !happy) {
            return price;
        }
        const template = variant?.product_tmpl_id || this.product_tmpl_id || this;
        const usual = (variant ? variant.lst_price : (this.list_price ?? this.lst_price)) || 0;
        return happy.lower(template, price, usual + (priceExtra || 0));
    },
});

patch(PosOrderline.prototype, {
    setQuantity() {
        const result = super.setQuantity(...arguments);
        if (this.order_id && !this.order_id.finalized) {
            happyHours.current?.mark(this);
        }
        return result;
    },

    /** What one costs without the happy hour, for the line and the receipt. */
    get tibilletUsualPrice() {
        const usual = (this.product_id.lst_price || 0) + (this.price_extra || 0);
        return formatCurrency(usual, this.currency.id);
    },
});

patch(PosOrder.prototype, {
    setPricelist() {
        super.setPricelist(...arguments);
        if (!this.finalized) {
            this.lines.forEach((line) => happyHours.current?.mark(line));
        }
    },
});

patch(PosStore.prototype, {
    /** The first article begins the basket: it keeps the prices of that moment for a while. */
    async addLineToOrder(vals, order) {
        const happy = happyHours.current;
        if (happy && order && !order.lines.length) {
            order.uiState.tibilletBegun = happy.now();
        }
        const line = await super.addLineToOrder(...arguments);
        if (line && happy) {
            happy.mark(line);
        }
        return line;
    },
});

patch(ProductCard.prototype, {
    setup() {
        super.setup(...arguments);
        this.tibilletHappyState = useState(happyState);
    },

    /** Both prices while a happy hour lowers one. */
    get tibilletHappy() {
        const happy = happyHours.current;
        const { product } = this.props;
        if (!happy || !this.tibilletHappyState.running || this.props.isComboPopup) {
            return null;
        }
        const variant = product?.product_variant_ids?.[0];
        const rule = variant && product.getPrice && happy.ruleFor(product);
        if (!rule) {
            return null;
        }
        const { pricelist_id: list, use_pricelist: uses } = this.env.services.pos.config;
        const priceOf = () => {
            const price = product.getPrice(uses && list, 1, 0, false, variant);
            return variant.getTaxDetails({ overridedValues: { price } }).total_included;
        };
        const [usual, lowered] = [happy.without(priceOf), priceOf()];
        const format = (amount) => this.env.utils.formatCurrency(amount);
        return lowered < usual
            ? { name: rule.name, usual: format(usual), lowered: format(lowered) }
            : null;
    },
});

patch(OrderPaymentValidation.prototype, {
    /** Paid in cash, nobody else would look at the clock. */
    async isOrderValid() {
        const till = this.pos.tibilletTill;
        const [late] = till?.happy?.outdated(this.order) || [];
        if (late) {
            const { name } = late.tibillet_happy_hour_id;
            till.band.show({
                ...describe("happy_over", { message: till.happyOver(name) }),
                context: { order: this.order },
            });
            return false;
        }
        return super.isOrderValid(...arguments);
    },
});
