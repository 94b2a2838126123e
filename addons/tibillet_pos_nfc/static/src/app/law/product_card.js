import { patch } from "@web/core/utils/patch";
import { ProductCard } from "@point_of_sale/app/components/product_card/product_card";
import { bothPrices } from "./prices";

patch(ProductCard.prototype, {
    /** Both prices, where a card lowers one: what is charged is never a surprise. */
    get tibilletPrices() {
        const pos = this.env.services.pos;
        const { product } = this.props;
        const prices =
            !this.props.isComboPopup && product?.getPrice && bothPrices(product, pos.config);
        const format = (amount) => this.env.utils.formatCurrency(amount);
        return prices ? { usual: format(prices.usual), card: format(prices.card) } : null;
    },
});
